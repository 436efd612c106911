"""Asks the agencies what has changed: one question an agency and interval, whoever and however many follow.

A million followers at ten agencies, asked every five minutes, are 120 questions an hour, and one more for every 500
changes; the whole list once a week is 2,000 questions more (benchmarks/following.py).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from integrations.exchange.client import Exchange
from integrations.exchange.errors import CursorExpired, NotOffered, StatusError
from integrations.exchange.followings.feeds import Feeds, Place
from integrations.exchange.followings.kept import Followings
from integrations.exchange.model import Change

logger = logging.getLogger(__name__)
PAGE = 500
_PAGES_AT_ONCE = 50
_MOST_STRANGERS = 10_000
_NOT_OFFERED = timedelta(hours=1)


class FeedReader:
    """Reads the feeds of all agencies that tell of changes. every: between two readings, in seconds.

    Several processes may read: each feed is claimed by one.
    """

    def __init__(self, exchange: Exchange, followings: Followings, every: float) -> None:
        self._exchange = exchange
        self._followings = followings
        self._feeds = Feeds(followings.database)
        self._every = timedelta(seconds=every)
        self._strangers: defaultdict[str, list[Change]] = defaultdict(list)

    async def read_due(self) -> None:
        """Read every feed that is due; what goes wrong at one agency is in the log, and holds up no other."""
        for agency in self._exchange.configuration.agencies:
            if not agency.follow:
                continue
            try:
                await self._release(agency.id)
                place = await self._feeds.claim(agency.id)
                if place is not None:
                    await self._read(place)
            except StatusError as error:
                logger.warning("changes not read", extra={"agency": agency.id, "fault": error.reason})

    async def _read(self, place: Place) -> None:
        try:
            await self._pages(place)
        except StatusError as error:
            again = _NOT_OFFERED if isinstance(error, NotOffered) else self._every
            await self._feeds.release(place, again)
            raise

    async def _pages(self, place: Place) -> None:
        await self._end_strangers(place)
        for _ in range(_PAGES_AT_ONCE):
            try:
                page = await self._exchange.changes(place.agency, place.cursor, PAGE)
            except CursorExpired:
                logger.warning("feed read anew", extra={"agency": place.agency})
                place = await self._feeds.begin_anew(place)
                continue
            await self._followings.waits.back(place.agency)
            place, strangers = await self._feeds.apply(place, page, self._every)
            self._strangers[place.agency] = [*self._strangers[place.agency], *strangers][-_MOST_STRANGERS:]
            if not page.more:
                return
        await self._feeds.release(place, timedelta())

    async def _end_strangers(self, place: Place) -> None:
        """End subscriptions that nobody here has, as the answer to the citizen's question was lost on its way.

        Not at once: the change may have been quicker than the row that it belongs to.
        """
        for changes in _by(PAGE, self._strangers.pop(place.agency, [])):
            left = await self._feeds.hear(place, changes)
            await self._exchange.unsubscribe(place.agency, [change.subscription for change in left])

    async def _release(self, agency: str) -> None:
        """Tell the agency which subscriptions have ended, and forget them."""
        while over := await self._followings.released(agency):
            await self._exchange.unsubscribe(agency, over)
            await self._followings.forget(agency, over)


def _by(size: int, changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    return (changes[start : start + size] for start in range(0, len(changes), size))
