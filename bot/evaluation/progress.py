"""How far a long run is, on standard error: at once on a terminal, elsewhere only when it takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

_PATIENCE = 2.0
_PAUSE_TERMINAL = 0.1
_PAUSE_LOG = 5.0


class Progress:
    """Says how many of `total` are done: one line that changes on a terminal, a line every few seconds in a log."""

    def __init__(self, total: int, target: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._target = target or sys.stderr
        self._clock = clock
        self._terminal = self._target.isatty()
        self._next = clock() + (0.0 if self._terminal else _PATIENCE)
        self._done = 0
        self._said = False

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if self._clock() >= self._next:
            self._next = self._clock() + (_PAUSE_TERMINAL if self._terminal else _PAUSE_LOG)
            self._say()

    def close(self) -> None:
        """All are done: leaves the cursor at the start of a line."""
        if self._said:
            self._say()
            self._target.write("\n" if self._terminal else "")

    def _say(self) -> None:
        self._said = True
        line = f"{self._done} of {self._total} messages"
        self._target.write(f"\r{line}" if self._terminal else f"{line}\n")
        self._target.flush()
