"""Figures of the SMS channel: what waits, what each provider did, what a day had."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median, quantiles
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal_column, select

from channels.outbox import OPEN
from channels.sms.outbound.budget import midnight
from channels.sms.tables import PartRow
from channels.tables import OutboxRow, OutboxState

LATEST = 1000
"""Of how many parts seconds are told."""
LATELY = timedelta(minutes=10)


@dataclass(frozen=True)
class Queue:
    """Messages that no provider has yet; `oldest` is when the first of those that wait was written."""

    queued: int
    sending: int
    oldest: datetime | None


@dataclass(frozen=True)
class Seconds:
    """How long the latest parts took: the mean, the half and 95 % of them."""

    mean: float
    median: float
    p95: float


@dataclass(frozen=True)
class ProviderReport:
    """One provider since a moment: parts by state, failures by the provider's code, riyals, seconds from submission."""

    provider: str
    states: dict[str, int]
    codes: dict[str, int]
    cost: float
    accepted: Seconds | None
    delivered: Seconds | None

    @property
    def parts(self) -> int:
        """All parts that it was given."""
        return sum(self.states.values())

    @property
    def delivered_share(self) -> float:
        """Of its parts, how many are delivered."""
        return self.states.get(OutboxState.DELIVERED.value, 0) / self.parts if self.parts else 0.0


@dataclass(frozen=True)
class Day:
    """What a provider was given on one day in Yemen."""

    date: date
    parts: int
    cost: float


def queue(connection: Connection) -> Queue:
    """How many messages wait, or are on their way."""
    query = (
        select(OutboxRow.state, func.count(), func.min(OutboxRow.created_at))
        .where(OutboxRow.channel == "sms", OutboxRow.state.in_(OPEN))
        .group_by(OutboxRow.state)
    )
    found = {state: (count, oldest) for state, count, oldest in connection.execute(query)}
    queued, oldest = found.get(OutboxState.QUEUED.value, (0, None))
    return Queue(queued, found.get(OutboxState.SENDING.value, (0, None))[0], oldest)


def providers(connection: Connection, since: datetime) -> list[ProviderReport]:
    """A report of every provider that was given parts since then."""
    recent = PartRow.created_at >= since
    code = func.coalesce(PartRow.code, PartRow.error, literal_column("'?'")).label("code")
    states: dict[str, Counter[str]] = defaultdict(Counter)
    codes: dict[str, Counter[str]] = defaultdict(Counter)
    costs: Counter[str] = Counter()
    query = select(_PROVIDER, PartRow.state, code, func.count(), func.sum(PartRow.cost)).where(recent)
    for name, state, word, count, cost in connection.execute(query.group_by(_PROVIDER, PartRow.state, code)):
        states[name][state] += count
        costs[name] += cost
        if state in _BAD:
            codes[name][word] += count
    delivered = PartRow.state == OutboxState.DELIVERED.value
    return [
        ProviderReport(
            name,
            states[name],
            codes[name],
            costs[name],
            _seconds(connection, PartRow.accepted_at, _PROVIDER == name, recent),
            _seconds(connection, PartRow.done_at, _PROVIDER == name, recent, delivered),
        )
        for name in sorted(states)
    ]


def _seconds(connection: Connection, end: Any, *which: ColumnElement[bool]) -> Seconds | None:
    query = select(PartRow.submitted_at, end.label("end")).where(*which, end.is_not(None))
    rows = connection.execute(query.order_by(PartRow.created_at.desc()).limit(LATEST))
    took = [(row.end - row.submitted_at).total_seconds() for row in rows]
    if not took:
        return None
    return Seconds(fmean(took), median(took), quantiles(took, n=20, method="inclusive")[-1] if took[1:] else took[0])


def per_minute(connection: Connection, now: datetime) -> dict[str, float]:
    """Parts that each provider was given lately."""
    query = select(_PROVIDER, func.count()).where(PartRow.created_at >= now - LATELY).group_by(_PROVIDER)
    minutes = LATELY.total_seconds() / 60
    return {name: count / minutes for name, count in connection.execute(query)}


def days(connection: Connection, now: datetime, count: int) -> dict[str, list[Day]]:
    """The latest days in Yemen of each provider that was given parts in them, the oldest first; today is the last."""
    starts = [midnight(now) - timedelta(days=back) for back in reversed(range(count))]
    found: dict[str, dict[datetime, Day]] = defaultdict(dict)
    for start in starts:
        for name, parts, cost in connection.execute(_DAY, {"first": start, "end": start + timedelta(days=1)}):
            found[name][start] = Day(start.date(), parts, cost)
    return {name: [known.get(start, Day(start.date(), 0, 0.0)) for start in starts] for name, known in found.items()}


# Joined with nothing, so that SQLite does not walk the index of providers over all parts ever sent, to have them in
# groups, instead of the index of `created_at` over the recent ones (at 200,000 parts it takes ten times as long).
_PROVIDER = PartRow.provider.concat(literal_column("''")).label("provider")
_BAD = {OutboxState.FAILED.value, OutboxState.EXPIRED.value, OutboxState.UNKNOWN.value}
_DAY = (
    select(_PROVIDER, func.count(), func.sum(PartRow.cost))
    .where(PartRow.created_at >= bindparam("first"), PartRow.created_at < bindparam("end"))
    .group_by(_PROVIDER)
)
