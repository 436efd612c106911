"""Whole transactions in threads, for servers that make many small ones.

One hop to a thread for a transaction, instead of one for each statement (what an asynchronous driver does). One thread
writes, and what waits for it shares one commit: its price is waiting for the disk, and several writing threads of one
process would mostly wait for each other (measured in docs/decisions/0009-one-writer.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.engine import SyncDatabase

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Connection], Any]
_READERS = 2
_TOGETHER, _ITEMS = 50, 100


class Transactions:
    """Runs functions of a connection, over three connections at most: one writes, two read."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self._database = SyncDatabase(url, durable=durable)
        engine = self._database.engine
        # PostgreSQL's READ COMMITTED sees something new with each statement, in a transaction or not: without one, two
        # messages to the server are saved. SQLite has no such mode.
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT") if self._is_postgresql else engine
        self._writing = engine.execution_options(dalil_writes=True)
        self._readers = ThreadPoolExecutor(_READERS, "storage-read")
        self._writer = ThreadPoolExecutor(1, "storage-write")
        self._waiting: list[_Job] = []
        self._committing: asyncio.Task[None] | None = None

    @property
    def _is_postgresql(self) -> bool:
        return self._database.dialect == "postgresql"

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in one read transaction, rolled back at the end."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in one write transaction: committed when this returns, rolled back when it raises.

        It runs to its end even when the caller is cancelled meanwhile. After a rollback it may be run again: all that
        it does must be in the database.
        """
        result: Result = await self._queue(_Job(lambda connection, _items: [work(connection)]), None)
        return result

    async def write_each(self, work: Callable[[Connection, Sequence[Item]], Sequence[Result]], item: Item) -> Result:
        """As `write`, for what can be done for many items in a few statements: what waits meanwhile is done together.

        `work` gives a result for each item, in their order; it is the same function for all that may be together, and
        may meet them in another order among other writes than they came.
        """
        together = next((job for job in self._waiting if job.work is work and len(job.items) < _ITEMS), None)
        result: Result = await self._queue(together or _Job(work), item)
        return result

    async def _queue(self, job: _Job, item: Any) -> Any:
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if not job.items:
            self._waiting.append(job)
        job.items.append(item)
        job.done.append(done)
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_waiting(), name="storage-commit")
        return await done

    async def close(self) -> None:
        """Finish what runs and close all connections."""
        if self._committing is not None:
            await self._committing
        self._writer.shutdown()
        self._readers.shutdown()
        self._database.close()

    async def _commit_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            outcomes = await loop.run_in_executor(self._writer, self._write_together, batch)
            for job, results in zip(batch, outcomes, strict=True):
                for done, (result, error) in zip(job.done, results, strict=True):
                    if done.cancelled():
                        continue
                    if error is None:
                        done.set_result(result)
                    else:
                        done.set_exception(error)
        self._committing = None

    def _read(self, work: Work) -> Any:
        with self._reading.connect() as connection:
            return work(connection)

    def _write_together(self, jobs: Sequence[_Job]) -> list[list[_Outcome]]:
        """One commit for all. When one of them fails, each is done again by itself: none suffers for another.

        A commit that fails is not repeated: it may have been made.
        """
        if sum(len(job.items) for job in jobs) > 1:
            try:
                with self._writing.begin() as connection:
                    return [[(result, None) for result in _done(job, connection)] for job in jobs]
            except _WorkFailed:
                pass  # all is rolled back; the one that failed will say so itself
            except Exception as error:
                return [[(None, error)] * len(job.items) for job in jobs]
        return [[self._write_alone(job.work, item) for item in job.items] for job in jobs]

    def _write_alone(self, work: Callable[[Connection, Sequence[Any]], Sequence[Any]], item: Any) -> _Outcome:
        try:
            with self._writing.begin() as connection:
                return work(connection, [item])[0], None
        except Exception as error:
            return None, error


_Outcome = tuple[Any, Exception | None]


@dataclass
class _Job:
    """Work for items, each with its own future."""

    work: Callable[[Connection, Sequence[Any]], Sequence[Any]]
    items: list[Any] = field(default_factory=list)
    done: list[asyncio.Future[Any]] = field(default_factory=list)


class _WorkFailed(Exception):
    """One of several transactions that share a commit."""


def _done(job: _Job, connection: Connection) -> Sequence[Any]:
    try:
        return job.work(connection, job.items)
    except Exception as error:
        raise _WorkFailed from error
