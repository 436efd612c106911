"""Opening hours: split shifts, evenings over midnight, holidays, edges; and what the citizen is told of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from channels.handover import says
from channels.handover.errors import WrongHours
from channels.handover.hours import (
    DAY,
    FRIDAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    USUAL,
    Holiday,
    Shift,
    Timetable,
    checked_holiday,
    checked_shifts,
)
from tests.channels.handover.people import yemen

# 2026-11-22 is a Sunday.
SPLIT = tuple(
    shift
    for day in (SUNDAY, MONDAY, TUESDAY, 2, THURSDAY)
    for shift in (Shift(day, 8 * 60, 12 * 60 + 30), Shift(day, 16 * 60, 18 * 60))
)
EVENINGS = (Shift(SUNDAY, 21 * 60, 60), Shift(MONDAY, 21 * 60, 60), Shift(SATURDAY, 20 * 60, 0))
EID = Holiday(date(2026, 11, 23), date(2026, 11, 24), "عيد")
TO_MIDNIGHT = (Shift(THURSDAY, 0, DAY), Shift(FRIDAY, 0, DAY))

OPEN = [
    (SPLIT, (), "2026-11-22T07:59:59", False),
    (SPLIT, (), "2026-11-22T08:00", True),
    (SPLIT, (), "2026-11-22T12:29:59", True),
    (SPLIT, (), "2026-11-22T12:30", False),
    (SPLIT, (), "2026-11-22T16:00", True),
    (SPLIT, (), "2026-11-22T18:00", False),
    (SPLIT, (), "2026-11-27T09:00", False),  # Friday
    (SPLIT, (), "2026-11-28T09:00", False),  # Saturday
    (SPLIT, (EID,), "2026-11-22T17:59", True),
    (SPLIT, (EID,), "2026-11-23T09:00", False),
    (SPLIT, (EID,), "2026-11-24T17:00", False),
    (SPLIT, (EID,), "2026-11-25T08:00", True),
    (EVENINGS, (), "2026-11-22T23:59:59", True),
    (EVENINGS, (), "2026-11-23T00:00", True),
    (EVENINGS, (), "2026-11-23T00:59", True),
    (EVENINGS, (), "2026-11-23T01:00", False),
    (EVENINGS, (), "2026-11-28T23:59", True),
    (EVENINGS, (), "2026-11-29T00:00", False),
    (EVENINGS, (EID,), "2026-11-22T23:59:59", True),
    (EVENINGS, (EID,), "2026-11-23T00:00", False),  # the evening before ends where the holiday begins
    (EVENINGS, (EID,), "2026-11-23T22:00", False),
    (EVENINGS, (Holiday(date(2026, 11, 22), date(2026, 11, 22), "يوم"),), "2026-11-23T00:30", False),
    (TO_MIDNIGHT, (), "2026-11-26T23:59:59.999999", True),
    (TO_MIDNIGHT, (), "2026-11-27T00:00", True),
    (TO_MIDNIGHT, (), "2026-11-28T00:00", False),
    ((), (), "2026-11-22T09:00", False),
]


@pytest.mark.parametrize(("shifts", "holidays", "at", "expected"), OPEN)
def test_open(shifts, holidays, at, expected) -> None:
    assert Timetable(shifts, holidays).open_at(yemen(at)) is expected


def test_the_clock_is_yemens() -> None:
    at = yemen("2026-11-22T08:00")
    assert Timetable(SPLIT).open_at(at.astimezone(tz=None))
    assert not Timetable(SPLIT).open_at(at.replace(tzinfo=None).astimezone(tz=None) - timedelta(hours=9))


NEXT = [
    (SPLIT, (), "2026-11-22T07:00", "2026-11-22T08:00"),
    (SPLIT, (), "2026-11-22T12:30", "2026-11-22T16:00"),
    (SPLIT, (), "2026-11-22T18:00", "2026-11-23T08:00"),
    (SPLIT, (), "2026-11-26T18:00", "2026-11-29T08:00"),
    (SPLIT, (EID,), "2026-11-22T18:00", "2026-11-25T08:00"),
    (EVENINGS, (EID,), "2026-11-23T00:30", "2026-11-28T20:00"),
    (SPLIT, (Holiday(date(2026, 1, 1), date(2028, 1, 1), "دائم"),), "2026-11-22T09:00", None),
    ((), (), "2026-11-22T09:00", None),
]


@pytest.mark.parametrize(("shifts", "holidays", "at", "expected"), NEXT)
def test_next_opening(shifts, holidays, at, expected) -> None:
    found = Timetable(shifts, holidays).next_opening(yemen(at))
    assert found == (yemen(expected) if expected else None)


WRONG = [
    [Shift(7, 0, 60)],
    [Shift(SUNDAY, -1, 60)],
    [Shift(SUNDAY, DAY, 60)],
    [Shift(SUNDAY, 0, DAY + 1)],
    [Shift(SUNDAY, 480, 480)],
    [Shift(SUNDAY, 480, 720), Shift(SUNDAY, 719, 800)],
    [Shift(SUNDAY, 480, 720), Shift(SUNDAY, 480, 720)],
    [Shift(SUNDAY, 1260, 60), Shift(MONDAY, 59, 120)],  # over midnight; and the end of Python's week
    [Shift(SATURDAY, 1260, 60), Shift(SUNDAY, 0, 120)],
]


@pytest.mark.parametrize("shifts", WRONG)
def test_hours_that_make_no_sense(shifts) -> None:
    with pytest.raises(WrongHours):
        checked_shifts(shifts)


def test_hours_that_touch_are_right() -> None:
    touching = [Shift(SUNDAY, 1260, 60), Shift(MONDAY, 60, 120), Shift(MONDAY, 120, 130)]
    assert checked_shifts(touching) == tuple(sorted(touching))
    assert len(checked_shifts(USUAL)) == 5
    assert {shift.weekday for shift in USUAL} == {SUNDAY, MONDAY, TUESDAY, 2, THURSDAY}


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), "عيد"),
        (date(2026, 1, 1), date(2026, 1, 1), "  "),
        (date(2026, 1, 1), date(2026, 6, 1), "عيد"),
    ],
)
def test_holidays_that_make_no_sense(first, last, name) -> None:
    with pytest.raises(WrongHours):
        checked_holiday(Holiday(first, last, name))


TOLD = [
    ("2026-11-22T07:00", "اليوم الساعة 08:00"),
    ("2026-11-22T13:00", "اليوم الساعة 16:00"),
    ("2026-11-22T20:00", "غدا الاثنين الساعة 08:00"),
    ("2026-11-26T20:00", "يوم الأحد 29 نوفمبر الساعة 08:00"),
]


@pytest.mark.parametrize(("now", "words"), TOLD)
def test_when_it_opens_is_said_from_now(now, words) -> None:
    assert words in says.left(Timetable(SPLIT), yemen(now), pushed=True)


def test_a_holiday_is_named() -> None:
    told = says.left(Timetable(SPLIT, (EID,)), yemen("2026-11-23T09:00"), pushed=True)
    assert told.startswith("المكتب مغلق الآن (عيد)، ويفتح يوم الأربعاء 25 نوفمبر الساعة 08:00.")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "أنت التالي."),
        (1, "قبلك شخص واحد."),
        (2, "قبلك شخصان."),
        (3, "قبلك 3 أشخاص."),
        (10, "قبلك 10 أشخاص."),
        (11, "قبلك 11 شخصا."),
        (100, "قبلك 100 شخص."),
        (103, "قبلك 103 أشخاص."),
        (111, "قبلك 111 شخصا."),
    ],
)
def test_people_are_counted_as_in_arabic(count, words) -> None:
    assert says.people_before(count) == words
