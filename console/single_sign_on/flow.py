"""What is remembered of a browser while it is at the provider: sealed, in a cookie of its own, for ten minutes."""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import asdict, dataclass, field, fields, replace
from enum import Enum

from aiohttp import web

from console.accounts.second_step import Vault
from settings import Settings

SECONDS = 600


class Purpose(str, Enum):
    """What somebody went to the provider for."""

    ENTER = "enter"
    PROVE = "prove"
    LINK = "link"
    JOIN = "join"


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Flow:
    """One way to the provider and back.

    `state` binds the answer to this browser, `nonce` the ID token to this question, and `verifier` proves that whoever
    redeems the code is who asked for it (RFC 7636). `token` is of the session (PROVE, LINK) or the invitation (JOIN).
    `subject`: a joining account that has come back and has a second step still to set up.
    """

    purpose: Purpose
    to: str = "/"
    token: str = ""
    subject: str = ""
    state: str = field(default_factory=_random)
    nonce: str = field(default_factory=_random)
    verifier: str = field(default_factory=_random)

    def is_answered_by(self, state: str) -> bool:
        """Whether an answer of the provider is to this question."""
        return not self.subject and hmac.compare_digest(self.state.encode(), state.encode("utf-8", "surrogatepass"))

    def come_back(self, subject: str) -> Flow:
        """The same, with the account that came back; it answers to no state any more."""
        return replace(self, subject=subject)


class Flows:
    """The cookie. Lax: the way back from the provider is from another site, where a strict cookie is not sent."""

    def __init__(self, settings: Settings) -> None:
        self._vault = Vault(settings.console_key, "sso")
        self._secure = settings.console_url.startswith("https://")
        self.cookie = "__Host-dalil-sso" if self._secure else "dalil-sso"

    def read(self, request: web.Request) -> Flow | None:
        """The browser's; None when it is over, or was made by nobody here."""
        opened = self._vault.open(request.cookies.get(self.cookie, "")[:4000], SECONDS)
        if opened is None:
            return None
        kept = json.loads(opened)
        if set(kept) != {each.name for each in fields(Flow)}:
            return None  # of another version
        return Flow(**{**kept, "purpose": Purpose(kept["purpose"])})

    def give(self, response: web.StreamResponse, flow: Flow) -> None:
        """Set the cookie."""
        self._set(response, self._vault.seal(json.dumps(asdict(flow))), SECONDS)

    def take(self, response: web.StreamResponse) -> None:
        """Remove it: a flow is used once."""
        self._set(response, "", 0)

    def _set(self, response: web.StreamResponse, value: str, seconds: int) -> None:
        flags = f"Path=/; Max-Age={seconds}; HttpOnly; {'Secure; ' if self._secure else ''}SameSite=Lax"
        response.headers.add("Set-Cookie", f"{self.cookie}={value}; {flags}")
