"""The inbox: what was accepted stays here until it is answered.

Several gateways may share one inbox. A row is worked on under a lease; a gateway that dies leaves the lease to expire
and the row to the next one. The reply is written in the transaction that marks the row done, by the holder of the
lease only: so there is one reply, whatever dies when. From then on the citizen's text is kept without its numbers.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, literal_column, or_, select, update
from sqlalchemy.orm import aliased

from channels import outbox, text
from channels.contract import BotMessage, Channel, Payload, PushChannel, Reply
from channels.handover import turns
from channels.handover.records import held_now
from channels.notices import telling
from channels.signals import Signals
from channels.tables import Address, Contact, InboxRow, InboxState, Outcome, Task
from storage import Transactions, utc_now

LEASE = timedelta(seconds=15)
"""Renewed while the work goes on; after a SIGKILL another gateway takes over when it ends."""


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
    address: str | None = field(default=None, repr=False)
    held: bool = False
    """A person had the conversation when the row was leased."""


@dataclass(frozen=True)
class Result:
    """What working on a row gave. `choices` maps the ids of the reply's buttons to their titles.

    `service` and `confidence` are what the assistant said of the message. `notices` are the banners in front
    of the reply.
    """

    outcome: Outcome
    kind: str | None = None
    service: str | None = None
    confidence: float | None = None
    payloads: list[Payload] = field(default_factory=list)
    choices: Mapping[str, str] | None = None
    opted_out: bool | None = None
    notices: Sequence[int] = ()


class Inbox:
    """Leases rows to workers, in order, and closes them with their reply."""

    def __init__(self, database: Transactions, signals: Signals) -> None:
        self._database = database
        self._signals = signals

    async def claim(self, channels: Collection[str], limit: int, stopped: Collection[str] = ()) -> list[Work]:
        """Lease up to `limit` due rows of these channels, one a conversation, in the order they came in.

        Of those that are stopped only deletions are due.
        """
        return await self._database.write(lambda connection: _claim(connection, channels, limit, stopped))

    async def complete(self, work: Work, result: Result, channel: Channel) -> bool:
        """Close the row and put its reply into the outbox.

        False, and no reply, when the lease was lost, or the row must be worked on again: it was for a person who has
        left meanwhile.
        """
        kept = await self._database.write(lambda connection: _complete(connection, work, result, channel))
        if kept:
            self._signals.said(work.channel, work.conversation)
        else:
            self._signals.inbox.set()
        return kept

    async def put_back(self, works: Collection[Work], after: float = 0.0) -> None:
        """Give leased rows back, to be worked on again in `after` seconds."""
        if not works:
            return
        ids, leases = [work.id for work in works], {work.lease for work in works}
        back = {"state": InboxState.RECEIVED, "lease": None, "due_at": utc_now() + timedelta(seconds=after)}
        mine = update(InboxRow).where(InboxRow.id.in_(ids), InboxRow.lease.in_(leases)).values(**back)
        await self._database.write(lambda connection: connection.execute(mine))

    async def renew(self, leases: Collection[str]) -> None:
        """Extend the leases of rows that are still worked on."""
        held = update(InboxRow).where(InboxRow.state == InboxState.WORKING, InboxRow.lease.in_(leases))
        await self._database.write(lambda connection: connection.execute(held.values(due_at=utc_now() + LEASE)))

    async def chosen(self, work: Work) -> str | None:
        """The id of the pressed button, if it belongs to the newest reply; an older button is only its title."""
        if work.choice is None:
            return None
        reply, _, choice = work.choice.partition(".")
        before = {"conversation": work.conversation, "id": work.id}
        row = await self._database.read(lambda connection: connection.execute(_NEWEST, before).one_or_none())
        return choice if row and row.message_id == reply and choice in (row.choices or {}) else None

    async def has_held(self, conversation: str) -> bool:
        """Whether something waits for the citizen's "more"."""
        return await self._database.read(lambda connection: outbox.first_held(connection, conversation)) is not None


def _claim(connection: Connection, channels: Collection[str], limit: int, stopped: Collection[str]) -> list[Work]:
    now, lease = utc_now(), uuid.uuid4().hex
    going = [channel for channel in channels if channel not in stopped]
    due = {"now": now, "channels": going, "stopped": list(stopped), "limit": limit}
    rows = connection.execute(_DUE, due).all()
    if rows:
        ids = [row.id for row in rows]
        connection.execute(_TAKE, {"ids": ids, "token": lease, "until": now + LEASE})
    return [_work(row, lease) for row in rows]


def _work(row: Any, lease: str) -> Work:
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
        address=row.address,
        held=bool(row.held),
    )


def _complete(connection: Connection, work: Work, result: Result, channel: Channel) -> bool:
    # The contact first: whoever holds it decides on the order of the outbox.
    connection.execute(_TOUCH, {"conversation": work.conversation, "now": utc_now()})
    if work.task is not Task.MESSAGE:
        return _close(connection, work, result)
    message = _message(work, result)
    move = turns.decide(connection, message)
    if move.turn is turns.Turn.BACK:
        back = update(InboxRow).where(InboxRow.id == work.id, InboxRow.lease == work.lease)
        connection.execute(back.values(state=InboxState.RECEIVED, lease=None, due_at=utc_now()))
        return False
    if move.heard:
        result = Result(Outcome.HANDOVER, opted_out=True if move.turn is turns.Turn.LEAVE else None)
    if not _close(connection, work, result, whole=move.turn is turns.Turn.HEARD):
        return False
    own = turns.play(connection, move, message, channel)
    if own is not None:
        reply = Reply(work.message_id, "handover", (BotMessage(own),) if own else ())
        result = replace(result, payloads=channel.render(reply) if own else [], notices=())
    _reply(connection, work, result, isinstance(channel, PushChannel))
    return True


def _message(work: Work, result: Result) -> turns.Message:
    return turns.Message(
        conversation=work.conversation,
        channel=work.channel,
        inbox_id=work.id,
        text=work.text,
        outcome=result.outcome,
        kind=result.kind,
        service=result.service,
        wish=result.opted_out,
    )


def _close(connection: Connection, work: Work, result: Result, *, whole: bool = False) -> bool:
    """Mark the row done; `whole`: with its numbers, which a person needs until the conversation with them is over."""
    closed = {
        "row": work.id,
        "token": work.lease,
        "outcome": result.outcome,
        "reply_kind": result.kind,
        "about": result.service,
        "sure": result.confidence,
        "kept": (work.text if whole else text.masked(work.text)) or None,
        "choices": dict(result.choices) if result.choices else None,
        "done_at": utc_now(),
    }
    return connection.execute(_CLOSE, closed).rowcount == 1


def _reply(connection: Connection, work: Work, result: Result, pushed: bool) -> None:
    if result.opted_out is not None:
        contact = update(Contact).where(Contact.id == work.conversation)
        connection.execute(contact.values(opted_out=result.opted_out))
    if result.outcome is Outcome.MORE:
        outbox.release_held(connection, work.conversation, work.id)
    elif result.payloads:
        if pushed:
            outbox.drop_held(connection, work.conversation)
        outbox.say(connection, outbox.Origin(work.conversation, work.channel, pushed, work.id), result.payloads)
        telling.told(connection, work.conversation, result.notices)


# Statements are made once: building one costs more than running it. States are literals, so that the partial
# indexes of open rows are used.
_OPEN: tuple[ColumnElement[str], ...] = (literal_column("'received'"), literal_column("'working'"))
_other = aliased(InboxRow)
# A deferred deletion (received, due later) lets the messages after it pass: silence would be worse.
_waiting = and_(_other.id < InboxRow.id, _other.state == _OPEN[0], _other.due_at <= bindparam("now"))
_blocked = exists().where(
    _other.conversation == InboxRow.conversation,
    _other.id != InboxRow.id,
    _other.state.in_(_OPEN),
    or_(_other.state == _OPEN[1], _waiting),
)
_erasing = and_(InboxRow.channel.in_(bindparam("stopped", expanding=True)), InboxRow.task == literal_column("'forget'"))
_DUE = (
    select(
        InboxRow.id,
        InboxRow.message_id,
        InboxRow.conversation,
        InboxRow.channel,
        InboxRow.task,
        InboxRow.text,
        InboxRow.choice,
        InboxRow.more,
        InboxRow.attempts,
        Address.address,
        held_now(InboxRow.conversation).label("held"),
    )
    .outerjoin(Address, Address.conversation == InboxRow.conversation)
    .where(InboxRow.state.in_(_OPEN), or_(InboxRow.channel.in_(bindparam("channels", expanding=True)), _erasing))
    .where(InboxRow.due_at <= bindparam("now"), ~_blocked)
    .order_by(InboxRow.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=InboxRow)
)
_TAKE = (
    update(InboxRow)
    .where(InboxRow.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=InboxState.WORKING,
        lease=bindparam("token"),
        due_at=bindparam("until"),
        attempts=InboxRow.attempts + 1,
    )
)
_TOUCH = update(Contact).where(Contact.id == bindparam("conversation")).values(last_message_at=bindparam("now"))
_CLOSE = (
    update(InboxRow)
    .where(InboxRow.id == bindparam("row"), InboxRow.lease == bindparam("token"))
    .values(
        state=InboxState.DONE,
        lease=None,
        outcome=bindparam("outcome"),
        reply_kind=bindparam("reply_kind"),
        service=bindparam("about"),
        confidence=bindparam("sure"),
        text=bindparam("kept"),
        choices=bindparam("choices"),
        done_at=bindparam("done_at"),
    )
)
_NEWEST = (
    select(InboxRow.message_id, InboxRow.choices)
    .where(InboxRow.conversation == bindparam("conversation"), InboxRow.id < bindparam("id"))
    .where(InboxRow.outcome == Outcome.ANSWERED)
    .order_by(InboxRow.id.desc())
    .limit(1)
)
