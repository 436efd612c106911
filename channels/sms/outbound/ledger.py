"""The parts of each message in the database: what was submitted where, and what became of it.

A part is written as `sending` before it is submitted and as what the provider said after it. A process that dies in
between leaves `sending` behind: then nobody knows whether that one part went out, and only that one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, or_, select, update

from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome, Unknown
from channels.sms.outbound.progress import WAITING, advance_all, lock, parts_of
from channels.sms.outbound.receipts import News, receive_all
from channels.sms.providers.base import Receipt
from channels.sms.tables import PartRow
from channels.tables import FINAL, OutboxState
from storage import Transactions, utc_now


@dataclass(frozen=True)
class Part:
    """One part as the ledger has it."""

    number: int
    state: OutboxState
    provider: str
    cost: float


@dataclass(frozen=True)
class Result:
    """What a provider said to a submission of these parts; `cost` is in riyals for each."""

    numbers: Collection[int]
    outcome: SendOutcome
    cost: float


@dataclass(frozen=True)
class Begin:
    """These parts, of so many, are about to be submitted to a provider. `first`: none is in the ledger yet."""

    numbers: Collection[int]
    total: int
    provider: str
    first: bool


@dataclass(frozen=True)
class Step:
    """The result of one submission of a message and the beginning of the next; either may be missing."""

    message_id: str
    result: Result | None
    begin: Begin | None

    @property
    def is_first(self) -> bool:
        """Whether nothing of the message is in the ledger yet."""
        return self.begin is not None and self.begin.first


class Ledger:
    """Reads and writes the parts; each call is one transaction."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    async def parts(self, message_id: str) -> list[Part]:
        """The parts of a message, in order; none before its first submission."""
        rows = await self._database.read(lambda connection: connection.execute(_PARTS, {"of": message_id}).all())
        return [Part(row.number, OutboxState(row.state), row.provider, row.cost) for row in rows]

    async def write(self, message_id: str, result: Result | None, begin: Begin | None) -> None:
        """Record the result of one submission and the beginning of the next, together."""

        await self._database.write_each(write_all, Step(message_id, result, begin))

    async def give_up(self, message_id: str, total: int, *, expired: bool) -> None:
        """Parts whose submission nobody saw end become unknown; when it is too late, the waiting ones expire."""

        def work(connection: Connection) -> None:
            states = lock(connection, [message_id])
            _settle(connection, message_id, OutboxState.SENDING, OutboxState.UNKNOWN)
            if expired:
                _settle(connection, message_id, OutboxState.QUEUED, OutboxState.EXPIRED)
            advance_all(connection, parts_of(connection, [message_id]), states)

        await self._database.write(work)

    async def receive(self, provider: str, receipt: Receipt) -> bool:
        """Keep what a receipt says; False when it names no part that this provider has."""
        return await self._database.write_each(receive_all, News(provider, receipt))


def write_all(connection: Connection, steps: Sequence[Step]) -> list[None]:
    """Record steps of different messages, those that are alike in one statement."""
    first = [row for step in steps if step.is_first for row in _new(step)]
    if first:
        connection.execute(_PUT, first)
    others = [step for step in steps if not step.is_first]
    if others:
        states = lock(connection, [step.message_id for step in others])
        _record_all(connection, others)
        begun = [row for step in others for row in _begun(step)]
        if begun:
            connection.execute(_TAKE, begun)
        ended = [step.message_id for step in others if step.begin is None]
        advance_all(connection, parts_of(connection, ended), states)
    return [None] * len(steps)


def _record_all(connection: Connection, steps: Sequence[Step]) -> None:
    """What providers said: that they took a part, as nearly always, for all together."""
    accepted = [row for step in steps for row in _accepted(step)]
    if accepted:
        connection.execute(_ACCEPT, accepted)
    for step in steps:
        if step.result is not None and not isinstance(step.result.outcome, Accepted):
            _record(connection, step.message_id, step.result, step.result.outcome)


def _accepted(step: Step) -> list[dict[str, Any]]:
    if step.result is None or not isinstance(step.result.outcome, Accepted):
        return []
    taken = {
        "of": step.message_id,
        "name": step.result.outcome.provider_id,
        "now": utc_now(),
        "price": step.result.cost,
    }
    return [taken | {"place": number} for number in step.result.numbers]


def _begun(step: Step) -> list[dict[str, Any]]:
    if step.begin is None:
        return []
    taken = {"of": step.message_id, "by": step.begin.provider, "now": utc_now()}
    return [taken | {"place": number} for number in step.begin.numbers]


def _new(step: Step) -> list[dict[str, Any]]:
    begin = step.begin
    if begin is None:
        return []
    now, whole = utc_now(), {"message_id": step.message_id, "total": begin.total, "provider": begin.provider}
    sending = {"state": OutboxState.SENDING, "created_at": now, "submitted_at": now, "cost": 0.0}
    waiting = {"state": OutboxState.QUEUED, "created_at": now, "submitted_at": None, "cost": 0.0}
    return [
        whole | (sending if number in begin.numbers else waiting) | {"number": number}
        for number in range(1, begin.total + 1)
    ]


def _record(connection: Connection, message_id: str, result: Result, outcome: Retry | Rejected | Unknown) -> None:
    mine: dict[str, Any] = {"of": message_id, "why": outcome.error.value, "word": outcome.code}
    if isinstance(outcome, Rejected):
        connection.execute(_REFUSE, mine | {"now": utc_now()})
        return
    mine |= {"numbers": list(result.numbers)}
    if isinstance(outcome, Retry):
        connection.execute(_PUT_BACK, mine)
    else:
        connection.execute(_LOSE, mine | {"price": result.cost})


def _settle(connection: Connection, message_id: str, old: OutboxState, new: OutboxState) -> None:
    """Close the parts of one state; those that expire keep the reason of their last attempt."""
    values: dict[str, Any] = {"state": new}
    if new is OutboxState.UNKNOWN:
        values["error"] = SendError.UNAVAILABLE.value
    if new.rank == FINAL:
        values["done_at"] = utc_now()
    mine = update(PartRow).where(PartRow.message_id == message_id, PartRow.state == old)
    connection.execute(mine.values(**values))


def _forward(state: OutboxState) -> Any:
    """A receipt may have been quicker than the answer to the submission."""
    waits = or_(*(PartRow.state == waiting.value for waiting in WAITING))  # IN cannot be in a statement for many
    return case((waits, state.value), else_=PartRow.state)


# Statements are made once: building one costs more than running it.
_PARTS = (
    select(PartRow.number, PartRow.state, PartRow.provider, PartRow.cost, PartRow.error, PartRow.code)
    .where(PartRow.message_id == bindparam("of"))
    .order_by(PartRow.number)
)
_PUT = insert(PartRow)
_mine = update(PartRow).where(PartRow.message_id == bindparam("of"))
_these = _mine.where(PartRow.number.in_(bindparam("numbers", expanding=True)))
_part = PartRow.__table__
# Not the ORM's updates: many at once, by their own keys.
_this = update(_part).where(  # type: ignore[arg-type]
    _part.c.message_id == bindparam("of"), _part.c.number == bindparam("place")
)
_TAKE = _this.values(state=OutboxState.SENDING, provider=bindparam("by"), submitted_at=bindparam("now"))
_ACCEPT = _this.values(
    state=_forward(OutboxState.ACCEPTED),
    provider_id=bindparam("name"),
    accepted_at=bindparam("now"),
    cost=PartRow.cost + bindparam("price"),
    error=None,
    code=None,
)
_LOSE = _these.values(
    state=_forward(OutboxState.UNKNOWN),
    cost=PartRow.cost + bindparam("price"),
    error=bindparam("why"),
    code=bindparam("word"),
)
_PUT_BACK = _these.values(state=OutboxState.QUEUED, error=bindparam("why"), code=bindparam("word"))
# Without the refused part the others would be of no use to anyone.
_REFUSE = _mine.where(PartRow.state.in_(WAITING)).values(
    state=OutboxState.FAILED, error=bindparam("why"), code=bindparam("word"), done_at=bindparam("now")
)
