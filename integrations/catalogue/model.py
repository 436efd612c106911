"""What callers of the catalogue get: frozen values, free of the database.

A service is the document's PublicService, with each fact's source resolved. Callers show a fee only at grade A or B.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from integrations.catalogue.document import VERIFIED, Grade, Jurisdiction


@dataclass(frozen=True)
class Provenance:
    """Where a fact is from and how well it is sourced. `published` may be a year, a month or a day, or None."""

    source: str
    url: str | None
    published: str | None
    retrieved: date
    grade: Grade
    jurisdiction: Jurisdiction

    @property
    def verified(self) -> bool:
        """Whether the fact may be told as fact (grade A or B)."""
        return self.grade in VERIFIED


@dataclass(frozen=True)
class Statement:
    """A sentence of the catalogue (a paper, a condition, a step, a rule, a note)."""

    text: str
    provenance: Provenance
    note: str | None = None


@dataclass(frozen=True)
class StatementList:
    """Statements in order; `complete` is False when more exist that the source did not show."""

    items: tuple[Statement, ...]
    complete: bool


@dataclass(frozen=True)
class Cost:
    """One fee: amount in currency, or percent of percent_of, or free, or (all unset) not stated."""

    text: str
    amount: float | None
    currency: str
    percent: float | None
    percent_of: str | None
    free: bool
    base: float | None
    surcharge: float | None
    surcharge_text: str | None
    provenance: Provenance
    note: str | None = None


@dataclass(frozen=True)
class Duration:
    """A time in days; kind is processing, deadline or validity."""

    kind: str
    text: str
    days: float | None
    working: bool
    provenance: Provenance
    note: str | None = None


@dataclass(frozen=True)
class ServiceChannel:
    """A place or way to get the service."""

    kind: str
    text: str
    hours: str | None
    url: str | None
    provenance: Provenance
    note: str | None = None


@dataclass(frozen=True)
class ContactPoint:
    """How to reach the authority."""

    text: str | None
    telephone: tuple[str, ...]
    email: tuple[str, ...]
    page: str | None
    hours: str | None
    provenance: Provenance
    note: str | None = None


@dataclass(frozen=True)
class Authority:
    """The authority behind a service."""

    id: str
    name: str
    also: tuple[str, ...]
    parent: str | None
    jurisdiction: Jurisdiction


@dataclass(frozen=True)
class PublicService:
    """A service with all its facts; None means that no source states it."""

    id: str
    name: str
    also: tuple[str, ...]
    keywords: tuple[str, ...]
    description: str
    code: str | None
    grade: Grade
    jurisdiction: Jurisdiction
    status: str
    status_statement: Statement | None
    audience: tuple[str, ...]
    events: tuple[str, ...]
    related: tuple[str, ...]
    authority: Authority
    eligibility: StatementList | None
    requirements: StatementList | None
    evidence: StatementList | None
    steps: StatementList | None
    costs: tuple[Cost, ...]
    costs_complete: bool
    durations: tuple[Duration, ...]
    channels: tuple[ServiceChannel, ...]
    contacts: tuple[ContactPoint, ...]
    outputs: tuple[str, ...]
    rules: tuple[Statement, ...]
    legal: tuple[Statement, ...]
    notes: tuple[Statement, ...]

    @property
    def verified(self) -> bool:
        """Whether the service as a whole is sourced at grade A or B."""
        return self.grade in VERIFIED


@dataclass(frozen=True)
class Hit:
    """A service found by search.

    score: 0..1, comparable between queries, so that one threshold serves all: the share of the matched name's weight
    that the query covers. matched: the query's words (as typed) that name the service.
    spans: where they stand in the query, as half-open ranges of characters.
    """

    service: str
    name: str
    score: float
    matched: tuple[str, ...]
    spans: tuple[tuple[int, int], ...] = ()
