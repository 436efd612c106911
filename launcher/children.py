"""One child process: started in a group of its own, its lines passed on with its name, stopped with all it started."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from launcher.errors import LaunchError

LINE_BYTES = 65_536
STOP_SECONDS = 10.0


class Output(Protocol):
    """Where lines go: `name` is the process they came from."""

    def __call__(self, name: str, line: str) -> None:
        """Pass one line on."""


class Child:
    """A running process whose output is passed on."""

    def __init__(self, process: asyncio.subprocess.Process, pump: asyncio.Task[None]) -> None:
        self._process = process
        self._pump = pump

    async def wait(self) -> int:
        """The exit code, once the process has ended (negative: the signal that ended it)."""
        return await self._process.wait()

    async def stop(self, seconds: float) -> None:
        """End the process and everything it started; after `seconds`, or when cancelled again, without asking."""
        try:
            _signal_group(self._process.pid, signal.SIGTERM)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._process.wait(), seconds)
        finally:
            _signal_group(self._process.pid, signal.SIGKILL)
            await self._process.wait()
            try:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._pump, 1.0)
            finally:
                # asyncio has no other way to let go of a pipe that is still open; left to the end of the loop, it
                # complains with a traceback.
                self._process._transport.close()  # type: ignore[attr-defined]


@asynccontextmanager
async def running(
    name: str, command: tuple[str, ...], environment: Mapping[str, str], output: Output, stop_seconds: float
) -> AsyncIterator[Child]:
    """Run `command` for as long as the block lasts; whatever ends the block, nothing of it stays behind.

    Raises:
        LaunchError: it could not be started at all.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *_dies_with_us(command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            start_new_session=True,
        )
    except OSError as error:
        raise LaunchError(f"{name}: cannot start {command[0]}: {error.strerror}") from error
    assert process.stdout is not None  # noqa: S101 - asked for above
    child = Child(process, asyncio.create_task(_pass_on(name, process.stdout, output)))
    try:
        yield child
    finally:
        await child.stop(stop_seconds)


def _dies_with_us(command: tuple[str, ...]) -> tuple[str, ...]:
    """Where the system can do it, the child is told to stop when the launcher itself is killed outright."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return (setpriv, "--pdeathsig", "TERM", *command) if setpriv else command


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # the group is already empty
        os.killpg(pid, number)


async def _pass_on(name: str, stream: asyncio.StreamReader, output: Output) -> None:
    rest = b""
    while chunk := await stream.read(LINE_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LINE_BYTES:
            lines, rest = [*lines, rest], b""
        for line in lines:
            output(name, line.decode("utf-8", "replace"))
    if rest:
        output(name, rest.decode("utf-8", "replace"))
