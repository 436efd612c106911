"""Browsers that are logged in: an opaque random cookie, of which the database has only a hash."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Connection, delete, insert, select, update

from console.access.roles import EVERYWHERE, Grant, Person, Role
from console.accounts.tables import GrantRow, SessionRow, StaffRow
from settings import Settings
from storage import utc_now

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_HALF_MINUTES = 5
FRESH = timedelta(minutes=10)
_SEEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Session:
    """One browser. `second`: the second step is done. `fresh`: the password was given within FRESH."""

    token: str
    person: Person
    second: bool
    fresh: bool
    stale: bool


class Sessions:
    """Makes, reads and ends sessions; every method with a connection runs in the caller's transaction."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.console_key.get_secret_value().encode()
        self._idle = timedelta(minutes=settings.console_idle_minutes)
        self._longest = timedelta(hours=settings.console_session_hours)
        url = urlsplit(settings.console_url)
        self._origin = f"{url.scheme}://{url.netloc}"
        self._secure = url.scheme == "https"
        # Browsers take a __Host- cookie over https only.
        self.cookie = "__Host-dalil-console" if self._secure else "dalil-console"

    def token_of(self, request: web.Request) -> str | None:
        """The request's cookie, if it is well formed."""
        value = request.cookies.get(self.cookie, "")
        return value if _TOKEN.fullmatch(value) else None

    def begin(self, connection: Connection, staff_id: int, *, second: bool, fresh: bool = True) -> str:
        """A new session; gives the cookie's value (256 random bits). fresh: they proved who they are just now."""
        token, now = secrets.token_urlsafe(32), utc_now()
        row = {"digest": _digest(token), "staff_id": staff_id, "second": second}
        proved = now if fresh else now - FRESH
        connection.execute(insert(SessionRow).values(**row, created_at=now, seen_at=now, proved_at=proved))
        return token

    def read(self, connection: Connection, token: str) -> Session | None:
        """The session of a cookie, unless it is over or its person was disabled."""
        found = connection.execute(
            select(SessionRow.__table__, StaffRow.name, StaffRow.shown)
            .join(StaffRow, StaffRow.id == SessionRow.staff_id)
            .where(SessionRow.digest == _digest(token), StaffRow.disabled_at.is_(None))
        ).one_or_none()
        if found is None or self._is_over(found):
            return None
        person = Person(found.staff_id, found.name, found.shown, grants_of(connection, found.staff_id))
        now = utc_now()
        return Session(token, person, found.second, now - found.proved_at < FRESH, now - found.seen_at > _SEEN_EVERY)

    def _is_over(self, row: object) -> bool:
        now = utc_now()
        created: datetime = row.created_at  # type: ignore[attr-defined]
        if not row.second:  # type: ignore[attr-defined]
            return now - created > timedelta(minutes=_HALF_MINUTES)
        return now - created > self._longest or now - row.seen_at > self._idle  # type: ignore[attr-defined]

    def see(self, connection: Connection, token: str) -> None:
        """Note that the person is still there."""
        connection.execute(update(SessionRow).where(SessionRow.digest == _digest(token)).values(seen_at=utc_now()))

    def prove(self, connection: Connection, token: str) -> None:
        """Note that the person proved who they are just now."""
        connection.execute(update(SessionRow).where(SessionRow.digest == _digest(token)).values(proved_at=utc_now()))

    def end(self, connection: Connection, token: str) -> None:
        """End one session."""
        connection.execute(delete(SessionRow).where(SessionRow.digest == _digest(token)))

    def end_all(self, connection: Connection, staff_id: int) -> None:
        """End every session of somebody (a new password, a role that changed, somebody who left)."""
        connection.execute(delete(SessionRow).where(SessionRow.staff_id == staff_id))

    def tidy(self, connection: Connection) -> None:
        """Forget the sessions that are over."""
        connection.execute(delete(SessionRow).where(SessionRow.created_at < utc_now() - self._longest))

    def csrf(self, token: str) -> str:
        """What every form of this session carries."""
        return hmac.new(self._key, f"csrf|{token}".encode(), hashlib.sha256).hexdigest()

    def is_ours(self, request: web.Request, token: str | None, given: str) -> bool:
        """Whether a request that changes something was made by our own page (without a session: by its origin)."""
        if not self._same_origin(request):
            return False
        if token is None:
            return True
        return hmac.compare_digest(self.csrf(token).encode(), given.encode("utf-8", "surrogatepass"))

    def _same_origin(self, request: web.Request) -> bool:
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site == "same-origin"
        return request.headers.get("Origin") in (self._origin, f"http://{request.host}", f"https://{request.host}")

    def give(self, response: web.StreamResponse, token: str) -> None:
        """Set the cookie; it ends with the browser."""
        response.headers.add("Set-Cookie", f"{self.cookie}={token}; {self._flags}")

    def take(self, response: web.StreamResponse) -> None:
        """Remove the cookie."""
        response.headers.add("Set-Cookie", f"{self.cookie}=; Max-Age=0; {self._flags}")

    @property
    def _flags(self) -> str:
        return f"Path=/; HttpOnly; {'Secure; ' if self._secure else ''}SameSite=Strict"


def grants_of(connection: Connection, staff_id: int) -> frozenset[Grant]:
    """What somebody may. A role that this version does not know gives nothing."""
    known = {role.value for role in Role}
    rows = connection.execute(select(GrantRow.role, GrantRow.ministry).where(GrantRow.staff_id == staff_id))
    return frozenset(Grant(Role(row.role), row.ministry or EVERYWHERE) for row in rows if row.role in known)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
