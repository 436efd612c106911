"""What staff do. Each function is for one transaction that writes, and locks the conversation first.

`staff` is the console's word for the member of staff (at most 64 characters); the citizen sees the office alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from channels.handover import desk, records, says
from channels.handover.errors import AlreadyHeld, NotHeld
from channels.handover.measure import fitting
from channels.handover.records import Handover
from channels.handover.tables import LineKind, LineRow, Reason, State
from storage import utc_now


@dataclass(frozen=True)
class Line:
    """A reply that was kept; a gateway says it within a second."""

    id: int
    handover_id: int
    text: str
    at: datetime


def take(connection: Connection, handover_id: int, staff: str, office: str | None = None) -> Handover:
    """Take the conversation: from here on Dalil is silent in it. Taken again by its holder, nothing changes.

    Args:
        office: under which name the citizen sees the answers; the desk's when None.

    Raises:
        UnknownHandover: no such request.
        AlreadyHeld: another member of staff was faster.
        NotHeld: the request is over.
    """
    mine = records.locked(connection, handover_id)
    if mine.state is State.HELD:
        if mine.holder != staff:
            raise AlreadyHeld(mine.holder or "")
        return mine
    if not mine.open:
        raise NotHeld(mine.state, mine.reason)
    taken = _held_by(connection, mine, staff, office)
    records.silence(connection, mine.conversation)
    records.notice(connection, taken, says.taken(taken.office or ""))
    return taken


def take_over(connection: Connection, handover_id: int, holder: str, staff: str, office: str | None = None) -> Handover:
    """Take the conversation from a colleague who has left; the citizen is told that another person goes on.

    Args:
        holder: who has it, as the one who takes it over saw.
        office: as of `take`.

    Raises:
        UnknownHandover, AlreadyHeld, NotHeld: the conversation is not that holder's (any more).
    """
    mine = records.locked(connection, handover_id)
    _must_hold(mine, holder)
    taken = _held_by(connection, mine, staff, office)
    records.notice(connection, taken, says.taken_over(taken.office or ""))
    return taken


def reply(connection: Connection, handover_id: int, staff: str, text: str, key: str | None = None) -> Line:
    """Answer the citizen, who has it in their channel soon after the transaction is committed.

    Args:
        key: at most 64 characters, one for each form: the same again is the same line, not a second one.

    Raises:
        UnknownHandover, AlreadyHeld, NotHeld: the conversation is not this member of staff's (any more).
        ReplyRefused: see `measure.fitting`.
    """
    mine = records.locked(connection, handover_id)
    if key is not None and (known := _line(connection, mine, key)) is not None:
        return known
    _must_hold(mine, staff)
    cleaned, now = fitting(mine.channel, mine.office or "", text), utc_now()
    line = {"handover_id": mine.id, "conversation": mine.conversation, "channel": mine.channel, "key": key}
    said = {"kind": LineKind.REPLY, "staff": staff, "office": mine.office, "text": cleaned, "at": now}
    made = connection.execute(insert(LineRow).values(**line, **said).returning(LineRow.id)).scalar_one()
    records.change(connection, mine, last_staff_at=now)
    return Line(made, mine.id, cleaned, now)


def release(connection: Connection, handover_id: int, holder: str) -> Handover:
    """End the conversation: Dalil answers again, and the citizen is told.

    Args:
        holder: who has it, also when somebody else ends it for them: as that person saw.

    Raises:
        UnknownHandover, AlreadyHeld, NotHeld: the conversation is not that holder's (any more).
    """
    mine = records.locked(connection, handover_id)
    _must_hold(mine, holder)
    records.notice(connection, mine, says.RELEASED)
    return records.end(connection, mine, State.RELEASED, Reason.STAFF)


def hand_back(connection: Connection, handover_id: int, holder: str) -> Handover:
    """Put the conversation back at its old place in the queue, for a colleague; `holder` as of `release`.

    Raises:
        UnknownHandover, AlreadyHeld, NotHeld: the conversation is not that holder's (any more).
    """
    mine = records.locked(connection, handover_id)
    _must_hold(mine, holder)
    return put_back(connection, mine, says.BACK)


def put_back(connection: Connection, mine: Handover, tells: str) -> Handover:
    """The same, for whoever holds the lock."""
    records.mask(connection, mine)
    records.notice(connection, mine, tells)
    freed = {"holder": None, "office": None, "taken_at": None, "last_staff_at": None}
    return records.change(connection, mine, state=State.WAITING, **freed)


def close(connection: Connection, handover_id: int) -> Handover:
    """Close a request that nobody has, unanswered (spam; answered by other means); the citizen is told.

    Raises:
        UnknownHandover: no such request.
        AlreadyHeld: somebody has taken it.
        NotHeld: it is over.
    """
    mine = records.locked(connection, handover_id)
    if mine.state is State.HELD:
        raise AlreadyHeld(mine.holder or "")
    if not mine.open:
        raise NotHeld(mine.state, mine.reason)
    records.notice(connection, mine, says.CLOSED)
    return records.end(connection, mine, State.CLOSED, Reason.STAFF)


def assign(connection: Connection, handover_id: int, authority: str | None) -> Handover:
    """Say which authority's staff the request is for; None: everybody's."""
    return records.change(connection, records.locked(connection, handover_id), authority=authority)


def _held_by(connection: Connection, mine: Handover, staff: str, office: str | None) -> Handover:
    name = (office or desk.desk(connection).office)[: desk.OFFICE_LONGEST]
    return records.change(connection, mine, state=State.HELD, holder=staff, office=name, taken_at=utc_now())


def _must_hold(mine: Handover, staff: str) -> None:
    if mine.state is not State.HELD:
        raise NotHeld(mine.state, mine.reason)
    if mine.holder != staff:
        raise AlreadyHeld(mine.holder or "")


def _line(connection: Connection, mine: Handover, key: str) -> Line | None:
    query = select(LineRow.id, LineRow.handover_id, LineRow.text, LineRow.at)
    row = connection.execute(query.where(LineRow.key == key, LineRow.handover_id == mine.id)).one_or_none()
    return Line(row.id, row.handover_id, row.text or "", row.at) if row else None
