"""The list of those who follow an application."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from integrations.exchange.followings.follower import Follower
from integrations.exchange.followings.news import loaded
from integrations.exchange.followings.tables import Following
from integrations.exchange.followings.waits import Waits
from integrations.exchange.model import Change, Subscription
from storage import Transactions, utc_now

MOST = 5
"""Applications that one conversation may follow."""
APART = timedelta(hours=24)
"""Between two messages about one application."""
_LEASE = timedelta(seconds=60)
_RELEASED_AT_ONCE = 500


@dataclass(frozen=True)
class News:
    """What is to be told: the newest change (what an application was in between is not told); None: that the agency
    does not tell any more."""

    id: int
    conversation: str
    channel: str
    agency: str
    reference: str
    change: Change | None


class Followings:
    """Reads and writes the list; each call is one transaction.

    days: how long after their last message citizens can be reached; then the gateway has forgotten where.
    """

    def __init__(self, database: Transactions, days: int = 30) -> None:
        self.database = database
        self.days = days
        self.waits = Waits(database)

    async def has_room(self, follower: Follower) -> bool:
        """Whether this conversation may follow one more; one that it follows already takes no room."""
        about = {"of": follower.conversation}
        rows = await self.database.read(lambda connection: connection.execute(_LIVE, about).all())
        others = {(row.agency, row.reference) for row in rows} - {(follower.agency, follower.reference)}
        return len(others) < MOST

    async def add(self, follower: Follower, subscription: Subscription) -> None:
        """Follow; a subscription of the same conversation to the same application before it ends."""
        now = utc_now()
        same = {"of": follower.conversation, "by": follower.agency, "called": follower.reference, "now": now}
        row = {
            "conversation": follower.conversation,
            "channel": follower.channel,
            "agency": follower.agency,
            "reference": follower.reference,
            "subscription": subscription.id,
            "word": follower.word,
            "created_at": now,
            "due_at": now,
            "seen": 0,
        }

        def work(connection: Connection) -> None:
            connection.execute(_END_SAME, same)
            connection.execute(_ADD, row)

        await self.database.write(work)

    async def end_all(self, conversation: str) -> int:
        """The citizen has had enough; how many ended."""
        about = {"of": conversation, "now": utc_now()}
        await self.waits.forget(conversation)
        return await self.database.write(lambda connection: connection.execute(_END_ALL, about).rowcount)

    async def end(self, identifier: int) -> None:
        """It cannot be told any more, or nothing follows."""
        about = {"me": identifier, "now": utc_now()}
        await self.database.write(lambda connection: connection.execute(_END, about))

    async def to_tell(self, limit: int = 50) -> Sequence[News]:
        """What is due; nobody else gets it for a minute."""
        return await self.database.write(lambda connection: _take(connection, limit))

    async def told(self, news: News) -> None:
        """The citizen knows it. What came meanwhile stays to be told, a day later."""
        now, change = utc_now(), news.change
        if change is None:
            await self.end(news.id)
            return
        about = {"me": news.id, "now": now, "next": now + APART, "as": change.word, "since": change.at}

        def work(connection: Connection) -> None:
            row = connection.execute(_NEWS, {"me": news.id}).one_or_none()
            newest = row is None or row.news is None or loaded(row.news, row.subscription) == change
            connection.execute(_TOLD if newest else _TOLD_OLD, about)
            if change.ended and newest:
                connection.execute(_END, {"me": news.id, "now": now})

        await self.database.write(work)

    async def released(self, agency: str) -> Sequence[str]:
        """Subscriptions that the agency need not keep any more."""
        about = {"agency": agency}
        return await self.database.read(lambda connection: list(connection.scalars(_OVER, about)))

    async def forget(self, agency: str, subscriptions: Collection[str]) -> None:
        """Delete rows of ended subscriptions: their agency knows it."""
        gone = delete(Following).where(Following.agency == agency, Following.subscription.in_(subscriptions))
        await self.database.write(lambda connection: connection.execute(gone.where(Following.ended_at.is_not(None))))


def _take(connection: Connection, limit: int) -> list[News]:
    now = utc_now()
    rows = connection.execute(_DUE, {"now": now, "limit": limit}).all()
    if rows:
        connection.execute(_HOLD, {"ids": [row.id for row in rows], "until": now + _LEASE})
    return [_news(row) for row in rows]


def _news(row: Any) -> News:
    change = loaded(row.news, row.subscription)
    return News(row.id, row.conversation, row.channel, row.agency, row.reference, change)


# Statements are made once: building one costs more than running it.
_live = Following.ended_at.is_(None)
_of = (Following.conversation == bindparam("of"), _live)
_me = Following.id == bindparam("me")
_LIVE = select(Following.agency, Following.reference).where(*_of)
_ADD = insert(Following)
_ends = update(Following).values(ended_at=bindparam("now"), news=None)
_END_ALL = _ends.where(*_of)
_END = _ends.where(_me, _live)
_END_SAME = _ends.where(*_of, Following.agency == bindparam("by"), Following.reference == bindparam("called"))
_NEWS = select(Following.news, Following.subscription).where(_me)
_TOLD_OLD = (
    update(Following)
    .where(_me)
    .values(word=bindparam("as"), at=bindparam("since"), told_at=bindparam("now"), due_at=bindparam("next"))
)
_TOLD = _TOLD_OLD.values(news=None)
_OVER = (
    select(Following.subscription)
    .where(Following.agency == bindparam("agency"), Following.ended_at.is_not(None))
    .order_by(Following.id)
    .limit(_RELEASED_AT_ONCE)
)
_DUE = (
    select(
        Following.id,
        Following.conversation,
        Following.channel,
        Following.agency,
        Following.reference,
        Following.subscription,
        Following.news,
    )
    .where(Following.news.is_not(None), _live, Following.due_at <= bindparam("now"))
    .order_by(Following.due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_HOLD = update(Following).where(Following.id.in_(bindparam("ids", expanding=True))).values(due_at=bindparam("until"))
