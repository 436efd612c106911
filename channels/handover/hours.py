"""When the office is open, by Yemen's clock: shifts of the week, several a day, and holidays. Pure functions.

A shift belongs to the day on which it begins, and may end on the next (a Ramadan evening, 21:00 to 01:00). On a holiday
nobody works: no shift begins on it, and one of the evening before ends at midnight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from channels.handover.errors import WrongHours
from settings.quiet import YEMEN

DAY = 24 * 60
SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = 6, 0, 1, 2, 3, 4, 5
"""Python's numbers of weekdays."""
LONGEST_HOLIDAY = timedelta(days=60)
_AHEAD = 366
_WEEK = 7 * DAY


@dataclass(frozen=True, order=True)
class Shift:
    """From `opens` to `closes`, in minutes of the day (0 to 1440); `closes` at or before `opens` is the next day's."""

    weekday: int
    opens: int
    closes: int

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.closes - self.opens + (DAY if self.closes <= self.opens else 0)


@dataclass(frozen=True, order=True)
class Holiday:
    """Days without work, `first` and `last` included. id: None until it is kept."""

    first: date
    last: date
    name: str
    id: int | None = None


USUAL = tuple(Shift(day, 8 * 60, 14 * 60) for day in (SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY))
"""Yemen's working week, for staff to begin with; nothing is open until they keep hours of their own."""


@dataclass(frozen=True)
class Timetable:
    """The hours of one desk."""

    shifts: tuple[Shift, ...] = ()
    holidays: tuple[Holiday, ...] = ()

    def open_at(self, at: datetime) -> bool:
        """Whether the office is open; at the minute of closing it is closed."""
        here = at.astimezone(YEMEN)
        days = (here.date() - timedelta(days=1), here.date())
        return any(begins <= here < ends for day in days for begins, ends in self._periods(day))

    def next_opening(self, at: datetime) -> datetime | None:
        """When it opens after `at`, by Yemen's clock; None when it does not within a year."""
        here = at.astimezone(YEMEN)
        for ahead in range(-1, _AHEAD):
            later = [begins for begins, _ in self._periods(here.date() + timedelta(days=ahead)) if begins > here]
            if later:
                return min(later)
        return None

    def holiday_at(self, at: datetime) -> Holiday | None:
        """The holiday of that day."""
        return self._holiday(at.astimezone(YEMEN).date())

    def _holiday(self, day: date) -> Holiday | None:
        return next((holiday for holiday in self.holidays if holiday.first <= day <= holiday.last), None)

    def _periods(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """What begins on that day."""
        if self._holiday(day) is not None:
            return
        midnight = datetime(day.year, day.month, day.day, tzinfo=YEMEN)
        for shift in self.shifts:
            if shift.weekday != day.weekday():
                continue
            begins = midnight + timedelta(minutes=shift.opens)
            ends = begins + timedelta(minutes=shift.minutes)
            tomorrow = midnight + timedelta(days=1)
            if ends > tomorrow and self._holiday(tomorrow.date()) is not None:
                ends = tomorrow
            yield begins, ends


def checked_shifts(shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    """The shifts in order.

    Raises:
        WrongHours: one is of no day, empty, or two overlap (across midnight and the end of the week too).
    """
    for shift in shifts:
        if not (0 <= shift.weekday <= 6 and 0 <= shift.opens < DAY and 0 <= shift.closes <= DAY):
            raise WrongHours("a shift is outside the day")
        if shift.opens == shift.closes:
            raise WrongHours("a shift is empty")
    spans = sorted((shift.weekday * DAY + shift.opens, shift.minutes) for shift in shifts)
    for place, (begins, minutes) in enumerate(spans):
        after = spans[(place + 1) % len(spans)][0] + (_WEEK if place + 1 == len(spans) else 0)
        if begins + minutes > after:
            raise WrongHours("two shifts overlap")
    return tuple(sorted(shifts))


def checked_holiday(holiday: Holiday) -> Holiday:
    """The holiday with its name trimmed.

    Raises:
        WrongHours: it has no name, ends before it begins, or is longer than LONGEST_HOLIDAY.
    """
    name = " ".join(holiday.name.split())[:80]
    if not name:
        raise WrongHours("a holiday has no name")
    if not timedelta(0) <= holiday.last - holiday.first <= LONGEST_HOLIDAY:
        raise WrongHours("a holiday ends before it begins, or is too long")
    return Holiday(holiday.first, holiday.last, name, holiday.id)
