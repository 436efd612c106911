"""The hours in which nobody is sent what they did not just ask for, by Yemen's clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone

YEMEN = timezone(timedelta(hours=3))
"""UTC+3 all year; Yemen has no summer time."""


class QuietHours:
    """From one time of day to another, for example "21:00-07:00"; "" is never."""

    def __init__(self, hours: str) -> None:
        first, _, last = hours.partition("-")
        self._first = time.fromisoformat(first) if hours else None
        self._last = time.fromisoformat(last) if hours else None

    def seconds_left(self, now: datetime) -> float:
        """How long it stays quiet; 0 when it is not."""
        if self._first is None or self._last is None:
            return 0.0
        here = now.astimezone(YEMEN)
        clock = here.time()
        over_midnight = self._first > self._last
        after, before = clock >= self._first, clock < self._last
        if not (after or before if over_midnight else after and before):
            return 0.0
        end = datetime.combine(here.date(), self._last, YEMEN)
        return (end - here if end > here else end + timedelta(days=1) - here).total_seconds()
