"""The outbox: what Dalil says, kept until it is certain what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession
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
from storage import Database, utc_now

LEASE = timedelta(seconds=20)
"""Renewed while the message is on its way: an expired lease means that its sender died."""
GIVE_UP = timedelta(hours=24)
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 600.0
_OPEN: tuple[ColumnElement[str], ...] = (
    literal_column("'queued'"),
    literal_column("'sending'"),
)  # literals, so that the partial index is used


@dataclass(frozen=True)
class Sending:
    """One leased outbox row; `message` is None when its address or body was erased meanwhile."""

    id: int
    conversation: str
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


async def say(session: AsyncSession, origin: Origin, payloads: Sequence[Payload]) -> None:
    """Add the payloads to the outbox, inside the caller's transaction."""
    now = utc_now()
    state = OutboxState.QUEUED if origin.pushed else OutboxState.SENT
    for payload in payloads:
        row = insert(OutboxRow).values(
            message_id=uuid.uuid4().hex,
            conversation=origin.conversation,
            channel=origin.channel,
            inbox_id=origin.inbox_id,
            body=dict(payload.body),
            created_at=now,
            state=OutboxState.HELD if payload.held else state,
            due_at=now,
            attempts=0,
            sent_at=None if origin.pushed else now,
        )
        await session.execute(row)  # one by one: the order of ids is the order of the messages


async def drop_held(session: AsyncSession, conversation: str) -> None:
    """Give up what waited for the citizen's "more"."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.conversation == conversation, OutboxRow.state == OutboxState.HELD)
        .values(state=OutboxState.DROPPED, body=None)
    )


async def first_held(session: AsyncSession, conversation: str) -> int | None:
    """The row that the citizen's next "more" releases."""
    held = select(OutboxRow.id).where(OutboxRow.conversation == conversation, OutboxRow.state == OutboxState.HELD)
    first: int | None = await session.scalar(held.order_by(OutboxRow.id).limit(1))
    return first


async def release_held(session: AsyncSession, conversation: str, inbox_id: int) -> None:
    """Queue the first held message of the conversation, as the answer to `inbox_id`."""
    released = {"state": OutboxState.QUEUED, "due_at": utc_now(), "inbox_id": inbox_id}
    first = await first_held(session, conversation)
    await session.execute(update(OutboxRow).where(OutboxRow.id == first).values(released))


class Outbox:
    """Claims rows for the senders and records what became of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, channel: str, limit: int, *, idempotent: bool) -> list[Sending]:
        """Lease up to `limit` due messages, the first unsent one of each conversation.

        A message whose sender died is sent again only on an idempotent channel; elsewhere it becomes `unknown`.
        """
        now, lease = utc_now(), uuid.uuid4().hex
        async with self._database.write() as session:
            if not idempotent:
                await session.execute(
                    update(OutboxRow)
                    .where(
                        OutboxRow.state == OutboxState.SENDING, OutboxRow.channel == channel, OutboxRow.due_at <= now
                    )
                    .values(state=OutboxState.UNKNOWN)
                )
            rows = (await session.execute(_due(channel, limit, now))).all()
            if rows:
                await session.execute(
                    update(OutboxRow)
                    .where(OutboxRow.id.in_([row.id for row in rows]))
                    .values(state=OutboxState.SENDING, lease=lease, due_at=now + LEASE, attempts=OutboxRow.attempts + 1)
                )
        return [_sending(row, lease) for row in rows]

    async def finish(self, sending: Sending, outcome: SendOutcome, *, idempotent: bool) -> None:
        """Record the outcome; a retry goes back to the queue until the message is a day old."""
        if isinstance(outcome, Unknown) and idempotent:
            outcome = Retry(outcome.error)
        async with self._database.write() as session:
            row = await session.get(OutboxRow, sending.id, with_for_update=True)
            if row is None or row.lease != sending.lease:
                return
            row.lease = None
            _apply(row, outcome)
            if isinstance(outcome, Rejected) and outcome.error is SendError.BLOCKED:
                await session.execute(update(Contact).where(Contact.id == row.conversation).values(opted_out=True))

    async def record(self, receipt: DeliveryReceipt) -> bool:
        """Keep a delivery receipt; a final state is never overwritten. False when it names no message of ours."""
        if receipt.message_id is None and receipt.provider_id is None:
            return False
        named = [OutboxRow.channel == receipt.channel]
        if receipt.message_id is not None:
            named.append(OutboxRow.message_id == receipt.message_id)
        else:
            named.append(OutboxRow.provider_id == receipt.provider_id)
        async with self._database.write() as session:
            row = await session.scalar(select(OutboxRow).where(*named).with_for_update().limit(1))
            if row is None:
                return False
            if row.delivery is None or not DeliveryState(row.delivery).final:
                row.delivery = receipt.state.value
        return True

    async def renew(self, leases: Collection[str]) -> None:
        """Extend the leases of messages that are still on their way."""
        async with self._database.write() as session:
            alive = and_(OutboxRow.state == OutboxState.SENDING, OutboxRow.lease.in_(leases))
            await session.execute(update(OutboxRow).where(alive).values(due_at=utc_now() + LEASE))


def _due(channel: str, limit: int, now: Any) -> Any:
    earlier = aliased(OutboxRow)
    blocked = exists().where(
        earlier.conversation == OutboxRow.conversation, earlier.id < OutboxRow.id, earlier.state.in_(_OPEN)
    )
    return (
        select(
            OutboxRow.id,
            OutboxRow.message_id,
            OutboxRow.conversation,
            OutboxRow.body,
            OutboxRow.attempts,
            Address.address,
        )
        .outerjoin(Address, Address.conversation == OutboxRow.conversation)
        .where(OutboxRow.state.in_(_OPEN), OutboxRow.channel == channel, OutboxRow.due_at <= now, ~blocked)
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxRow)
    )


def _sending(row: Any, lease: str) -> Sending:
    message = None
    if row.address is not None and row.body is not None:
        message = OutboundMessage(row.message_id, row.address, row.body, row.attempts + 1)
    return Sending(row.id, row.conversation, lease, row.attempts + 1, message)


def _apply(row: OutboxRow, outcome: SendOutcome) -> None:
    now = utc_now()
    if isinstance(outcome, Accepted):
        row.state, row.sent_at, row.error = OutboxState.SENT, now, None
        row.provider_id, row.parts, row.cost = outcome.provider_id, outcome.parts, outcome.cost
        return
    row.error = outcome.error.value
    if isinstance(outcome, Unknown):
        row.state = OutboxState.UNKNOWN
    elif isinstance(outcome, Rejected):
        row.state = OutboxState.FAILED
    elif now - row.created_at > GIVE_UP:
        row.state, row.error = OutboxState.FAILED, SendError.EXPIRED.value
    else:
        row.state, row.due_at = OutboxState.QUEUED, now + timedelta(seconds=_wait(outcome, row.attempts))


def _wait(outcome: Retry, attempts: int) -> float:
    if outcome.after is not None:
        return min(max(outcome.after, 0.0), 3600.0)
    return float(min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT))
