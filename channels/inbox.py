"""The inbox: what was accepted stays here until it is answered.

Several gateways may share one inbox. A row is worked on under a lease; a gateway that dies leaves the lease to expire
and the row to the next one. The reply is written in the transaction that marks the row done, by the holder of the
lease only: so there is one reply, whatever dies when.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select, update
from sqlalchemy.orm import aliased

from channels import outbox
from channels.contract import Channel, Payload, PushChannel
from channels.signals import Signals
from channels.tables import Contact, InboxRow, InboxState, Outcome, Task
from storage import Database, utc_now

LEASE = timedelta(seconds=15)
"""Renewed while the work goes on; after a SIGKILL another gateway takes over when it ends."""
_OPEN: tuple[ColumnElement[str], ...] = (
    literal_column("'received'"),
    literal_column("'working'"),
)  # literals, so that the partial index is used


@dataclass(frozen=True)
class Work:
    """One leased inbox row."""

    id: int
    message_id: str
    conversation: str
    channel: str
    task: Task
    text: str
    choice: str | None
    more: bool
    lease: str
    attempts: int


@dataclass(frozen=True)
class Result:
    """What working on a row gave. `choices` maps the ids of the reply's buttons to their titles."""

    outcome: Outcome
    kind: str | None = None
    payloads: list[Payload] = field(default_factory=list)
    choices: Mapping[str, str] | None = None
    opted_out: bool | None = None


class Inbox:
    """Leases rows to workers, in order, and closes them with their reply."""

    def __init__(self, database: Database, signals: Signals) -> None:
        self._database = database
        self._signals = signals

    async def claim(self, channels: Collection[str], limit: int) -> list[Work]:
        """Lease up to `limit` due rows of these channels, one a conversation, in the order they came in."""
        now, lease = utc_now(), uuid.uuid4().hex
        async with self._database.write() as session:
            rows = (await session.execute(_due(channels, limit, now))).scalars().all()
            if rows:
                leased = update(InboxRow).where(InboxRow.id.in_([row.id for row in rows]))
                working = {"state": InboxState.WORKING, "lease": lease, "due_at": now + LEASE}
                await session.execute(
                    leased.values(**working, attempts=InboxRow.attempts + 1), execution_options=_UNTRACKED
                )
        return [_work(row, lease) for row in rows]

    async def complete(self, work: Work, result: Result, channel: Channel) -> bool:
        """Close the row and put its reply into the outbox. False, and no reply, when the lease was lost."""
        closed = {
            "state": InboxState.DONE,
            "lease": None,
            "outcome": result.outcome,
            "reply_kind": result.kind,
            "choices": dict(result.choices) if result.choices else None,
            "done_at": utc_now(),
        }
        async with self._database.write() as session:
            contact = update(Contact).where(Contact.id == work.conversation)
            opted_out = {} if result.opted_out is None else {"opted_out": result.opted_out}
            await session.execute(contact.values(last_message_at=utc_now(), **opted_out))
            mine = update(InboxRow).where(InboxRow.id == work.id, InboxRow.lease == work.lease)
            if (await session.execute(mine.values(**closed))).rowcount != 1:  # type: ignore[attr-defined]
                return False
            if result.outcome is Outcome.MORE:
                await outbox.release_held(session, work.conversation, work.id)
            else:
                await outbox.drop_held(session, work.conversation)
                origin = outbox.Origin(work.conversation, work.channel, isinstance(channel, PushChannel), work.id)
                await outbox.say(session, origin, result.payloads)
        self._signals.said(work.channel, work.conversation)
        return True

    async def put_back(self, works: Collection[Work], after: float = 0.0) -> None:
        """Give leased rows back, to be worked on again in `after` seconds."""
        if not works:
            return
        back = {"state": InboxState.RECEIVED, "lease": None, "due_at": utc_now() + timedelta(seconds=after)}
        ids, leases = [work.id for work in works], {work.lease for work in works}
        async with self._database.write() as session:
            await session.execute(
                update(InboxRow).where(InboxRow.id.in_(ids), InboxRow.lease.in_(leases)).values(**back)
            )

    async def renew(self, leases: Collection[str]) -> None:
        """Extend the leases of rows that are still worked on."""
        async with self._database.write() as session:
            held = and_(InboxRow.state == InboxState.WORKING, InboxRow.lease.in_(leases))
            await session.execute(update(InboxRow).where(held).values(due_at=utc_now() + LEASE))

    async def chosen(self, work: Work) -> str | None:
        """The id of the pressed button, if it belongs to the newest reply; an older button is only its title."""
        if work.choice is None:
            return None
        reply, _, choice = work.choice.partition(".")
        newest = (
            select(InboxRow.message_id, InboxRow.choices)
            .where(InboxRow.conversation == work.conversation, InboxRow.id < work.id)
            .where(InboxRow.outcome == Outcome.ANSWERED)
            .order_by(InboxRow.id.desc())
            .limit(1)
        )
        async with self._database.read() as session:
            row = (await session.execute(newest)).one_or_none()
        return choice if row and row.message_id == reply and choice in (row.choices or {}) else None

    async def has_held(self, conversation: str) -> bool:
        """Whether something waits for the citizen's "more"."""
        async with self._database.read() as session:
            return await outbox.first_held(session, conversation) is not None


_UNTRACKED = {"synchronize_session": False}


def _due(channels: Collection[str], limit: int, now: datetime) -> Any:
    # A deferred deletion (received, due later) lets the messages after it pass: silence would be worse.
    other = aliased(InboxRow)
    waiting = and_(other.id < InboxRow.id, other.state == InboxState.RECEIVED, other.due_at <= now)
    blocked = exists().where(
        other.conversation == InboxRow.conversation,
        other.id != InboxRow.id,
        other.state.in_(_OPEN),
        or_(other.state == InboxState.WORKING, waiting),
    )
    return (
        select(InboxRow)
        .where(InboxRow.state.in_(_OPEN), InboxRow.channel.in_(channels), InboxRow.due_at <= now, ~blocked)
        .order_by(InboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _work(row: InboxRow, lease: str) -> Work:
    return Work(
        id=row.id,
        message_id=row.message_id,
        conversation=row.conversation,
        channel=row.channel,
        task=Task(row.task),
        text=row.text or "",
        choice=row.choice,
        more=row.more,
        lease=lease,
        attempts=row.attempts + 1,
    )
