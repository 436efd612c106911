"""Keeps programs running: starts them together, waits until all are ready, starts again the one that dies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from launcher.children import STOP_SECONDS, Child, Output, running
from launcher.errors import ProgramFailed, StepFailed
from launcher.health import why_not_listening, why_not_ready
from launcher.plan import Program, Step, reachable

LAUNCHER = "dalil"


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, in seconds, and how often it tries."""

    ready: float = 180.0
    poll: float = 0.1
    silence: float = 2.0
    longest_silence: float = 16.0
    stop: float = STOP_SECONDS
    backoff: float = 1.0
    longest_backoff: float = 30.0
    healthy: float = 60.0
    deaths: int = 5


class Supervisor:
    """Runs steps and programs; cancelling it stops everything it started."""

    def __init__(self, output: Output, patience: Patience | None = None) -> None:
        self._output = output
        self._patience = patience or Patience()

    async def run_step(self, step: Step) -> None:
        """Run one command to its end.

        Raises:
            StepFailed: it ended with an error; its own message has been passed on.
        """
        progress = _Progress(self._patience)
        async with running(step.name, step.command, step.environment, self._output, self._patience.stop) as child:
            end = asyncio.ensure_future(child.wait())
            while not (await asyncio.wait([end], timeout=self._patience.poll))[0]:
                if seconds := progress.due():
                    self._output(LAUNCHER, f"{step.name} is at work ({seconds:.0f} s)")
        if code := end.result():
            raise StepFailed(f"{step.name}: failed ({_ending(code)}); the reason is above")

    async def keep_running(self, programs: Iterable[Program], when_ready: Callable[[], None]) -> None:
        """Keep all programs running until cancelled; call `when_ready` once, when all have answered.

        Raises:
            ProgramFailed: one did not become ready at the first start, or died again and again.
        """
        keepers = [_Keeper(program, self._output, self._patience) for program in programs]
        await _together([*(keeper.keep() for keeper in keepers), _announce(keepers, when_ready)])


class _Keeper:
    def __init__(self, program: Program, output: Output, patience: Patience) -> None:
        self._program = program
        self._output = output
        self._patience = patience
        self.ready = asyncio.Event()

    async def keep(self) -> None:
        deaths = 0
        clock = asyncio.get_running_loop().time
        while True:
            started = clock()
            code = await self._live()
            deaths = deaths + 1 if clock() - started < self._patience.healthy else 1
            if deaths >= self._patience.deaths:
                name = self._program.name
                raise ProgramFailed(f"{name} died {deaths} times in a row ({_ending(code)}): everything was stopped")
            pause = min(self._patience.backoff * 2 ** (deaths - 1), self._patience.longest_backoff)
            self._say(f"{self._program.name} died ({_ending(code)}); starting it again in {pause:g} s")
            await asyncio.sleep(pause)

    async def _live(self) -> int:
        """From start to death; only the very first start may fail the whole launch at once."""
        program = self._program
        command, environment = program.command, program.environment
        async with running(program.name, command, environment, self._output, self._patience.stop) as child:
            if not self.ready.is_set():
                await self._first_ready(child)
                self.ready.set()
            return await child.wait()

    async def _first_ready(self, child: Child) -> None:
        name, patience = self._program.name, self._patience
        progress = _Progress(patience)
        death = asyncio.ensure_future(child.wait())
        why_not = why_not_listening if self._program.listens else why_not_ready
        while reason := await why_not(reachable(self._program.host), self._program.port):
            if death.done():
                ending = _ending(death.result())
                raise ProgramFailed(f"{name} ended before it was ready ({ending}); the reason is above")
            if progress.seconds() > patience.ready:
                raise ProgramFailed(f"{name} was not ready after {patience.ready:g} s: {reason}")
            if seconds := progress.due():
                self._say(f"waiting for {name}: {reason} ({seconds:.0f} s)")
            await asyncio.wait([death], timeout=patience.poll)

    def _say(self, line: str) -> None:
        self._output(LAUNCHER, line)


class _Progress:
    """Says when a sign of life is due: soon at first, then ever more rarely."""

    def __init__(self, patience: Patience) -> None:
        self._started = time.monotonic()
        self._longest = patience.longest_silence
        self._pause = patience.silence
        self._next = patience.silence

    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._started

    def due(self) -> float | None:
        """The seconds since the start when it is time to speak, else None."""
        seconds = self.seconds()
        if seconds < self._next:
            return None
        self._pause = min(2 * self._pause, self._longest)
        self._next = seconds + self._pause
        return seconds


async def _together(parts: list[Coroutine[Any, Any, None]]) -> None:
    """Run all until each has ended or one has failed; then none is left running."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _announce(keepers: list[_Keeper], when_ready: Callable[[], None]) -> None:
    for keeper in keepers:
        await keeper.ready.wait()
    when_ready()


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
