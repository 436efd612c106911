"""The assistant as the console reaches it: its commands as subprocesses, its workers over HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from channels.app import workers
from console.errors import ConsoleError
from settings import Settings

logger = logging.getLogger(__name__)
_DONE = re.compile(r"(\d+) of (\d+) messages")
_LONGEST = {"train": 1800.0, "evaluate": 1800.0, "use": 60.0, "data": 120.0, "current": 60.0}
_MOST_SAID = 4000
_TIMEOUT = aiohttp.ClientTimeout(total=30.0)

Step = Callable[[int, int], Awaitable[None]]


class CommandFailed(ConsoleError):
    """A command of the assistant ended with an error; the message is the end of what it said."""


class Assistant:
    """Commands and workers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._headers = {"Authorization": f"Bearer {settings.assistant_token.get_secret_value()}"}
        self.workers = workers(settings)

    async def check_data(self, folder: Path) -> list[dict[str, Any]]:
        """The errors in a folder of training data."""
        return list(_read(await _run("data", "check", str(folder), "--errors", "--json")))

    async def is_current(self) -> bool:
        """Whether the current model was trained from the files as they are now. Raises CommandFailed."""
        return bool(_read(await _run("current", "--json"))["is_current"])

    async def train(self, folder: Path, name: str) -> None:
        """Train a candidate of this name. Raises CommandFailed."""
        await _must("train", "--candidate", name, "--data", str(folder))

    async def evaluate(self, model: str, sets: Sequence[Path], output: Path, step: Step) -> dict[str, Any]:
        """The report of a model over sets of sentences. Raises CommandFailed."""
        folders = [str(folder) for folder in sets]
        await _must("evaluate", *folders, "--model", model, "--output", str(output), step=step)
        report: dict[str, Any] = json.loads((output / "report.json").read_text("utf-8"))
        return report

    async def use(self, model: str) -> None:
        """Make a model the current one, then tell the workers. Raises CommandFailed."""
        await _must("use", model)
        await self.swap()

    @property
    def current(self) -> str:
        """The name of the current model, "" when there is none."""
        pointer = self._settings.model_folder / "current"
        return pointer.read_text("utf-8").strip() if pointer.is_file() else ""

    async def swap(self) -> list[str]:
        """Have every worker answer with the current model; gives those that do not (yet)."""
        wanted = self.current
        async with aiohttp.ClientSession(headers=self._headers, timeout=_TIMEOUT) as session:
            swapped = await asyncio.gather(*(self._swap(session, base, wanted) for base in self.workers))
        return [base for base, done in zip(self.workers, swapped, strict=True) if not done]

    async def _swap(self, session: aiohttp.ClientSession, base: str, wanted: str) -> bool:
        try:
            async with session.get(f"{base}/health/ready") as response:
                if (await response.json()).get("model") == wanted:
                    return True
            async with session.post(f"{base}/v1/model", json={"name": wanted}) as response:
                if response.status == 200:
                    logger.info("model swapped", extra={"worker": base, "model": wanted})
                    return True
                logger.error("model refused", extra={"worker": base, "status": response.status})
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            logger.warning("worker not reached", extra={"worker": base, "fault": type(error).__name__})
        return False


def _read(done: tuple[int, str, str]) -> Any:
    """What a command said as JSON, whatever its exit code: that may be its answer too."""
    code, said, wrong = done
    try:
        return json.loads(said)
    except ValueError as error:
        raise CommandFailed(wrong[-_MOST_SAID:] or f"exit code {code}") from error


async def _must(*command: str, step: Step | None = None) -> None:
    code, said, wrong = await _run(*command, step=step)
    if code:
        raise CommandFailed((wrong or said)[-_MOST_SAID:] or f"exit code {code}")


async def _run(*command: str, step: Step | None = None) -> tuple[int, str, str]:
    """Run `python -m bot COMMAND` to its end; it does not outlive the console."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None  # noqa: S101 - both are pipes
    try:
        reading = asyncio.gather(process.stdout.read(), _followed(process.stderr, step))
        said, wrong = await asyncio.wait_for(reading, _LONGEST[command[0]])
        return await process.wait(), said.decode("utf-8", "replace"), wrong
    except asyncio.TimeoutError:
        raise CommandFailed(f"{command[0]}: not done after {_LONGEST[command[0]]:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _followed(lines: asyncio.StreamReader, step: Step | None) -> str:
    said: list[str] = []
    while line := (await lines.readline()).decode("utf-8", "replace"):
        found = _DONE.search(line)
        if found and step is not None:
            await step(int(found[1]), int(found[2]))
        elif not found:
            said.append(line)
    return "".join(said)
