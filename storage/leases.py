"""Leases: of several processes on one database one does a thing, and another one when that one is gone.

The holder counts a beat up every few seconds. Who waits takes over after seeing the same beat for a lease's whole
length, by its own clock; the holder counts from before its last beat, so it stops first. No clock is compared with
another one. A holder that was asleep meanwhile is told by the database: what it writes by `Lease.write` is in one
transaction with the question whether the lease is still its own.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import Connection, Integer, String, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.errors import LeaseLost
from storage.transactions import Transactions

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
SECONDS = 20.0
"""Long enough for a database that is away for a moment; a process that died is followed after so many seconds."""
_BEATS = 5
_FREE = ""


class LeaseRow(Base):
    """One lease. `token`: which its holder alone knows, "" when nobody holds it. `beat`: how often it was renewed."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    beat: Mapped[int] = mapped_column(Integer)


class Lease:
    """One process's side of a lease. seconds: how long a holder that is not heard of keeps it."""

    def __init__(
        self,
        database: Transactions,
        name: str,
        *,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._name, self._seconds, self._clock = database, name, seconds, clock
        self._token, self._until = _FREE, 0.0
        self._seen: tuple[str, int] | None = None
        self._seen_at = clock()

    async def hold(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Do it under the lease; False when another process has that. What `work` raises is raised.

        Raises:
            LeaseLost: the lease was lost before the work was done; the work is cancelled, and writes nothing more.
        """
        if not await self._take():
            return False
        working = asyncio.ensure_future(work())
        tasks = (working, asyncio.ensure_future(self._keep()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise LeaseLost(f"{self._name}: this process was not heard of for too long")
            await working
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._give_back()
        return True

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """One write transaction of who holds the lease. Raises LeaseLost, having written nothing, when another does."""
        token = self._token

        def held(connection: Connection) -> Result:
            # Locked: nobody takes the lease before this is committed.
            mine = select(LeaseRow.token).where(LeaseRow.name == self._name).with_for_update()
            if not token or connection.scalar(mine) != token:
                raise LeaseLost(f"{self._name}: another process has the lease")
            return work(connection)

        return await self._database.write(held)

    async def _take(self) -> bool:
        seen = await self._database.read(self._look)
        if seen != self._seen:
            self._seen, self._seen_at = seen, self._clock()
        if seen is not None and seen[0] != _FREE and self._clock() - self._seen_at < self._seconds:
            return False
        token, now = uuid.uuid4().hex, self._clock()
        if not await self._database.write(lambda connection: self._claim(connection, seen, token)):
            return False
        self._token, self._until = token, now + self._seconds
        if seen is not None and seen[0] != _FREE:
            logger.warning("a lease was taken over", extra={"lease": self._name})
        return True

    def _look(self, connection: Connection) -> tuple[str, int] | None:
        row = connection.execute(select(LeaseRow.token, LeaseRow.beat).where(LeaseRow.name == self._name)).one_or_none()
        return (row.token, row.beat) if row else None

    def _claim(self, connection: Connection, seen: tuple[str, int] | None, token: str) -> bool:
        if seen is None:
            made = connection.execute(_NEW, {"name": self._name, "token": token})
            return bool(made.rowcount)
        as_seen = update(LeaseRow).where(
            LeaseRow.name == self._name, LeaseRow.token == seen[0], LeaseRow.beat == seen[1]
        )
        return bool(connection.execute(as_seen.values(token=token, beat=0)).rowcount)

    async def _keep(self) -> None:
        """Renew until it is lost. A database that is away is asked again, as long as nobody can have taken over."""
        while True:
            await asyncio.sleep(self._seconds / _BEATS)
            now = self._clock()
            try:
                kept = await asyncio.wait_for(self._database.write(self._renew), max(self._until - now, 0.0))
            except Exception as error:
                logger.warning("a lease was not renewed", extra={"lease": self._name, "fault": type(error).__name__})
                if self._clock() >= self._until:
                    return
                continue
            if not kept:
                return
            self._until = now + self._seconds

    def _renew(self, connection: Connection) -> bool:
        mine = update(LeaseRow).where(LeaseRow.name == self._name, LeaseRow.token == self._token)
        return bool(connection.execute(mine.values(beat=LeaseRow.beat + 1)).rowcount)

    async def _give_back(self) -> None:
        mine = update(LeaseRow).where(LeaseRow.name == self._name, LeaseRow.token == self._token)
        self._token = _FREE
        try:
            await self._database.write(lambda connection: connection.execute(mine.values(token=_FREE)))
        except Exception:
            logger.exception("a lease was not given back, and ends by itself", extra={"lease": self._name})


_NEW = text("INSERT INTO leases (name, token, beat) VALUES (:name, :token, 0) ON CONFLICT (name) DO NOTHING")
