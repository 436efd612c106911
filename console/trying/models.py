"""Models that can be asked: each a `python -m bot ask --jsonl --explain` that stays while somebody asks it.

They have conversations of their own and simulated agencies; nothing that is tried reaches a citizen's conversation, a
log or a figure.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from console.errors import Problem

logger = logging.getLogger(__name__)
AT_ONCE = 2
_IDLE, _LONGEST_START, _LONGEST_LINE = 600.0, 60.0, 1 << 20
BUSY = "النموذجان المعروضان قيد التحميل. حاول بعد قليل."
BROKEN = "لم يجب النموذج {model}. حاول مرة أخرى."


@dataclass
class _Running:
    process: asyncio.subprocess.Process
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    used_at: float = field(default_factory=time.monotonic)


class Models:
    """At most two processes; the one that was asked longest ago makes room."""

    def __init__(self) -> None:
        self._running: dict[str, _Running] = {}
        self._starting = asyncio.Lock()

    async def ask(self, model: str, text: str, channel: str) -> dict[str, Any]:
        """The reply of a model, with "understood" and the milliseconds it took as "ms". Raises Problem."""
        running = await self._process(model)
        question = json.dumps({"id": 1, "text": text, "channel": channel}, ensure_ascii=False) + "\n"
        async with running.turn:
            started = time.perf_counter()
            line = await self._answer(model, running.process, question)
            running.used_at = time.monotonic()
        return {**json.loads(line), "ms": round((time.perf_counter() - started) * 1000)}

    async def _answer(self, model: str, process: asyncio.subprocess.Process, question: str) -> bytes:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
        try:
            process.stdin.write(question.encode())
            await process.stdin.drain()
            line = await asyncio.wait_for(process.stdout.readline(), _LONGEST_START)
        except (asyncio.TimeoutError, ConnectionError, ValueError):
            line = b""
        if not line:
            await self._stop(model)
            raise Problem(502, BROKEN, model=model)
        return line

    async def _process(self, model: str) -> _Running:
        async with self._starting:
            found = self._running.get(model)
            if found is not None and found.process.returncode is None:
                return found
            while len(self._running) >= AT_ONCE:
                idle = [name for name, running in self._running.items() if not running.turn.locked()]
                if not idle:
                    raise Problem(503, BUSY)
                await self._stop(min(idle, key=lambda name: self._running[name].used_at))
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "ask", "--jsonl", "--explain", "--model", model),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_LONGEST_LINE,
            )
            self._running[model] = running = _Running(process)
            return running

    async def _stop(self, model: str) -> None:
        running = self._running.pop(model, None)
        if running is not None and running.process.returncode is None:
            running.process.kill()
            await running.process.wait()

    async def keep_few(self) -> None:
        """End the processes that nobody asks any more; all of them when cancelled."""
        try:
            while True:
                await asyncio.sleep(_IDLE / 10)
                old = time.monotonic() - _IDLE
                for name in [name for name, running in self._running.items() if running.used_at < old]:
                    await self._stop(name)
        finally:
            for running in self._running.values():
                if running.process.returncode is None:
                    running.process.kill()
