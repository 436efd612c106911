"""The migration makes exactly the tables of the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from channels.handover.tables import (
    CannedRow,
    DeskRow,
    HandoverRow,
    HolidayRow,
    LineRow,
    PresenceRow,
    ShiftRow,
)
from channels.notices.tables import ChannelSwitchRow, NoticeRow, NoticeToldRow
from channels.quality.tables import DailyFigureRow, RatingRow, SampleRow
from channels.sms.tables import InboundPartRow, PartRow, StoppedProviderRow
from channels.tables import Address, Contact, InboxRow, OutboxRow
from storage import Base, SyncDatabase

QUALITY = (RatingRow, SampleRow, DailyFigureRow)
NOTICES = (NoticeRow, NoticeToldRow, ChannelSwitchRow)
OURS = {
    model.__tablename__
    for model in (
        Address,
        Contact,
        InboxRow,
        OutboxRow,
        PartRow,
        InboundPartRow,
        StoppedProviderRow,
        *QUALITY,
        *NOTICES,
    )
} | {model.__tablename__ for model in (HandoverRow, LineRow, ShiftRow, HolidayRow, DeskRow, PresenceRow, CannedRow)}


def test_migration_matches_the_models(database_url: str) -> None:
    database = SyncDatabase(database_url)
    with database.read() as session:
        context = MigrationContext.configure(
            session.connection(),
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, parents: kind != "table" or name in OURS,
                "include_object": lambda item, name, kind, reflected, other: kind != "table" or name in OURS,
            },
        )
        assert compare_metadata(context, Base.metadata) == []
    database.close()
