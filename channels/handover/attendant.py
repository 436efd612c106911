"""The desk's part of a gateway: once a second it says what staff wrote, and does what nobody else would.

Any number of gateways do this on one database: each change locks its conversation and looks again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, literal_column, select

from channels.contract import Channel, PushChannel
from channels.handover import desk, records, says, speaking, staff
from channels.handover.desk import Desk
from channels.handover.records import Handover
from channels.handover.tables import HandoverRow, LineRow, Reason, State
from channels.signals import Signals
from channels.tables import Address, Contact
from storage import Transactions, utc_now

logger = logging.getLogger(__name__)
EVERY = 0.7
"""Seconds; a reply is on its way within one, whatever the database takes."""
WEB = "web"


@dataclass(frozen=True)
class Limits:
    """idle: how long a holder may be silent. web_session: how long a conversation of the web can be reached at all."""

    idle: timedelta
    web_session: timedelta


class Attendant:
    """Runs beside the inbox and the outbox. channels: those that the gateway serves, by name."""

    def __init__(
        self, database: Transactions, signals: Signals, channels: Mapping[str, Channel], limits: Limits
    ) -> None:
        self._database, self._signals, self._channels, self._limits = database, signals, channels, limits
        self._working: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Whether it works."""
        return self._working is not None and not self._working.done()

    async def start(self) -> None:
        """Begin to work."""
        self._working = asyncio.create_task(self._keep(), name="handover")

    async def stop(self) -> None:
        """Stop; what is half done is rolled back or finished by the database."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            try:
                await self.attend()
            except Exception:
                logger.exception("handover not attended to")
            await asyncio.sleep(EVERY)

    async def attend(self) -> None:
        """One round."""
        due = await self._database.read(lambda connection: _due(connection, self._limits))
        for handover_id in due:
            await self._look_after(handover_id)
        for conversation, name in await self._database.read(_unsaid):
            if (channel := self._channels.get(name)) is not None:
                await self._say(conversation, channel)

    async def _look_after(self, handover_id: int) -> None:
        if done := await self._database.write(lambda connection: self._settle(connection, handover_id)):
            logger.info("handover settled", extra={"handover": handover_id, "outcome": done})

    async def _say(self, conversation: str, channel: Channel) -> None:
        def speak(connection: Connection) -> int:
            records.lock(connection, conversation)
            return speaking.speak(connection, conversation, channel)

        if lines := await self._database.write(speak):
            self._signals.said(channel.name, conversation)
            logger.info("staff said", extra={"channel": channel.name, "rows": lines})

    def _settle(self, connection: Connection, handover_id: int) -> str | None:
        """What had to be done, in a word, if it still has to be."""
        mine = records.locked(connection, handover_id)
        now, table = utc_now(), desk.desk(connection)
        if _gone(mine, _reach(connection, mine.conversation), self._limits, now):
            records.end(connection, mine, State.CLOSED, Reason.GONE)
            return "gone"
        if _idle(mine, self._limits, now):
            return _end_idle(connection, mine)
        if _shut(mine, table, now):
            pushed = isinstance(self._channels.get(mine.channel), PushChannel)
            records.notice(connection, mine, says.left(table.timetable, now, pushed=pushed))
            records.change(connection, mine, state=State.LEFT)
            return "left"
        return None


def _end_idle(connection: Connection, mine: Handover) -> str:
    """Who was not answered waits again; who was is free."""
    if mine.unanswered:
        staff.put_back(connection, mine, says.BACK_UNANSWERED)
        return "unanswered"
    records.notice(connection, mine, says.IDLE)
    records.end(connection, mine, State.RELEASED, Reason.IDLE)
    return "idle"


def _due(connection: Connection, limits: Limits) -> Sequence[int]:
    """The requests of which something may have to be done."""
    query = select(HandoverRow.__table__, Address.conversation.label("reached"), Contact.started_at)
    query = query.join(Contact, Contact.id == HandoverRow.conversation)
    query = query.outerjoin(Address, Address.conversation == HandoverRow.conversation)
    rows = connection.execute(query.where(literal_column("handovers.state IN ('waiting', 'left', 'held')"))).all()
    if not rows:
        return []
    now, table = utc_now(), desk.desk(connection)
    due = []
    for row in rows:
        mine = records.handover(row)
        reach = row.started_at if row.reached else None
        if _gone(mine, reach, limits, now) or _idle(mine, limits, now) or _shut(mine, table, now):
            due.append(mine.id)
    return due


def _reach(connection: Connection, conversation: str) -> datetime | None:
    """When the conversation began; None when it has no address any more."""
    query = select(Contact.started_at).join(Address, Address.conversation == Contact.id)
    began: datetime | None = connection.scalar(query.where(Contact.id == conversation))
    return began


def _gone(mine: Handover, began: datetime | None, limits: Limits, now: datetime) -> bool:
    over = mine.channel == WEB and began is not None and now - began >= limits.web_session
    return mine.open and (began is None or over)


def _idle(mine: Handover, limits: Limits, now: datetime) -> bool:
    if mine.state is not State.HELD or mine.taken_at is None:
        return False
    return now - max(mine.taken_at, mine.last_staff_at or mine.taken_at) >= limits.idle


def _shut(mine: Handover, table: Desk, now: datetime) -> bool:
    return mine.state is State.WAITING and table.on and not table.timetable.open_at(now)


def _unsaid(connection: Connection) -> list[tuple[str, str]]:
    """Conversations to which something is unsaid, with their channels."""
    lines = select(LineRow.conversation, LineRow.channel).where(literal_column("said_at IS NULL AND text IS NOT NULL"))
    return list(dict.fromkeys((row.conversation, row.channel) for row in connection.execute(lines).all()))
