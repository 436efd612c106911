"""Which term of the vocabulary each field of a document part has, and how its value is written and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from integrations.catalogue.jsonld.vocabulary import BASE, CURRENCY


class Malformed(ValueError):
    """A value of a JSON-LD document has not the form that its term has."""


class Scope(NamedTuple):
    """The authority and, inside one, the service whose parts are written or read."""

    authority: str
    service: str = ""

    def iri(self, kind: str, name: object) -> str:
        """The address of a part."""
        owner = f"service/{self.service}" if self.service else f"authority/{self.authority}"
        return f"{BASE}{owner}/{kind}/{name}"


class Term(NamedTuple):
    """The key of a field, and how its value is written and read."""

    key: str
    dump: Callable[[Any, Scope], Any] = lambda value, _scope: value
    load: Callable[[Any, Scope], Any] = lambda value, _scope: value


Shape = Mapping[str, Term]


def inner(value: object, key: str) -> Any:
    """The value of `key` in a node.

    Raises:
        Malformed: `value` is no node, or has no such key.
    """
    if isinstance(value, Mapping) and key in value:
        return value[key]
    raise Malformed(f"must be a node with {key}")


def after(prefix: str, value: object) -> str:
    """What follows `prefix` in the address of a node.

    Raises:
        Malformed: the address does not begin so.
    """
    address = inner(value, "@id")
    if isinstance(address, str) and address.startswith(prefix):
        return address.removeprefix(prefix)
    raise Malformed(f"must be an address that begins {prefix}")


def many(value: object) -> list[Any]:
    """The values of a property: JSON-LD writes a single one with or without brackets."""
    return value if isinstance(value, list) else [value]


def concept(key: str, scheme: str) -> Term:
    """A field with a closed list of values, as skos:Concept."""
    prefix = f"dalil:{scheme}-"
    return Term(
        key,
        lambda value, _scope: {"@id": prefix + value, "@type": "Concept"},
        lambda value, _scope: after(prefix, value),
    )


def concepts(key: str, scheme: str) -> Term:
    """A field with several such values."""
    one = concept(key, scheme)
    return Term(
        key,
        lambda values, scope: [one.dump(value, scope) for value in values],
        lambda values, scope: [one.load(value, scope) for value in many(values)],
    )


def references(key: str, prefix: Callable[[Scope], str]) -> Term:
    """A field of identifiers, as addresses below a prefix."""
    return Term(
        key,
        lambda values, scope: [{"@id": prefix(scope) + value} for value in values],
        lambda values, scope: [after(prefix(scope), value) for value in many(values)],
    )


def document(key: str) -> Term:
    """A web address, as foaf:Document."""
    return Term(
        key,
        lambda value, _scope: {"@id": value, "@type": "Document"},
        lambda value, _scope: inner(value, "@id"),
    )


def _in_authority(kind: str) -> Callable[[Scope], str]:
    return lambda scope: Scope(scope.authority).iri(kind, "")


_TEXTS = {
    "dump": lambda values, _scope: list(values),
    "load": lambda values, _scope: many(values),
}
_HOURS = Term(
    "openingHours",
    lambda value, _scope: {"@type": "TemporalEntity", "description": value},
    lambda value, _scope: inner(value, "description"),
)
_SOURCE = Term(
    "source",
    lambda value, scope: {"@id": _in_authority("source")(scope) + value},
    lambda value, scope: after(_in_authority("source")(scope), value),
)
_CURRENCY = Term(
    "currency",
    lambda value, _scope: {"@id": CURRENCY + value, "@type": "Concept"},
    lambda value, _scope: after(CURRENCY, value),
)
_IDENTIFIER = {"id": Term("identifier")}
_SOURCED = {
    "source": _SOURCE,
    "grade": Term("grade"),
    "jurisdiction": Term("jurisdiction"),
    "note": Term("note"),
}

TITLED: Final[Shape] = {"text": Term("title"), **_SOURCED}
DESCRIBED: Final[Shape] = {"text": Term("description"), **_SOURCED}
COST: Final[Shape] = {
    **_IDENTIFIER,
    **DESCRIBED,
    "amount": Term("amount"),
    "currency": _CURRENCY,
    "percent": Term("percent"),
    "percent_of": Term("percentOf"),
    "free": Term("free"),
    "base": Term("base"),
    "surcharge": Term("surcharge"),
    "surcharge_text": Term("surchargeText"),
}
DURATION: Final[Shape] = {
    **DESCRIBED,
    "kind": concept("type", "duration"),
    "days": Term("days"),
    "working": Term("working"),
}
CHANNEL: Final[Shape] = {
    **_IDENTIFIER,
    **DESCRIBED,
    "kind": concept("type", "channel"),
    "hours": _HOURS,
    "url": document("page"),
}
CONTACT: Final[Shape] = {
    **_IDENTIFIER,
    **DESCRIBED,
    "telephone": Term("telephone", **_TEXTS),
    "email": Term("email", **_TEXTS),
    "page": document("contactPage"),
    "hours": _HOURS,
}
LEGAL: Final[Shape] = {**_IDENTIFIER, "title": Term("title"), "source": _SOURCE, "note": Term("note")}
SOURCE: Final[Shape] = {
    **_IDENTIFIER,
    "title": Term("sourceTitle"),
    "url": document("page"),
    "published": Term("published"),
    "retrieved": Term("retrieved", lambda value, _scope: value.isoformat()),
    "grade": Term("grade"),
    "jurisdiction": Term("jurisdiction"),
    "note": Term("note"),
}
EVENT: Final[Shape] = {**_IDENTIFIER, "kind": concept("type", "event"), "name": Term("title")}
ORGANISATION: Final[Shape] = {
    **_IDENTIFIER,
    "name": Term("prefLabel"),
    "also": Term("alternative", **_TEXTS),
    "jurisdiction": Term("jurisdiction"),
    "parent": Term("parentName"),
    "description": Term("description"),
}
SERVICE: Final[Shape] = {
    **_IDENTIFIER,
    "name": Term("title"),
    "also": Term("alternative", **_TEXTS),
    "keywords": Term("keyword", **_TEXTS),
    "description": Term("description"),
    "code": Term("code"),
    "grade": Term("grade"),
    "jurisdiction": Term("jurisdiction"),
    "status": concept("status", "status"),
    "audience": concepts("audience", "audience"),
    "events": references("event", lambda _scope: f"{BASE}event/"),
    "related": references("relatedService", lambda _scope: f"{BASE}service/"),
    "contacts": references("contactPoint", _in_authority("contact")),
    "legal": references("legalResource", _in_authority("legal")),
}


class Parts(NamedTuple):
    """A field that holds parts of their own: its key, their class and shape, and the last word of their addresses.

    kind: the dct:type that tells two fields of one key apart.
    """

    field: str
    key: str
    type: str
    shape: Shape
    name: str
    kind: str | None = None


OF_ORGANISATION: Final = (
    Parts("sources", "hasSource", "Source", SOURCE, "source"),
    Parts("contacts", "contactPoint", "ContactPoint", CONTACT, "contact"),
    Parts("legal", "legal", "LegalResource", LEGAL, "legal"),
)
OF_SERVICE: Final = (
    Parts("eligibility", "holdsRequirement", "Requirement", TITLED, "eligibility", "eligibility"),
    Parts("requirements", "holdsRequirement", "Requirement", TITLED, "requirement", "condition"),
    Parts("evidence", "hasInput", "Evidence", TITLED, "evidence"),
    Parts("steps", "hasStep", "Step", DESCRIBED, "step"),
    Parts("costs", "hasCost", "Cost", COST, "cost"),
    Parts("durations", "hasDuration", "Duration", DURATION, "duration"),
    Parts("channels", "hasChannel", "Channel", CHANNEL, "channel"),
    Parts("rules", "follows", "Rule", DESCRIBED, "rule"),
    Parts("notes", "hasNote", "Note", DESCRIBED, "note"),
    Parts("outputs", "produces", "Output", {}, "output"),
    Parts("status_fact", "statusFact", "Note", DESCRIBED, "status"),
)
KIND: Final = concept("type", "requirement")
