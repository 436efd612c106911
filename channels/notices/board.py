"""What a gateway knows of notices and stopped channels at the moment: read about once a second, for all messages.

A database that is away changes nothing: the last known state goes on, and notices end by the clock.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from channels.notices import publishing, switches
from channels.notices.limits import Kind
from channels.notices.publishing import Notice
from channels.notices.switches import Stop
from storage import Transactions, utc_now

logger = logging.getLogger(__name__)
EVERY = 0.8
"""Seconds; a stop is promised within two."""


@dataclass(frozen=True)
class View:
    """The notices that run or will, in the order in which they begin, and the stops by channel."""

    notices: tuple[Notice, ...] = ()
    stops: Mapping[str, Stop] = field(default_factory=dict)

    def stop(self, channel: str) -> Stop | None:
        """The channel's stop."""
        return self.stops.get(channel)

    def banners(self, channel: str) -> list[Notice]:
        """The channel's banners at this moment."""
        return self._running(channel, Kind.BANNER)

    def answer(self, channel: str) -> Notice | None:
        """What replaces the channel's replies at this moment; of several the one published last."""
        return max(self._running(channel, Kind.ANSWER), key=lambda notice: notice.id, default=None)

    def silent(self, channel: str) -> bool:
        """Whether the assistant is not asked for this channel at this moment."""
        return channel in self.stops or self.answer(channel) is not None

    def shown(self) -> tuple[Any, ...]:
        """Differs whenever anything that a citizen sees does."""
        now = utc_now()
        return tuple(notice.id for notice in self.notices if notice.runs(now)), tuple(
            self.stops[name] for name in sorted(self.stops)
        )

    def _running(self, channel: str, kind: Kind) -> list[Notice]:
        now = utc_now()
        return [one for one in self.notices if one.kind is kind and channel in one.channels and one.runs(now)]


def read(connection: Connection) -> View:
    """The view, in two small queries."""
    return View(tuple(publishing.ahead(connection)), switches.stopped(connection))


class Board:
    """Keeps the view. `changed` is called when something begins or ends, be it by the clock."""

    def __init__(self, database: Transactions, changed: Callable[[], None]) -> None:
        self._database, self._changed = database, changed
        self._view: View | None = None
        self._shown: tuple[Any, ...] | None = None
        self._away = False
        self._watching: asyncio.Task[None] | None = None

    @property
    def known(self) -> bool:
        """Whether it was read at all: before that nothing goes out and no message is worked on."""
        return self._view is not None

    @property
    def view(self) -> View:
        """What was last read."""
        return self._view or View()

    @property
    def alive(self) -> bool:
        """Whether it is kept up to date."""
        return self._watching is not None and not self._watching.done()

    async def current(self) -> View:
        """What was last read, at the very beginning read now; raises what the database raises, then only."""
        if self._view is None:
            await self.look()
        return self.view

    async def start(self) -> None:
        """Begin to look."""
        await self._step()
        self._watching = asyncio.create_task(self._watch(), name="notices")

    async def stop(self) -> None:
        """Look no more."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def look(self) -> None:
        """Read it now."""
        self._view = await self._database.read(read)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self._step()

    async def _step(self) -> None:
        try:
            await self.look()
            self._away = False
        except Exception:
            if not self._away:  # once, not every second for as long as it lasts
                logger.exception("notices and switches not read, the last known ones go on")
            self._away = True
        shown = self.view.shown()
        if shown != self._shown:
            self._shown = shown
            logger.info("notices and switches", extra={"notices": list(shown[0]), "stopped": sorted(self.view.stops)})
            self._changed()
