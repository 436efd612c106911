"""The queue as staff see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, literal_column, or_, select

from channels import text
from channels.handover.records import Handover, handover
from channels.handover.tables import HandoverRow
from channels.tables import Address, InboxRow

BRIEF = 120
_OPEN: ColumnElement[bool] = literal_column("state IN ('waiting', 'left', 'held')")


@dataclass(frozen=True)
class Entry:
    """One open request. `said`: the citizen's newest words, without numbers, cut to BRIEF; hostile text is data.

    `unanswered`: the citizen said the last word. `reachable`: there still is an address.
    """

    handover: Handover
    said: str
    unanswered: bool
    reachable: bool


def waiting(connection: Connection, authority: str | None = None) -> list[Entry]:
    """All open requests, who asked first first; with an authority, its own and those of none."""
    query = select(HandoverRow.__table__).where(_OPEN).order_by(HandoverRow.asked_at, HandoverRow.id)
    if authority is not None:
        query = query.where(or_(HandoverRow.authority == authority, HandoverRow.authority.is_(None)))
    return [_entry(connection, handover(row)) for row in connection.execute(query).all()]


def _entry(connection: Connection, mine: Handover) -> Entry:
    newest: Any = connection.scalar(
        select(InboxRow.text)
        .where(InboxRow.conversation == mine.conversation, InboxRow.text.is_not(None))
        .order_by(InboxRow.id.desc())
        .limit(1)
    )
    said = text.masked(" ".join((newest or "").split()))
    brief = said if len(said) <= BRIEF else f"{said[:BRIEF]}…"
    address = connection.scalar(select(exists().where(Address.conversation == mine.conversation)))
    return Entry(mine, brief, mine.unanswered, bool(address))
