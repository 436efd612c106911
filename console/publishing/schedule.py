"""When training recurs: the hour and the weekdays, by Yemen's clock, and what came of the last time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.publishing.tables import Outcome, ScheduleRow
from settings.quiet import YEMEN
from storage import utc_now

NIGHT = 2
"""The hour at which nobody waits for the machine, unless staff say another one."""
EVERY_DAY = tuple(range(7))
NO_DAY = "اختر يومًا واحدًا على الأقل."
NO_HOUR = "اختر ساعة من القائمة."
_THE_SCHEDULE = 1


@dataclass(frozen=True)
class Schedule:
    """The schedule, see ScheduleRow."""

    enabled: bool = False
    hour: int = NIGHT
    weekdays: Collection[int] = EVERY_DAY
    next_at: datetime | None = None
    last_at: datetime | None = None
    outcome: str | None = None
    proposal: int | None = None


def read(connection: Connection) -> Schedule:
    """The schedule; off until somebody switches it on."""
    columns = [ScheduleRow.__table__.c[name] for name in Schedule.__dataclass_fields__]
    row = connection.execute(select(*columns).where(ScheduleRow.id == _THE_SCHEDULE)).one_or_none()
    return Schedule(*row) if row else Schedule()


def change(connection: Connection, wanted: Schedule, who: str, address: str) -> None:
    """Switch it on or off, for this hour and these weekdays. Raises Problem: no day, or no such hour."""
    if wanted.hour not in range(24):
        raise Problem(400, NO_HOUR)
    if not wanted.weekdays:
        raise Problem(400, NO_DAY)
    setting = {"enabled": wanted.enabled, "hour": wanted.hour, "weekdays": sorted(wanted.weekdays)}
    next_at = following(utc_now(), wanted.hour, wanted.weekdays) if wanted.enabled else None
    _write(connection, **setting, next_at=next_at)
    action = "schedule-on" if wanted.enabled else "schedule-off"
    log.append(connection, Act(who, action, "schedule", "", address, setting))


def following(now: datetime, hour: int, weekdays: Collection[int] = EVERY_DAY) -> datetime:
    """The next time after now that it is this hour on one of these days."""
    at = now.astimezone(YEMEN).replace(hour=hour, minute=0, second=0, microsecond=0)
    days = (at + timedelta(days=day) for day in range(8))
    return next(day for day in days if day > now and day.weekday() in weekdays)


def is_due(connection: Connection) -> bool:
    """Whether its time has come."""
    next_at = read(connection).next_at
    return next_at is not None and next_at <= utc_now()


def done(connection: Connection, outcome: Outcome, proposal: int | None = None) -> None:
    """This time is over; the next one is told from now."""
    mine, now = read(connection), utc_now()
    last = {"last_at": now, "outcome": outcome.value, "proposal": proposal}
    _write(connection, **last, next_at=following(now, mine.hour, mine.weekdays) if mine.enabled else None)


def _write(connection: Connection, **values: object) -> None:
    mine = update(ScheduleRow).where(ScheduleRow.id == _THE_SCHEDULE)
    if connection.execute(mine.values(**values)).rowcount == 0:
        row = {**asdict(Schedule()), "weekdays": list(EVERY_DAY), **values}
        connection.execute(insert(ScheduleRow).values(id=_THE_SCHEDULE, **row))
