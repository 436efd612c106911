"""What Jasmin answers and reports, and what it means.

Sources, in Jasmin 0.11: jasmin/protocols/http/errors.py and endpoints/send.py for the statuses of /send.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus

from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome, Unknown
from channels.sms.providers.base import DeliveryState
from channels.sms.providers.http import HttpAnswer

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
"""Words of a handset's receipt (SMPP 3.4, appendix B)."""
_SUCCESS = re.compile(r'Success "([0-9A-Za-z-]{1,100})"\s*')
_ERROR = re.compile(r'Error "(.*)"\s*', re.DOTALL)
_SMPP_FAILURE = re.compile(r"ESME_R[A-Z0-9_]{1,34}")


def state_of(word: str) -> DeliveryState | None:
    """What a `message_status` says; None when we do not know it.

    Every ESME_R* but ESME_ROK is the operator's refusal of the submission (SMPP 3.4, 5.1.3).
    """
    if word == "ESME_ROK":
        return DeliveryState.ACCEPTED
    return DeliveryState.FAILED if _SMPP_FAILURE.fullmatch(word) else STATES.get(word)


def outcome_of(answer: HttpAnswer) -> SendOutcome:
    """What an answer of /send means for the message."""
    success, error = _SUCCESS.fullmatch(answer.text), _ERROR.fullmatch(answer.text)
    if answer.status == HTTPStatus.OK and success:
        return Accepted(success[1])
    outcome = _refusal(answer.status, error[1]) if error else None
    if outcome is None:
        logger.error("sms provider answered what its table does not have", extra={"status": answer.status})
        return Unknown(SendError.RESPONSE_UNPARSEABLE, code=str(answer.status))
    return outcome


def _refusal(status: int, reason: str) -> SendOutcome | None:
    """All are raised before a message is queued, save 500: that may come after a part was queued, so is unknown."""
    code = str(status)
    if status == HTTPStatus.BAD_REQUEST:
        return _invalid(reason, code)
    if status == HTTPStatus.FORBIDDEN:
        busy = "throughput" in reason.lower()
        return Retry(SendError.THROTTLED if busy else SendError.NOT_CONFIGURED, code=code)
    if status in (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.SERVICE_UNAVAILABLE):
        return Retry(SendError.UNAVAILABLE, code=code)
    return None


def _invalid(reason: str, code: str) -> SendOutcome:
    """Only what is said of the number or the text is the message's fault; rights, filters and scripts are set up."""
    if reason.startswith("Authorization failed"):
        return Retry(SendError.NOT_CONFIGURED, code=code)
    if "[to]" in reason or "destination_addr" in reason:
        return Rejected(SendError.RECIPIENT_REJECTED, code)
    if "content" in reason or "short_message" in reason:
        return Rejected(SendError.CONTENT_REJECTED, code)
    return Retry(SendError.NOT_CONFIGURED, code=code)
