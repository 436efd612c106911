"""What the log has in a period, counted: days that are over out of the daily roll-up, the newest out of the log itself.

A fixed number of statements, whatever the period and the log.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from channels.quality.counting import Key, count_messages, count_parts, yemen_day
from channels.quality.rollup import counted_until
from channels.quality.tables import DailyFigureRow, Measure, RatingRow
from channels.tables import InboxRow
from console.figures.period import Period


@dataclass
class Counts:
    """Messages by (day, channel, kind) and by service; how long they waited by channel; parts and cost of SMS by day.

    Ratings, each with True for a good one, by the day on which they were given.
    """

    kinds: Counter[tuple[date, str, str]] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, Counter[int]] = field(default_factory=dict)
    parts: Counter[date] = field(default_factory=Counter)
    hundredths: Counter[date] = field(default_factory=Counter)
    rated_days: Counter[tuple[date, bool]] = field(default_factory=Counter)
    rated_channels: Counter[tuple[str, bool]] = field(default_factory=Counter)
    rated_services: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def waited(self, channel: str) -> Counter[int]:
        """The classes of durations of a channel, to be added to."""
        return self.seconds.setdefault(channel, Counter())


def read(connection: Connection, period: Period) -> Counts:
    """All counts of a period."""
    counts = Counts()
    until = counted_until(connection, Measure.MESSAGES_DONE)
    if rolled := _rolled(period, until):
        _fill_messages(connection, rolled, counts)
    if live := _live(period, until):
        _fill(counts, count_messages(connection, live.first, live.last))
    until = counted_until(connection, Measure.SMS_DONE)
    if rolled := _rolled(period, until):
        _fill_sms(connection, rolled, counts)
    if live := _live(period, until):
        _fill(counts, count_parts(connection, live.first, live.last))
    _fill_ratings(connection, period, counts)
    return counts


def _rolled(period: Period, until: date | None) -> Period | None:
    """What of the period is rolled up."""
    return Period(period.first, min(until, period.last)) if until and until >= period.first else None


def _live(period: Period, until: date | None) -> Period | None:
    """What of the period is not."""
    first = max(period.first, until + timedelta(days=1)) if until else period.first
    return Period(first, period.last) if first <= period.last else None


def _fill_messages(connection: Connection, days: Period, counts: Counts) -> None:
    row, total = DailyFigureRow, func.sum(DailyFigureRow.count)
    kinds = select(row.day, row.channel, row.value, row.count).where(*_of(days, Measure.KIND))
    for day, channel, kind, count in connection.execute(kinds):
        counts.kinds[day, channel, kind] += count
    services = select(row.value, total).where(*_of(days, Measure.SERVICE)).group_by(row.value)
    for service, count in connection.execute(services):
        counts.services[service] += int(count)
    seconds = select(row.channel, row.value, total).where(*_of(days, Measure.SECONDS))
    for channel, value, count in connection.execute(seconds.group_by(row.channel, row.value)):
        counts.waited(channel)[int(value)] += int(count)


def _fill_sms(connection: Connection, days: Period, counts: Counts) -> None:
    row = DailyFigureRow
    for measure, held in ((Measure.PARTS, counts.parts), (Measure.COST, counts.hundredths)):
        for day, count in connection.execute(select(row.day, row.count).where(*_of(days, measure))):
            held[day] += count


def _of(days: Period, measure: Measure) -> tuple[ColumnElement[bool], ...]:
    row = DailyFigureRow
    return row.measure == measure, row.day >= days.first, row.day <= days.last


def _fill(counts: Counts, counted: Counter[Key]) -> None:
    for key, count in counted.items():
        if key.measure is Measure.KIND:
            counts.kinds[key.day, key.channel, key.value] += count
        elif key.measure is Measure.SERVICE:
            counts.services[key.value] += count
        elif key.measure is Measure.SECONDS:
            counts.waited(key.channel)[int(key.value)] += count
        elif key.measure is Measure.PARTS:
            counts.parts[key.day] += count
        else:
            counts.hundredths[key.day] += count


def _fill_ratings(connection: Connection, period: Period, counts: Counts) -> None:
    within = (RatingRow.at >= period.start, RatingRow.at < period.end)
    day = yemen_day(connection, RatingRow.at)
    days = select(day, RatingRow.good, func.count()).where(*within).group_by(day, RatingRow.good)
    for on, good, count in connection.execute(days):
        counts.rated_days[date.fromisoformat(str(on)), good] += count
    about = (
        select(InboxRow.channel, InboxRow.service, RatingRow.good, func.count())
        .join(InboxRow, InboxRow.message_id == RatingRow.message_id)
        .where(*within)
        .group_by(InboxRow.channel, InboxRow.service, RatingRow.good)
    )
    for channel, service, good, count in connection.execute(about):
        counts.rated_channels[channel, good] += count
        if service is not None:
            counts.rated_services[service, good] += count
