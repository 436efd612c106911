"""Wake-ups inside one process. They only save waiting: whoever misses one finds the row at the next poll."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Signals:
    """`inbox` is set when work arrived, `outbox[channel]` when something is to be sent."""

    def __init__(self) -> None:
        self.inbox = asyncio.Event()
        self.outbox: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.closing = False
        self._watchers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def watching(self, conversation: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever Dalil says something in the conversation."""
        event = asyncio.Event()
        self._watchers[conversation].add(event)
        try:
            yield event
        finally:
            self._watchers[conversation].discard(event)
            if not self._watchers[conversation]:
                del self._watchers[conversation]

    @property
    def watched(self) -> list[str]:
        """The conversations that someone is watching."""
        return list(self._watchers)

    def said(self, channel: str, conversation: str) -> None:
        """Tell the channel's sender and the conversation's watchers of new outbox rows."""
        self.outbox[channel].set()
        for event in self._watchers.get(conversation, ()):
            event.set()

    def changed(self) -> None:
        """Wake everybody: what holds for all conversations has changed."""
        self.inbox.set()
        for event in self.outbox.values():
            event.set()
        for events in self._watchers.values():
            for event in events:
                event.set()

    def close(self) -> None:
        """Wake every watcher for the last time: the gateway stops."""
        self.closing = True
        self.changed()
