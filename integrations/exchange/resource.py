"""The status resource on the wire, as `openapi.yaml` describes it: what is sent, and how an answer is read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from arabic.digits import to_ascii_digits
from integrations.exchange.errors import BadAnswer
from integrations.exchange.model import (
    MAX_REFERENCE,
    ApplicationStatus,
    Evidence,
    Holder,
    Service,
    State,
    StatusQuery,
    Step,
)
from integrations.exchange.wire import (
    ActionDocument,
    Arabic,
    Day,
    Part,
    StateDocument,
    Time,
    Word,
    arabic,
    clean,
    meaning,
    read_document,
)

PATH = "applications/status:query"
"""The resource below the agency's service."""


class _Service(Part):
    code: Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=80)]
    name: Arabic | None = None


class _Step(Part):
    code: Word
    title: Arabic | None = None
    at: Time


class _Institution(Part):
    name: Arabic | None = None
    office: Annotated[str, BeforeValidator(clean), Field(max_length=200)] | None = None


class _Status(Part):
    reference: str = Field(min_length=1, max_length=MAX_REFERENCE)
    service: _Service
    status: StateDocument
    ended: bool = Field(strict=True)
    as_of: Time
    submitted_at: Time | None = None
    updated_at: Time | None = None
    expected_by: Day | None = None
    institution: _Institution | None = None
    action_required: ActionDocument | None = None
    history: tuple[_Step, ...] = Field((), max_length=50)


def query_body(query: StatusQuery) -> bytes:
    """The body of the request: UTF-8 JSON. It holds the proof: it is sent, never logged and never kept."""
    proof = {"kind": query.proof.kind.value, "value": query.proof.value.get_secret_value()}
    return json.dumps({"reference": query.reference, "proof": proof}, ensure_ascii=False).encode()


def read_status(
    body: bytes, agency: str, asked: StatusQuery, words: Mapping[str, State], evidence: Evidence
) -> ApplicationStatus:
    """The answer as a value. `words`: the agency's own words in upper case and the states they mean.

    Raises:
        BadAnswer: it is not what openapi.yaml says, or speaks of another application than was asked for.
    """
    document = read_document(_Status, body)
    if _loose(document.reference) != _loose(asked.reference):
        # Somebody else's application, by whatever mistake, must not reach this citizen.
        raise BadAnswer("speaks of another application")
    institution, action = document.institution, document.action_required
    return ApplicationStatus(
        agency=agency,
        reference=asked.reference,
        service=Service(document.service.code, arabic(document.service.name)),
        state=meaning(document.status.code, words),
        word=document.status.code,
        title=arabic(document.status.title),
        reason=document.status.reason_code,
        ended=document.ended,
        as_of=document.as_of,
        evidence=evidence,
        submitted=document.submitted_at,
        updated=document.updated_at,
        expected=document.expected_by,
        holder=Holder(arabic(institution.name), institution.office or None) if institution else None,
        required=action.value() if action else None,
        history=tuple(_step(step, words) for step in document.history),
    )


def _loose(reference: str) -> str:
    """Without case, separators and the script of its digits, which agencies write as they like."""
    return re.sub(r"[^\w]", "", to_ascii_digits(reference)).casefold() or reference


def _step(step: _Step, words: Mapping[str, State]) -> Step:
    at: datetime = step.at
    return Step(meaning(step.code, words), step.code, at, arabic(step.title))
