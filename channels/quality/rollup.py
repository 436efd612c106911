"""Counts of days that are over, written once: so that years of the log are read as quickly as today.

A day of messages is counted when it is over and none of it is still to be answered, a day of SMS when nothing of it can
be sent again. Several gateways may do it: the mark of a finished day is unique, and who comes second writes nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select
from sqlalchemy.exc import IntegrityError

from channels.quality.counting import Key, count_messages, count_parts, day_of, start_of
from channels.quality.tables import DailyFigureRow, Measure
from channels.sms.tables import PartRow
from channels.tables import InboxRow, InboxState
from storage import Transactions, utc_now

logger = logging.getLogger(__name__)
_LATE = timedelta(hours=1)
"""A message may be stored so long after it came (parts of an SMS that are joined)."""
_LONGEST_OPEN = timedelta(days=2)
"""What is open so long will not be answered (its channel is switched off); it is counted as waiting."""
_RESENT = timedelta(days=3)
"""Parts of SMS are sent again, and cost again, for less than that."""


@dataclass(frozen=True)
class _Log:
    """One log that is counted: the mark of its finished days, when it began, how it is counted, how long it settles."""

    mark: Measure
    at: Any
    count: Callable[[Connection, date, date], Counter[Key]]
    settles: timedelta


_LOGS = (
    _Log(Measure.MESSAGES_DONE, InboxRow.received_at, count_messages, _LATE),
    _Log(Measure.SMS_DONE, PartRow.created_at, count_parts, _RESENT),
)


class Rollup:
    """Counts what has not been counted yet."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    async def catch_up(self) -> int:
        """Count every day that is ready; gives how many days were counted."""
        days = 0
        for log in _LOGS:
            while await self._next(log):
                days += 1
        if days:
            logger.info("days counted", extra={"days": days})
        return days

    async def _next(self, log: _Log) -> bool:
        found = await self._database.read(lambda connection: _count_next(connection, log, utc_now()))
        if found is None:
            return False
        day, counts = found
        try:
            await self._database.write(lambda connection: _keep(connection, log, day, counts))
        except IntegrityError:
            logger.info("day counted by another gateway", extra={"day": day.isoformat()})
        return True


def counted_until(connection: Connection, mark: Measure) -> date | None:
    """The last day that is counted; all days before it are too."""
    until: date | None = connection.scalar(select(func.max(DailyFigureRow.day)).where(DailyFigureRow.measure == mark))
    return until


def _count_next(connection: Connection, log: _Log, now: datetime) -> tuple[date, Counter[Key]] | None:
    until = counted_until(connection, log.mark)
    began = None if until else connection.scalar(select(func.min(log.at)))
    if until is None and began is None:
        return None
    day = until + timedelta(days=1) if until else day_of(began)  # type: ignore[arg-type] # one of them is there
    over = start_of(day + timedelta(days=1))
    if now < over + log.settles:
        return None
    if log.mark is Measure.MESSAGES_DONE and now < over + _LONGEST_OPEN and connection.scalar(_open(day)):
        return None
    return day, log.count(connection, day, day)


def _open(day: date) -> Any:
    """Whether a message of the day is still to be answered."""
    since, before = start_of(day), start_of(day + timedelta(days=1))
    waits = InboxRow.state.in_((InboxState.RECEIVED, InboxState.WORKING))
    return select(exists().where(waits, InboxRow.received_at >= since, InboxRow.received_at < before))


def _keep(connection: Connection, log: _Log, day: date, counts: Counter[Key]) -> None:
    rows = [{**key._asdict(), "count": count} for key, count in counts.items()]
    mark = {"measure": log.mark, "day": day, "channel": "", "value": "", "count": sum(counts.values())}
    connection.execute(insert(DailyFigureRow), [mark, *rows])
