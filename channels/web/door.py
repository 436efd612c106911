"""What a message from a browser must pass before the gateway hears of it."""

from __future__ import annotations

import re
import uuid
from enum import Enum

from aiohttp import web

from channels.contract import Acceptance, Gateway, InboundMessage
from channels.web.history import Log
from channels.web.policy import Visitors
from channels.web.session import Session, Sessions
from settings import Settings

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Refusal(Enum):
    """Why a message was not taken; each has its own page and its own HTTP status."""

    NO_SESSION = 401
    NOT_OURS = 403
    TOO_MANY_CONVERSATIONS = 429


class Door:
    """Sessions, forgery checks and the limit on new conversations."""

    def __init__(self, settings: Settings, gateway: Gateway, log: Log) -> None:
        self.sessions = Sessions(settings)
        self._gateway = gateway
        self._log = log
        self._visitors = Visitors(settings.web_sessions_per_hour, settings.trusted_proxies)

    async def current(self, request: web.Request, *, idle: bool = False) -> Session | None:
        """The request's session, unless it has none or its conversation is over."""
        session = self.sessions.read(request)
        if session is None:
            return None
        contact = await self._log.contact(session.conversation)
        if contact and not self.sessions.lasts(contact.started_at, contact.last_message_at, idle=idle):
            return None
        return session

    async def checked(self, request: web.Request, token: str) -> Session | Refusal:
        """The session of a request that changes something."""
        session = await self.current(request)
        if session is None:
            return Refusal.NO_SESSION
        return session if self.sessions.ours(request, session, token) else Refusal.NOT_OURS

    async def take(
        self, request: web.Request, session: Session, *, client_id: str, text: str, choice: str | None
    ) -> Acceptance | Refusal:
        """Hand a citizen's message to the gateway. A malformed id gets a fresh one, a malformed choice is none."""
        known = await self._log.contact(session.conversation)
        if known is None and not self._visitors.may_open(request):
            return Refusal.TOO_MANY_CONVERSATIONS
        if not _CLIENT_ID.fullmatch(client_id):
            client_id = uuid.uuid4().hex
        message = InboundMessage(
            channel="web",
            external_id=f"{session.conversation}:{client_id}",
            address=session.address,
            text=text,
            choice=choice if choice and _TOKEN.fullmatch(choice) else None,
        )
        return await self._gateway.accept(message)
