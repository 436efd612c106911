"""The parts of each message in the database: what was submitted where, and what became of it.

A part is written as `sending` before it is submitted and as what the provider said after it. A process that dies in
between leaves `sending` behind: then nobody knows whether that one part went out, and only that one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, select, update

from channels import outbox
from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome
from channels.sms.providers.base import Receipt
from channels.sms.tables import PartRow
from channels.tables import FINAL, OutboxRow, OutboxState
from storage import Transactions, utc_now

_WAITING = (OutboxState.QUEUED, OutboxState.SENDING)


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
    """These parts, of so many, are about to be submitted to a provider."""

    numbers: Collection[int]
    total: int
    provider: str


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
            connection.execute(_LOCK, {"of": message_id})
            if result is not None:
                _record(connection, message_id, result)
            if begin is not None:
                _begin(connection, message_id, begin)
            _derive(connection, message_id)

        await self._database.write(work)

    async def give_up(self, message_id: str, total: int, *, expired: bool) -> None:
        """Parts whose submission nobody saw end become unknown; when it is too late, the waiting ones expire."""

        def work(connection: Connection) -> None:
            connection.execute(_LOCK, {"of": message_id})
            _settle(connection, message_id, OutboxState.SENDING, OutboxState.UNKNOWN)
            if expired:
                _settle(connection, message_id, OutboxState.QUEUED, OutboxState.EXPIRED)
            _derive(connection, message_id)

        await self._database.write(work)

    async def receive(self, provider: str, receipt: Receipt) -> bool:
        """Keep what a receipt says; False when it names no part that this provider has."""
        return await self._database.write(lambda connection: _receive(connection, provider, receipt))


def _begin(connection: Connection, message_id: str, begin: Begin) -> None:
    now = utc_now()
    if connection.execute(_PARTS, {"of": message_id}).first() is None:
        rows = [_new(message_id, number, begin, now) for number in range(1, begin.total + 1)]
        connection.execute(insert(PartRow), rows)
    values = {"state": OutboxState.SENDING, "provider": begin.provider, "submitted_at": now}
    connection.execute(_these(message_id, begin.numbers).values(**values))


def _new(message_id: str, number: int, begin: Begin, now: datetime) -> dict[str, Any]:
    first = {"message_id": message_id, "number": number, "total": begin.total, "provider": begin.provider}
    return first | {"state": OutboxState.QUEUED, "cost": 0.0, "created_at": now}


def _record(connection: Connection, message_id: str, result: Result) -> None:
    outcome, now = result.outcome, utc_now()
    these = _these(message_id, result.numbers)
    if isinstance(outcome, Retry):
        connection.execute(these.values(state=OutboxState.QUEUED, error=outcome.error.value, code=outcome.code))
    elif isinstance(outcome, Rejected):
        # Without this part the others would be of no use to anyone.
        failed = {"state": OutboxState.FAILED, "error": outcome.error.value, "code": outcome.code, "done_at": now}
        waiting = update(PartRow).where(PartRow.message_id == message_id, PartRow.state.in_(_WAITING))
        connection.execute(waiting.values(**failed))
    elif isinstance(outcome, Accepted):
        taken = {"provider_id": outcome.provider_id, "accepted_at": now, "cost": PartRow.cost + result.cost}
        connection.execute(these.values(**taken, state=_forward(OutboxState.ACCEPTED), error=None, code=None))
    else:
        lost = {"error": outcome.error.value, "code": outcome.code, "cost": PartRow.cost + result.cost}
        connection.execute(these.values(**lost, state=_forward(OutboxState.UNKNOWN)))


def _receive(connection: Connection, provider: str, receipt: Receipt) -> bool:
    named = _named(receipt)
    if named is None:
        return False
    query = select(PartRow.message_id).where(PartRow.provider == provider, *named).limit(1)
    message_id = connection.scalar(query)
    if message_id is None:
        return False
    connection.execute(_LOCK, {"of": message_id})
    state = OutboxState(receipt.state.value)
    behind = [known.value for known in OutboxState if known.rank < state.rank]
    news: dict[str, Any] = {"state": state, "code": receipt.code}
    if state.rank == FINAL:
        news["done_at"] = utc_now()
    parts = update(PartRow).where(PartRow.provider == provider, *named, PartRow.state.in_(behind))
    connection.execute(parts.values(**news))
    _derive(connection, message_id)
    return True


def _named(receipt: Receipt) -> Sequence[Any] | None:
    """Which parts a receipt is about: the submission that we named, else what the provider calls it."""
    if receipt.submission_id is not None:
        message_id, _, number = receipt.submission_id.partition("-")
        if number and not (number.isascii() and number.isdecimal() and len(number) < 5):
            return None
        return (PartRow.message_id == message_id, *([PartRow.number == int(number)] if number else []))
    return (PartRow.provider_id == receipt.provider_id,) if receipt.provider_id is not None else None


def _derive(connection: Connection, message_id: str) -> None:
    """Take the message as far as its parts are: delivered only when all are, and nowhere while one waits."""
    rows = connection.execute(_PARTS, {"of": message_id}).all()
    states = {row.state for row in rows}
    if not states or states & {state.value for state in _WAITING}:
        return
    for state in (OutboxState.FAILED, OutboxState.EXPIRED, OutboxState.UNKNOWN, OutboxState.ACCEPTED):
        if state.value in states:
            why = next(row for row in rows if row.state == state.value)
            outbox.advance(connection, message_id, state, why.error, why.code)
            return
    outbox.advance(connection, message_id, OutboxState.DELIVERED, None, None)


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
    return case((PartRow.state.in_(_WAITING), state.value), else_=PartRow.state)


def _these(message_id: str, numbers: Collection[int]) -> Any:
    return update(PartRow).where(PartRow.message_id == message_id, PartRow.number.in_(numbers))


_PARTS = (
    select(PartRow.number, PartRow.state, PartRow.provider, PartRow.cost, PartRow.error, PartRow.code)
    .where(PartRow.message_id == bindparam("of"))
    .order_by(PartRow.number)
)
# Two receipts of one message at once: the second one must see what the first one wrote.
_LOCK = select(OutboxRow.id).where(OutboxRow.message_id == bindparam("of")).with_for_update()
