"""What Kannel 1.4.5 answers and reports, and what it means.

The texts of smsbox (gw/smsbox.c) are the only thing that tells its answers apart: statuses are shared.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome, Unknown
from channels.sms.providers.base import DeliveryState
from channels.sms.providers.http import HttpAnswer

logger = logging.getLogger(__name__)

ANSWERS: dict[tuple[int, str], SendOutcome] = {
    (202, "0: Accepted for delivery"): Accepted(),
    # No operator is connected now: bearerbox keeps it and sends it later.
    (202, "3: Queued for later delivery"): Accepted(),
    (503, "Temporal failure, try again later."): Retry(SendError.UNAVAILABLE),
    (403, "Authorization failed for sendsms"): Retry(SendError.NOT_CONFIGURED),
    (403, "Not routable. Do not try again."): Retry(SendError.NO_ROUTE),
    (400, "Sender missing and no global set, rejected"): Retry(SendError.NOT_CONFIGURED),
    (400, "Empty receiver number not allowed, rejected"): Rejected(SendError.RECIPIENT_REJECTED),
    (400, "Number(s) has/have been denied by white- and/or black-lists."): Rejected(SendError.RECIPIENT_REJECTED),
    (400, "Charset or body misformed, rejected"): Rejected(SendError.CONTENT_REJECTED),
}
_STATES = {
    "1": DeliveryState.DELIVERED,
    "2": DeliveryState.FAILED,
    "4": DeliveryState.ACCEPTED,
    "8": DeliveryState.ACCEPTED,
    "16": DeliveryState.FAILED,
}
"""The bits of a dlr-mask: delivered, failed, kept by the operator, taken by the operator, refused by the operator."""
_RECEIPT = re.compile(r"stat:([A-Za-z]{1,10}).{0,20}?err:([0-9A-Za-z]{1,10})", re.DOTALL)
"""Of an operator's text (SMPP 3.4, appendix B). It goes on with the beginning of the message: not to be kept."""
_REFUSAL = re.compile(r"NACK/([0-9A-Za-z][0-9A-Za-z ]{0,29})")


def outcome_of(answer: HttpAnswer) -> SendOutcome:
    """What an answer of sendsms means for the message."""
    outcome = ANSWERS.get((answer.status, answer.text.strip()))
    if outcome is None:
        logger.error("sms provider answered what its table does not have", extra={"status": answer.status})
        return Unknown(SendError.RESPONSE_UNPARSEABLE, code=str(answer.status))
    return outcome if isinstance(outcome, Accepted) else replace(outcome, code=str(answer.status))


def state_of(bit: str, reply: str) -> tuple[DeliveryState, str] | None:
    """State and code of a receipt, from its %d and %A; None when we do not know the bit."""
    state = _STATES.get(bit)
    if state is None:
        return None
    if found := _RECEIPT.search(reply):
        word, code = found[1].upper(), f"{found[1].upper()} {found[2]}"
        return (DeliveryState.EXPIRED if word == "EXPIRED" and bit == "2" else state), code
    refusal = _REFUSAL.search(reply)
    return state, refusal[1] if refusal else bit
