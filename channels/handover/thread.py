"""One conversation as staff read it: a little of what came before the request, and all since.

The citizen's words are the inbox's, Dalil's the outbox's, and those of staff the handover's own: nothing is copied.
What a citizen wrote is data, whatever it looks like; its numbers are masked unless asked for, and gone from the
database once the conversation with the person is over.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select

from arabic import strip_marks
from channels import text
from channels.handover import records
from channels.handover.records import Handover
from channels.handover.tables import LineKind, LineRow
from channels.tables import InboxRow, OutboxRow, Task

BEFORE, PAGE = 6, 200
"""So many of the citizen's messages from before the request on; so many messages are read at once."""
# In Dalil's answers fees and dates stay: only what looks like the number of an application or a telephone goes.
_REFERENCE = re.compile(r"\b(?:[A-Z]+[-/]?[A-Z0-9/-]*\d{3,}|\d{7,})\b")
_TAG = re.compile(r"<[^>]*>")
_PLACE = re.compile(r"(\d{1,16})\.([0-2])\.(\d{1,18})")
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=timezone.utc), timedelta(microseconds=1)

Words = Callable[[Any], "str | None"]


class Who(str, Enum):
    """Whose words a message has."""

    CITIZEN = "citizen"
    DALIL = "dalil"
    STAFF = "staff"
    OFFICE = "office"


# Of what was said in the same microsecond, the question stands before the answer.
_RANKS = {Who.CITIZEN: 0, Who.DALIL: 1, Who.STAFF: 2, Who.OFFICE: 2}
_INBOX = (InboxRow.received_at, InboxRow.id, 0)
_OUTBOX = (OutboxRow.created_at, OutboxRow.id, 1)
_LINES = (LineRow.at, LineRow.id, 2)


@dataclass(frozen=True)
class Said:
    """One message. `text` is None once it was erased. `staff`: who wrote it.

    `state`: of what goes out, how far it is (an OutboxState); "unsaid" while no gateway has it yet, "dropped" if none
    ever will.
    """

    who: Who
    at: datetime
    text: str | None
    id: int
    staff: str | None = None
    state: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a message stands in a thread. As text it is what a link carries."""

    at: datetime
    rank: int
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}.{self.rank}.{self.id}"


def place(text: str) -> Place | None:
    """The place that a link carries; None when it is none."""
    if not (found := _PLACE.fullmatch(text)):
        return None
    at, rank, number = map(int, found.groups())
    return Place(_EPOCH + at * _MICROSECOND, rank, number)


@dataclass(frozen=True)
class Thread:
    """A request and its conversation. `hidden`: whether numbers of the citizen's are masked that could be shown.

    `earlier`: messages stand before this place that are not here.
    """

    handover: Handover
    said: Sequence[Said]
    hidden: bool
    earlier: Place | None


def thread(connection: Connection, handover_id: int, *, numbers: bool = False, before: Place | None = None) -> Thread:
    """Read a page of one conversation: the newest messages, or the newest before a place.

    Args:
        numbers: show the citizen's numbers, as long as they are kept (the console writes down who asked).

    Raises:
        UnknownHandover: no such request.
    """
    mine = records.get(connection, handover_id)
    asked = connection.execute(_page(_citizens(connection, mine), *_INBOX, before)).all()
    words = plain if numbers else _masked
    citizens = [
        Said(Who.CITIZEN, row.received_at, row.text if numbers or not row.text else text.masked(row.text), row.id)
        for row in asked
    ]
    dalils = connection.execute(_page(_dalils(connection, mine), *_OUTBOX, before))
    dalil = [Said(Who.DALIL, row.created_at, words(row.body), row.id, state=row.state) for row in dalils]
    lines = connection.execute(_page(_lines(mine), *_LINES, before))
    said = sorted([*citizens, *dalil, *map(_line, lines)], key=_key)
    shown = said[-PAGE:]
    masked = {row.id for row in asked if row.text and text.masked(row.text) != row.text}
    hidden = not numbers and any(one.who is Who.CITIZEN and one.id in masked for one in shown)
    return Thread(mine, shown, hidden, Place(*_key(shown[0])) if len(said) > PAGE else None)


def _key(said: Said) -> tuple[datetime, int, int]:
    return said.at, _RANKS[said.who], said.id


def _page(query: Select[Any], at: Any, number: Any, rank: int, before: Place | None) -> Select[Any]:
    """The newest of one side before a place, and one more, which tells whether there is another page."""
    if before is not None:
        earlier = at < before.at
        if rank < before.rank:
            earlier = at <= before.at
        elif rank == before.rank:
            earlier = or_(earlier, and_(at == before.at, number < before.id))
        query = query.where(earlier)
    return query.order_by(at.desc(), number.desc()).limit(PAGE + 1)


def _citizens(connection: Connection, mine: Handover) -> Select[Any]:
    """Their messages: the one that asked for a person, a few before it, and all since."""
    query = select(InboxRow.id, InboxRow.text, InboxRow.received_at).where(
        InboxRow.conversation == mine.conversation, InboxRow.task == Task.MESSAGE
    )
    few = query.where(InboxRow.id <= mine.inbox_id).order_by(InboxRow.id.desc()).limit(BEFORE)
    first = min((row.id for row in connection.execute(few)), default=mine.inbox_id)
    query = query.where(InboxRow.id >= first)
    if mine.ended_at is not None:
        query = query.where(or_(InboxRow.id <= mine.inbox_id, InboxRow.received_at <= mine.ended_at))
    return query


def _dalils(connection: Connection, mine: Handover) -> Select[Any]:
    """Its answers, and what the gateway said by itself; without what is among the lines of staff."""
    since = OutboxRow.created_at >= mine.asked_at
    if mine.ended_at is not None:
        since = and_(since, OutboxRow.created_at <= mine.ended_at)
    asked = _citizens(connection, mine).with_only_columns(InboxRow.id)
    staffs = select(LineRow.message_id).where(LineRow.handover_id == mine.id, LineRow.message_id.is_not(None))
    return select(OutboxRow.id, OutboxRow.body, OutboxRow.created_at, OutboxRow.state).where(
        OutboxRow.conversation == mine.conversation,
        or_(since, OutboxRow.inbox_id.in_(asked)),
        OutboxRow.state.not_in(("held", "dropped")),
        OutboxRow.message_id.not_in(staffs),
    )


def _lines(mine: Handover) -> Select[Any]:
    query = select(LineRow.__table__, OutboxRow.state, OutboxRow.error)
    joined = query.outerjoin(OutboxRow, OutboxRow.message_id == LineRow.message_id)
    return joined.where(LineRow.handover_id == mine.id)


def _line(row: Any) -> Said:
    who = Who.STAFF if row.kind == LineKind.REPLY else Who.OFFICE
    return Said(
        who, row.at, row.text, row.id, row.staff, row.state or ("dropped" if row.said_at else "unsaid"), row.error
    )


def _masked(body: Any) -> str | None:
    words = plain(body)
    return words and _REFERENCE.sub("••••", words)


def plain(body: Any) -> str | None:
    """The words of a message in any channel's shape."""
    if not body:
        return None
    words = body["text"] if "text" in body else html.unescape(_TAG.sub("", body.get("html", "")))
    return strip_marks(str(words))
