"""A stretch of days by Yemen's clock, and its weeks, which begin on Saturday there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from channels.quality.counting import day_of, start_of
from console.errors import Problem

LONGEST = 366
USUAL = 28
_SATURDAY = 5
BAD = "اكتب تاريخين صحيحين، الأول قبل الثاني، وبينهما سنة على الأكثر."


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """When it begins."""
        return start_of(self.first)

    @property
    def end(self) -> datetime:
        """When it is over."""
        return start_of(self.last + timedelta(days=1))

    @property
    def days(self) -> list[date]:
        """Its days, in order."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def weeks(self) -> list[Period]:
        """Its weeks, in order; the first and the last may be shorter than seven days."""
        starts = [day for day in self.days if day == self.first or day.weekday() == _SATURDAY]
        ends = [day - timedelta(days=1) for day in starts[1:]] + [self.last]
        return [Period(first, last) for first, last in zip(starts, ends, strict=True)]


def latest(now: datetime, days: int = USUAL) -> Period:
    """The last days until today."""
    today = day_of(now)
    return Period(today - timedelta(days=days - 1), today)


def read(first: str, last: str, now: datetime) -> Period:
    """The period that a form says; the usual one when it says nothing. What has not come yet is left out.

    Raises:
        Problem: no dates, in the wrong order, or too far apart.
    """
    if not first and not last:
        return latest(now)
    usual = latest(now)
    try:
        begins = date.fromisoformat(first) if first else usual.first
        ends = min(date.fromisoformat(last) if last else usual.last, usual.last)
    except ValueError:
        raise Problem(400, BAD) from None
    if not timedelta(0) <= ends - begins < timedelta(days=LONGEST) or begins.year < 2000:
        raise Problem(400, BAD)
    return Period(begins, ends)
