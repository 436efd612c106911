"""The door: a message is committed here before its provider hears "received".

One transaction dedupes, applies the sender's limits and stores; it holds the contact's row, so that the messages of
one conversation get their ids in the order in which they are committed.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from channels import outbox, text
from channels.contract import Acceptance, BotMessage, Channel, InboundMessage, Limit, PushChannel, Reply
from channels.identity import conversation_id
from channels.signals import Signals
from channels.tables import Address, Contact, InboxRow, InboxState, Outcome, Task
from storage import Database, utc_now


@dataclass(frozen=True)
class _Contact:
    id: str
    limited_until: datetime | None
    opted_out: bool


class Intake:
    """Accepts messages of any channel into the inbox."""

    def __init__(self, database: Database, signals: Signals, key: str, max_chars: int) -> None:
        self._database = database
        self._signals = signals
        self._key = key
        self._max_chars = max_chars

    async def accept(self, message: InboundMessage, channel: Channel) -> Acceptance:
        """Store a message, unless it was stored before or its sender is over a limit."""
        conversation = conversation_id(self._key, message.channel, message.address)
        async with self._database.write() as session:
            accepted = await self._accept(session, message, channel, conversation)
        self._signals.inbox.set()
        self._signals.said(message.channel, conversation)
        return accepted

    async def _accept(
        self, session: AsyncSession, message: InboundMessage, channel: Channel, conversation: str
    ) -> Acceptance:
        contact = await _touch(session, message, conversation)
        if await _seen(session, message):
            return Acceptance.DUPLICATE
        wish = message.opted_out is not None and message.opted_out != contact.opted_out
        if not wish and (limit := await _exceeded(session, conversation, channel.limits)):
            await _explain(session, contact, channel, limit)
            return Acceptance.LIMITED
        if message.opted_out is not None and not wish:
            message = replace(message, answer="" if message.opted_out else None)
        reply = Reply(uuid.uuid4().hex, "channel", (BotMessage(message.answer),) if message.answer else ())
        row = await self._store(session, message, conversation, reply.id)
        if row is None:
            return Acceptance.DUPLICATE
        if wish:
            own = update(Contact).where(Contact.id == conversation)
            await session.execute(own.values(opted_out=message.opted_out))
        if reply.messages:
            origin = outbox.Origin(conversation, channel.name, isinstance(channel, PushChannel), row)
            await outbox.say(session, origin, channel.render(reply))
        return Acceptance.ACCEPTED

    async def _store(
        self, session: AsyncSession, message: InboundMessage, conversation: str, message_id: str
    ) -> int | None:
        title = await _title(session, conversation, message.choice) if message.choice else None
        now = utc_now()
        row = _insert(session)(InboxRow).values(
            message_id=message_id,
            conversation=conversation,
            channel=message.channel,
            external_id=message.external_id,
            task=Task.MESSAGE,
            text=title or text.clean(message.text, self._max_chars),
            choice=message.choice[:64] if message.choice else None,
            more=message.more,
            received_at=message.received_at,
            state=InboxState.RECEIVED if message.answer is None else InboxState.DONE,
            due_at=now,
            attempts=0,
            outcome=None if message.answer is None else Outcome.CHANNEL,
            done_at=None if message.answer is None else now,
        )
        stored: int | None = await session.scalar(row.on_conflict_do_nothing().returning(InboxRow.id))
        return stored


def _insert(session: AsyncSession) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


async def _touch(session: AsyncSession, message: InboundMessage, conversation: str) -> _Contact:
    now = utc_now()
    insert = _insert(session)
    contact = insert(Contact).values(
        id=conversation, channel=message.channel, started_at=now, last_message_at=now, opted_out=False
    )
    contact = contact.on_conflict_do_update(index_elements=[Contact.id], set_={"last_message_at": now})
    limited_until, opted_out = (
        await session.execute(contact.returning(Contact.limited_until, Contact.opted_out))
    ).one()
    address = insert(Address).values(conversation=conversation, address=message.address)
    await session.execute(address.on_conflict_do_nothing())
    return _Contact(conversation, limited_until, opted_out)


async def _seen(session: AsyncSession, message: InboundMessage) -> bool:
    same = (InboxRow.channel == message.channel, InboxRow.external_id == message.external_id)
    return await session.scalar(select(InboxRow.id).where(*same)) is not None


async def _exceeded(session: AsyncSession, conversation: str, limits: Collection[Limit]) -> Limit | None:
    for limit in limits:
        since = utc_now() - timedelta(seconds=limit.seconds)
        sent = select(func.count()).where(InboxRow.conversation == conversation, InboxRow.received_at > since)
        if (await session.scalar(sent.where(InboxRow.task == Task.MESSAGE)) or 0) >= limit.count:
            return limit
    return None


async def _explain(session: AsyncSession, contact: _Contact, channel: Channel, limit: Limit) -> None:
    """Say once that a limit was passed; until it ends further messages meet silence (each answer may cost money)."""
    now = utc_now()
    if contact.limited_until is not None and contact.limited_until > now:
        return
    until = update(Contact).where(Contact.id == contact.id)
    await session.execute(until.values(limited_until=now + timedelta(seconds=limit.seconds)))
    notice = Reply(uuid.uuid4().hex, "limited", (BotMessage(text.limited(limit.seconds)),))
    origin = outbox.Origin(contact.id, channel.name, isinstance(channel, PushChannel))
    await outbox.say(session, origin, channel.render(notice))


async def _title(session: AsyncSession, conversation: str, token: str) -> str | None:
    reply, _, choice = token.partition(".")
    asked = select(InboxRow.choices).where(InboxRow.conversation == conversation, InboxRow.message_id == reply)
    choices = await session.scalar(asked)
    return (choices or {}).get(choice)
