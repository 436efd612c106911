"""The outbox: what Dalil says, kept until it is certain what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, insert, literal_column, select, update
from sqlalchemy.orm import aliased

from channels.contract import (
    Accepted,
    DeliveryReceipt,
    DeliveryState,
    OutboundMessage,
    Payload,
    Rejected,
    Retry,
    SendError,
    SendOutcome,
    Unknown,
)
from channels.tables import Address, Contact, OutboxRow, OutboxState
from storage import Transactions, UtcDateTime, utc_now

LEASE = timedelta(seconds=20)
"""Renewed while the message is on its way: an expired lease means that its sender died."""
GIVE_UP = timedelta(hours=24)
HELD_FOR = timedelta(hours=24)
"""A citizen who asks for more later than that has forgotten what it was about."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 600.0


@dataclass(frozen=True)
class Sending:
    """One leased outbox row; `message` is None when its address or body was erased meanwhile."""

    id: int
    conversation: str
    created_at: datetime
    lease: str
    attempts: int
    message: OutboundMessage | None


@dataclass(frozen=True)
class Origin:
    """Whose outbox rows, and in answer to what. Not pushed: the citizen fetches them, so they count as sent."""

    conversation: str
    channel: str
    pushed: bool
    inbox_id: int | None = None


def say(connection: Connection, origin: Origin, payloads: Sequence[Payload]) -> None:
    """Add the payloads to the outbox, inside the caller's transaction."""
    now = utc_now()
    state = OutboxState.QUEUED if origin.pushed else OutboxState.SENT
    for payload in payloads:  # one by one: the order of ids is the order of the messages
        row = {
            "message_id": uuid.uuid4().hex,
            "conversation": origin.conversation,
            "channel": origin.channel,
            "inbox_id": origin.inbox_id,
            "body": dict(payload.body),
            "created_at": now,
            "state": OutboxState.HELD if payload.held else state,
            "due_at": now,
            "attempts": 0,
            "sent_at": None if origin.pushed else now,
        }
        connection.execute(_SAY, row)


def drop_held(connection: Connection, conversation: str) -> None:
    """Give up what waited for the citizen's "more"."""
    connection.execute(_DROP, {"of": conversation})


def first_held(connection: Connection, conversation: str) -> int | None:
    """The row that the citizen's next "more" releases."""
    first: int | None = connection.scalar(_HELD, {"of": conversation, "since": utc_now() - HELD_FOR})
    return first


def release_held(connection: Connection, conversation: str, inbox_id: int) -> None:
    """Queue the first held message of the conversation, as the answer to `inbox_id`."""
    released = {"state": OutboxState.QUEUED, "due_at": utc_now(), "inbox_id": inbox_id}
    first = first_held(connection, conversation)
    connection.execute(update(OutboxRow).where(OutboxRow.id == first).values(**released))


class Outbox:
    """Claims rows for the senders and records what became of them."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    async def claim(self, channel: str, limit: int, *, idempotent: bool) -> list[Sending]:
        """Lease up to `limit` due messages, the first unsent one of each conversation.

        A message whose sender died is sent again only on an idempotent channel; elsewhere it becomes `unknown`.
        """
        return await self._database.write(lambda connection: _claim(connection, channel, limit, idempotent))

    async def finish(self, sending: Sending, outcome: SendOutcome, *, idempotent: bool) -> None:
        """Record the outcome; a retry goes back to the queue until the message is a day old."""
        if isinstance(outcome, Unknown) and idempotent:
            outcome = Retry(outcome.error)
        values = _outcome(outcome, sending) | {"lease": None}
        mine = update(OutboxRow).where(OutboxRow.id == sending.id, OutboxRow.lease == sending.lease)
        blocked = isinstance(outcome, Rejected) and outcome.error is SendError.BLOCKED

        def record(connection: Connection) -> None:
            if blocked:  # the contact before its rows, as everywhere: so that no two transactions wait for each other
                opt_out = update(Contact).where(Contact.id == sending.conversation)
                connection.execute(opt_out.values(opted_out=True))
            connection.execute(mine.values(**values))

        await self._database.write(record)

    async def record(self, receipt: DeliveryReceipt) -> bool:
        """Keep a delivery receipt; a final state is never overwritten. False when it names no message of ours."""
        if receipt.message_id is None and receipt.provider_id is None:
            return False
        return await self._database.write(lambda connection: _record(connection, receipt))

    async def renew(self, leases: Collection[str]) -> None:
        """Extend the leases of messages that are still on their way."""
        held = update(OutboxRow).where(OutboxRow.state == OutboxState.SENDING, OutboxRow.lease.in_(leases))
        await self._database.write(lambda connection: connection.execute(held.values(due_at=utc_now() + LEASE)))


def _claim(connection: Connection, channel: str, limit: int, idempotent: bool) -> list[Sending]:
    now, lease = utc_now(), uuid.uuid4().hex
    if not idempotent:
        connection.execute(_ORPHANED, {"of": channel, "now": now})
    rows = connection.execute(_DUE, {"of": channel, "now": now, "limit": limit}).all()
    if rows:
        ids = [row.id for row in rows]
        connection.execute(_TAKE, {"ids": ids, "token": lease, "until": now + LEASE})
    return [_sending(row, lease) for row in rows]


def _sending(row: Any, lease: str) -> Sending:
    message = None
    if row.address is not None and row.body is not None:
        message = OutboundMessage(row.message_id, row.address, row.body, row.attempts + 1)
    return Sending(row.id, row.conversation, row.created_at, lease, row.attempts + 1, message)


def _outcome(outcome: SendOutcome, sending: Sending) -> dict[str, Any]:
    """The columns that an outcome sets."""
    now = utc_now()
    if isinstance(outcome, Accepted):
        sent = {"provider_id": outcome.provider_id, "parts": outcome.parts, "cost": outcome.cost}
        return {"state": OutboxState.SENT, "sent_at": now, "error": None, **sent}
    error = outcome.error.value
    if isinstance(outcome, Unknown):
        return {"state": OutboxState.UNKNOWN, "error": error}
    if isinstance(outcome, Rejected):
        return {"state": OutboxState.FAILED, "error": error}
    if now - sending.created_at > GIVE_UP:
        return {"state": OutboxState.FAILED, "error": SendError.EXPIRED.value}
    again = now + timedelta(seconds=_wait(outcome, sending.attempts))
    return {"state": OutboxState.QUEUED, "error": error, "due_at": again}


def _wait(outcome: Retry, attempts: int) -> float:
    if outcome.after is not None:
        return min(max(outcome.after, 0.0), 3600.0)
    return float(min(_FIRST_WAIT * 2 ** min(attempts - 1, 20), _LONGEST_WAIT))


def _record(connection: Connection, receipt: DeliveryReceipt) -> bool:
    by_ours = receipt.message_id is not None
    named = OutboxRow.message_id == receipt.message_id if by_ours else OutboxRow.provider_id == receipt.provider_id
    query = select(OutboxRow.id, OutboxRow.delivery).where(OutboxRow.channel == receipt.channel, named)
    row = connection.execute(query.with_for_update().limit(1)).one_or_none()
    if row is None:
        return False
    if row.delivery is None or not DeliveryState(row.delivery).final:
        connection.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(delivery=receipt.state.value))
    return True


# Statements are made once: building one costs more than running it. States are literals, so that the partial
# index of open rows is used.
_OPEN: tuple[ColumnElement[str], ...] = (literal_column("'queued'"), literal_column("'sending'"))
_earlier = aliased(OutboxRow)
_blocked = exists().where(
    _earlier.conversation == OutboxRow.conversation, _earlier.id < OutboxRow.id, _earlier.state.in_(_OPEN)
)
_held = (OutboxRow.conversation == bindparam("of"), OutboxRow.state == OutboxState.HELD)
_SAY = insert(OutboxRow)
_DROP = update(OutboxRow).where(*_held).values(state=OutboxState.DROPPED, body=None)
_HELD = (
    select(OutboxRow.id)
    .where(*_held, OutboxRow.created_at > bindparam("since", type_=UtcDateTime))
    .order_by(OutboxRow.id)
    .limit(1)
)
_ORPHANED = (
    update(OutboxRow)
    .where(OutboxRow.state.in_(_OPEN), OutboxRow.state == _OPEN[1], OutboxRow.channel == bindparam("of"))
    .where(OutboxRow.due_at <= bindparam("now"))
    .values(state=OutboxState.UNKNOWN)
)
_DUE = (
    select(
        OutboxRow.id,
        OutboxRow.message_id,
        OutboxRow.conversation,
        OutboxRow.body,
        OutboxRow.created_at,
        OutboxRow.attempts,
        Address.address,
    )
    .outerjoin(Address, Address.conversation == OutboxRow.conversation)
    .where(OutboxRow.state.in_(_OPEN), OutboxRow.channel == bindparam("of"), OutboxRow.due_at <= bindparam("now"))
    .where(~_blocked)
    .order_by(OutboxRow.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=OutboxRow)
)
_TAKE = (
    update(OutboxRow)
    .where(OutboxRow.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=OutboxState.SENDING,
        lease=bindparam("token"),
        due_at=bindparam("until"),
        attempts=OutboxRow.attempts + 1,
    )
)
