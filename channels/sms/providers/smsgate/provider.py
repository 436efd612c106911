"""Our side of SMSGate's API and webhooks (docs of capcom6/android-sms-gateway: API, webhooks, signing).

Our message id is its message id, so a repetition is recognised. Its receipts are webhooks that name that id.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from channels.body import PROVIDER_BODY_LIMIT
from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome, Unknown
from channels.errors import MalformedRequest, Unauthenticated
from channels.sms.providers.base import (
    Acknowledgement,
    DeliveryState,
    InboundSms,
    ProviderRequest,
    Receipt,
    Submission,
)
from channels.sms.providers.http import HttpAnswer, HttpDoor
from channels.sms.providers.reading import json_object, text_of
from channels.sms.providers.smsgate.settings import SmsGateSettings

logger = logging.getLogger(__name__)
CLOCKS_DIFFER = 300
"""Seconds that its clock and ours may differ; an older call is a repetition by somebody else."""
STATES = {
    "sms:sent": DeliveryState.ACCEPTED,
    "sms:delivered": DeliveryState.DELIVERED,
    "sms:failed": DeliveryState.FAILED,
}
ANSWERS: dict[int, SendOutcome] = {
    HTTPStatus.BAD_REQUEST: Rejected(SendError.CONTENT_REJECTED, "400"),
    HTTPStatus.UNAUTHORIZED: Retry(SendError.NOT_CONFIGURED, code="401"),
    HTTPStatus.FORBIDDEN: Retry(SendError.NOT_CONFIGURED, code="403"),
    HTTPStatus.CONFLICT: Accepted(),  # it has this id already
    HTTPStatus.TOO_MANY_REQUESTS: Retry(SendError.THROTTLED, code="429"),
    HTTPStatus.SERVICE_UNAVAILABLE: Retry(SendError.THROTTLED, code="503"),  # its queue is full
}


class SmsGateProvider:
    """Submits to, and reads, one SMSGate."""

    whole = True
    idempotent = True
    acknowledgement = Acknowledgement()

    def __init__(self, settings: SmsGateSettings) -> None:
        self._url = f"{settings.url}/messages"
        self._key = settings.signing_key.get_secret_value().encode()
        who = f"{settings.username}:{settings.password.get_secret_value()}"
        headers = {"Authorization": f"Basic {base64.b64encode(who.encode()).decode()}"}
        self._door = HttpDoor(settings.timeout_seconds, idempotent=self.idempotent, headers=headers)

    async def start(self) -> None:
        """Open the HTTP session."""
        await self._door.open()

    async def stop(self) -> None:
        """Close the HTTP session."""
        await self._door.close()

    def parse_inbound(self, request: ProviderRequest) -> InboundSms | None:
        """Read a message; see SmsProvider. Its repetitions have the same sender, time and text, so these name it."""
        event, payload = self._event(request)
        if event != "sms:received":
            return None
        sender, text = text_of(payload, "sender"), text_of(payload, "message", longest=PROVIDER_BODY_LIMIT)
        named = "\0".join((sender, text_of(payload, "receivedAt"), text)).encode("utf-8", "surrogatepass")
        return InboundSms(sender, text, provider_id=hmac.new(self._key, named, hashlib.sha256).hexdigest())

    def parse_receipt(self, request: ProviderRequest) -> Receipt | None:
        """Read a receipt; see SmsProvider."""
        event, payload = self._event(request)
        if event not in STATES:
            return None
        return Receipt(STATES[event], submission_id=text_of(payload, "messageId"), code=event)

    async def submit(self, submission: Submission) -> SendOutcome:
        """Hand one message over; see SmsProvider."""
        message = {
            "id": submission.id,
            "textMessage": {"text": submission.text},
            "phoneNumbers": [submission.to],
            "ttl": submission.valid_seconds,
            "withDeliveryReport": True,
        }
        answer = await self._door.post(self._url, json=message)
        return _outcome(answer, submission.id) if isinstance(answer, HttpAnswer) else answer

    def _event(self, request: ProviderRequest) -> tuple[str, Mapping[str, Any]]:
        self._verify(request)
        fields = json_object(request.body)
        payload = fields.get("payload")
        if not isinstance(payload, dict):
            raise MalformedRequest("payload is not an object")
        return text_of(fields, "event"), payload

    def _verify(self, request: ProviderRequest) -> None:
        """HMAC-SHA256 of body and time, in hexadecimal digits."""
        given, at = request.headers.get("x-signature", ""), request.headers.get("x-timestamp", "")
        if not (at.isascii() and at.isdecimal() and len(at) < 12 and abs(time.time() - int(at)) <= CLOCKS_DIFFER):
            raise Unauthenticated
        right = hmac.new(self._key, request.body + at.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.lower().encode("utf-8", "surrogatepass"), right.encode()):
            raise Unauthenticated


def _outcome(answer: HttpAnswer, submission_id: str) -> SendOutcome:
    if answer.status in (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED):
        return Accepted(submission_id)
    outcome = ANSWERS.get(answer.status)
    if outcome is None:
        logger.error("sms provider answered what its table does not have", extra={"status": answer.status})
        return Unknown(SendError.RESPONSE_UNPARSEABLE, code=str(answer.status))
    if isinstance(outcome, Retry):
        return Retry(outcome.error, answer.retry_after, outcome.code)
    return outcome
