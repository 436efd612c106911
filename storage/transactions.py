"""Whole transactions in threads, for servers that make many small ones.

One hop to a thread for a transaction, instead of one for each statement (what an asynchronous driver does). One thread
writes, and what waits for it shares one commit: its price is waiting for the disk, and several writing threads of one
process would mostly wait for each other (measured in docs/decisions/0009-one-writer.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.engine import SyncDatabase

Result = TypeVar("Result")
Work = Callable[[Connection], Any]
_READERS = 2
_TOGETHER = 50


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
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
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
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
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
            outcomes = await loop.run_in_executor(self._writer, self._write_together, [work for work, _ in batch])
            for (_, done), (result, error) in zip(batch, outcomes, strict=True):
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

    def _write(self, work: Work) -> Any:
        with self._writing.begin() as connection:
            return work(connection)

    def _write_together(self, works: Sequence[Work]) -> list[tuple[Any, Exception | None]]:
        """One commit for all. When one of them fails, each is done again by itself: none suffers for another.

        A commit that fails is not repeated: it may have been made.
        """
        if len(works) > 1:
            try:
                with self._writing.begin() as connection:
                    return [(_done(work, connection), None) for work in works]
            except _WorkFailed:
                pass  # all is rolled back; the one that failed will say so itself
            except Exception as error:
                return [(None, error)] * len(works)
        return [self._write_alone(work) for work in works]

    def _write_alone(self, work: Work) -> tuple[Any, Exception | None]:
        try:
            return self._write(work), None
        except Exception as error:
            return None, error


class _WorkFailed(Exception):
    """One of several transactions that share a commit."""


def _done(work: Work, connection: Connection) -> Any:
    try:
        return work(connection)
    except Exception as error:
        raise _WorkFailed from error
