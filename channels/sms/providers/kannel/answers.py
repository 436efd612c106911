"""What Kannel 1.4.5 answers, and what it means.

The texts of smsbox (gw/smsbox.c) are the only thing that tells its answers apart: statuses are shared.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome, Unknown
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


def outcome_of(answer: HttpAnswer) -> SendOutcome:
    """What an answer of sendsms means for the message."""
    outcome = ANSWERS.get((answer.status, answer.text.strip()))
    if outcome is None:
        logger.error("sms provider answered what its table does not have", extra={"status": answer.status})
        return Unknown(SendError.RESPONSE_UNPARSEABLE, code=str(answer.status))
    return outcome if isinstance(outcome, Accepted) else replace(outcome, code=str(answer.status))
