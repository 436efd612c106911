"""What a day of SMS may cost: an alarm before it is spent, and an end when it is."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from channels.sms.tables import PartRow
from settings.quiet import YEMEN
from storage import Transactions, utc_now

logger = logging.getLogger(__name__)
ALARM = 0.8
"""Share of the budget that is left to messages that nobody asked for; passing it is an alarm."""
_FRESH = 30.0
_LONGEST_WAIT = 3600.0


class Budget:
    """Riyals a day (by Yemen's clock); 0 is no limit. Other gateways' spending is read twice a minute."""

    def __init__(self, database: Transactions, riyals: float) -> None:
        self._database, self._riyals = database, riyals
        self._spent = 0.0
        self._read_at = float("-inf")
        self._alarmed: tuple[datetime, float] | None = None

    async def wait(self, *, push: bool) -> float:
        """Seconds until this message may be paid for; 0 when it may be now."""
        if not self._riyals:
            return 0.0
        now = utc_now()
        if time.monotonic() - self._read_at > _FRESH:
            self._read_at = time.monotonic()
            self._spent = await self._database.read(lambda connection: spent_since(connection, midnight(now)))
        self._alarm(now)
        if self._spent < self._riyals * (ALARM if push else 1.0):
            return 0.0
        return min(_LONGEST_WAIT, (midnight(now) + timedelta(days=1) - now).total_seconds())

    def spend(self, riyals: float) -> None:
        """Count what was just spent."""
        self._spent += riyals

    def _alarm(self, now: datetime) -> None:
        """Once a day at the alarm, once at the end."""
        for share in (1.0, ALARM):
            if self._spent >= share * self._riyals:
                if self._alarmed is None or self._alarmed < (midnight(now), share):
                    self._alarmed = (midnight(now), share)
                    logger.error("sms budget", extra={"spent": round(self._spent, 2), "budget": self._riyals})
                return


def midnight(now: datetime) -> datetime:
    """When this day began in Yemen."""
    return now.astimezone(YEMEN).replace(hour=0, minute=0, second=0, microsecond=0)


def spent_since(connection: Connection, since: datetime) -> float:
    """Riyals of the parts first submitted since then."""
    total = connection.scalar(select(func.sum(PartRow.cost)).where(PartRow.created_at >= since))
    return float(total or 0.0)
