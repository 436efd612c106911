"""Who a browser is: an opaque random cookie, nothing else, and the proof that a request comes from our own page.

The log keeps only a hash of the cookie, so that whoever reads the database cannot take a conversation over.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from aiohttp import web

from channels.identity import conversation_id
from settings import Settings
from storage import utc_now

_COOKIE_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Session:
    """One browser's conversation. `address` is its address in the log."""

    secret: str
    address: str
    conversation: str
    csrf: str


class Sessions:
    """Reads and makes sessions, and checks where a request comes from."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.conversation_key.get_secret_value()
        self._longest = timedelta(hours=settings.web_session_hours)
        self._idle = timedelta(minutes=settings.web_idle_minutes)
        public = urlsplit(settings.public_url)
        self._origin = f"{public.scheme}://{public.netloc}"
        self._secure = public.scheme == "https"
        self._embedded = self._secure and settings.web_frame_ancestors.strip() not in ("", "'none'", "'self'")
        # Browsers take a __Host- cookie over https only.
        self.cookie = "__Host-dalil" if self._secure else "dalil"

    def new(self) -> Session:
        """A session nobody can guess (256 random bits)."""
        return self._session(secrets.token_urlsafe(32))

    def read(self, request: web.Request) -> Session | None:
        """The session of the request's cookie, if it has a well-formed one."""
        value = request.cookies.get(self.cookie, "")
        return self._session(value) if _COOKIE_VALUE.fullmatch(value) else None

    def _session(self, secret: str) -> Session:
        address = hashlib.sha256(secret.encode()).hexdigest()
        csrf = hmac.new(self._key.encode(), f"csrf|{secret}".encode(), hashlib.sha256).hexdigest()
        return Session(secret, address, conversation_id(self._key, "web", address), csrf)

    def lasts(self, started_at: datetime, last_message_at: datetime, *, idle: bool = False) -> bool:
        """Whether a conversation may go on; `idle` also ends one that was left alone (a shared computer)."""
        now = utc_now()
        return now - started_at < self._longest and not (idle and now - last_message_at > self._idle)

    def give(self, response: web.StreamResponse, session: Session) -> None:
        """Set the cookie; inside a ministry's frame it must be allowed, and kept apart for that site."""
        age = int(self._longest.total_seconds())
        flags = f"Path=/; Max-Age={age}; HttpOnly; {'Secure; ' if self._secure else ''}"
        flags += "SameSite=None; Partitioned" if self._embedded else "SameSite=Lax"
        response.headers.add("Set-Cookie", f"{self.cookie}={session.secret}; {flags}")

    def ours(self, request: web.Request, session: Session, token: str) -> bool:
        """Whether a request that changes something was made by our own page in this session."""
        return self._same_origin(request) and hmac.compare_digest(
            session.csrf.encode(), token.encode("utf-8", "surrogatepass")
        )

    def _same_origin(self, request: web.Request) -> bool:
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site == "same-origin"
        # Older browsers: under our no-referrer policy a form says "null", then the token alone decides.
        return request.headers.get("Origin", "null") in ("null", self._origin)
