"""What is asked of an agency and what it answers, as frozen values.

The four states of GovStack's Registration building block (PENDING, APPROVED, SENDBACK, REJECTED; API 0.1.1,
`statusModel.code`) are kept by name; the others complete the life of an application. Nothing personal shows in `repr`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from pydantic import SecretStr

from arabic.digits import to_ascii_digits

MAX_REFERENCE = 64
_REFERENCE = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]{1,64}")


class State(str, Enum):
    """Where an application stands. UNKNOWN: the agency's word is in no list; its own title tells what it means."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    PENDING = "PENDING"
    SENDBACK = "SENDBACK"
    AWAITING_PAYMENT = "AWAITING_PAYMENT"
    APPROVED = "APPROVED"
    READY_FOR_COLLECTION = "READY_FOR_COLLECTION"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    UNKNOWN = "UNKNOWN"


ENDS = frozenset({State.COMPLETED, State.REJECTED, State.WITHDRAWN, State.EXPIRED})
"""States after which nothing follows."""


class ProofKind(str, Enum):
    """What shows that an application is the citizen's; each is compared by the agency, never by us.

    LAST_FOUR: the last four digits of the national number.
    ONE_TIME_CODE: a code or token that the agency sent to the number registered in the application.
    REGISTERED_NUMBER: the citizen's number (E.164), which the channel or our own code has shown to be theirs.
    """

    LAST_FOUR = "national-number-last4"
    ONE_TIME_CODE = "one-time-code"
    REGISTERED_NUMBER = "registered-number"


FORMS: Mapping[ProofKind, str] = {
    ProofKind.LAST_FOUR: r"[0-9]{4}",
    ProofKind.ONE_TIME_CODE: r"[A-Za-z0-9._~-]{4,128}",
    ProofKind.REGISTERED_NUMBER: r"\+[1-9][0-9]{6,14}",
}
"""The whole form of a proof's value, as openapi.yaml has it."""


@dataclass(frozen=True)
class Proof:
    """A proof; its value never shows in `repr`, and is read with `value.get_secret_value()` where it is sent.

    Raises:
        ValueError: the value has not the form of its kind (the message does not repeat it).
    """

    kind: ProofKind
    value: SecretStr

    def __post_init__(self) -> None:
        if not re.fullmatch(FORMS[self.kind], self.value.get_secret_value()):
            raise ValueError(f"not the form of a {self.kind.value}")

    @classmethod
    def of(cls, kind: ProofKind, text: str) -> Proof:
        """A proof as a person writes it: digits of any script, spaces between them.

        Raises:
            ValueError: as for the class.
        """
        return cls(kind, SecretStr(re.sub(r"\s", "", to_ascii_digits(text))))


@dataclass(frozen=True)
class StatusQuery:
    """A reference and its proof.

    Raises:
        ValueError: the reference is empty, longer than 64 characters, or has spaces or invisible characters in it.
    """

    reference: str = field(repr=False)
    proof: Proof

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.reference):
            raise ValueError("not the form of a reference")


@dataclass(frozen=True)
class Service:
    """The service applied for: the agency's code of it (a catalogue identifier where they agreed), and its name."""

    code: str
    name: str | None = None


@dataclass(frozen=True)
class Holder:
    """Who has the application now: an institution, and an office or department of it."""

    name: str | None
    office: str | None = None


@dataclass(frozen=True)
class RequiredAction:
    """What the citizen must do next. text: the agency's words, in Arabic. code: its own word. due: the last day."""

    text: str
    code: str | None = None
    due: date | None = None


@dataclass(frozen=True)
class Step:
    """A state that the application was in, and since when. `word` and `title` as in ApplicationStatus."""

    state: State
    word: str
    at: datetime
    title: str | None = None


@dataclass(frozen=True)
class Evidence:
    """What shows later that this answer was given: ids for the audit row; nothing personal.

    request_id: ours (X-Road-Id). exchange_id: the security server's (X-Road-Request-Id). request_hash:
    X-Road-Request-Hash, SHA-512 over the request, which both security servers keep signed.
    """

    request_id: str
    exchange_id: str | None = None
    request_hash: str | None = None


@dataclass(frozen=True)
class ApplicationStatus:
    """Where an application stands, as its agency said. Every time has its zone; every text is safe to show as text.

    word: the agency's own word for the state. title: its Arabic title, the only meaning there is of UNKNOWN.
    reason: the agency's code of why, or None. as_of: when the agency looked. expected: the day it should be done.
    history: oldest first, at most 50 steps.
    """

    agency: str
    reference: str = field(repr=False)
    service: Service
    state: State
    word: str
    ended: bool
    as_of: datetime
    evidence: Evidence
    title: str | None = None
    reason: str | None = None
    submitted: datetime | None = None
    updated: datetime | None = None
    expected: date | None = None
    holder: Holder | None = None
    required: RequiredAction | None = None
    history: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Subscription:
    """An agency's word that it will tell of one application. Who has it needs no proof to hear of later changes.

    id: the agency's, opaque, at most 64 characters. cursor: a place in the agency's feed before its first change.
    """

    agency: str
    id: str = field(repr=False)
    cursor: str


@dataclass(frozen=True)
class Change:
    """What an application has come to, by its subscription. The same change may come again: `at` and `word` tell.

    at: since when it is in this state. The other fields are as in ApplicationStatus.
    """

    subscription: str = field(repr=False)
    at: datetime
    state: State
    word: str
    ended: bool
    title: str | None = None
    reason: str | None = None
    required: RequiredAction | None = None
    expected: date | None = None


@dataclass(frozen=True)
class Changes:
    """A page of an agency's feed, oldest first. cursor: where the next page begins. more: whether there is one now.

    unreadable: of each change that was not as described, the places in it; it is lost, the others are not.
    """

    agency: str
    changes: tuple[Change, ...]
    cursor: str
    more: bool
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Readiness:
    """Whether an agency can be asked. reason: None when it can, else the `reason` of the error. seconds: it took.

    detail: a line for the operator. open: whether the agency is left alone after failures (the breaker is open).
    """

    agency: str
    ready: bool
    seconds: float
    open: bool
    reason: str | None = None
    detail: str | None = None
