"""Telegram's "no more than about one message a second in one chat"; 30 a second overall is AIORateLimiter's part.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

_CHATS_REMEMBERED = 10_000


class ChatPace:
    """Gives each chat one turn every `interval` seconds."""

    def __init__(
        self,
        interval: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval, self._clock, self._sleep = interval, clock, sleep
        self._next: dict[str, float] = {}

    async def turn(self, chat: str) -> None:
        """Wait until it is this chat's turn."""
        now = self._clock()
        if len(self._next) > _CHATS_REMEMBERED:
            self._next = {other: due for other, due in self._next.items() if due > now}
        due = max(now, self._next.get(chat, now))
        self._next[chat] = due + self._interval
        if due > now:
            await self._sleep(due - now)
