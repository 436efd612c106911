"""What the first page shows, read in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from channels.sms.operating import report
from channels.sms.outbound.budget import midnight
from channels.sms.routing.switches import Stop, stopped
from channels.tables import OutboxState

DAYS = 14
_STATES = [state.value for state in OutboxState]


@dataclass(frozen=True)
class Card:
    """One provider. `configured`: the configuration file names it."""

    name: str
    configured: bool
    stop: Stop | None
    today: report.ProviderReport
    day: report.ProviderReport
    per_minute: float
    days: Sequence[report.Day]

    @property
    def columns(self) -> Sequence[report.ProviderReport]:
        """Today, and the last 24 hours."""
        return (self.today, self.day)

    @property
    def states(self) -> Sequence[str]:
        """The states of its parts, in the order of their way."""
        return [state for state in _STATES if state in self.day.states]

    @property
    def codes(self) -> Sequence[str]:
        """Why parts failed, the most frequent first (today is a part of the last 24 hours)."""
        return sorted(self.day.codes, key=lambda code: (-self.day.codes[code], code))


@dataclass(frozen=True)
class Overview:
    """The queue and every provider that is configured, stopped, or was given parts lately."""

    at: datetime
    queue: report.Queue
    cards: Sequence[Card]

    @property
    def waiting(self) -> timedelta | None:
        """How long the oldest message has been waiting."""
        return self.at - self.queue.oldest if self.queue.oldest else None


def overview(connection: Connection, configured: Sequence[str], now: datetime) -> Overview:
    """All of it, as it is now."""
    today = {one.provider: one for one in report.providers(connection, midnight(now))}
    day = {one.provider: one for one in report.providers(connection, now - timedelta(days=1))}
    per_minute, days, stops = (
        report.per_minute(connection, now),
        report.days(connection, now, DAYS),
        stopped(connection),
    )
    names = [*configured, *sorted({*day, *days, *stops} - set(configured))]
    cards = [
        Card(
            name,
            name in configured,
            stops.get(name),
            today.get(name) or _nothing(name),
            day.get(name) or _nothing(name),
            per_minute.get(name, 0.0),
            days.get(name, ()),
        )
        for name in names
    ]
    return Overview(now, report.queue(connection), cards)


def _nothing(name: str) -> report.ProviderReport:
    return report.ProviderReport(name, {}, {}, 0.0, None, None)
