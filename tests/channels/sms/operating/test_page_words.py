"""Ages in Arabic, amounts, times in Yemen, bars."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from channels.sms.operating.page.chart import bars
from channels.sms.operating.page.words import STATES, age, amount, moment
from channels.tables import OutboxState

AGES = [
    (-5, "أقل من دقيقة"),
    (59, "أقل من دقيقة"),
    (60, "دقيقة"),
    (120, "دقيقتين"),
    (180, "3 دقائق"),
    (600, "10 دقائق"),
    (660, "11 دقيقة"),
    (3599, "59 دقيقة"),
    (3600, "ساعة"),
    (7200, "ساعتين"),
    (5 * 3600, "5 ساعات"),
    (86_400, "يوم"),
    (4 * 86_400, "4 أيام"),
    (12 * 86_400, "12 يومًا"),
    (103 * 86_400, "103 أيام"),
]


@pytest.mark.parametrize(("seconds", "said"), AGES)
def test_ages(seconds: int, said: str) -> None:
    assert age(timedelta(seconds=seconds)) == said


def test_amounts() -> None:
    assert [amount(number) for number in (0, 8.5, 17.0, 12_345, 0.1 + 0.2)] == ["0", "8.5", "17", "12,345", "0.3"]


def test_times_are_those_of_yemen() -> None:
    assert moment(datetime(2026, 11, 26, 21, 30, 5, tzinfo=timezone.utc)) == "2026-11-27 00:30:05"


def test_every_state_has_its_words() -> None:
    assert set(STATES) == {state.value for state in OutboxState}


def test_bars() -> None:
    first, second, third = bars([("a", 10), ("b", 2.5), ("c", 0)])
    assert (first.width, second.width, third.width) == (200, 50, 0)
    assert first.x + first.width == second.x + second.width == third.x  # they begin on one line
    assert (first.y, second.y) == (0, 18)
    assert [bar.value for bar in (first, second, third)] == ["10", "2.5", "0"]
    assert [bar.width for bar in bars([("a", 0)])] == [0]
    assert bars([]) == []
