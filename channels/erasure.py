"""Forgetting: one conversation when its citizen asks, and every text when it is old enough.

Rows stay as counts (when, which channel, what became of them); texts, choices and addresses go, and with them a
reviewer's note, which may quote the text. A citizen who asks to be forgotten also takes back what their messages were
about and what they said of the answers; a rating outlives the texts otherwise, as the count that it is.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from channels.handover import erasing
from channels.identity import conversation_id
from channels.quality.tables import RatingRow, SampleRow
from channels.signals import Signals
from channels.tables import Address, Contact, InboxRow, InboxState, OutboxRow, OutboxState, Outcome, Task
from storage import Transactions, utc_now

logger = logging.getLogger(__name__)
_BATCH = 500
_EMPTY_INBOX: dict[str, Any] = {"text": None, "choices": None, "choice": None}
_FORGOTTEN: dict[str, Any] = _EMPTY_INBOX | {"service": None, "confidence": None}
_WAITING = (OutboxState.QUEUED, OutboxState.HELD)


class Erasure:
    """Clears the message log."""

    def __init__(self, database: Transactions, signals: Signals, key: str, retention: timedelta) -> None:
        self._database = database
        self._signals = signals
        self._key = key
        self._retention = retention

    async def forget(self, channel: str, address: str) -> None:
        """Erase a conversation here and leave a task that erases it in the assistant, in its turn."""
        conversation = conversation_id(self._key, channel, address)
        await self._database.write(lambda connection: _forget(connection, channel, conversation))
        self._signals.inbox.set()

    async def again(self, conversation: str) -> None:
        """Erase what was still being written when the citizen asked; the task's second half."""
        await self._database.write(lambda connection: erase(connection, conversation))

    async def retire(self) -> int:
        """Clear the texts that are past their retention, a few at a time; gives how many rows were cleared."""
        before = utc_now() - self._retention
        cleared = 0
        while step := await self._database.write(lambda connection: _retire_some(connection, before)):
            cleared += step
        if cleared:
            logger.info("texts cleared", extra={"rows": cleared})
        return cleared


def _forget(connection: Connection, channel: str, conversation: str) -> None:
    contact = select(Contact.id).where(Contact.id == conversation).with_for_update()
    if connection.scalar(contact) is None:
        return
    now = utc_now()
    erase(connection, conversation)
    waiting = update(InboxRow).where(InboxRow.conversation == conversation, InboxRow.state == InboxState.RECEIVED)
    connection.execute(waiting.values(state=InboxState.DONE, outcome=Outcome.FORGOTTEN, done_at=now, lease=None))
    task = {
        "message_id": uuid.uuid4().hex,
        "conversation": conversation,
        "channel": channel,
        "external_id": f"forget:{uuid.uuid4().hex}",
        "task": Task.FORGET,
        "more": False,
        "received_at": now,
        "state": InboxState.RECEIVED,
        "due_at": now,
        "attempts": 0,
    }
    connection.execute(insert(InboxRow).values(**task))


def _retire_some(connection: Connection, before: datetime) -> int:
    old_inbox = select(InboxRow.id).where(
        InboxRow.received_at < before, InboxRow.state == InboxState.DONE, InboxRow.text.is_not(None)
    )
    old_outbox = select(OutboxRow.id).where(
        OutboxRow.created_at < before, OutboxRow.state != OutboxState.SENDING, OutboxRow.body.is_not(None)
    )
    # Locked, so that a citizen who writes at this moment waits and is then found without an address.
    old_addresses = (
        select(Contact.id)
        .join(Address, Address.conversation == Contact.id)
        .where(Contact.last_message_at < before)
        .with_for_update(of=Contact, skip_locked=True)
    )
    inbox, outbox, addresses = (
        list(connection.scalars(query.limit(_BATCH)).all()) for query in (old_inbox, old_outbox, old_addresses)
    )
    connection.execute(update(InboxRow).where(InboxRow.id.in_(inbox)).values(**_EMPTY_INBOX))
    _clear_notes(connection, InboxRow.id.in_(inbox))
    stale = update(OutboxRow).where(OutboxRow.id.in_(outbox))
    connection.execute(stale.where(OutboxRow.state.in_(_WAITING)).values(state=OutboxState.DROPPED))
    connection.execute(stale.values(body=None))
    connection.execute(delete(Address).where(Address.conversation.in_(addresses)))
    return len(inbox) + len(outbox) + len(addresses) + erasing.retire(connection, before, _BATCH)


def erase(connection: Connection, conversation: str) -> None:
    """Clear all texts of a conversation and its address; what waited to be sent never goes out."""
    erasing.erase(connection, conversation)
    theirs = InboxRow.conversation == conversation
    connection.execute(update(InboxRow).where(theirs, InboxRow.task == Task.MESSAGE).values(**_FORGOTTEN))
    _clear_notes(connection, theirs)
    rated = select(InboxRow.message_id).where(theirs)
    connection.execute(delete(RatingRow).where(RatingRow.message_id.in_(rated)))
    mine = update(OutboxRow).where(OutboxRow.conversation == conversation)
    connection.execute(mine.where(OutboxRow.state.in_(_WAITING)).values(state=OutboxState.DROPPED))
    connection.execute(mine.values(body=None))
    connection.execute(delete(Address).where(Address.conversation == conversation))


def _clear_notes(connection: Connection, which: ColumnElement[bool]) -> None:
    messages = select(InboxRow.message_id).where(which)
    noted = update(SampleRow).where(SampleRow.message_id.in_(messages), SampleRow.note.is_not(None))
    connection.execute(noted.values(note=None))
