"""Leases: one at a time; who dies, sleeps or loses the database is followed by another and writes nothing more."""

from __future__ import annotations

import asyncio
import signal
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from storage import Lease, LeaseLost, Transactions
from tests.channels.harness import until

LONG, SHORT = 1000.0, 0.5


class Clock:
    """Of one process, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Process:
    """A process on the database, with a clock of its own."""

    def __init__(self, url: str, seconds: float = LONG) -> None:
        self.database, self.clock, self.end = Transactions(url), Clock(), asyncio.Event()
        self.lease = Lease(self.database, "work", seconds=seconds, clock=self.clock)

    async def working(self) -> asyncio.Task[bool]:
        """It has the lease from now until `end`."""
        begun = asyncio.Event()

        async def work() -> None:
            begun.set()
            await self.end.wait()

        task = asyncio.create_task(self.lease.hold(work))
        await asyncio.wait([task, asyncio.create_task(begun.wait())], return_when=asyncio.FIRST_COMPLETED)
        return task

    async def tries(self) -> bool:
        return await self.lease.hold(nothing)


async def nothing() -> None:
    return


@pytest.fixture
async def start(database_url: str) -> AsyncIterator[Callable[..., Process]]:
    started: list[Process] = []

    def start_(seconds: float = LONG) -> Process:
        started.append(Process(database_url, seconds))
        return started[-1]

    yield start_
    for process in started:
        await process.database.close()


@asynccontextmanager
async def held(process: Process) -> AsyncIterator[asyncio.Task[bool]]:
    task = await process.working()
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_one_at_a_time_and_the_next_at_once_when_it_is_given_back(start) -> None:
    first, second = start(), start()
    async with held(first) as task:
        assert not await second.tries()
        first.end.set()
        assert await task
    assert await second.tries()
    assert await first.tries()


async def test_of_many_that_take_at_once_one_has_it(start) -> None:
    processes = [start() for _ in range(5)]
    assert True in await asyncio.gather(*(process.tries() for process in processes))
    first, *others = processes
    async with held(first):
        assert await asyncio.gather(*(other.tries() for other in others)) == [False] * 4


async def test_what_the_work_raises_is_raised_and_the_lease_is_free(start) -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    first, second = start(), start()
    with pytest.raises(ZeroDivisionError):
        await first.lease.hold(fails)
    assert await second.tries()


async def test_who_is_not_heard_of_is_followed_after_the_whole_length(start) -> None:
    dead, second = start(), start()
    async with held(dead):
        for now, taken in ((0.0, False), (LONG - 1, False), (LONG, True)):
            second.clock.now = now
            assert await second.tries() is taken


async def test_a_beat_begins_the_length_anew(start) -> None:
    first, second = start(), start()
    async with held(first):
        assert not await second.tries()
        await first.database.write(first.lease._renew)
        second.clock.now = LONG
        assert not await second.tries()


async def test_who_was_asleep_writes_nothing_after_another_took_over(start) -> None:
    asleep, second = start(), start()
    wrote: list[str] = []
    async with held(asleep):
        assert await asleep.lease.write(lambda _: "before") == "before"
        await second.tries()
        second.clock.now = LONG
        async with held(second):
            with pytest.raises(LeaseLost):
                await asleep.lease.write(lambda _: wrote.append("after"))
            assert await second.lease.write(lambda _: "the other's") == "the other's"
    assert wrote == []


async def away(_work: object) -> None:
    raise ConnectionError


LOST = {
    "another took over": lambda process, patch: patch.setattr(process.lease, "_token", "of another"),
    "the database is away": lambda process, patch: patch.setattr(process.database, "write", away),
    "the clock jumped": lambda process, patch: None,
}


@pytest.mark.parametrize("why", LOST)
async def test_work_under_a_lost_lease_is_stopped(start, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    process = start(SHORT)
    async with held(process) as task:
        LOST[why](process, monkeypatch)
        if why != "another took over":
            process.clock.now = 10 * SHORT
        with pytest.raises(LeaseLost):
            await task


async def test_a_database_that_is_away_for_a_moment_is_asked_again(start, monkeypatch: pytest.MonkeyPatch) -> None:
    process = start(SHORT)
    again, asked, write = asyncio.Event(), [], process.database.write

    async def away_once(work):
        asked.append(work)
        if len(asked) == 1:
            raise ConnectionError
        again.set()
        return await write(work)

    async with held(process) as task:
        monkeypatch.setattr(process.database, "write", away_once)
        await again.wait()
        process.end.set()
        assert await task


async def test_nothing_is_written_without_a_lease(start) -> None:
    with pytest.raises(LeaseLost):
        await start().lease.write(lambda _: "written")


HOLDER = """
    import asyncio, sys
    from storage import Lease, Transactions

    async def work():
        print("held", flush=True)
        await asyncio.Event().wait()

    asyncio.run(Lease(Transactions(sys.argv[1]), "work", seconds=float(sys.argv[2])).hold(work))
"""


async def test_a_process_that_is_killed_is_followed(database_url: str) -> None:
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", textwrap.dedent(HOLDER), database_url, str(SHORT)), stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    database = Transactions(database_url)
    lease = Lease(database, "work", seconds=2 * SHORT)
    assert not await lease.hold(nothing)
    holder.send_signal(signal.SIGKILL)
    await holder.wait()
    await until(lambda: lease.hold(nothing))
    await database.close()
