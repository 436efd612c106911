"""Counts of a stretch of the log by day, channel and value: what the roll-up keeps, or what is read until it does."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Date, Float, String, bindparam, cast, extract, func, literal_column, select

from channels.quality.durations import class_of
from channels.quality.tables import Measure
from channels.sms.tables import PartRow
from channels.tables import InboxRow, Outcome, Task
from settings.quiet import YEMEN
from storage import UtcDateTime

WAITING = "waiting"
"""The kind of a message that is not answered yet."""
_WAITED_FOR = (Outcome.ANSWERED.value, Outcome.FALLBACK.value)


class Key(NamedTuple):
    """What a count is of."""

    measure: Measure
    day: date
    channel: str
    value: str


def start_of(day: date) -> datetime:
    """When a day begins in Yemen."""
    return datetime.combine(day, time(), YEMEN)


def day_of(at: datetime) -> date:
    """The day in Yemen."""
    return at.astimezone(YEMEN).date()


def count_messages(connection: Connection, first: date, last: date) -> Counter[Key]:
    """Messages of these days (both included): their kinds, their services, and how long they waited."""
    counts: Counter[Key] = Counter()
    day, within = yemen_day(connection, InboxRow.received_at).label("day"), _bounds(first, last)
    groups = (day, InboxRow.channel, _KIND, InboxRow.service)
    about = select(*groups, func.count().label("total")).where(*_MESSAGES).group_by(*groups)
    for row in connection.execute(about, within):
        on = date.fromisoformat(str(row.day))
        counts[Key(Measure.KIND, on, row.channel, row.kind)] += row.total
        if row.service is not None:
            counts[Key(Measure.SERVICE, on, row.channel, row.service)] += row.total
    waited = _seconds(connection, InboxRow.received_at, InboxRow.done_at)
    times = select(day, InboxRow.channel, waited).where(*_MESSAGES, InboxRow.outcome.in_(_WAITED_FOR))
    for on, channel, seconds in connection.execute(times.where(InboxRow.done_at.is_not(None)), within):
        counts[Key(Measure.SECONDS, date.fromisoformat(str(on)), channel, str(class_of(float(seconds))))] += 1
    return counts


def count_parts(connection: Connection, first: date, last: date) -> Counter[Key]:
    """Parts of SMS first submitted on these days (both included), and their cost in hundredths of a riyal."""
    day = yemen_day(connection, PartRow.created_at)
    query = select(day.label("day"), func.count(), func.sum(PartRow.cost)).where(
        PartRow.created_at >= bindparam("start"), PartRow.created_at < bindparam("end")
    )
    counts: Counter[Key] = Counter()
    for found, parts, cost in connection.execute(query.group_by(day), _bounds(first, last)):
        on = date.fromisoformat(str(found))
        counts[Key(Measure.PARTS, on, "sms", "")] = parts
        counts[Key(Measure.COST, on, "sms", "")] = round(100 * (cost or 0.0))
    return counts


def yemen_day(connection: Connection, column: Any) -> Any:
    """The day of a moment by Yemen's clock, to group by: a date on PostgreSQL, its ISO text on SQLite."""
    if connection.dialect.name == "sqlite":
        return func.date(column, literal_column("'+3 hours'"), type_=String())
    return cast(func.timezone(literal_column("'Asia/Aden'"), column), Date)


def _bounds(first: date, last: date) -> dict[str, datetime]:
    return {"start": start_of(first), "end": start_of(last + timedelta(days=1))}


def _seconds(connection: Connection, earlier: Any, later: Any) -> Any:
    if connection.dialect.name == "sqlite":  # to the millisecond
        return (func.julianday(later, type_=Float()) - func.julianday(earlier, type_=Float())) * 86_400
    return extract("epoch", later - earlier)


_KIND = func.coalesce(InboxRow.reply_kind, InboxRow.outcome, literal_column(f"'{WAITING}'")).label("kind")
_MESSAGES = (
    InboxRow.received_at >= bindparam("start", type_=UtcDateTime),
    InboxRow.received_at < bindparam("end", type_=UtcDateTime),
    InboxRow.task == Task.MESSAGE,
)
