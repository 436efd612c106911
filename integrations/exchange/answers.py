"""What an agency's own answer means: what was asked for, or one of our errors."""

from __future__ import annotations

from integrations.exchange.configuration import Agency
from integrations.exchange.errors import (
    AgencyFault,
    BadAnswer,
    CursorExpired,
    NotFoundOrNotYours,
    NotOffered,
    ProofRefused,
    RateLimited,
    StatusError,
    Unavailable,
)
from integrations.exchange.following import read_changes, read_subscription
from integrations.exchange.model import ApplicationStatus, Changes, Evidence, StatusQuery, Subscription
from integrations.exchange.resource import read_status
from integrations.exchange.transport import Answer
from integrations.exchange.wire import CURSOR_EXPIRED, JSON, NOT_FOUND, PROOF_REFUSED, read_problem

_LONGEST_WAIT = 86_400.0
_NO_SUCH_RESOURCE = (404, 405, 501)


def status_of(answer: Answer, agency: Agency, query: StatusQuery, request_id: str) -> ApplicationStatus:
    """The state in an answer.

    Raises:
        StatusError: it is a refusal, an error, or not as openapi.yaml says.
    """
    if answer.status != 200:
        raise _refusal(answer)
    _check_json(answer)
    exchange_id, request_hash = answer.headers.get("x-road-request-id"), answer.headers.get("x-road-request-hash")
    evidence = Evidence(request_id, _short(exchange_id), _short(request_hash))
    return read_status(answer.body, agency.id, query, agency.words, evidence)


def subscription_of(answer: Answer, agency: Agency) -> Subscription:
    """The subscription in an answer.

    Raises:
        StatusError: as `status_of`; NotOffered where the agency has no such resource.
    """
    if answer.status != 201:
        raise _following_refusal(answer)
    _check_json(answer)
    return read_subscription(answer.body, agency.id)


def changes_of(answer: Answer, agency: Agency, cursor: str | None, limit: int) -> Changes:
    """The page of changes in an answer to the question for `limit` of them from `cursor` on.

    Raises:
        StatusError: as `subscription_of`; CursorExpired where the agency no longer knows the cursor.
    """
    if answer.status != 200:
        raise _following_refusal(answer)
    _check_json(answer)
    return read_changes(answer.body, agency.id, agency.words, cursor, limit)


def ending_of(answer: Answer) -> None:
    """Nothing, when the subscriptions are ended.

    Raises:
        StatusError: as `subscription_of`.
    """
    if answer.status != 204:
        raise _following_refusal(answer)


def _following_refusal(answer: Answer) -> StatusError:
    problem = read_problem(answer.status, answer.content_type, answer.body)
    if answer.status == 410 and problem.type == CURSOR_EXPIRED:
        return CursorExpired()
    if answer.status in _NO_SUCH_RESOURCE and problem.type != NOT_FOUND:
        return NotOffered(f"status {answer.status}")
    return _refusal(answer)


def _refusal(answer: Answer) -> StatusError:
    problem = read_problem(answer.status, answer.content_type, answer.body)
    if answer.status == 404:
        # A 404 without our word for it is a wrong address: no citizen may be told "no such application" for that.
        return NotFoundOrNotYours() if problem.type == NOT_FOUND else BadAnswer("has no such address")
    if answer.status == 401 and problem.type == PROOF_REFUSED:
        return ProofRefused()
    if answer.status == 429:
        return RateLimited(_retry_after(answer))
    if answer.status == 503:
        return Unavailable("status 503", retry_after=_retry_after(answer))
    if 400 <= answer.status < 600:
        return AgencyFault(problem)
    return BadAnswer(f"has status {answer.status}")


def _check_json(answer: Answer) -> None:
    if answer.content_type != JSON:
        raise BadAnswer(f"is not {JSON}")


def _retry_after(answer: Answer) -> float | None:
    """Seconds. The other form of Retry-After, a date, is not in openapi.yaml and is passed over."""
    text = answer.headers.get("retry-after", "")
    return min(float(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _short(text: str | None) -> str | None:
    return text if text and len(text) <= 200 and text.isprintable() else None
