"""Codes to a telephone: a citizen of web chat or Telegram shows that a number is theirs.

On the private listener (channels/push.py), for the assistant:

POST /v1/codes        {"conversation": "64 hex digits", "number": "as the citizen wrote it"}
    200 {"status": "sent"}        422 {"error": "number"}: no mobile that is answered
    503 {"error": "stopped"}: SMS is stopped, and the code would be too old when it goes on
    409 {"error": "opted-out"}    429 {"error": "limit"}: enough codes for a day, of this conversation or to this number
POST /v1/codes/check  {"conversation": …, "code": "six digits"}
    200 {"sender": "…"}  the number, sealed for this conversation (settings/sealing.py), once
    404 {"error": "wrong"}: not this code    410 {"error": "over"}: none, too old, or too often wrong

A code is kept as an HMAC, with its number, for ten minutes or five wrong tries; codes sent are counted without numbers.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, Integer, String, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from channels import intake, outbox
from channels.body import read_body
from channels.contract import BotMessage, Channel, InboundMessage, Reply
from channels.identity import conversation_id
from channels.notices.board import Board
from channels.signals import Signals
from channels.sms.errors import NumberRefused
from channels.sms.inbound.numbers import e164
from settings import Settings
from settings.sealing import Envelopes
from storage import Base, Transactions, UtcDateTime, utc_now

logger = logging.getLogger(__name__)
VALID = timedelta(minutes=10)
TRIES, A_DAY = 5, 3
_DAY = timedelta(days=1)
_BODY = 4096
_TEXT = "رمز دليل: {code}\nلا تعطه أحدا. يصلح عشر دقائق."


class CodeRow(Base):
    """A code that waits to be said back; one a conversation. Personal data: gone when it is used, or over."""

    __tablename__ = "sms_codes"

    conversation: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class CodeSentRow(Base):
    """A code that was sent, for limits: who asked, and an HMAC of the number."""

    __tablename__ = "sms_codes_sent"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation: Mapped[str] = mapped_column(String(64), index=True)
    number: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    conversation: str = Field(pattern=r"^[0-9a-f]{64}$")
    number: str = Field(min_length=1, max_length=40)


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    conversation: str = Field(pattern=r"^[0-9a-f]{64}$")
    code: str = Field(max_length=20)


class Codes:
    """Sends codes through the SMS channel, and hears them back."""

    def __init__(
        self, settings: Settings, channel: Channel, database: Transactions, signals: Signals, board: Board
    ) -> None:
        self._key = settings.conversation_key.get_secret_value()
        self._envelopes = Envelopes(settings.assistant_token)
        self._foreign = [int(code) for code in settings.sms_foreign_codes.split(",") if code]
        self._channel, self._database, self._signals, self._board = channel, database, signals, board
        self._tidying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to clear what is over."""
        self._tidying = asyncio.create_task(self._keep_tidy(), name="codes-tidy")

    async def stop(self) -> None:
        """Stop it."""
        if self._tidying is not None:
            self._tidying.cancel()
            await asyncio.gather(self._tidying, return_exceptions=True)

    async def _keep_tidy(self) -> None:
        while True:
            try:
                await self._database.write(_clear)
            except Exception:
                logger.exception("codes not cleared")
            await asyncio.sleep(VALID.total_seconds())

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Nothing of it is public."""
        return []

    def private_routes(self) -> Sequence[web.AbstractRouteDef]:
        """For the private listener."""
        return [web.post("/v1/codes", self._send), web.post("/v1/codes/check", self._check)]

    async def _send(self, request: web.Request) -> web.Response:
        try:
            asked = _Asked.model_validate_json(await read_body(request, _BODY))
            number = e164(asked.number, foreign_codes=self._foreign)
        except ValidationError:
            return _answer(400, "malformed")
        except NumberRefused:
            return _answer(422, "number")
        if self._board.view.stop(self._channel.name):
            return _answer(503, "stopped")
        code = f"{secrets.randbelow(1_000_000):06}"
        status, word = await self._database.write(lambda connection: self._keep(connection, asked, number, code))
        logger.info("code", extra={"outcome": word})
        if status == 200:
            self._signals.said(self._channel.name, conversation_id(self._key, self._channel.name, number))
        return _answer(status, word)

    async def _check(self, request: web.Request) -> web.Response:
        try:
            said = _Said.model_validate_json(await read_body(request, _BODY))
        except ValidationError:
            return _answer(400, "malformed")
        number = await self._database.write(lambda connection: self._take(connection, said))
        logger.info("code said", extra={"outcome": number if number in ("wrong", "over") else "right"})
        if number in ("wrong", "over"):
            return _answer(404 if number == "wrong" else 410, number)
        return web.json_response({"sender": self._envelopes.seal(said.conversation, number)})

    def _keep(self, connection: Connection, asked: _Asked, number: str, code: str) -> tuple[int, str]:
        now, hashed = utc_now(), self._digest("number", number)
        if _most(connection, asked.conversation, hashed, now - _DAY) >= A_DAY:
            return 429, "limit"
        owner = conversation_id(self._key, self._channel.name, number)
        message = InboundMessage(self._channel.name, "", number, "")
        if intake.reach(connection, message, owner).opted_out:
            return 409, "opted-out"
        connection.execute(delete(CodeRow).where(CodeRow.conversation == asked.conversation))
        row = {"conversation": asked.conversation, "number": number, "tries": 0, "until": now + VALID}
        connection.execute(insert(CodeRow), row | {"digest": self._digest(asked.conversation, code)})
        connection.execute(insert(CodeSentRow), {"conversation": asked.conversation, "number": hashed, "at": now})
        text = BotMessage(_TEXT.format(code=code))
        payloads = self._channel.render(Reply(uuid.uuid4().hex, "code", (text,)))
        outbox.say(connection, outbox.Origin(owner, self._channel.name, pushed=True), payloads)
        return 200, "sent"

    def _take(self, connection: Connection, said: _Said) -> str:
        """The number, once; else "wrong" or "over"."""
        mine = CodeRow.conversation == said.conversation
        row: Any = connection.execute(select(CodeRow.__table__).where(mine).with_for_update()).one_or_none()
        if row is None or row.until < utc_now() or row.tries >= TRIES:
            connection.execute(delete(CodeRow).where(mine))
            return "over"
        if not hmac.compare_digest(row.digest, self._digest(said.conversation, said.code)):
            connection.execute(update(CodeRow).where(mine).values(tries=row.tries + 1))
            return "wrong"
        connection.execute(delete(CodeRow).where(mine))
        return str(row.number)

    def _digest(self, about: str, secret: str) -> str:
        return hmac.new(self._key.encode(), f"code|{about}|{secret}".encode(), hashlib.sha256).hexdigest()


def _clear(connection: Connection) -> None:
    """Delete codes that are over, and what no limit counts any more."""
    now = utc_now()
    connection.execute(delete(CodeRow).where(CodeRow.until < now))
    connection.execute(delete(CodeSentRow).where(CodeSentRow.at < now - 2 * _DAY))


def _most(connection: Connection, conversation: str, number: str, since: datetime) -> int:
    """How many codes were sent since then: of this conversation, or to this number, whichever are more."""
    counts = [
        connection.scalar(select(func.count(CodeSentRow.id)).where(column == value, CodeSentRow.at > since)) or 0
        for column, value in ((CodeSentRow.conversation, conversation), (CodeSentRow.number, number))
    ]
    return max(counts)


def _answer(status: int, word: str) -> web.Response:
    body = json.dumps({"status" if status == 200 else "error": word})
    return web.Response(status=status, text=body, content_type="application/json")
