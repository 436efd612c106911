"""The conversation as the page shows it, read from the message log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from channels.handover.records import held_now
from channels.quality.tables import RatingRow
from channels.signals import Signals
from channels.tables import Contact, InboxRow, InboxState, OutboxRow, Task
from storage import Transactions, utc_now

logger = logging.getLogger(__name__)
LONGEST = 200
_ELSEWHERE = 1.0
_RECENT = timedelta(seconds=5)


@dataclass(frozen=True)
class Said:
    """One message. `id` is the outbox's number for Dalil's, None for the citizen's own; `person`: of a person.

    `rate` is what a word on whether it helped is about, None where it is not asked for; `good` is what was said.
    """

    at: datetime
    text: str
    id: int | None = None
    choices: Sequence[dict[str, str]] = ()
    client_id: str | None = None
    question: str | None = None
    person: bool = False
    rate: str | None = None
    good: bool | None = None


@dataclass(frozen=True)
class History:
    """A conversation. `last` is the newest of Dalil's messages; `pending` are questions without an answer yet."""

    said: Sequence[Said]
    last: int
    pending: int


@dataclass(frozen=True)
class Known:
    """A conversation that has begun."""

    started_at: datetime
    last_message_at: datetime


class Log:
    """Reads conversations of the web channel."""

    def __init__(self, database: Transactions, signals: Signals) -> None:
        self._database = database
        self._signals = signals
        self._polling: asyncio.Task[None] | None = None

    async def contact(self, conversation: str) -> Known | None:
        """When the conversation began and was last used; None before its first message."""
        found = {"conversation": conversation}
        row = await self._database.read(lambda connection: connection.execute(_CONTACT, found).one_or_none())
        return Known(row.started_at, row.last_message_at) if row else None

    async def with_person(self, conversation: str) -> bool:
        """Whether a person has the conversation now, so that nobody waits for Dalil's answer."""
        of = {"conversation": conversation}
        return bool(await self._database.read(lambda connection: connection.scalar(_WITH_PERSON, of)))

    async def history(self, conversation: str) -> History:
        """The newest messages of both sides, each answer after its question."""
        of = {"conversation": conversation}
        asked, answers = await self._database.read(
            lambda connection: (connection.execute(_ASKED, of).all(), connection.execute(_ANSWERS, of).all())
        )
        return History(
            _in_order(asked, answers),
            last=max((row.id for row in answers), default=0),
            pending=sum(row.state != InboxState.DONE for row in asked),
        )

    async def after(self, conversation: str, last: int) -> list[Said]:
        """What Dalil said after its message `last`, with the question each answers."""
        after = {"conversation": conversation, "last": last}
        rows = await self._database.read(lambda connection: connection.execute(_AFTER, after).all())
        return [_said(row) for row in rows]

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
        for conversation in watched.intersection(
            await self._database.read(lambda connection: connection.scalars(recent).all())
        ):
            self._signals.said("web", conversation)


def _in_order(asked: Sequence[Any], answers: Sequence[Any]) -> list[Said]:
    """By time of the question, then the answers to it in their own order."""
    times = {row.id: row.received_at for row in asked}
    placed = [
        ((row.received_at, row.id, 0), Said(row.received_at, row.text, client_id=client_id(row.external_id)))
        for row in asked
        if row.text
    ]
    placed += [
        ((times.get(row.inbox_id or 0, row.created_at), row.inbox_id or 0, row.id), _said(row)) for row in answers
    ]
    return [said for _, said in sorted(placed, key=lambda entry: entry[0])]


def _said(row: Any) -> Said:
    return Said(
        at=row.created_at,
        text=row.body["text"],
        id=row.id,
        choices=row.body.get("choices", ()),
        client_id=client_id(row.external_id) if row.external_id else None,
        question=row.text,
        person=bool(row.body.get("person")),
        rate=row.body.get("rate"),
        good=row.good,
    )


def client_id(external_id: str) -> str:
    """The page's own id of a message (the log's is unique for all pages)."""
    return external_id.rpartition(":")[2]


_CONTACT = select(Contact.started_at, Contact.last_message_at).where(Contact.id == bindparam("conversation"))
_WITH_PERSON = select(held_now(bindparam("conversation")))
_ASKED = (
    select(InboxRow.id, InboxRow.external_id, InboxRow.text, InboxRow.received_at, InboxRow.state)
    .where(InboxRow.conversation == bindparam("conversation"), InboxRow.task == Task.MESSAGE)
    .order_by(InboxRow.id.desc())
    .limit(LONGEST)
)
_answers = (
    select(
        OutboxRow.id,
        OutboxRow.inbox_id,
        OutboxRow.body,
        OutboxRow.created_at,
        InboxRow.external_id,
        InboxRow.text,
        RatingRow.good,
    )
    .outerjoin(InboxRow, InboxRow.id == OutboxRow.inbox_id)
    .outerjoin(RatingRow, RatingRow.message_id == InboxRow.message_id)
    .where(OutboxRow.conversation == bindparam("conversation"), OutboxRow.body.is_not(None))
    .limit(LONGEST)
)
_ANSWERS = _answers.order_by(OutboxRow.id.desc())
_AFTER = _answers.where(OutboxRow.id > bindparam("last")).order_by(OutboxRow.id)
