"""The parts of each message in the database: what was submitted where, and what became of it.

A part is written as `sending` before it is submitted and as what the provider said after it. A process that dies in
between leaves `sending` behind: then nobody knows whether that one part went out, and only that one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, select, update

from channels import outbox
from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome
from channels.sms.outbound.progress import WAITING, worst_of
from channels.sms.outbound.receipts import News, receive_all
from channels.sms.providers.base import Receipt
from channels.sms.tables import PartRow
from channels.tables import FINAL, OutboxRow, OutboxState
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

        def work(connection: Connection) -> None:
            if begin is not None and begin.first:
                connection.execute(_PUT, _new(message_id, begin))
                return
            state = connection.scalar(_LOCK, {"of": message_id})
            if result is not None:
                _record(connection, message_id, result)
            if begin is not None:
                now = utc_now()
                new = {"of": message_id, "numbers": list(begin.numbers), "by": begin.provider, "now": now}
                connection.execute(_TAKE, new)
            else:
                _derive(connection, message_id, state)

        await self._database.write(work)

    async def give_up(self, message_id: str, total: int, *, expired: bool) -> None:
        """Parts whose submission nobody saw end become unknown; when it is too late, the waiting ones expire."""

        def work(connection: Connection) -> None:
            state = connection.scalar(_LOCK, {"of": message_id})
            _settle(connection, message_id, OutboxState.SENDING, OutboxState.UNKNOWN)
            if expired:
                _settle(connection, message_id, OutboxState.QUEUED, OutboxState.EXPIRED)
            _derive(connection, message_id, state)

        await self._database.write(work)

    async def receive(self, provider: str, receipt: Receipt) -> bool:
        """Keep what a receipt says; False when it names no part that this provider has."""
        return await self._database.write_each(receive_all, News(provider, receipt))


def _new(message_id: str, begin: Begin) -> list[dict[str, Any]]:
    now, whole = utc_now(), {"message_id": message_id, "total": begin.total, "provider": begin.provider, "cost": 0.0}
    sending = {"state": OutboxState.SENDING, "created_at": now, "submitted_at": now}
    waiting = {"state": OutboxState.QUEUED, "created_at": now, "submitted_at": None}
    return [
        whole | (sending if number in begin.numbers else waiting) | {"number": number}
        for number in range(1, begin.total + 1)
    ]


def _record(connection: Connection, message_id: str, result: Result) -> None:
    outcome, now = result.outcome, utc_now()
    mine: dict[str, Any] = {"of": message_id, "numbers": list(result.numbers)}
    if isinstance(outcome, Accepted):
        connection.execute(_ACCEPT, mine | {"name": outcome.provider_id, "now": now, "price": result.cost})
        return
    mine |= {"why": outcome.error.value, "word": outcome.code}
    if isinstance(outcome, Retry):
        connection.execute(_PUT_BACK, mine)
    elif isinstance(outcome, Rejected):
        del mine["numbers"]
        connection.execute(_REFUSE, mine | {"now": now})
    else:
        connection.execute(_LOSE, mine | {"price": result.cost})


def _derive(connection: Connection, message_id: str, known: str | None) -> None:
    """Take the message as far as its parts are: delivered only when all are, and nowhere while one waits."""
    rows = connection.execute(_PARTS, {"of": message_id}).all()
    worst = worst_of(OutboxState(row.state) for row in rows)
    if worst is None:
        return
    if known is not None and OutboxState(known).rank < worst.rank:
        why = next(row for row in rows if row.state == worst.value)
        reason = (why.error, why.code) if worst is not OutboxState.DELIVERED else (None, None)
        outbox.advance(connection, message_id, worst, *reason)


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
    return case((PartRow.state.in_(WAITING), state.value), else_=PartRow.state)


# Statements are made once: building one costs more than running it.
_PARTS = (
    select(PartRow.number, PartRow.state, PartRow.provider, PartRow.cost, PartRow.error, PartRow.code)
    .where(PartRow.message_id == bindparam("of"))
    .order_by(PartRow.number)
)
# Two receipts of one message at once: the second one must see what the first one wrote.
_LOCK = select(OutboxRow.state).where(OutboxRow.message_id == bindparam("of")).with_for_update()
_PUT = insert(PartRow)
_mine = update(PartRow).where(PartRow.message_id == bindparam("of"))
_these = _mine.where(PartRow.number.in_(bindparam("numbers", expanding=True)))
_TAKE = _these.values(state=OutboxState.SENDING, provider=bindparam("by"), submitted_at=bindparam("now"))
_ACCEPT = _these.values(
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
