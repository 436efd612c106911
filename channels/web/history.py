"""The conversation as the page shows it, read from the message log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from channels.signals import Signals
from channels.tables import Contact, InboxRow, InboxState, OutboxRow, Task
from storage import Database, utc_now

logger = logging.getLogger(__name__)
LONGEST = 200
_ELSEWHERE = 1.0
_RECENT = timedelta(seconds=5)


@dataclass(frozen=True)
class Said:
    """One message. `id` is the outbox's number for Dalil's, None for the citizen's own."""

    at: datetime
    text: str
    id: int | None = None
    choices: Sequence[dict[str, str]] = ()
    client_id: str | None = None
    question: str | None = None


@dataclass(frozen=True)
class History:
    """A conversation. `last` is the newest of Dalil's messages; `pending` are questions without an answer yet."""

    said: Sequence[Said]
    last: int
    pending: int


class Log:
    """Reads conversations of the web channel."""

    def __init__(self, database: Database, signals: Signals) -> None:
        self._database = database
        self._signals = signals
        self._polling: asyncio.Task[None] | None = None

    async def contact(self, conversation: str) -> Contact | None:
        """When the conversation began and was last used; None before its first message."""
        async with self._database.read() as session:
            return await session.get(Contact, conversation)

    async def history(self, conversation: str) -> History:
        """The newest messages of both sides, each answer after its question."""
        async with self._database.read() as session:
            asked = await _rows(session, InboxRow, conversation)
            answers = await _rows(session, OutboxRow, conversation)
        asked = [row for row in asked if row.task == Task.MESSAGE]
        return History(
            _in_order(asked, [row for row in answers if row.body is not None]),
            last=max((row.id for row in answers), default=0),
            pending=sum(row.state != InboxState.DONE for row in asked),
        )

    async def after(self, conversation: str, last: int) -> list[Said]:
        """What Dalil said after its message `last`, with the question each answers."""
        query = (
            select(OutboxRow, InboxRow)
            .outerjoin(InboxRow, InboxRow.id == OutboxRow.inbox_id)
            .where(OutboxRow.conversation == conversation, OutboxRow.id > last, OutboxRow.body.is_not(None))
            .order_by(OutboxRow.id)
            .limit(LONGEST)
        )
        async with self._database.read() as session:
            return [_said(row, asked) for row, asked in (await session.execute(query)).all()]

    async def start(self) -> None:
        """Begin to notice what other gateways on the same database say."""
        self._polling = asyncio.create_task(self._notice(), name="web-notice")

    async def stop(self) -> None:
        """Stop noticing."""
        if self._polling is not None:
            self._polling.cancel()

    async def _notice(self) -> None:
        while True:
            await asyncio.sleep(_ELSEWHERE)
            try:
                await self._wake_watchers()
            except SQLAlchemyError:
                logger.exception("conversations not watched")

    async def _wake_watchers(self) -> None:
        if not (watched := set(self._signals.watched)):
            return
        recent = select(OutboxRow.conversation).distinct()
        recent = recent.where(OutboxRow.created_at > utc_now() - _RECENT, OutboxRow.body.is_not(None))
        async with self._database.read() as session:
            for conversation in watched.intersection((await session.scalars(recent)).all()):
                self._signals.said("web", conversation)


async def _rows(session: AsyncSession, table: Any, conversation: str) -> list[Any]:
    newest = select(table).where(table.conversation == conversation).order_by(table.id.desc()).limit(LONGEST)
    return list(reversed((await session.scalars(newest)).all()))


def _in_order(asked: Sequence[InboxRow], answers: Sequence[OutboxRow]) -> list[Said]:
    """By time of the question, then the answers to it in their own order."""
    times = {row.id: row.received_at for row in asked}
    placed = [
        ((row.received_at, row.id, 0), Said(row.received_at, row.text, client_id=client_id(row)))
        for row in asked
        if row.text
    ]
    placed += [
        ((times.get(row.inbox_id or 0, row.created_at), row.inbox_id or 0, row.id), _said(row, None)) for row in answers
    ]
    return [said for _, said in sorted(placed, key=lambda entry: entry[0])]


def _said(row: OutboxRow, asked: InboxRow | None) -> Said:
    body = row.body or {}
    return Said(
        at=row.created_at,
        text=body["text"],
        id=row.id,
        choices=body.get("choices", ()),
        client_id=client_id(asked) if asked else None,
        question=asked.text if asked else None,
    )


def client_id(row: InboxRow) -> str:
    """The page's own id of a message (the log's is unique for all pages)."""
    return row.external_id.rpartition(":")[2]
