"""How far the agencies' feeds were read, and what a page of one changes in the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, or_, select, update
from sqlalchemy import text as sql

from integrations.exchange.followings.kept import APART
from integrations.exchange.followings.news import LOST, dumped, is_news
from integrations.exchange.followings.tables import ExchangeFeed, ExchangeWait, Following
from integrations.exchange.model import Change, Changes
from storage import Transactions, UtcDateTime, utc_now

CLAIM = timedelta(minutes=2)
"""Longer than one reading takes; after a SIGKILL another process reads on when it ends."""
RENEWED_EVERY = timedelta(days=7)
"""How often the whole feed is read, for what was passed over because it was not as described."""


@dataclass(frozen=True)
class Place:
    """Where a reading stands. whole: it began at the beginning; round: which such reading it is."""

    agency: str
    cursor: str | None
    round: int
    whole: bool

    def anew(self) -> Place:
        """At the beginning."""
        return replace(self, cursor=None, round=self.round + 1, whole=True)


class Feeds:
    """Claims a feed, and applies what it says; each call is one transaction."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    async def claim(self, agency: str) -> Place | None:
        """The place to read on from; None when it is not time, another process reads it, or nobody follows."""
        return await self._database.write(lambda connection: _claim(connection, agency))

    async def begin_anew(self, place: Place) -> Place:
        """Go back to the beginning."""
        new = place.anew()
        values = {"of": place.agency, "next_round": new.round, "now": utc_now()}
        await self._database.write(lambda connection: connection.execute(_ANEW, values))
        return new

    async def apply(self, place: Place, page: Changes, again: timedelta) -> tuple[Place, Sequence[Change]]:
        """Keep what a page says together with where it ends; after the last page, come back after `again`.

        Gives the new place, and the changes of subscriptions that nobody here has.
        """
        return await self._database.write(lambda connection: _apply(connection, place, page, again))

    async def hear(self, place: Place, changes: Sequence[Change]) -> Sequence[Change]:
        """Keep what these changes say; gives those of subscriptions that nobody here has."""
        return await self._database.write(lambda connection: _hear(connection, place, changes))

    async def release(self, place: Place, again: timedelta) -> None:
        """Give the feed back, to be read on in `again`."""
        values = {"of": place.agency, "next": utc_now() + again}
        await self._database.write(lambda connection: connection.execute(_RELEASE, values))


def _claim(connection: Connection, agency: str) -> Place | None:
    now = utc_now()
    if not connection.scalar(_FOLLOWED, {"of": agency}):
        return None
    connection.execute(_NEW, {"of": agency, "now": now})
    if connection.execute(_CLAIM, {"of": agency, "now": now, "until": now + CLAIM}).rowcount != 1:
        return None
    row = connection.execute(_FEED, {"of": agency}).one()
    place = Place(agency, row.cursor, row.round, row.whole)
    if not row.whole and row.renewed_at + RENEWED_EVERY < now:
        place = place.anew()
        connection.execute(_ANEW, {"of": agency, "next_round": place.round, "now": now})
    return place


def _apply(connection: Connection, place: Place, page: Changes, again: timedelta) -> tuple[Place, Sequence[Change]]:
    now = utc_now()
    strangers = _hear(connection, place, page.changes)
    reached = replace(place, cursor=page.cursor, whole=place.whole and page.more)
    if place.whole and not page.more:
        connection.execute(_LOSE, {"of": place.agency, "until": place.round, "now": now, "lost": LOST})
    next_reading = now + (CLAIM if page.more else again)
    values = {"of": place.agency, "reached": page.cursor, "goes_on": reached.whole, "next": next_reading}
    connection.execute(_KEEP, values)
    return reached, strangers


def _hear(connection: Connection, place: Place, changes: Sequence[Change]) -> Sequence[Change]:
    ids = [change.subscription for change in changes]
    rows = connection.execute(_ROWS, {"ids": ids}).all() if ids else []
    known, now = {row.subscription: row for row in rows if row.agency == place.agency}, utc_now()
    heard = [(known[change.subscription], change) for change in changes if change.subscription in known]
    same = [row.id for row, change in heard if _is_as_kept(row, change)]
    if same and place.whole:
        connection.execute(_SEEN, {"same": same, "until": place.round})
    new = [_heard(row, change, place, now) for row, change in heard if not _is_as_kept(row, change)]
    if new:
        connection.execute(_HEARD, new)
    return [change for change in changes if change.subscription not in known]


def _is_as_kept(row: Any, change: Change) -> bool:
    """As it is with nearly all of a whole reading."""
    return row.news is None and row.at == change.at and row.word == change.word and not change.ended


def _heard(row: Any, change: Change, place: Place, now: datetime) -> dict[str, Any]:
    """What is kept of a change of one application: news, or, if the citizen knows it, since when they know."""
    new = is_news(change, row.word, row.at)
    due = row.due_at
    if new and row.news is None:
        due = max(now, row.told_at + APART) if row.told_at else now
    return {
        "me": row.id,
        "round": place.round,
        "change": dumped(change) if new else None,
        "due": due,
        "since": row.at if new else change.at,
        "over": now if change.ended and not new else None,
    }


# Statements are made once: building one costs more than running it.
_live = (Following.agency == bindparam("of"), Following.ended_at.is_(None))
_feed = update(ExchangeFeed).where(ExchangeFeed.agency == bindparam("of"))
_FOLLOWED = select(or_(exists().where(*_live), exists().where(ExchangeWait.agency == bindparam("of"))))
_FEED = (
    select(ExchangeFeed)
    .with_only_columns(*ExchangeFeed.__table__.columns)
    .where(ExchangeFeed.agency == bindparam("of"))
)
_NEW = sql(
    "INSERT INTO exchange_feeds (agency, round, whole, renewed_at, due_at) VALUES (:of, 1, true, :now, :now) "
    "ON CONFLICT DO NOTHING"
).bindparams(bindparam("now", type_=UtcDateTime()))
_CLAIM = _feed.where(ExchangeFeed.due_at <= bindparam("now")).values(due_at=bindparam("until"))
_ANEW = _feed.values(cursor=None, round=bindparam("next_round"), whole=True, renewed_at=bindparam("now"))
_KEEP = _feed.values(cursor=bindparam("reached"), whole=bindparam("goes_on"), due_at=bindparam("next"))
_RELEASE = _feed.values(due_at=bindparam("next"))
# Not by the agency: PostgreSQL may then go through all of its rows, 500 at a time.
_ROWS = select(
    Following.id,
    Following.agency,
    Following.subscription,
    Following.word,
    Following.at,
    Following.news,
    Following.due_at,
    Following.told_at,
).where(Following.subscription.in_(bindparam("ids", expanding=True)), Following.ended_at.is_(None))
_SEEN = update(Following).where(Following.id.in_(bindparam("same", expanding=True))).values(seen=bindparam("until"))
# Not the ORM's update: many at once, by their own key.
_HEARD = (
    update(Following.__table__)  # type: ignore[arg-type]
    .where(Following.__table__.c.id == bindparam("me"))
    .values(
        seen=bindparam("round"),
        news=bindparam("change"),
        due_at=bindparam("due"),
        at=bindparam("since"),
        ended_at=bindparam("over"),
    )
)
# What began while the feed was read may be behind the place that the reading had reached.
_LOSE = (
    update(Following)
    .where(*_live, Following.seen < bindparam("until"))
    .where(
        Following.created_at
        < select(ExchangeFeed.renewed_at).where(ExchangeFeed.agency == bindparam("of")).scalar_subquery()
    )
    .values(news=bindparam("lost", type_=Following.news.type), due_at=bindparam("now", type_=UtcDateTime))
)
