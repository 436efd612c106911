"""When nobody is disturbed, by Yemen's clock (UTC+3)."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from settings.quiet import QuietHours

CASES = [
    # hours, UTC time, seconds left
    ("21:00-07:00", "2026-11-26T17:59:59", 0),
    ("21:00-07:00", "2026-11-26T18:00:00", 10 * 3600),
    ("21:00-07:00", "2026-11-26T20:59:00", 7 * 3600 + 60),
    ("21:00-07:00", "2026-11-26T21:30:00", 6.5 * 3600),
    ("21:00-07:00", "2026-11-27T03:59:59", 1),
    ("21:00-07:00", "2026-11-27T04:00:00", 0),
    ("12:00-14:00", "2026-11-26T08:59:00", 0),
    ("12:00-14:00", "2026-11-26T10:00:00", 3600),
    ("12:00-14:00", "2026-11-26T11:00:00", 0),
    ("", "2026-11-26T23:00:00", 0),
]


@pytest.mark.parametrize(("hours", "now", "left"), CASES)
def test_how_long_it_stays_quiet(hours: str, now: str, left: float) -> None:
    assert QuietHours(hours).seconds_left(datetime.fromisoformat(now).replace(tzinfo=timezone.utc)) == left
