"""The status resource on the wire, as `openapi.yaml` describes it: what is sent, and how an answer is read.

An answer is read strictly for what we use and blindly for the rest: a field that we do not know, such as a name that
the agency should not have sent, goes no further.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from arabic.digits import to_ascii_digits
from integrations.exchange.errors import BadAnswer, Problem
from integrations.exchange.model import (
    MAX_REFERENCE,
    ApplicationStatus,
    Evidence,
    Holder,
    RequiredAction,
    Service,
    State,
    StatusQuery,
    Step,
)

PATH = "applications/status:query"
"""The resource below the agency's service."""
JSON = "application/json"
PROBLEM = "application/problem+json"
NOT_FOUND = "urn:dalil:status:not-found-or-not-yours"
PROOF_REFUSED = "urn:dalil:status:proof-refused"

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]")
_Document = TypeVar("_Document", bound=BaseModel)


def _clean(value: object) -> object:
    """Text without control characters and without those that reorder what surrounds it on the citizen's screen."""
    return " ".join(_HIDDEN.sub("", value).split()) if isinstance(value, str) else value


def _text_only(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value


_Word = Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=64)]
_Code = Annotated[str, BeforeValidator(_clean), Field(max_length=64)]
_Time = Annotated[AwareDatetime, BeforeValidator(_text_only)]
_Day = Annotated[date, BeforeValidator(_text_only)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)


class _Arabic(_Part):
    ar: Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=500)]


class _Service(_Part):
    code: Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=80)]
    name: _Arabic | None = None


class _State(_Part):
    code: _Word
    title: _Arabic | None = None
    reason_code: _Code | None = None


class _Step(_Part):
    code: _Word
    title: _Arabic | None = None
    at: _Time


class _Institution(_Part):
    name: _Arabic | None = None
    office: Annotated[str, BeforeValidator(_clean), Field(max_length=200)] | None = None


class _Action(_Part):
    code: _Code | None = None
    text: _Arabic
    due_by: _Day | None = None


class _Status(_Part):
    reference: str = Field(min_length=1, max_length=MAX_REFERENCE)
    service: _Service
    status: _State
    ended: bool = Field(strict=True)
    as_of: _Time
    submitted_at: _Time | None = None
    updated_at: _Time | None = None
    expected_by: _Day | None = None
    institution: _Institution | None = None
    action_required: _Action | None = None
    history: tuple[_Step, ...] = Field((), max_length=50)


class _Problem(_Part):
    type: str = Field("about:blank", max_length=200)
    title: str | None = Field(None, max_length=200)
    detail: str | None = Field(None, max_length=1000)


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
    document = _read(_Status, body)
    if _loose(document.reference) != _loose(asked.reference):
        # Somebody else's application, by whatever mistake, must not reach this citizen.
        raise BadAnswer("speaks of another application")
    institution, action = document.institution, document.action_required
    return ApplicationStatus(
        agency=agency,
        reference=asked.reference,
        service=Service(document.service.code, _arabic(document.service.name)),
        state=_meaning(document.status.code, words),
        word=document.status.code,
        title=_arabic(document.status.title),
        reason=document.status.reason_code,
        ended=document.ended,
        as_of=document.as_of,
        evidence=evidence,
        submitted=document.submitted_at,
        updated=document.updated_at,
        expected=document.expected_by,
        holder=Holder(_arabic(institution.name), institution.office or None) if institution else None,
        required=RequiredAction(action.text.ar, action.code, action.due_by) if action else None,
        history=tuple(_step(step, words) for step in document.history),
    )


def read_problem(status: int, content_type: str, body: bytes) -> Problem:
    """An error's details; what is not problem+json gives only its status."""
    if content_type != PROBLEM:
        return Problem(status)
    try:
        document = _read(_Problem, body)
    except BadAnswer:
        return Problem(status)
    return Problem(status, document.type, document.title, document.detail)


def read_json(body: bytes) -> Any:
    """JSON in UTF-8, with the numbers that JSON has.

    Raises:
        BadAnswer: it is something else.
    """
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        # Without a cause: the parser's message quotes the text.
        raise BadAnswer("is not JSON in UTF-8") from None


def _read(document: type[_Document], body: bytes) -> _Document:
    try:
        return document.model_validate(read_json(body))
    except ValidationError as invalid:
        faults = invalid.errors(include_input=False, include_url=False, include_context=False)
        places = sorted({".".join(str(step) for step in fault["loc"]) or "body" for fault in faults})
        raise BadAnswer(f"not as described at {', '.join(places[:5])}") from None


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _loose(reference: str) -> str:
    """Without case, separators and the script of its digits, which agencies write as they like."""
    return re.sub(r"[^\w]", "", to_ascii_digits(reference)).casefold() or reference


def _arabic(text: _Arabic | None) -> str | None:
    return text.ar if text else None


def _meaning(word: str, words: Mapping[str, State]) -> State:
    known = word.upper()
    if known in words:
        return words[known]
    return State(known) if known in State.__members__ else State.UNKNOWN


def _step(step: _Step, words: Mapping[str, State]) -> Step:
    at: datetime = step.at
    return Step(_meaning(step.code, words), step.code, at, _arabic(step.title))
