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
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from arabic import strip_marks
from channels import text
from channels.handover import records
from channels.handover.records import Handover
from channels.handover.tables import LineKind, LineRow
from channels.tables import InboxRow, OutboxRow, Task

BEFORE, LONGEST = 6, 300
# In Dalil's answers fees and dates stay: only what looks like the number of an application or a telephone goes.
_REFERENCE = re.compile(r"\b(?:[A-Z]+[-/]?[A-Z0-9/-]*\d{3,}|\d{7,})\b")
_TAG = re.compile(r"<[^>]*>")


Words = Callable[[Any], "str | None"]


class Who(str, Enum):
    """Whose words a message has."""

    CITIZEN = "citizen"
    DALIL = "dalil"
    STAFF = "staff"
    OFFICE = "office"


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
class Thread:
    """A request and its conversation. `hidden`: whether numbers of the citizen's are masked that could be shown."""

    handover: Handover
    said: Sequence[Said]
    hidden: bool


def thread(connection: Connection, handover_id: int, *, numbers: bool = False) -> Thread:
    """Read one conversation.

    Args:
        numbers: show the citizen's numbers, as long as they are kept (the console writes down who asked).

    Raises:
        UnknownHandover: no such request.
    """
    mine = records.get(connection, handover_id)
    asked = _citizens(connection, mine)
    lines = _lines(connection, mine)
    words = plain if numbers else _masked
    dalils = _dalils(connection, mine, asked, lines, words)
    citizens = [
        Said(Who.CITIZEN, row.received_at, row.text if numbers or not row.text else text.masked(row.text), row.id)
        for row in asked
    ]
    said = sorted([*citizens, *dalils, *map(_line, lines)], key=lambda one: (one.at, one.id))
    hidden = not numbers and any(row.text and text.masked(row.text) != row.text for row in asked)
    return Thread(mine, said, hidden)


def _citizens(connection: Connection, mine: Handover) -> list[Any]:
    query = select(InboxRow.id, InboxRow.text, InboxRow.received_at).where(
        InboxRow.conversation == mine.conversation, InboxRow.task == Task.MESSAGE
    )
    earlier = query.where(InboxRow.id <= mine.inbox_id).order_by(InboxRow.id.desc()).limit(BEFORE)
    since = query.where(InboxRow.id > mine.inbox_id).order_by(InboxRow.id.desc()).limit(LONGEST)
    if mine.ended_at is not None:
        since = since.where(InboxRow.received_at <= mine.ended_at)
    return [*connection.execute(earlier).all(), *connection.execute(since).all()]


def _dalils(
    connection: Connection, mine: Handover, asked: Sequence[Any], lines: Sequence[Any], words: Words
) -> list[Said]:
    """Its answers, and what the gateway said by itself; without what is among the lines of staff."""
    since = OutboxRow.created_at >= mine.asked_at
    if mine.ended_at is not None:
        since = and_(since, OutboxRow.created_at <= mine.ended_at)
    query = select(OutboxRow.id, OutboxRow.message_id, OutboxRow.body, OutboxRow.created_at, OutboxRow.state)
    query = query.where(
        OutboxRow.conversation == mine.conversation, or_(OutboxRow.inbox_id.in_([row.id for row in asked]), since)
    )
    rows = connection.execute(query.order_by(OutboxRow.id.desc()).limit(LONGEST)).all()
    staffs = {row.message_id for row in lines}
    shown = [row for row in rows if row.message_id not in staffs and row.state not in ("held", "dropped")]
    return [Said(Who.DALIL, row.created_at, words(row.body), row.id, state=row.state) for row in shown]


def _lines(connection: Connection, mine: Handover) -> list[Any]:
    query = select(LineRow.__table__, OutboxRow.state, OutboxRow.error)
    joined = query.outerjoin(OutboxRow, OutboxRow.message_id == LineRow.message_id)
    newest = joined.where(LineRow.handover_id == mine.id).order_by(LineRow.id.desc()).limit(LONGEST)
    return list(connection.execute(newest).all())


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
