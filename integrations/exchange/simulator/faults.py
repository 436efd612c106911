"""What the simulator can do wrong, each a thing that a real exchange does sooner or later."""

from __future__ import annotations

import json
from enum import Enum
from uuid import uuid4

from integrations.exchange.transport import Answer
from integrations.exchange.wire import JSON, PROBLEM


class Fault(str, Enum):
    """What goes wrong: on the way (`ON_THE_WAY`), or in the answer.

    The words of X-Road's codes say which form they have: old before 7.8, new since.
    """

    SLOW = "slow"
    RESET = "reset"
    HUGE = "huge"
    CUT = "cut"
    DRIP = "drip"
    EXPIRED_CERTIFICATE = "expired-certificate"
    WRONG_TYPE = "wrong-type"
    BROKEN_JSON = "broken-json"
    OTHER_APPLICATION = "other-application"
    REDIRECT = "redirect"
    NO_SUCH_ADDRESS = "no-such-address"
    MAINTENANCE = "maintenance"
    AGENCY_DOWN = "agency-down"
    AGENCY_ERROR = "agency-error"
    RATE_LIMITED = "rate-limited"
    OLD_NETWORK_ERROR = "old-network-error"
    NEW_NETWORK_ERROR = "new-network-error"
    OLD_SERVICE_FAILED = "old-service-failed"
    NEW_SERVICE_FAILED = "new-service-failed"
    OLD_ACCESS_DENIED = "old-access-denied"
    NEW_ACCESS_DENIED = "new-access-denied"
    OLD_UNKNOWN_MEMBER = "old-unknown-member"
    NEW_BAD_REQUEST = "new-bad-request"


ON_THE_WAY = frozenset({Fault.SLOW, Fault.RESET, Fault.HUGE, Fault.CUT, Fault.DRIP, Fault.EXPIRED_CERTIFICATE})
"""Faults that whoever carries the answer makes: the server, or the door inside the process."""


def xroad_fault(code: str, message: str = "simulated") -> Answer:
    """An error of the security server, in whichever form the code has (PR-REST 4.6)."""
    status = 500 if code.lower().startswith("server.") else 400
    body = json.dumps({"type": code, "message": message, "detail": str(uuid4())}).encode()
    return Answer(status, JSON, {"x-road-error": code}, body)


def problem(status: int, word: str, title: str, retry_after: int | None = None) -> Answer:
    """An error of the agency, as openapi.yaml has it."""
    body = json.dumps({"type": f"urn:dalil:status:{word}", "title": title, "status": status}).encode()
    return Answer(status, PROBLEM, {} if retry_after is None else {"retry-after": str(retry_after)}, body)


ANSWERS = {
    Fault.WRONG_TYPE: Answer(200, "text/html", {}, b"<html>log in</html>"),
    Fault.BROKEN_JSON: Answer(200, JSON, {}, b'{"reference": '),
    Fault.REDIRECT: Answer(302, "text/html", {"location": "https://example.org/"}, b""),
    Fault.NO_SUCH_ADDRESS: Answer(404, "text/html", {}, b"<html>no such page</html>"),
    Fault.MAINTENANCE: xroad_fault("server.serverproxy.maintenance_mode"),
    Fault.AGENCY_DOWN: problem(503, "unavailable", "Unavailable", 120),
    Fault.AGENCY_ERROR: problem(500, "error", "Internal error"),
    Fault.RATE_LIMITED: problem(429, "rate-limited", "Too many requests", 60),
    Fault.OLD_NETWORK_ERROR: xroad_fault("Server.ClientProxy.NetworkError"),
    Fault.NEW_NETWORK_ERROR: xroad_fault("server.clientproxy.network_error"),
    Fault.OLD_SERVICE_FAILED: xroad_fault("Server.ServerProxy.ServiceFailed"),
    Fault.NEW_SERVICE_FAILED: xroad_fault("server.serverproxy.service_failed"),
    Fault.OLD_ACCESS_DENIED: xroad_fault("Server.ServerProxy.AccessDenied"),
    Fault.NEW_ACCESS_DENIED: xroad_fault("server.serverproxy.access_denied"),
    Fault.OLD_UNKNOWN_MEMBER: xroad_fault("Server.ClientProxy.UnknownMember"),
    Fault.NEW_BAD_REQUEST: xroad_fault("client.bad_request"),
}
"""The faults whose answer is always the same."""
