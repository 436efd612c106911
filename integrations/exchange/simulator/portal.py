"""An interface behind OAuth2 around the simulated agencies: a token address, and each agency below its own path."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from urllib.parse import parse_qs, unquote_plus

from integrations.exchange.simulator.agency import Asked, SimulatedAgencies, paths_of
from integrations.exchange.simulator.faults import Fault
from integrations.exchange.simulator.security_server import Arrived
from integrations.exchange.transport import Answer
from integrations.exchange.wire import JSON

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - an address
ROOT = "/portal"
CLIENT_ID = "dalil"


class Portal:
    """Gives tokens to one client and answers whoever has one. `secret` is made anew for each simulator."""

    def __init__(self, agencies: SimulatedAgencies, life_seconds: int = 300) -> None:
        self._agencies = agencies
        self._life = life_seconds
        self.secret = secrets.token_urlsafe(24)
        self.tokens: set[str] = set()

    def answer(self, call: Arrived) -> tuple[Answer, Fault | None]:
        """The answer, and what is to go wrong while it is carried."""
        if call.path == TOKEN_PATH:
            return self._token(call), None
        agency_id, _, rest = call.path.removeprefix(f"{ROOT}/").partition("/")
        agency = self._agencies.agencies.get(agency_id)
        if agency is None or rest not in paths_of(agency):
            return Answer(404, "text/html", {}, b"<html>no such page</html>"), None
        if call.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Answer(401, "text/plain", {"www-authenticate": 'Bearer error="invalid_token"'}, b""), None
        if call.method != "POST":
            return Answer(405, "text/plain", {"allow": "POST"}, b""), None
        fault = self._agencies.fault(agency.id, call.body)
        return self._agencies.answer(agency, Asked(rest, CLIENT_ID, call.content_type, call.body)), fault

    def _token(self, call: Arrived) -> Answer:
        form = parse_qs(call.body.decode("latin-1"))
        if call.method != "POST" or form.get("grant_type") != ["client_credentials"]:
            return _answer(400, {"error": "unsupported_grant_type"})
        if not self._is_client(call.headers.get("authorization", "")):
            return _answer(401, {"error": "invalid_client"})
        token = secrets.token_urlsafe(24)
        if len(self.tokens) > 1000:
            self.tokens.clear()
        self.tokens.add(token)
        return _answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": self._life})

    def _is_client(self, authorization: str) -> bool:
        kind, _, pair = authorization.partition(" ")
        try:
            name, _, password = base64.b64decode(pair, validate=True).decode().partition(":")
        except ValueError:
            return False
        given = f"{unquote_plus(name)}:{unquote_plus(password)}".encode()
        return kind == "Basic" and hmac.compare_digest(given, f"{CLIENT_ID}:{self.secret}".encode())


def _answer(status: int, value: dict[str, object]) -> Answer:
    return Answer(status, JSON, {"cache-control": "no-store"}, json.dumps(value).encode())
