"""What reaches citizens of it in their conversations: banners in front of replies, and that a channel is stopped."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, literal_column, or_, select, update
from sqlalchemy import text as sql

from channels import outbox
from channels.contract import BotMessage, PushChannel, Reply
from channels.notices import publishing
from channels.notices.publishing import Notice
from channels.notices.switches import Stop
from channels.notices.tables import NoticeToldRow
from channels.signals import Signals
from channels.tables import Contact, InboxRow
from storage import Transactions, UtcDateTime

AT_ONCE = {"sms": 1}
"""Banners in front of one reply, where they cost: the next one goes with the next reply."""
_REMEMBERED = 50_000
_SWEEPING = 10.0
_TOGETHER = 100


class Banners:
    """Who was told of which banner; asked of the database only while one runs, and remembered."""

    def __init__(self, database: Transactions) -> None:
        self._database = database
        self._told: set[tuple[str, int]] = set()

    async def untold(self, channel: str, conversation: str, running: Sequence[Notice]) -> list[Notice]:
        """Those of the running banners that go in front of this conversation's next reply."""
        new = [notice for notice in running if (conversation, notice.id) not in self._told]
        if not new:
            return []
        ids = {"of": conversation, "ids": [notice.id for notice in new]}
        told = set(await self._database.read(lambda connection: connection.scalars(_TOLD, ids).all()))
        if len(self._told) > _REMEMBERED:
            self._told.clear()
        self._told.update((conversation, notice_id) for notice_id in told)
        return [notice for notice in new if notice.id not in told][: AT_ONCE.get(channel)]

    async def tidy(self) -> None:
        """Forget who was told of banners that are over."""
        await self._database.write(publishing.forget_told)


def told(connection: Connection, conversation: str, notices: Sequence[int]) -> None:
    """Record that a reply with these banners was put into the outbox; in its transaction."""
    for notice_id in notices:
        connection.execute(_TELL, {"of": conversation, "notice": notice_id})


def tell(connection: Connection, channel: PushChannel, conversation: str, stop: Stop, row: int | None = None) -> None:
    """Say in a conversation that its channel is stopped. The caller holds the contact, who was not told before.

    It goes out although the channel is stopped. row: of the inbox, what it answers.
    """
    reply = Reply(uuid.uuid4().hex, "stopped", (BotMessage(stop.said),))
    origin = outbox.Origin(conversation, channel.name, pushed=True, inbox_id=row, through=True)
    outbox.say(connection, origin, channel.render(reply))
    connection.execute(_STOP_TOLD, {"of": conversation, "at": stop.at})


class Sweep:
    """Tells those whose messages came in before this gateway knew of a stop; for a while after it has noticed one."""

    def __init__(self, database: Transactions, signals: Signals) -> None:
        self._database, self._signals = database, signals
        self._until: dict[tuple[str, datetime], float] = {}

    async def of(self, channel: PushChannel, stop: Stop) -> None:
        """One round."""
        until = self._until.setdefault((channel.name, stop.at), time.monotonic() + _SWEEPING)
        if time.monotonic() > until:
            return
        for conversation in await self._database.write(lambda connection: _sweep(connection, channel, stop)):
            self._signals.said(channel.name, conversation)


def _sweep(connection: Connection, channel: PushChannel, stop: Stop) -> list[str]:
    found = {"channel": channel.name, "at": stop.at, "limit": _TOGETHER}
    conversations = list(connection.scalars(_UNTOLD, found).all())
    for conversation in conversations:
        tell(connection, channel, conversation, stop)
    return conversations


_TOLD = select(NoticeToldRow.notice_id).where(
    NoticeToldRow.conversation == bindparam("of"), NoticeToldRow.notice_id.in_(bindparam("ids", expanding=True))
)
_TELL = sql("INSERT INTO notices_told (conversation, notice_id) VALUES (:of, :notice) ON CONFLICT DO NOTHING")
_STOP_TOLD = update(Contact).where(Contact.id == bindparam("of")).values(stop_told=bindparam("at", type_=UtcDateTime))
_waiting = select(InboxRow.conversation).where(
    InboxRow.state.in_((literal_column("'received'"), literal_column("'working'"))),  # as the partial index has it
    InboxRow.state == literal_column("'received'"),
    InboxRow.task == literal_column("'message'"),
    InboxRow.channel == bindparam("channel"),
)
_UNTOLD = (
    select(Contact.id)
    .where(Contact.id.in_(_waiting))
    .where(or_(Contact.stop_told.is_(None), Contact.stop_told != bindparam("at", type_=UtcDateTime)))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
