"""Reading and changing requests. Whoever changes one holds its contact: so they have an order."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)

from channels import outbox, text
from channels.handover.errors import UnknownHandover
from channels.handover.tables import HandoverRow, LineKind, LineRow, Reason, State
from channels.tables import Contact, InboxRow, Outcome
from storage import utc_now

OPEN = (State.WAITING, State.LEFT, State.HELD)
_QUEUED: tuple[ColumnElement[str], ...] = (literal_column("'waiting'"), literal_column("'left'"))


@dataclass(frozen=True)
class Handover:
    """One request; the fields are those of `tables.HandoverRow`."""

    id: int
    conversation: str
    channel: str
    inbox_id: int
    asked_at: datetime
    state: State
    service: str | None
    authority: str | None
    holder: str | None
    office: str | None
    taken_at: datetime | None
    last_citizen_at: datetime
    last_staff_at: datetime | None
    ended_at: datetime | None
    reason: Reason | None

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self.state in OPEN

    @property
    def unanswered(self) -> bool:
        """Whether the citizen said the last word."""
        return self.last_staff_at is None or self.last_citizen_at > self.last_staff_at


@dataclass(frozen=True)
class Asking:
    """Who asks for a person, with which message, about what."""

    conversation: str
    channel: str
    inbox_id: int
    service: str | None


def get(connection: Connection, handover_id: int) -> Handover:
    """One request.

    Raises:
        UnknownHandover: there is none of this id.
    """
    row = connection.execute(select(HandoverRow.__table__).where(HandoverRow.id == handover_id)).one_or_none()
    if row is None:
        raise UnknownHandover("no such request")
    return handover(row)


def locked(connection: Connection, handover_id: int) -> Handover:
    """One request, its contact locked first.

    Raises:
        UnknownHandover: there is none of this id.
    """
    lock(connection, get(connection, handover_id).conversation)
    return get(connection, handover_id)


def lock(connection: Connection, conversation: str) -> None:
    """Hold a conversation until the transaction ends."""
    connection.execute(select(Contact.id).where(Contact.id == conversation).with_for_update())


def open_of(connection: Connection, conversation: str) -> Handover | None:
    """The conversation's open request."""
    row = connection.execute(_OPEN_OF, {"of": conversation}).one_or_none()
    return handover(row) if row else None


def situation(connection: Connection, conversation: str) -> tuple[Handover | None, bool]:
    """The conversation's open request, and whether staff have said something that no gateway has said yet."""
    row = connection.execute(_SITUATION, {"of": conversation}).one_or_none()
    if row is None:
        return None, False
    return (handover(row) if row.id is not None else None), bool(row.unsaid)


def held_now(conversation: Any) -> ColumnElement[bool]:
    """A condition: a person has the conversation of that column."""
    return exists().where(HandoverRow.conversation == conversation, literal_column("handovers.state = 'held'"))


def handover(row: Any) -> Handover:
    """A row of the table as a request."""
    values = row._mapping
    own = {field.name: values[field.name] for field in fields(Handover)}
    return Handover(**own | {"state": State(row.state), "reason": Reason(row.reason) if row.reason else None})


def begin(connection: Connection, asking: Asking, state: State, now: datetime) -> Handover:
    """A new request, at the end of the queue."""
    values = vars(asking) | {"asked_at": now, "last_citizen_at": now, "state": state}
    made = connection.execute(insert(HandoverRow).values(**values).returning(HandoverRow.id)).scalar_one()
    return get(connection, made)


def before(connection: Connection, mine: Handover) -> int:
    """How many in the queue asked earlier."""
    earlier = tuple_(HandoverRow.asked_at, HandoverRow.id) < tuple_(
        bindparam("at", type_=HandoverRow.asked_at.type), bindparam("id")
    )
    count = select(func.count(HandoverRow.id)).where(HandoverRow.state.in_(_QUEUED), earlier)
    return connection.scalar(count, {"at": mine.asked_at, "id": mine.id}) or 0


def change(connection: Connection, mine: Handover, **values: Any) -> Handover:
    """Change a request that is held by `lock`."""
    connection.execute(update(HandoverRow).where(HandoverRow.id == mine.id).values(**values))
    return get(connection, mine.id)


def end(connection: Connection, mine: Handover, state: State, reason: Reason) -> Handover:
    """End a request: what was said to the holder is now kept as the log keeps it, without numbers."""
    mask(connection, mine)
    return change(connection, mine, state=state, reason=reason, ended_at=utc_now())


def mask(connection: Connection, mine: Handover) -> None:
    """Take the numbers out of what was said to a person."""
    said = select(InboxRow.id, InboxRow.text).where(
        InboxRow.conversation == mine.conversation, InboxRow.outcome == Outcome.HANDOVER, InboxRow.text.is_not(None)
    )
    for row in connection.execute(said).all():
        if (kept := text.masked(row.text)) != row.text:
            connection.execute(update(InboxRow).where(InboxRow.id == row.id).values(text=kept))


def notice(connection: Connection, mine: Handover, says: str) -> None:
    """Have a gateway tell the citizen something, after all that staff have said so far."""
    line = {"kind": LineKind.NOTICE, "text": says, "at": utc_now()}
    about = {"handover_id": mine.id, "conversation": mine.conversation, "channel": mine.channel}
    connection.execute(insert(LineRow).values(**about, **line))


def silence(connection: Connection, conversation: str) -> None:
    """What Dalil held back for "more" is not said once a person has the conversation."""
    outbox.drop_held(connection, conversation)


_UNSAID = exists().where(
    LineRow.conversation == bindparam("of"), literal_column("said_at IS NULL AND text IS NOT NULL")
)
_SITUATION = (
    select(_UNSAID.label("unsaid"), HandoverRow.__table__)
    .select_from(Contact)
    .outerjoin(
        HandoverRow,
        and_(
            HandoverRow.conversation == Contact.id,
            literal_column("handovers.state IN ('waiting', 'left', 'held')"),
        ),
    )
    .where(Contact.id == bindparam("of"))
)
_OPEN_OF = select(HandoverRow.__table__).where(
    HandoverRow.conversation == bindparam("of"), literal_column("state IN ('waiting', 'left', 'held')")
)
