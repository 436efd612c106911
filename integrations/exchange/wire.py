"""What all resources of `openapi.yaml` share on the wire: JSON, problems, cleaned texts, times, states.

An answer is read strictly for what we use and blindly for the rest: a field that we do not know, such as a name that
the agency should not have sent, goes no further.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from integrations.exchange.errors import BadAnswer, Problem
from integrations.exchange.model import RequiredAction, State

JSON = "application/json"
PROBLEM = "application/problem+json"
NOT_FOUND = "urn:dalil:status:not-found-or-not-yours"
PROOF_REFUSED = "urn:dalil:status:proof-refused"
CURSOR_EXPIRED = "urn:dalil:status:cursor-expired"

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]")
_Document = TypeVar("_Document", bound=BaseModel)


def clean(value: object) -> object:
    """Text without control characters and without those that reorder what surrounds it on the citizen's screen."""
    return " ".join(_HIDDEN.sub("", value).split()) if isinstance(value, str) else value


def _text_only(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value


Word = Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=64)]
Code = Annotated[str, BeforeValidator(clean), Field(max_length=64)]
Time = Annotated[AwareDatetime, BeforeValidator(_text_only)]
Day = Annotated[date, BeforeValidator(_text_only)]


class Part(BaseModel):
    """An object of an answer: camelCase there, and what we do not know is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Arabic(Part):
    """A text in Arabic."""

    ar: Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=500)]


class StateDocument(Part):
    """`State` of openapi.yaml."""

    code: Word
    title: Arabic | None = None
    reason_code: Code | None = None


class ActionDocument(Part):
    """`actionRequired` of openapi.yaml."""

    code: Code | None = None
    text: Arabic
    due_by: Day | None = None

    def value(self) -> RequiredAction:
        """As the rest of us knows it."""
        return RequiredAction(self.text.ar, self.code, self.due_by)


class _Problem(Part):
    type: str = Field("about:blank", max_length=200)
    title: str | None = Field(None, max_length=200)
    detail: str | None = Field(None, max_length=1000)


def read_problem(status: int, content_type: str, body: bytes) -> Problem:
    """An error's details; what is not problem+json gives only its status."""
    if content_type != PROBLEM:
        return Problem(status)
    try:
        document = read_document(_Problem, body)
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


def read_document(document: type[_Document], body: bytes) -> _Document:
    """A body as one of our documents.

    Raises:
        BadAnswer: it is not JSON, or not as described; the message has places in it, and no value.
    """
    try:
        return document.model_validate(read_json(body))
    except ValidationError as invalid:
        raise BadAnswer(f"not as described at {', '.join(places(invalid)[:5])}") from None


def places(invalid: ValidationError) -> list[str]:
    """Where in a document something is wrong, without what."""
    faults = invalid.errors(include_input=False, include_url=False, include_context=False)
    return sorted({".".join(str(step) for step in fault["loc"]) or "body" for fault in faults})


def arabic(text: Arabic | None) -> str | None:
    """The text, where there is one."""
    return text.ar if text else None


def meaning(word: str, words: Mapping[str, State]) -> State:
    """The state that an agency's word means. `words`: its own words in upper case and the states they mean."""
    known = word.upper()
    if known in words:
        return words[known]
    return State(known) if known in State.__members__ else State.UNKNOWN


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
