"""A citizen's word on an answer: did it help? One each, changed as often as they change their mind, within a pace."""

from __future__ import annotations

import logging
import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, bindparam, select
from sqlalchemy import text as sql

from channels.contract import RatingOutcome
from channels.identity import conversation_id
from channels.kinds import RATED
from channels.tables import InboxRow, Outcome
from storage import Transactions, UtcDateTime, utc_now

logger = logging.getLogger(__name__)
_MESSAGE_ID = re.compile(r"[0-9a-f]{32}")


class Pace:
    """At most `count` acts of one conversation in any minute, in this process's memory only."""

    def __init__(self, count: int = 30, most: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._count, self._most, self._clock = count, most, clock
        self._acts: OrderedDict[str, deque[float]] = OrderedDict()

    def may(self, conversation: str) -> bool:
        """Count one more act; False when there were too many."""
        now, acts = self._clock(), self._acts.setdefault(conversation, deque())
        self._acts.move_to_end(conversation)
        while len(self._acts) > self._most:
            self._acts.popitem(last=False)
        while acts and now - acts[0] >= 60.0:
            acts.popleft()
        if len(acts) >= self._count:
            return False
        acts.append(now)
        return True


class Ratings:
    """Keeps what citizens say of the answers they were given."""

    def __init__(self, database: Transactions, key: str, pace: Pace | None = None) -> None:
        self._database = database
        self._key = key
        self._pace = pace or Pace()

    async def rate(self, channel: str, address: str, message_id: str, *, good: bool) -> RatingOutcome:
        """Keep it, see `contract.Gateway.rate`. Only the answer to a message of the same citizen, while its text is
        kept: what was forgotten is not spoken of again."""
        conversation = conversation_id(self._key, channel, address)
        if not self._pace.may(conversation):
            return RatingOutcome.LIMITED
        if not _MESSAGE_ID.fullmatch(message_id):
            return RatingOutcome.REFUSED
        mine = {"message": message_id, "of": conversation, "kinds": sorted(RATED)}
        kept = await self._database.write(lambda connection: _rate(connection, mine, good))
        logger.info("answer rated" if kept else "rating refused", extra={"channel": channel})
        return RatingOutcome.KEPT if kept else RatingOutcome.REFUSED


def _rate(connection: Connection, mine: Mapping[str, object], good: bool) -> bool:
    known = connection.scalar(_MINE, mine)
    if known is None:
        return False
    connection.execute(_KEEP, {"message": known, "good": good, "now": utc_now()})
    return True


# Locked, so that a citizen who asks to be forgotten at this moment takes a turn with this.
_MINE = (
    select(InboxRow.message_id)
    .where(InboxRow.message_id == bindparam("message"), InboxRow.conversation == bindparam("of"))
    .where(InboxRow.outcome == Outcome.ANSWERED, InboxRow.text.is_not(None))
    .where(InboxRow.reply_kind.in_(bindparam("kinds", expanding=True)))
    .with_for_update()
)
_KEEP = sql(
    "INSERT INTO ratings (message_id, good, at) VALUES (:message, :good, :now) ON CONFLICT (message_id) "
    "DO UPDATE SET good = excluded.good, at = excluded.at WHERE ratings.good <> excluded.good"
).bindparams(bindparam("now", type_=UtcDateTime()))
