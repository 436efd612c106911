"""Those who asked while an agency did not answer, and want to hear when it does again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from integrations.exchange.followings.follower import Follower
from integrations.exchange.followings.tables import ExchangeWait
from storage import Transactions, utc_now

_LONGEST = timedelta(days=3)
"""After that the citizen has asked elsewhere."""
_AT_ONCE = 50


@dataclass(frozen=True)
class Waiting:
    """A citizen to tell that an agency answers again."""

    id: int
    conversation: str
    channel: str
    agency: str
    reference: str


class Waits:
    """Reads and writes the list; each call is one transaction."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    async def add(self, follower: Follower) -> None:
        """Tell this conversation, once, when the agency answers again."""
        whose = {"of": follower.conversation, "by": follower.agency}
        row = {
            "conversation": follower.conversation,
            "channel": follower.channel,
            "agency": follower.agency,
            "reference": follower.reference,
            "created_at": utc_now(),
        }

        def work(connection: Connection) -> None:
            connection.execute(_DROP, whose)
            connection.execute(_ADD, row)

        await self._database.write(work)

    async def back(self, agency: str) -> None:
        """The agency answers; who waited too long is not told."""
        now = utc_now()
        about = {"by": agency, "now": now, "since": now - _LONGEST}

        def work(connection: Connection) -> None:
            connection.execute(_EXPIRE, about)
            connection.execute(_BACK, about)

        await self._database.write(work)

    async def to_tell(self) -> Sequence[Waiting]:
        """Some of those to tell, oldest first."""
        rows = await self._database.read(lambda connection: connection.execute(_BACK_AGAIN).all())
        return [Waiting(row.id, row.conversation, row.channel, row.agency, row.reference) for row in rows]

    async def told(self, waiting: Waiting) -> None:
        """They know it, or cannot be told."""
        await self._database.write(lambda connection: connection.execute(_TOLD, {"me": waiting.id}))

    async def forget(self, conversation: str) -> None:
        """The citizen has had enough."""
        await self._database.write(lambda connection: connection.execute(_FORGET, {"of": conversation}))


# Statements are made once: building one costs more than running it.
_of, _by = ExchangeWait.conversation == bindparam("of"), ExchangeWait.agency == bindparam("by")
_ADD = insert(ExchangeWait)
_DROP = delete(ExchangeWait).where(_of, _by)
_FORGET = delete(ExchangeWait).where(_of)
_TOLD = delete(ExchangeWait).where(ExchangeWait.id == bindparam("me"))
_EXPIRE = delete(ExchangeWait).where(_by, ExchangeWait.created_at < bindparam("since"))
_BACK = update(ExchangeWait).where(_by, ExchangeWait.back_at.is_(None)).values(back_at=bindparam("now"))
_BACK_AGAIN = (
    select(
        ExchangeWait.id,
        ExchangeWait.conversation,
        ExchangeWait.channel,
        ExchangeWait.agency,
        ExchangeWait.reference,
    )
    .where(ExchangeWait.back_at.is_not(None))
    .order_by(ExchangeWait.id)
    .limit(_AT_ONCE)
)
