"""Our side of the simulated provider: a small JSON protocol of the kind that SMS gateways speak.

submit   POST {url}/messages, Bearer secret: {"id", "from", "to", "encoding", "text", "joint", "receipts"}
         -> 202 {"id"}, else {"error"}; `joint` is [reference, total, number] or null
inbound  POST from them: {"id", "from", "to", "text"} and perhaps "joint"
receipt  POST from them, to the address in `receipts`: {"id", "state"}, states as SMPP 3.4 names them
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Literal

from pydantic import Field, SecretStr

from channels.body import PROVIDER_BODY_LIMIT
from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome, Unknown
from channels.errors import MalformedRequest
from channels.sms.errors import UnknownState
from channels.sms.providers.base import (
    Acknowledgement,
    DeliveryState,
    InboundSms,
    Joint,
    ProviderRequest,
    ProviderSettings,
    Receipt,
    Submission,
)
from channels.sms.providers.http import HttpAnswer, HttpDoor
from channels.sms.providers.reading import json_object, text_of

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
    "unauthorized": Retry(SendError.NOT_CONFIGURED),
    "invalid_recipient": Rejected(SendError.RECIPIENT_REJECTED),
    "invalid_content": Rejected(SendError.CONTENT_REJECTED),
}


class SimulatorSettings(ProviderSettings):
    """The configuration of a simulated provider."""

    kind: Literal["simulator"] = "simulator"
    url: str = Field(description="Address of its API.")
    secret: SecretStr = Field(description="What a submission must carry.")
    idempotent: bool = Field(True, description="Whether it recognises a submission that it has already.")


class SimulatorProvider:
    """Submits to, and reads, the simulated operator."""

    whole = False
    acknowledgement = Acknowledgement()

    def __init__(self, settings: SimulatorSettings) -> None:
        self.idempotent = settings.idempotent
        self._url = f"{settings.url}/messages"
        headers = {"Authorization": f"Bearer {settings.secret.get_secret_value()}"}
        self._door = HttpDoor(settings.timeout_seconds, idempotent=self.idempotent, headers=headers)

    async def start(self) -> None:
        """Open the HTTP session."""
        await self._door.open()

    async def stop(self) -> None:
        """Close the HTTP session."""
        await self._door.close()

    def parse_inbound(self, request: ProviderRequest) -> InboundSms:
        """Read a message; see SmsProvider."""
        fields = json_object(request.body)
        return InboundSms(
            sender=text_of(fields, "from"),
            text=text_of(fields, "text", longest=PROVIDER_BODY_LIMIT),
            recipient=text_of(fields, "to"),
            provider_id=text_of(fields, "id"),
            joint=_joint(fields.get("joint")),
        )

    def parse_receipt(self, request: ProviderRequest) -> Receipt:
        """Read a receipt; see SmsProvider."""
        fields = json_object(request.body)
        code = text_of(fields, "state")
        if code not in STATES:
            raise UnknownState(code)
        return Receipt(STATES[code], provider_id=text_of(fields, "id"), code=code)

    async def submit(self, submission: Submission) -> SendOutcome:
        """Hand one part over; see SmsProvider."""
        joint = submission.joint
        message = {
            "id": submission.id,
            "from": submission.sender,
            "to": submission.to,
            "encoding": submission.encoding.name,
            "text": submission.text,
            "joint": [joint.reference, joint.total, joint.number] if joint else None,
            "receipts": submission.receipt_url,
        }
        answer = await self._door.post(self._url, json=message)
        return _outcome(answer) if isinstance(answer, HttpAnswer) else answer


def _outcome(answer: HttpAnswer) -> SendOutcome:
    try:
        fields = json_object(answer.body)
        if answer.status == HTTPStatus.ACCEPTED:
            return Accepted(text_of(fields, "id"))
        code = text_of(fields, "error", longest=40)
        outcome = ERRORS[code]
    except (MalformedRequest, KeyError):
        logger.error("sms provider answered what its table does not have", extra={"status": answer.status})
        return Unknown(SendError.RESPONSE_UNPARSEABLE, code=str(answer.status))
    if isinstance(outcome, Retry):
        return Retry(outcome.error, answer.retry_after, code)
    return Rejected(outcome.error, code)


def _joint(value: Any) -> Joint | None:
    if value is None:
        return None
    if not isinstance(value, list) or [type(number) for number in value] != [int, int, int]:
        raise MalformedRequest("joint is not three numbers")
    reference, total, number = value
    if not 0 <= reference < 65_536 or not 1 <= number <= total < 256:
        raise MalformedRequest("joint is out of range")
    return Joint(reference, total, number)
