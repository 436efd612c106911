"""Our side of the simulated provider: a small JSON protocol of the kind that SMS gateways speak.

submit   POST {api}/messages, Bearer secret: {"id", "from", "to", "encoding", "parts"} -> 202 {"id"}, else {"error"}
inbound  POST from them: {"id", "from", "to", "text"}
receipt  POST from them: {"id", "reference", "state"}, states as SMPP 3.4 names them
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp

from channels.body import PROVIDER_BODY_LIMIT
from channels.contract import Accepted, DeliveryState, Rejected, Retry, SendError, SendOutcome, Unknown
from channels.errors import MalformedRequest
from channels.sms.errors import UnknownState
from channels.sms.providers.base import Acknowledgement, InboundSms, ProviderRequest, Receipt, Submission

logger = logging.getLogger(__name__)

STATES = {
    "ENROUTE": DeliveryState.ACCEPTED,
    "ACCEPTD": DeliveryState.ACCEPTED,
    "DELIVRD": DeliveryState.DELIVERED,
    "UNDELIV": DeliveryState.FAILED,
    "REJECTD": DeliveryState.FAILED,
    "DELETED": DeliveryState.FAILED,
    "EXPIRED": DeliveryState.EXPIRED,
    "UNKNOWN": DeliveryState.UNKNOWN,
}
ERRORS: dict[str, Retry | Rejected] = {
    "throttled": Retry(SendError.THROTTLED),
    "unavailable": Retry(SendError.UNAVAILABLE),
    "unauthorized": Rejected(SendError.NOT_CONFIGURED),
    "invalid_recipient": Rejected(SendError.RECIPIENT_REJECTED),
    "invalid_content": Rejected(SendError.CONTENT_REJECTED),
}
_TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
_LONGEST_ID = 100


class SimulatorProvider:
    """Submits to, and reads, the simulated operator."""

    name = "simulator"
    idempotent = True
    parallel = 8
    acknowledgement = Acknowledgement()

    def __init__(self, api: str, secret: str, timeout: aiohttp.ClientTimeout = _TIMEOUT) -> None:
        self._api, self._timeout = api, timeout
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the HTTP session."""
        self._session = aiohttp.ClientSession(timeout=self._timeout, headers=self._headers)

    async def stop(self) -> None:
        """Close the HTTP session."""
        if self._session is not None:
            await self._session.close()

    def parse_inbound(self, request: ProviderRequest) -> InboundSms:
        """Read `{"id", "from", "to", "text"}`; see SmsProvider."""
        fields = _object(request.body)
        return InboundSms(
            sender=_text(fields, "from"),
            text=_text(fields, "text", longest=PROVIDER_BODY_LIMIT),
            recipient=_text(fields, "to"),
            provider_id=_text(fields, "id"),
        )

    def parse_receipt(self, request: ProviderRequest) -> Receipt:
        """Read `{"id", "reference", "state"}`; see SmsProvider."""
        fields = _object(request.body)
        state = STATES.get(_text(fields, "state"))
        if state is None:
            raise UnknownState("state")
        return Receipt(state, message_id=_text(fields, "reference"), provider_id=_text(fields, "id"))

    async def submit(self, submission: Submission) -> SendOutcome:
        """Hand one message over; see SmsProvider."""
        if self._session is None:
            return Retry(SendError.NOT_CONFIGURED)
        message = {
            "id": submission.id,
            "from": submission.sender,
            "to": submission.to,
            "encoding": submission.segments.encoding.name,
            "parts": list(submission.segments.parts),
        }
        try:
            async with self._session.post(f"{self._api}/messages", json=message) as response:
                return _outcome(response.status, response.headers, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Retry(SendError.UNAVAILABLE)
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return Unknown(SendError.UNAVAILABLE)


def _outcome(status: int, headers: Mapping[str, str], body: bytes) -> SendOutcome:
    try:
        fields = _object(body)
        if status == HTTPStatus.ACCEPTED:
            return Accepted(_text(fields, "id"))
        outcome = ERRORS[_text(fields, "error")]
    except (MalformedRequest, KeyError):
        logger.error("sms provider answered what its table does not have", extra={"status": status})
        return Unknown(SendError.RESPONSE_UNPARSEABLE)
    after = headers.get("Retry-After", "")
    return Retry(outcome.error, float(after)) if isinstance(outcome, Retry) and after.isdecimal() else outcome


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedRequest("not JSON") from None
    if not isinstance(value, dict):
        raise MalformedRequest("not a JSON object")
    return value


def _text(fields: Mapping[str, Any], name: str, longest: int = _LONGEST_ID) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise MalformedRequest(f"{name} is missing, not text, or too long")
    return value
