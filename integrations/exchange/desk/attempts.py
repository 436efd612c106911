"""Who asked how often: limits that make guessing hopeless, kept in the database, so that all workers share them.

Who may ask is decided before the agency is asked, and the attempt is counted before it is decided: of any number of
guesses at once no more pass than one after another. Nothing says whether a reference exists: what is counted is what
was asked, and by whom, not what is there.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Index,
    Integer,
    String,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from integrations.exchange.errors import TooManyAttempts
from storage import Base, Transactions, UtcDateTime, utc_now

logger = logging.getLogger(__name__)

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_KEPT = 2 * _DAY
_LONGEST_DELAY = timedelta(hours=12)
# However it is grouped, it is the same reference.
_SEPARATORS = re.compile(r"[\W_]")


class Result(str, Enum):
    """What became of an attempt. ASKING counts as REFUSED until it is known: the process may have died."""

    ASKING = "asking"
    TOLD = "told"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


class Attempt(Base):
    """One question to an agency. reference: HMAC-SHA256 of it in hex. guessable: whether its proof could be guessed."""

    __tablename__ = "status_attempts"
    __table_args__ = (
        Index("ix_status_attempts_conversation_at", "conversation", "at"),
        Index("ix_status_attempts_reference_at", "reference", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(128))
    reference: Mapped[str] = mapped_column(String(64))
    guessable: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    result: Mapped[str] = mapped_column(String(10))


@dataclass(frozen=True)
class Limits:
    """How many wrong proofs in a day are free, and how long the first delay after them is; each next one is four times
    as long. asks: questions of one sender in an hour, right or wrong.

    alarm: wrong proofs of all senders in an hour from which on someone is taken to be trying numbers out. Then the
    operator is told, and a sender has one free attempt instead of `sender`.
    """

    sender: int = 3
    sender_delay: timedelta = timedelta(minutes=1)
    reference: int = 5
    reference_delay: timedelta = timedelta(minutes=5)
    asks: int = 30
    alarm: int = 200


class Attempts:
    """Counts attempts; `key` makes hashes of references that nobody without it can undo by trying."""

    def __init__(self, database: Transactions, key: str, limits: Limits | None = None) -> None:
        self._database = database
        self._key = key.encode()
        self._limits = limits or Limits()
        self._alarmed: datetime | None = None

    async def begin(self, conversation: str, reference: str, *, guessable: bool) -> int:
        """Count an attempt; its number, for `end`.

        Raises:
            TooManyAttempts: it may not be made now; it does not count then.
        """
        now = utc_now()
        hashed = hmac.new(self._key, _SEPARATORS.sub("", reference).encode(), hashlib.sha256).hexdigest()
        new = {"conversation": conversation, "reference": hashed, "guessable": guessable}
        row = new | {"at": now, "result": Result.ASKING}
        number: int = await self._database.write(lambda connection: connection.execute(_BEGIN, row).scalar_one())
        about = {"me": number, "of": conversation, "at": hashed, "day": now - _DAY, "hour": now - _HOUR}
        counted = await self._database.read(lambda connection: connection.execute(_COUNT, about).one())
        wait = self._wait(counted, now, guessable=guessable)
        if wait > timedelta():
            await self._database.write(lambda connection: connection.execute(_FORGET, {"me": number}))
            raise TooManyAttempts(wait.total_seconds())
        return number

    async def end(self, number: int, result: Result) -> None:
        """Record what became of an attempt; only refusals count against anyone."""
        await self._database.write(lambda connection: connection.execute(_END, {"me": number, "as": result}))

    async def tidy(self) -> None:
        """Delete what no limit looks at any more."""
        await self._database.write(_tidy)

    def _wait(self, counted: Any, now: datetime, *, guessable: bool) -> timedelta:
        limits = self._limits
        alarm = counted.everywhere >= limits.alarm
        if alarm:
            self._alarm(counted.everywhere, now)
        free = 1 if alarm else limits.sender
        wait = _delay(counted.sender, free, limits.sender_delay, counted.sender_last, now)
        if guessable:
            last = counted.reference_last
            wait = max(wait, _delay(counted.reference, limits.reference, limits.reference_delay, last, now))
        return max(wait, _HOUR) if counted.asks >= limits.asks else wait

    def _alarm(self, refused: int, now: datetime) -> None:
        if self._alarmed is None or now - self._alarmed > _HOUR:
            self._alarmed = now
            logger.error("someone may be trying out application numbers", extra={"refused_in_an_hour": refused})


def _delay(refused: int, free: int, first: timedelta, last: datetime | None, now: datetime) -> timedelta:
    """How long until the next attempt: none while some are free, then four times as long after each."""
    if refused < free or last is None:
        return timedelta()
    delay: timedelta = min(first * 4 ** min(refused - free, 10), _LONGEST_DELAY)
    return max(last + delay - now, timedelta())


def _tidy(connection: Connection) -> None:
    connection.execute(delete(Attempt).where(Attempt.at < utc_now() - _KEPT))


# Statements are made once: building one costs more than running it.
_BEGIN = insert(Attempt).returning(Attempt.id)
_END = update(Attempt).where(Attempt.id == bindparam("me")).values(result=bindparam("as"))
_FORGET = delete(Attempt).where(Attempt.id == bindparam("me"))
_others = Attempt.id != bindparam("me")
_refused = Attempt.result.in_((Result.REFUSED.value, Result.ASKING.value))
_today = Attempt.at > bindparam("day", type_=UtcDateTime)
_lately = Attempt.at > bindparam("hour", type_=UtcDateTime)
_mine = Attempt.conversation == bindparam("of")
_its = (Attempt.reference == bindparam("at"), Attempt.guessable)
_COUNT = select(
    select(func.count()).where(_others, _mine, _today, _refused).scalar_subquery().label("sender"),
    select(func.max(Attempt.at)).where(_others, _mine, _today, _refused).scalar_subquery().label("sender_last"),
    select(func.count()).where(_others, *_its, _today, _refused).scalar_subquery().label("reference"),
    select(func.max(Attempt.at)).where(_others, *_its, _today, _refused).scalar_subquery().label("reference_last"),
    select(func.count()).where(_others, _mine, _lately).scalar_subquery().label("asks"),
    select(func.count()).where(_others, _lately, _refused).scalar_subquery().label("everywhere"),
)
