"""Our side of Twilio's Messages API and webhooks (its documentation: Messages resource, webhook security)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from channels.body import PROVIDER_BODY_LIMIT
from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome, Unknown
from channels.errors import MalformedRequest, Unauthenticated
from channels.sms.errors import UnknownState
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
from channels.sms.providers.twilio.settings import TwilioSettings

logger = logging.getLogger(__name__)
LONGEST_VALIDITY = 36_000
_MOST_FIELDS = 200
STATES = {
    "accepted": DeliveryState.ACCEPTED,
    "queued": DeliveryState.ACCEPTED,
    "sending": DeliveryState.ACCEPTED,
    "sent": DeliveryState.ACCEPTED,
    "delivered": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
ERRORS: dict[int, Retry | Rejected] = {
    20003: Retry(SendError.NOT_CONFIGURED),  # authentication
    20429: Retry(SendError.THROTTLED),  # too many requests
    21211: Rejected(SendError.RECIPIENT_REJECTED),  # invalid To
    21408: Retry(SendError.NOT_CONFIGURED),  # region not allowed for the account
    21602: Rejected(SendError.CONTENT_REJECTED),  # no body
    21606: Retry(SendError.NOT_CONFIGURED),  # From is not ours
    21610: Rejected(SendError.BLOCKED),  # the recipient has opted out at the provider
    21612: Rejected(SendError.RECIPIENT_REJECTED),  # cannot be reached from this From
    21614: Rejected(SendError.RECIPIENT_REJECTED),  # not a mobile
    21617: Rejected(SendError.CONTENT_REJECTED),  # too long
}


class TwilioProvider:
    """Submits to, and reads, one account."""

    whole = True
    idempotent = False
    acknowledgement = Acknowledgement("<Response/>", "text/xml")

    def __init__(self, settings: TwilioSettings) -> None:
        token = settings.auth_token.get_secret_value()
        self._url = f"{settings.url}/2010-04-01/Accounts/{settings.account_sid}/Messages.json"
        self._key = token.encode()
        who = base64.b64encode(f"{settings.account_sid}:{token}".encode()).decode()
        headers = {"Authorization": f"Basic {who}"}
        self._door = HttpDoor(settings.timeout_seconds, idempotent=self.idempotent, headers=headers)

    async def start(self) -> None:
        """Open the HTTP session."""
        await self._door.open()

    async def stop(self) -> None:
        """Close the HTTP session."""
        await self._door.close()

    def parse_inbound(self, request: ProviderRequest) -> InboundSms:
        """Read a message; see SmsProvider."""
        fields = self._fields(request)
        text = text_of(fields, "Body", longest=PROVIDER_BODY_LIMIT)
        return InboundSms(text_of(fields, "From"), text, text_of(fields, "To"), text_of(fields, "MessageSid"))

    def parse_receipt(self, request: ProviderRequest) -> Receipt:
        """Read a receipt; see SmsProvider."""
        fields = self._fields(request)
        word = text_of(fields, "MessageStatus")
        if word not in STATES:
            raise UnknownState(word)
        code = text_of(fields, "ErrorCode") if "ErrorCode" in fields else word
        return Receipt(STATES[word], provider_id=text_of(fields, "MessageSid"), code=code)

    async def submit(self, submission: Submission) -> SendOutcome:
        """Hand one message over; see SmsProvider."""
        message = {
            "To": submission.to,
            "From": submission.sender,
            "Body": submission.text,
            "ValidityPeriod": str(max(1, min(submission.valid_seconds, LONGEST_VALIDITY))),
            "StatusCallback": submission.receipt_url,
        }
        answer = await self._door.post(self._url, data=message)
        return _outcome(answer) if isinstance(answer, HttpAnswer) else answer

    def _fields(self, request: ProviderRequest) -> Mapping[str, str]:
        """The form, its signature checked: it is over the form's values, so they are split before, and not used."""
        try:
            pairs = parse_qsl(
                request.body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
            )
        except ValueError:
            raise MalformedRequest("not a form") from None
        if not hmac.compare_digest(
            request.headers.get("x-twilio-signature", "").encode("utf-8", "surrogatepass"),
            signature(self._key, request.url, pairs).encode(),
        ):
            raise Unauthenticated
        return dict(pairs)


def signature(key: bytes, url: str, pairs: list[tuple[str, str]]) -> str:
    """Base64 of HMAC-SHA1 over the address and the sorted names and values."""
    text = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha1).digest()).decode()


def _outcome(answer: HttpAnswer) -> SendOutcome:
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return Retry(SendError.UNAVAILABLE, answer.retry_after, "503")
    try:
        fields = json_object(answer.body)
        if answer.status == HTTPStatus.CREATED:
            return Accepted(text_of(fields, "sid"))
        outcome = ERRORS[fields["code"]]
    except (MalformedRequest, KeyError, TypeError):
        logger.error("sms provider answered what its table does not have", extra={"status": answer.status})
        return Unknown(SendError.RESPONSE_UNPARSEABLE, code=str(answer.status))
    code = str(fields["code"])
    if isinstance(outcome, Retry):
        return Retry(outcome.error, answer.retry_after, code)
    return Rejected(outcome.error, code)
