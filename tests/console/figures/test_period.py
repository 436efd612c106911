from __future__ import annotations

from datetime import date

import pytest

from console.errors import Problem
from console.figures.period import LONGEST, Period, latest, read
from tests.console.figures.seeding import moment

NOW = moment("2026-03-13", "00:30")  # in UTC still the 12th


def test_the_usual_period_ends_today_in_yemen() -> None:
    assert latest(NOW) == Period(date(2026, 2, 14), date(2026, 3, 13))
    assert read("", "", NOW) == latest(NOW)


READ = [
    ("2026-03-01", "2026-03-10", ("2026-03-01", "2026-03-10")),
    ("2026-03-10", "2026-03-10", ("2026-03-10", "2026-03-10")),
    ("2026-03-01", "2026-12-31", ("2026-03-01", "2026-03-13")),  # what has not come is left out
    ("2026-03-01", "", ("2026-03-01", "2026-03-13")),
    ("", "2026-03-01", ("2026-02-14", "2026-03-01")),
    ("2025-03-13", "2026-03-13", ("2025-03-13", "2026-03-13")),
]


@pytest.mark.parametrize(("first", "last", "days"), READ)
def test_what_is_asked_for(first: str, last: str, days: tuple[str, str]) -> None:
    assert read(first, last, NOW) == Period(*(date.fromisoformat(day) for day in days))


BAD = [
    ("2026-03-10", "2026-03-01"), ("2025-03-12", "2026-03-13"), ("2026-03-14", "2026-03-14"), ("x", ""),
    ("2026-02-30", ""), ("", "2026-1-1"), ("0001-01-01", "0001-01-02"), ("9999-12-31", "9999-12-31"),
    ("'; DROP TABLE inbox; --", ""), ("\x00", "\x00"), ("٢٠٢٦-٠٣-٠١", ""),
]  # fmt: skip


@pytest.mark.parametrize(("first", "last"), BAD, ids=range(len(BAD)))
def test_what_is_no_period(first: str, last: str) -> None:
    with pytest.raises(Problem) as raised:
        read(first, last, NOW)
    assert raised.value.status == 400


def test_weeks_cover_the_days_once() -> None:
    period = Period(date(2025, 3, 13), date(2026, 3, 13))
    assert len(period.days) == LONGEST
    assert [day for week in period.weeks for day in week.days] == period.days
    assert {week.first.weekday() for week in period.weeks[1:]} == {5}
    assert [one.days for one in Period(date(2026, 3, 7), date(2026, 3, 7)).weeks] == [[date(2026, 3, 7)]]
