"""What telephones have shown, for whoever waits beside one."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Handsets:
    """`shown` has, for each telephone, the messages that are complete on it, once for each time."""

    def __init__(self) -> None:
        self.shown: defaultdict[str, list[str]] = defaultdict(list)
        self._news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def show(self, number: str, message: str) -> None:
        """A message is complete."""
        self.shown[number].append(message)
        self._news[number].set()

    async def wait(self, number: str, seconds: float) -> None:
        """Wait until the telephone is shown something more, or so long."""
        news = self._news[number]
        news.clear()
        try:
            await asyncio.wait_for(news.wait(), seconds)
        except asyncio.TimeoutError:
            return
