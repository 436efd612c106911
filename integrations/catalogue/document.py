"""The catalogue file: one YAML file per authority, written and read by people.

Terms are CPSV-AP 3.2's (https://semiceu.github.io/CPSV-AP/releases/3.2.0/) where it has one; ours are marked "ours".
Every fact names its source; a list says whether it is known to be complete. What no source states is left out:
an absent list means "not stated", never "none".
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


Number = Annotated[float, BeforeValidator(_no_truth_value)]
"""A number; `amount: true` would otherwise be a fee of 1."""
Grade = Literal["A", "B", "C", "D", "X"]
"""A law or official text; B official or named authority; C secondary; D authority or law only; X nothing found."""
VERIFIED: tuple[Grade, ...] = ("A", "B")
"""The grades at which a fact may be told as fact."""
Jurisdiction = Literal["SAN", "ADE", "BOTH", "ABROAD"]
"""SAN authorities in Sana'a; ADE seat Aden; BOTH the same text of law; ABROAD the missions."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Part):
    """Where facts come from. `published` is as precise as known: 2025, 2025-11 or 2025-11-16; absent when undated."""

    id: Identifier
    title: Text
    url: str | None = Field(None, max_length=500)
    published: str | None = Field(None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    retrieved: date
    grade: Grade
    jurisdiction: Jurisdiction
    note: Text | None = None


class Fact(_Part):
    """A text and where it is from. `grade` and `jurisdiction` are the source's unless given here."""

    text: Text
    source: Identifier
    grade: Grade | None = None
    jurisdiction: Jurisdiction | None = None
    note: Text | None = None


class FactList(_Part):
    """Facts in the order a citizen needs them. `complete` is False when the source was cut off or says "and others"."""

    complete: bool
    items: tuple[Fact, ...] = Field(min_length=1)


class Cost(_Part):
    """cv:Cost. Exactly one of amount, percent, free is given; none of them when the fee exists but is not stated.

    amount: what the citizen pays in `currency`, surcharges included. percent: percent of `percent_of`.
    base, surcharge, surcharge_text: how the amount is made up (ours).
    """

    id: Identifier
    text: Text
    amount: Number | None = Field(None, ge=0)
    currency: str = Field("YER", pattern=r"^[A-Z]{3}$")
    percent: Number | None = Field(None, gt=0, le=100)
    percent_of: Text | None = None
    free: bool = False
    base: Number | None = Field(None, ge=0)
    surcharge: Number | None = Field(None, ge=0)
    surcharge_text: Text | None = None
    source: Identifier
    grade: Grade | None = None
    jurisdiction: Jurisdiction | None = None
    note: Text | None = None


class Costs(_Part):
    """The costs of a service; `complete` as in FactList."""

    complete: bool
    items: tuple[Cost, ...] = Field(min_length=1)


class Duration(_Part):
    """A time. kind: processing (of the office), deadline (how long the citizen has), validity (of the paper).

    days: calendar days, or working days where `working` says so; absent when the source only has words.
    """

    kind: Literal["processing", "deadline", "validity"]
    text: Text
    days: Number | None = Field(None, gt=0)
    working: bool = False
    source: Identifier
    grade: Grade | None = None
    jurisdiction: Jurisdiction | None = None
    note: Text | None = None


class ServiceChannel(_Part):
    """cv:Channel: a place or a way to get the service."""

    id: Identifier
    kind: Literal["office", "online", "app", "phone", "sms", "post", "bank", "mission", "agency"]
    text: Text
    hours: Text | None = None
    url: str | None = None
    source: Identifier
    grade: Grade | None = None
    jurisdiction: Jurisdiction | None = None
    note: Text | None = None


class ContactPoint(_Part):
    """cv:ContactPoint of an authority or service."""

    id: Identifier
    text: Text | None = None
    telephone: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    page: str | None = None
    hours: Text | None = None
    source: Identifier
    grade: Grade | None = None
    jurisdiction: Jurisdiction | None = None
    note: Text | None = None


class LegalResource(_Part):
    """eli:LegalResource: a law, regulation or circular."""

    id: Identifier
    title: Text
    source: Identifier
    note: Text | None = None


class Event(_Part):
    """cv:LifeEvent or cv:BusinessEvent that services are grouped by."""

    id: Identifier
    kind: Literal["life", "business"]
    name: Name


class PublicService(_Part):
    """cpsv:PublicService."""

    id: Identifier
    name: Name
    also: tuple[Name, ...] = ()
    """Alternative names, official and everyday (ours); search treats each as the name."""
    keywords: tuple[Name, ...] = ()
    """dcat:keyword: words people use for it that are not its name; weaker in search."""
    description: Text
    code: str | None = Field(None, max_length=40)
    """The authority's own code of the service (ours)."""
    grade: Grade
    jurisdiction: Jurisdiction
    status: Literal["in-force", "suspended", "unknown"] = "in-force"
    status_fact: Fact | None = None
    audience: tuple[Literal["individuals", "businesses", "government", "organisations"], ...] = ("individuals",)
    events: tuple[Identifier, ...] = ()
    related: tuple[Identifier, ...] = ()
    eligibility: FactList | None = None
    """cv:Requirement: who may have the service."""
    requirements: FactList | None = None
    """cv:Requirement: other conditions."""
    evidence: FactList | None = None
    """cpsv:Evidence: the papers to bring."""
    steps: FactList | None = None
    """What to do, in order (ours)."""
    costs: Costs | None = None
    durations: tuple[Duration, ...] = ()
    channels: tuple[ServiceChannel, ...] = ()
    contacts: tuple[Identifier, ...] = ()
    outputs: tuple[Name, ...] = ()
    rules: tuple[Fact, ...] = ()
    """cpsv:Rule: rules a citizen should know, such as fines for being late or where to complain."""
    legal: tuple[Identifier, ...] = ()
    notes: tuple[Fact, ...] = ()
    """Warnings to show with any answer, such as a conflict between sources (ours)."""


class Authority(_Part):
    """cv:PublicOrganisation and everything it publishes: the content of one catalogue file."""

    id: Identifier
    name: Name
    also: tuple[Name, ...] = ()
    jurisdiction: Jurisdiction
    spatial: Literal["YE"] = "YE"
    parent: Name | None = None
    description: Text | None = None
    sources: tuple[Source, ...] = Field(min_length=1)
    contacts: tuple[ContactPoint, ...] = ()
    legal: tuple[LegalResource, ...] = ()
    services: tuple[PublicService, ...] = ()


class Events(_Part):
    """The content of `events.yml`: the life and business events that services name."""

    events: tuple[Event, ...]


class Content(_Part):
    """A whole catalogue: what a folder of files, a remote catalogue or the database holds."""

    authorities: tuple[Authority, ...]
    events: tuple[Event, ...] = ()
