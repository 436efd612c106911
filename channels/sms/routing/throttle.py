"""Parts a second that a provider's contract allows: a token bucket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Throttle:
    """Lets `rate` parts a second through, and at most one second's worth at once."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._most = max(1.0, rate)
        self._left = self._most
        self._at = clock()

    def wait(self, parts: int) -> float:
        """Seconds until `parts` could be let through; 0 when they can be now."""
        self._fill()
        return max(0.0, (min(parts, self._most) - self._left) / self._rate)

    async def take(self, parts: int) -> None:
        """Let `parts` through, in turn; who comes later waits for those before."""
        wait = self.wait(parts)
        self._left -= parts
        if wait:
            await asyncio.sleep(wait)

    def _fill(self) -> None:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
