"""The door for what nobody asked for at this moment: the assistant's side hands a message in, private and once.

POST /v1/push on the private listener (private.py); Authorization: Bearer DALIL_ASSISTANT_TOKEN.

    {"id": "at most 64 of ASCII", "conversation": "64 hex digits", "kind": "application-changed",
     "texts": ["1 to 5, of at most 2000 characters"], "valid_seconds": 259200}

    200 {"status": "queued"}    kept: it goes out when the citizen may be disturbed, and until it expires; also for an
                                id that was taken before, whatever has become of it
    400 {"error": "malformed"}, {"error": "id-of-another-conversation"}
    401 {"error": "token"}      before anything of the body is read; 413: the body is too long
    404 {"error": "unknown"}    no such conversation here, or its address was erased: it never will be again by itself
    409 {"error": "opted-out"}  the citizen wants nothing that they did not ask for
    422 {"error": "no-push"}    its channel has nothing to push with (web), or is switched off
    503 text                    the database is away: the same again later

What became of it is in the outbox, like all that Dalil says.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Annotated

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from channels import outbox
from channels.body import read_body
from channels.contract import BotMessage, Channel, PushChannel, Reply
from channels.signals import Signals
from channels.tables import Address, Contact
from channels.text import storable
from storage import Transactions

logger = logging.getLogger(__name__)
BODY_LIMIT = 16 * 1024
VALID_SECONDS = 3 * 86_400
"""As long as quiet hours and a weekend without a provider may keep it back."""
_DAYS_7 = 7 * 86_400


class Verdict(Enum):
    """What the door says: HTTP's status and a word."""

    QUEUED = 200, "queued"
    MALFORMED = 400, "malformed"
    OTHERS = 400, "id-of-another-conversation"
    UNKNOWN = 404, "unknown"
    OPTED_OUT = 409, "opted-out"
    NO_PUSH = 422, "no-push"


def _said(text: str) -> str:
    text = storable(text)
    if not text.strip():
        raise ValueError("says nothing")
    return text


class Push(BaseModel):
    """A message to push, as it is handed in. kind: a word for the log; nothing of the citizen is in it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str = Field(pattern=r"^[\x21-\x7e]{1,64}$")
    conversation: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    texts: Annotated[
        list[Annotated[str, Field(max_length=2000), AfterValidator(_said)]], Field(min_length=1, max_length=5)
    ]
    valid_seconds: int = Field(VALID_SECONDS, ge=60, le=_DAYS_7)


@dataclass(frozen=True)
class _Found:
    """What the database knows of it. channel: the conversation's. taken: the conversation that the id is of already."""

    channel: str | None
    opted_out: bool
    reachable: bool
    taken: str | None


class PushDoor:
    """Puts pushed messages into the outbox. channels: those that the gateway serves, by name."""

    def __init__(self, database: Transactions, channels: Mapping[str, Channel], signals: Signals) -> None:
        self._database, self._channels, self._signals = database, channels, signals

    def private_routes(self) -> Sequence[web.AbstractRouteDef]:
        """The one route, of the private listener."""
        return [web.post("/v1/push", self._push)]

    async def _push(self, request: web.Request) -> web.Response:
        try:
            push = Push.model_validate_json(await read_body(request, BODY_LIMIT))
        except ValidationError:
            return _answer(Verdict.MALFORMED)
        return _answer(await self.take(push))

    async def take(self, push: Push) -> Verdict:
        """Keep a message in one committed transaction; a repeated id keeps nothing more."""
        try:
            verdict, channel = await self._database.write(lambda connection: self._keep(connection, push))
        except IntegrityError:  # another gateway took the same id at this moment: now it is to be seen
            verdict, channel = await self._database.write(lambda connection: self._keep(connection, push))
        if channel is not None:
            self._signals.said(channel, push.conversation)
        logger.info("push", extra={"kind": push.kind, "channel": channel, "outcome": verdict.value[1]})
        return verdict

    def _keep(self, connection: Connection, push: Push) -> tuple[Verdict, str | None]:
        """The verdict, and the channel that has something to send now."""
        found = _look(connection, push)
        if found.taken is not None:
            return (Verdict.QUEUED if found.taken == push.conversation else Verdict.OTHERS), None
        if found.channel is None or not found.reachable:
            return Verdict.UNKNOWN, None
        channel = self._channels.get(found.channel)
        if not isinstance(channel, PushChannel):
            return Verdict.NO_PUSH, None
        if found.opted_out:
            return Verdict.OPTED_OUT, None
        reply = Reply(uuid.uuid4().hex, push.kind, tuple(BotMessage(text) for text in push.texts))
        origin = outbox.Origin(push.conversation, channel.name, pushed=True)
        outbox.push(connection, origin, channel.render(reply), push.id, timedelta(seconds=push.valid_seconds))
        return Verdict.QUEUED, channel.name


def _look(connection: Connection, push: Push) -> _Found:
    """Lock the contact: a deletion at this moment comes before the message, or takes it along."""
    taken = outbox.pushed_to(connection, push.id)
    contact = connection.execute(
        select(Contact.channel, Contact.opted_out).where(Contact.id == push.conversation).with_for_update()
    ).one_or_none()
    if contact is None:
        return _Found(None, False, False, taken)
    reachable = select(Address.conversation).where(Address.conversation == push.conversation)
    return _Found(contact.channel, contact.opted_out, connection.scalar(reachable) is not None, taken)


def _answer(verdict: Verdict) -> web.Response:
    status, word = verdict.value
    body = json.dumps({"status" if status == 200 else "error": word})
    return web.Response(status=status, text=body, content_type="application/json")
