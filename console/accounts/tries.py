"""How often an address tried lately: whoever guesses for many names at once is slowed down too."""

from __future__ import annotations

import time
from collections import OrderedDict, deque

from console.errors import Problem

FROM_ONE_ADDRESS, WINDOW = 30, 900.0
_MOST_ADDRESSES = 10_000
SLOW = "محاولات كثيرة من شبكتك. انتظر ربع ساعة ثم حاول مرة أخرى."


class Tries:
    """Counts in memory: a restart forgives."""

    def __init__(self) -> None:
        self._tried: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, address: str) -> None:
        """One more. Raises Problem when there were too many."""
        tried, now = self._tried.setdefault(address, deque()), time.monotonic()
        self._tried.move_to_end(address)
        while len(self._tried) > _MOST_ADDRESSES:
            self._tried.popitem(last=False)
        while tried and now - tried[0] > WINDOW:
            tried.popleft()
        if len(tried) >= FROM_ONE_ADDRESS:
            raise Problem(429, SLOW)
        tried.append(now)
