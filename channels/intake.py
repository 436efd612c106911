"""The door: a message is committed here before its provider hears "received".

One transaction applies the sender's limits, dedupes and stores; it holds the contact's row, so that the messages of
one conversation get their ids in the order in which they are committed.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from channels import outbox, text
from channels.contract import Acceptance, BotMessage, Channel, InboundMessage, Limit, PushChannel, Reply
from channels.handover import turns
from channels.identity import conversation_id
from channels.notices import telling, wishes
from channels.notices.board import Board
from channels.notices.switches import Stop
from channels.signals import Signals
from channels.tables import Address, Contact, InboxRow, InboxState, Outcome, Task
from storage import Transactions, UtcDateTime, utc_now


class Intake:
    """Accepts messages of any channel into the inbox."""

    def __init__(self, database: Transactions, signals: Signals, board: Board, key: str, max_chars: int) -> None:
        self._database = database
        self._signals = signals
        self._board = board
        self._key = key
        self._max_chars = max_chars

    async def accept(self, message: InboundMessage, channel: Channel) -> Acceptance:
        """Store a message, unless it was stored before or its sender is over a limit."""
        conversation = conversation_id(self._key, message.channel, message.address)
        message = replace(message, text=text.clean(message.text, self._max_chars))
        view = await self._board.current()
        if view.silent(message.channel):
            message = wishes.understood(message)
        stop = view.stop(message.channel)
        try:
            accepted = await self._database.write(
                lambda connection: _accept(connection, message, channel, conversation, stop)
            )
        except IntegrityError:  # two gateways were handed the same message at the same moment, by two senders' names
            return Acceptance.DUPLICATE
        if accepted is not Acceptance.DUPLICATE:
            self._signals.inbox.set()
            self._signals.said(message.channel, conversation)
        return accepted


def _accept(
    connection: Connection, message: InboundMessage, channel: Channel, conversation: str, stop: Stop | None
) -> Acceptance:
    contact = _touch(connection, message, conversation)
    known = _look(connection, message, channel, conversation)
    if known.seen is not None or _is_copy(connection, message, conversation):
        return Acceptance.DUPLICATE
    if known.address is None:  # new, or erased since
        connection.execute(_REACH, {"conversation": conversation, "address": message.address})
    wish = message.opted_out is not None and message.opted_out != contact.opted_out
    if not wish and (limit := _exceeded(known, channel)):
        if not message.opted_out:  # who said "stop" again hears nothing
            _explain(connection, contact, channel, limit)
        return Acceptance.LIMITED
    if message.opted_out is not None and not wish:
        message = replace(message, answer="" if message.opted_out else None)
    reply = Reply(uuid.uuid4().hex, "channel", (BotMessage(message.answer),) if message.answer else ())
    row = connection.execute(_STORE, _values(connection, message, conversation, reply.id)).scalar_one()
    if wish:
        own = update(Contact).where(Contact.id == conversation)
        connection.execute(own.values(opted_out=message.opted_out))
    if message.opted_out:
        turns.stop(connection, conversation)
    if reply.messages:
        origin = outbox.Origin(conversation, channel.name, isinstance(channel, PushChannel), row, stop is not None)
        outbox.say(connection, origin, channel.render(reply))
    elif stop and message.answer is None and contact.stop_told != stop.at and isinstance(channel, PushChannel):
        telling.tell(connection, channel, conversation, stop, row)
    return Acceptance.ACCEPTED


def _is_copy(connection: Connection, message: InboundMessage, conversation: str) -> bool:
    if not message.copy_within:
        return False
    since = message.received_at - timedelta(seconds=message.copy_within)
    same = {"of": conversation, "text": message.text, "since": since}
    return connection.execute(_COPY, same).first() is not None


def _touch(connection: Connection, message: InboundMessage, conversation: str) -> Any:
    """Lock the contact, made if need be."""
    mine = {"of": conversation, "now": utc_now()}
    contact = connection.execute(_TOUCH, mine).one_or_none()
    if contact is None:
        connection.execute(_NEW, mine | {"channel": message.channel})
        contact = connection.execute(_TOUCH, mine).one()
    return contact


def reach(connection: Connection, message: InboundMessage, conversation: str) -> Any:
    """Make sure that a message can be sent to this address, whether it ever wrote or not; the contact."""
    contact = _touch(connection, message, conversation)
    if connection.scalar(_REACHED, {"of": conversation}) is None:
        connection.execute(_REACH, {"conversation": conversation, "address": message.address})
    return contact


def _look(connection: Connection, message: InboundMessage, channel: Channel, conversation: str) -> Any:
    """What is known beside the contact: whether the message was seen, the address, how many messages each limit saw."""
    now = utc_now()
    about = {"of": conversation, "channel": message.channel, "external_id": message.external_id}
    since = {f"since{place}": now - timedelta(seconds=limit.seconds) for place, limit in enumerate(channel.limits)}
    return connection.execute(_known(len(channel.limits)), about | since).one()


def _values(connection: Connection, message: InboundMessage, conversation: str, message_id: str) -> dict[str, Any]:
    title = _title(connection, conversation, message.choice) if message.choice else None
    now = utc_now()
    own = message.answer is not None  # the channel answered it itself
    return {
        "message_id": message_id,
        "conversation": conversation,
        "channel": message.channel,
        "external_id": message.external_id,
        "task": Task.MESSAGE,
        "text": title or message.text,
        "choice": message.choice[:64] if message.choice else None,
        "more": message.more,
        "received_at": message.received_at,
        "state": InboxState.DONE if own else InboxState.RECEIVED,
        "due_at": now,
        "attempts": 0,
        "outcome": Outcome.CHANNEL if own else None,
        "done_at": now if own else None,
    }


def _exceeded(known: Any, channel: Channel) -> Limit | None:
    for place, limit in enumerate(channel.limits):
        if getattr(known, f"sent{place}") >= limit.count:
            return limit
    return None


def _explain(connection: Connection, contact: Any, channel: Channel, limit: Limit) -> None:
    """Say once that a limit was passed; until it ends further messages meet silence (each answer may cost money)."""
    now = utc_now()
    if contact.limited_until is not None and contact.limited_until > now:
        return
    until = update(Contact).where(Contact.id == contact.id)
    connection.execute(until.values(limited_until=now + timedelta(seconds=limit.seconds)))
    notice = Reply(uuid.uuid4().hex, "limited", (BotMessage(text.limited(limit.seconds)),))
    origin = outbox.Origin(contact.id, channel.name, isinstance(channel, PushChannel))
    outbox.say(connection, origin, channel.render(notice))


def _title(connection: Connection, conversation: str, token: str) -> str | None:
    reply, _, choice = token.partition(".")
    choices = connection.scalar(_CHOICES, {"of": conversation, "message_id": reply})
    return (choices or {}).get(choice)


# Statements are made once: building one costs more than running it.
_TOUCH = (
    update(Contact)
    .where(Contact.id == bindparam("of"))
    .values(last_message_at=bindparam("now"))
    .returning(Contact.id, Contact.limited_until, Contact.opted_out, Contact.stop_told)
)
_NEW = sql(
    "INSERT INTO contacts (id, channel, started_at, last_message_at, opted_out) "
    "VALUES (:of, :channel, :now, :now, false) ON CONFLICT DO NOTHING"
).bindparams(bindparam("now", type_=UtcDateTime()))
_REACH = insert(Address)
_REACHED = select(Address.conversation).where(Address.conversation == bindparam("of"))
_CHOICES = select(InboxRow.choices).where(
    InboxRow.conversation == bindparam("of"), InboxRow.message_id == bindparam("message_id")
)
_COPY = select(InboxRow.id).where(
    InboxRow.conversation == bindparam("of"),
    InboxRow.received_at > bindparam("since"),
    InboxRow.text == bindparam("text"),
)
_STORE = insert(InboxRow).returning(InboxRow.id)


@lru_cache
def _known(limits: int) -> Select[Any]:
    """One statement for all that is asked at the door."""
    seen = select(InboxRow.id).where(
        InboxRow.channel == bindparam("channel"), InboxRow.external_id == bindparam("external_id")
    )
    address = select(Address.conversation).where(Address.conversation == bindparam("of"))
    mine = select(func.count()).where(InboxRow.conversation == bindparam("of"), InboxRow.task == Task.MESSAGE)
    sent = [mine.where(InboxRow.received_at > bindparam(f"since{place}")) for place in range(limits)]
    return select(
        seen.scalar_subquery().label("seen"),
        address.scalar_subquery().label("address"),
        *(count.scalar_subquery().label(f"sent{place}") for place, count in enumerate(sent)),
    )
