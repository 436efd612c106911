"""The desk: its hours and holidays, the name of the office, and whether anybody is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update
from sqlalchemy import text as sql

from channels.handover.errors import WrongHours
from channels.handover.hours import Holiday, Shift, Timetable, checked_holiday, checked_shifts
from channels.handover.tables import DeskRow, HolidayRow, PresenceRow, ShiftRow
from channels.text import clean
from storage import UtcDateTime, utc_now

OFFICE = "مكتب خدمة المواطنين"
"""The office's name until staff give it one."""
OFFICE_LONGEST = 40
PRESENT = timedelta(minutes=3)
"""The console's pages ask anew several times a minute: who was not heard of for so long has left."""
_THE_DESK = 1


@dataclass(frozen=True)
class Desk:
    """The desk as staff set it. `on`: requests for a person come here; else the assistant's own answer stays."""

    on: bool
    enabled: bool
    office: str
    timetable: Timetable


def desk(connection: Connection) -> Desk:
    """The desk; off until it has hours."""
    row = connection.execute(select(DeskRow.enabled, DeskRow.office).where(DeskRow.id == _THE_DESK)).one_or_none()
    table = hours(connection)
    enabled = row.enabled if row else True
    return Desk(enabled and bool(table.shifts), enabled, row.office if row else OFFICE, table)


def set_desk(connection: Connection, staff: str, *, enabled: bool, office: str) -> None:
    """Switch the desk on or off, its hours kept; and name the office.

    Raises:
        WrongHours: the office has no name, or one of more than OFFICE_LONGEST characters.
    """
    name = " ".join(clean(office, OFFICE_LONGEST).split())
    if not 0 < len(name) <= OFFICE_LONGEST:
        raise WrongHours("the office's name is empty or too long")
    values = {"enabled": enabled, "office": name, "changed_by": staff, "changed_at": utc_now()}
    if connection.execute(update(DeskRow).where(DeskRow.id == _THE_DESK).values(**values)).rowcount == 0:
        connection.execute(insert(DeskRow).values(id=_THE_DESK, **values))


def hours(connection: Connection) -> Timetable:
    """The opening hours, with the holidays."""
    shifts = connection.execute(select(ShiftRow.weekday, ShiftRow.opens, ShiftRow.closes)).all()
    return Timetable(tuple(sorted(Shift(*row) for row in shifts)), tuple(holidays(connection)))


def set_hours(connection: Connection, shifts: Sequence[Shift]) -> None:
    """Replace the shifts of the week; without any the desk is off.

    Raises:
        WrongHours: they overlap, or one makes no sense.
    """
    checked = checked_shifts(shifts)
    connection.execute(delete(ShiftRow))
    for shift in checked:
        values = {"weekday": shift.weekday, "opens": shift.opens, "closes": shift.closes}
        connection.execute(insert(ShiftRow).values(**values))


def holidays(connection: Connection) -> list[Holiday]:
    """All holidays, by date."""
    rows = connection.execute(select(HolidayRow.first, HolidayRow.last, HolidayRow.name, HolidayRow.id)).all()
    return sorted(Holiday(*row) for row in rows)


def add_holiday(connection: Connection, holiday: Holiday) -> int:
    """Keep a holiday; its id.

    Raises:
        WrongHours: it makes no sense, or shares a day with another.
    """
    checked = checked_holiday(holiday)
    shared = exists().where(HolidayRow.first <= checked.last, HolidayRow.last >= checked.first)
    if connection.scalar(select(shared)):
        raise WrongHours("another holiday has one of these days")
    values = {"first": checked.first, "last": checked.last, "name": checked.name}
    return int(connection.execute(insert(HolidayRow).values(**values).returning(HolidayRow.id)).scalar_one())


def remove_holiday(connection: Connection, holiday_id: int) -> bool:
    """Whether there was one to remove."""
    return connection.execute(delete(HolidayRow).where(HolidayRow.id == holiday_id)).rowcount == 1


def present(connection: Connection, staff: str) -> None:
    """This member of staff has the queue, or a thread, open now."""
    connection.execute(_PRESENT, {"staff": staff, "now": utc_now()})


def absent(connection: Connection, staff: str) -> None:
    """This member of staff has left (logged out)."""
    connection.execute(delete(PresenceRow).where(PresenceRow.staff == staff))


def at_desk(connection: Connection, now: datetime) -> bool:
    """Whether anybody had the queue open within PRESENT."""
    return bool(connection.scalar(select(exists().where(PresenceRow.seen_at > now - PRESENT))))


_PRESENT = sql(
    "INSERT INTO desk_presence (staff, seen_at) VALUES (:staff, :now) "
    "ON CONFLICT (staff) DO UPDATE SET seen_at = excluded.seen_at"
).bindparams(bindparam("now", type_=UtcDateTime()))
