"""Forgetting: one conversation when its citizen asks, and every text when it is old enough.

Rows stay as counts (when, which channel, what became of them); texts, choices and addresses go.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.identity import conversation_id
from channels.signals import Signals
from channels.tables import Address, Contact, InboxRow, InboxState, OutboxRow, OutboxState, Outcome, Task
from storage import Database, utc_now

logger = logging.getLogger(__name__)
_BATCH = 500
_EMPTY_INBOX: dict[str, Any] = {"text": None, "choices": None, "choice": None}
_WAITING = (OutboxState.QUEUED, OutboxState.HELD)


class Erasure:
    """Clears the message log."""

    def __init__(self, database: Database, signals: Signals, key: str, retention: timedelta) -> None:
        self._database = database
        self._signals = signals
        self._key = key
        self._retention = retention

    async def forget(self, channel: str, address: str) -> None:
        """Erase a conversation here and leave a task that erases it in the assistant, in its turn."""
        conversation = conversation_id(self._key, channel, address)
        async with self._database.write() as session:
            if await session.get(Contact, conversation, with_for_update=True) is None:
                return
            now = utc_now()
            await erase(session, conversation)
            waiting = update(InboxRow).where(
                InboxRow.conversation == conversation, InboxRow.state == InboxState.RECEIVED
            )
            await session.execute(
                waiting.values(state=InboxState.DONE, outcome=Outcome.FORGOTTEN, done_at=now, lease=None)
            )
            session.add(
                InboxRow(
                    message_id=uuid.uuid4().hex,
                    conversation=conversation,
                    channel=channel,
                    external_id=f"forget:{uuid.uuid4().hex}",
                    task=Task.FORGET,
                    more=False,
                    received_at=now,
                    state=InboxState.RECEIVED,
                    due_at=now,
                    attempts=0,
                )
            )
        self._signals.inbox.set()

    async def again(self, conversation: str) -> None:
        """Erase what was still being written when the citizen asked; the task's second half."""
        async with self._database.write() as session:
            await erase(session, conversation)

    async def retire(self) -> int:
        """Clear the texts that are past their retention, a few at a time; gives how many rows were cleared."""
        before = utc_now() - self._retention
        cleared = 0
        while step := await self._retire_some(before):
            cleared += step
        if cleared:
            logger.info("texts cleared", extra={"rows": cleared})
        return cleared

    async def _retire_some(self, before: datetime) -> int:
        old_inbox = select(InboxRow.id).where(
            InboxRow.received_at < before, InboxRow.state == InboxState.DONE, InboxRow.text.is_not(None)
        )
        old_outbox = select(OutboxRow.id).where(
            OutboxRow.created_at < before, OutboxRow.state != OutboxState.SENDING, OutboxRow.body.is_not(None)
        )
        old_contacts = select(Contact.id).where(Contact.last_message_at < before)
        old_addresses = select(Address.conversation).where(Address.conversation.in_(old_contacts))
        async with self._database.write() as session:
            inbox = await _ids(session, old_inbox)
            outbox = await _ids(session, old_outbox)
            addresses = await _ids(session, old_addresses)
            await session.execute(update(InboxRow).where(InboxRow.id.in_(inbox)).values(**_EMPTY_INBOX))
            stale = update(OutboxRow).where(OutboxRow.id.in_(outbox))
            await session.execute(stale.where(OutboxRow.state.in_(_WAITING)).values(state=OutboxState.DROPPED))
            await session.execute(stale.values(body=None))
            await session.execute(delete(Address).where(Address.conversation.in_(addresses)))
        return len(inbox) + len(outbox) + len(addresses)


async def _ids(session: AsyncSession, query: Any) -> list[Any]:
    return list((await session.scalars(query.limit(_BATCH))).all())


async def erase(session: AsyncSession, conversation: str) -> None:
    """Clear all texts of a conversation and its address; what waited to be sent never goes out."""
    mine = update(OutboxRow).where(OutboxRow.conversation == conversation)
    await session.execute(mine.where(OutboxRow.state.in_(_WAITING)).values(state=OutboxState.DROPPED))
    await session.execute(mine.values(body=None))
    inbox = update(InboxRow).where(InboxRow.conversation == conversation, InboxRow.task == Task.MESSAGE)
    await session.execute(inbox.values(**_EMPTY_INBOX))
    await session.execute(delete(Address).where(Address.conversation == conversation))
