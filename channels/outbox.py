"""The outbox: what Dalil says, kept until it is certain what became of it."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Update,
    bindparam,
    case,
    exists,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from channels.contract import (
    Accepted,
    OutboundMessage,
    Payload,
    Rejected,
    Retry,
    SendError,
    SendOutcome,
    Unknown,
)
from channels.tables import FINAL, Address, Contact, OutboxRow, OutboxState
from storage import Transactions, UtcDateTime, utc_now

LEASE = timedelta(seconds=20)
"""Renewed while the message is on its way: an expired lease means that its sender died."""
VALID = timedelta(hours=24)
"""How long a reply is worth sending."""
HELD_FOR = timedelta(hours=24)
"""A citizen who asks for more later than that has forgotten what it was about."""
_OF_STATE = {"state", "due_at", "error", "code", "done_at"}
_FIRST_WAIT, _LONGEST_WAIT, _LONGEST_AFTER = 1.0, 600.0, 43_200.0


@dataclass(frozen=True)
class Sending:
    """One leased outbox row; `message` is None when its address or body was erased meanwhile.

    `refused`: why it is not to be sent now, or ever, whatever its channel thinks (too late, opted out).
    """

    id: int
    conversation: str
    lease: str
    attempts: int
    push: bool
    expires_at: datetime | None
    message: OutboundMessage | None
    refused: SendError | None = None

    @property
    def expired(self) -> bool:
        """Whether it is too late to send it."""
        return self.expires_at is not None and utc_now() >= self.expires_at


@dataclass(frozen=True)
class Origin:
    """Whose outbox rows, and in answer to what. Not pushed: the citizen fetches them, so they count as accepted.

    `through`: they go out though their channel is stopped.
    """

    conversation: str
    channel: str
    pushed: bool
    inbox_id: int | None = None
    through: bool = False


def say(connection: Connection, origin: Origin, payloads: Sequence[Payload]) -> list[str]:
    """Add the payloads to the outbox, inside the caller's transaction; gives the ids of their messages."""
    rows = [_row(origin, payload) for payload in payloads]
    for row in rows:  # one by one: the order of ids is the order of the messages
        connection.execute(_SAY, row)
    return [row["message_id"] for row in rows]


def push(connection: Connection, origin: Origin, payloads: Sequence[Payload], key: str, valid: timedelta) -> None:
    """Add what nobody asked for at this moment; it is sent within `valid`, not at night, and once for each `key`.

    Raises:
        IntegrityError: the key was taken by a transaction that was not to be seen yet (`pushed_to` sees the others).
    """
    if any(payload.held for payload in payloads):
        drop_held(connection, origin.conversation)
    for number, payload in enumerate(payloads):
        own = {"message_id": _pushed_id(key, number), "push": True, "expires_at": utc_now() + valid}
        connection.execute(_SAY, _row(origin, payload) | own)


def pushed_to(connection: Connection, key: str) -> str | None:
    """The conversation that was pushed something under this key, however long ago and whatever became of it."""
    found: str | None = connection.scalar(_PUSHED_TO, {"of": _pushed_id(key, 0)})
    return found


def _pushed_id(key: str, number: int) -> str:
    """The message's id follows from the caller's, so that the database knows a repeated one by its unique key."""
    return hashlib.sha256(f"push|{number}|{key}".encode()).hexdigest()[:32]


def _row(origin: Origin, payload: Payload) -> dict[str, Any]:
    now = utc_now()
    state = OutboxState.QUEUED if origin.pushed else OutboxState.ACCEPTED
    return {
        "message_id": uuid.uuid4().hex,
        "conversation": origin.conversation,
        "channel": origin.channel,
        "inbox_id": origin.inbox_id,
        "push": False,
        "through": origin.through,
        "expires_at": now + VALID if origin.pushed else None,
        "body": dict(payload.body),
        "created_at": now,
        "state": OutboxState.HELD if payload.held else state,
        "due_at": now,
        "attempts": 0,
        "sent_at": None if origin.pushed else now,
    }


def drop_held(connection: Connection, conversation: str) -> None:
    """Give up what waited for the citizen's "more"."""
    connection.execute(_DROP, {"of": conversation})


def first_held(connection: Connection, conversation: str) -> int | None:
    """The row that the citizen's next "more" releases."""
    first: int | None = connection.scalar(_HELD, {"of": conversation, "since": utc_now() - HELD_FOR})
    return first


def release_held(connection: Connection, conversation: str, inbox_id: int) -> None:
    """Queue the first held message of the conversation, as the answer to `inbox_id`: now it was asked for."""
    now = utc_now()
    released = {"state": OutboxState.QUEUED, "due_at": now, "expires_at": now + VALID, "inbox_id": inbox_id}
    released["push"] = False
    first = first_held(connection, conversation)
    connection.execute(update(OutboxRow).where(OutboxRow.id == first).values(**released))


class Outbox:
    """Claims rows for the senders and records what became of them."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    async def claim(self, channel: str, limit: int, *, idempotent: bool, stopped: bool = False) -> list[Sending]:
        """Lease up to `limit` due messages, the first unsent one of each conversation.

        A message whose sender died is sent again only on an idempotent channel; elsewhere it becomes `unknown`. Of a
        stopped channel nothing is due but what goes `through`.
        """
        due = _due(stopped)
        return await self._database.write(lambda connection: _claim(connection, channel, limit, idempotent, due))

    async def finish(self, sending: Sending, outcome: SendOutcome, *, idempotent: bool) -> None:
        """Record the outcome; a retry goes back to the queue until the message expires.

        A state that a receipt has set meanwhile stays.
        """
        if isinstance(outcome, Unknown) and idempotent:
            outcome = Retry(outcome.error, code=outcome.code)
        values = _outcome(outcome, sending)
        new = {"row": sending.id, "token": sending.lease} | {f"new_{name}": value for name, value in values.items()}
        blocked = isinstance(outcome, Rejected) and outcome.error is SendError.BLOCKED

        def record(connection: Connection) -> None:
            if blocked:  # the contact before its rows, as everywhere: so that no two transactions wait for each other
                opt_out = update(Contact).where(Contact.id == sending.conversation)
                connection.execute(opt_out.values(opted_out=True))
            connection.execute(_finish(frozenset(values)), new)

        await self._database.write(record)

    async def renew(self, leases: Collection[str]) -> None:
        """Extend the leases of messages that are still on their way."""
        held = update(OutboxRow).where(OutboxRow.state == OutboxState.SENDING, OutboxRow.lease.in_(leases))
        await self._database.write(lambda connection: connection.execute(held.values(due_at=utc_now() + LEASE)))


def _claim(connection: Connection, channel: str, limit: int, idempotent: bool, due: Select[Any]) -> list[Sending]:
    now, lease = utc_now(), uuid.uuid4().hex
    if not idempotent:
        connection.execute(_ORPHANED, {"of": channel, "now": now})
    rows = connection.execute(due, {"of": channel, "now": now, "limit": limit}).all()
    if rows:
        ids = [row.id for row in rows]
        connection.execute(_TAKE, {"ids": ids, "token": lease, "until": now + LEASE})
    return [_sending(row, lease) for row in rows]


def _sending(row: Any, lease: str) -> Sending:
    message = refused = None
    if row.address is not None and row.body is not None:
        known = row.message_id, row.address, row.body
        message = OutboundMessage(*known, row.attempts + 1, row.push, row.expires_at, sequence=row.id)
    if row.push and row.opted_out:
        refused = SendError.OPTED_OUT
    sending = Sending(row.id, row.conversation, lease, row.attempts + 1, row.push, row.expires_at, message, refused)
    # One whose sender died may have gone out in part: that its channel must find out.
    waited = row.state == OutboxState.QUEUED
    return replace(sending, refused=SendError.EXPIRED) if waited and sending.expired else sending


def _outcome(outcome: SendOutcome, sending: Sending) -> dict[str, Any]:
    """The columns that an outcome sets."""
    now = utc_now()
    if isinstance(outcome, Accepted):
        sent = {"provider_id": outcome.provider_id, "parts": outcome.parts, "cost": outcome.cost}
        return {"state": OutboxState.ACCEPTED, "sent_at": now, "error": None, "code": None, **sent}
    # What expired keeps the reason of its last attempt.
    why = {} if outcome.error is SendError.EXPIRED else {"error": outcome.error.value, "code": outcome.code}
    if isinstance(outcome, Unknown):
        return {"state": OutboxState.UNKNOWN, **why}
    if isinstance(outcome, Rejected):
        return {"state": OutboxState.FAILED, "done_at": now, **why}
    if sending.expired:
        return {"state": OutboxState.EXPIRED, "done_at": now, **why}
    again = now + timedelta(seconds=_wait(outcome, sending.attempts))
    return {"state": OutboxState.QUEUED, "due_at": again, **why}


@lru_cache
def _finish(names: frozenset[str]) -> Update:
    """Sets these columns; of those that a receipt may have set, only while the row is still being sent."""
    values: dict[str, Any] = {}
    for name in names:
        column = getattr(OutboxRow, name)
        new = bindparam(f"new_{name}", type_=column.type)
        values[name] = case((OutboxRow.state == OutboxState.SENDING, new), else_=column) if name in _OF_STATE else new
    mine = update(OutboxRow).where(OutboxRow.id == bindparam("row"), OutboxRow.lease == bindparam("token"))
    return mine.values(**values, lease=None)


def _wait(outcome: Retry, attempts: int) -> float:
    """Seconds to the next attempt; with jitter, so that what failed together does not come back together."""
    if outcome.after is not None:
        return min(max(outcome.after, 0.0), _LONGEST_AFTER)
    wait = float(min(_FIRST_WAIT * 2 ** min(attempts - 1, 20), _LONGEST_WAIT))
    return wait * random.uniform(0.5, 1.0)  # noqa: S311 - jitter


def advance(connection: Connection, message_id: str, state: OutboxState, error: str | None, code: str | None) -> bool:
    """Take a message forward to what its channel has learnt of it; False when it is there, or further, already."""
    behind = [known.value for known in OutboxState if known.rank < state.rank and known is not OutboxState.HELD]
    done = utc_now() if state.rank == FINAL else None
    news = {"of": message_id, "behind": behind, "to": state, "why": error, "word": code, "done": done}
    return connection.execute(_ADVANCE, news).rowcount == 1


# Statements are made once: building one costs more than running it. States are literals, so that the partial
# index of open rows is used.
OPEN: tuple[ColumnElement[str], ...] = (literal_column("'queued'"), literal_column("'sending'"))
_earlier = aliased(OutboxRow)
# A push may wait for the morning: what the citizen asked for does not wait behind it.
_before = (
    _earlier.conversation == OutboxRow.conversation,
    _earlier.id < OutboxRow.id,
    _earlier.state.in_(OPEN),
    or_(OutboxRow.push, ~_earlier.push),
)
_held = (OutboxRow.conversation == bindparam("of"), OutboxRow.state == OutboxState.HELD)
_SAY = insert(OutboxRow)
_PUSHED_TO = select(OutboxRow.conversation).where(OutboxRow.message_id == bindparam("of"))
_DROP = update(OutboxRow).where(*_held).values(state=OutboxState.DROPPED, body=None)
_HELD = (
    select(OutboxRow.id)
    .where(*_held, OutboxRow.created_at > bindparam("since", type_=UtcDateTime))
    .order_by(OutboxRow.id)
    .limit(1)
)
_ORPHANED = (
    update(OutboxRow)
    .where(OutboxRow.state.in_(OPEN), OutboxRow.state == OPEN[1], OutboxRow.channel == bindparam("of"))
    .where(OutboxRow.due_at <= bindparam("now"))
    .values(state=OutboxState.UNKNOWN)
)
_DUE: Select[Any] = (
    select(
        OutboxRow.id,
        OutboxRow.message_id,
        OutboxRow.conversation,
        OutboxRow.body,
        OutboxRow.state,
        OutboxRow.attempts,
        OutboxRow.push,
        OutboxRow.expires_at,
        Contact.opted_out,
        Address.address,
    )
    .join(Contact, Contact.id == OutboxRow.conversation)
    .outerjoin(Address, Address.conversation == OutboxRow.conversation)
    .where(OutboxRow.state.in_(OPEN), OutboxRow.channel == bindparam("of"), OutboxRow.due_at <= bindparam("now"))
    .order_by(OutboxRow.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=OutboxRow)
)
_ALL = _DUE.where(~exists().where(*_before))
_THROUGH = _DUE.where(OutboxRow.through, ~exists().where(*_before, _earlier.through))


def _due(stopped: bool) -> Select[Any]:
    return _THROUGH if stopped else _ALL


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
_ADVANCE = (
    update(OutboxRow)
    .where(OutboxRow.message_id == bindparam("of"), OutboxRow.state.in_(bindparam("behind", expanding=True)))
    .values(state=bindparam("to"), error=bindparam("why"), code=bindparam("word"), done_at=bindparam("done"))
)
