"""The catalogue's rules beyond the shape of its parts, over a whole catalogue: references, fees, grades, texts, dates.

All faults are found at once. A fault names its place as a path in the content; `reader.py` turns it into file and line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from integrations.catalogue.document import VERIFIED, Authority, Content, Cost, Grade, PublicService, Source
from integrations.catalogue.errors import CatalogueInvalid
from integrations.catalogue.walk import Path, Sourced, facts, strings

_ARABIC_FIELDS = {"name", "description", "text", "percent_of", "surcharge_text", "hours", "parent", "outputs"}
_URL = re.compile(r"https?://[^\s/$.?#][^\s]*", re.IGNORECASE)
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,24}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FORMS = {
    "url": (_URL, "must be an http or https address"),
    "page": (_URL, "must be an http or https address"),
    "telephone": (_TELEPHONE, "must be a telephone number in digits 0-9"),
    "email": (_EMAIL, "must be an e-mail address"),
}
_CENT = 0.005


class Fault(NamedTuple):
    """What is wrong, and where: a path that begins ("authorities", index) or ("events", index)."""

    path: Path
    message: str


def require_valid(content: Content, today: date) -> None:
    """Raise CatalogueInvalid unless the content keeps all rules; each line names the part by its identifiers."""
    found = [f"{_place(content, fault.path)}: {fault.message}" for fault in faults(content, today)]
    if not content.authorities:
        found.append("catalogue: there is no authority in it")
    if found:
        raise CatalogueInvalid(found)


def faults(content: Content, today: date, known: Collection[str] = ()) -> list[Fault]:
    """All faults of a catalogue. `known`: identifiers that exist in parts too broken to be in `content`."""
    services = {service.id for authority in content.authorities for service in authority.services}
    targets = _Targets({event.id for event in content.events} | {*known}, services | {*known})
    found = list(_across(content))
    for index, event in enumerate(content.events):
        found += _below(("events", index), _texts(event))
    for index, authority in enumerate(content.authorities):
        found += _below(("authorities", index), _authority(authority, targets, today))
    return found


class _Targets(NamedTuple):
    """The identifiers that a service may refer to."""

    events: set[str]
    services: set[str]


def _below(path: Path, found: Iterable[Fault]) -> Iterator[Fault]:
    for fault in found:
        yield Fault((*path, *fault.path), fault.message)


def _place(content: Content, path: Path) -> str:
    """A path for a person: items that have an identifier are named by it."""
    part: Any = content
    words: list[str] = []
    for step in path:
        if isinstance(step, int) and isinstance(part, tuple) and step < len(part):
            part = part[step]
            words.append(str(getattr(part, "id", step + 1)))
        else:
            part = getattr(part, str(step), None)
            words.append(str(step))
    return "/".join(words)


def _across(content: Content) -> Iterator[Fault]:
    """Identifiers that must be unique in the whole catalogue."""
    authorities = [(("authorities", index), item.id) for index, item in enumerate(content.authorities)]
    services = [
        (("authorities", index, "services", position), service.id)
        for index, authority in enumerate(content.authorities)
        for position, service in enumerate(authority.services)
    ]
    events = [(("events", index), event.id) for index, event in enumerate(content.events)]
    for what, found in (("authority", authorities), ("service", services), ("event", events)):
        yield from _twice(what, found)


def _twice(what: str, found: Iterable[tuple[Path, str]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, identifier in found:
        if identifier in seen:
            yield Fault((*path, "id"), f"{what} {identifier!r} is given twice")
        seen.add(identifier)


def _ids(field: str, parts: Iterable[Any]) -> Iterator[tuple[Path, str]]:
    return (((field, index), part.id) for index, part in enumerate(parts))


def _authority(authority: Authority, targets: _Targets, today: date) -> Iterator[Fault]:
    sources = {source.id: source for source in authority.sources}
    for field in ("sources", "contacts", "legal"):
        yield from _twice(field.rstrip("s"), _ids(field, getattr(authority, field)))
    yield from _texts(authority)
    for index, source in enumerate(authority.sources):
        yield from _below(("sources", index), _dates(source, today))
    for field in ("contacts", "legal"):
        for index, part in enumerate(getattr(authority, field)):
            yield from _below((field, index), _sourced(part, sources))
    for index, service in enumerate(authority.services):
        yield from _below(("services", index), _service(service, authority, sources, targets))


def _dates(source: Source, today: date) -> Iterator[Fault]:
    today += timedelta(days=1)  # it is already tomorrow for some who write
    if source.retrieved > today:
        yield Fault(("retrieved",), f"{source.retrieved} is in the future")
    if source.published is None:
        return
    try:  # a year or a month counts from its first day
        published = date.fromisoformat(source.published + "-01-01"[len(source.published) - 4 :])
    except ValueError:
        yield Fault(("published",), f"{source.published} is not a date")
        return
    if published > today:
        yield Fault(("published",), f"{source.published} is in the future")
    elif published > source.retrieved:
        yield Fault(("published",), f"{source.published} is after the day it was retrieved, {source.retrieved}")


def _sourced(part: Any, sources: dict[str, Source]) -> Iterator[Fault]:
    source = sources.get(part.source)
    if source is None:
        yield Fault(("source",), f"source: no source {part.source!r} in this file")
        return
    grade: Grade | None = getattr(part, "grade", None)
    if grade is not None and grade < source.grade:
        yield Fault(("grade",), f"grade {grade} is better than {source.grade}, the grade of its source {source.id!r}")


def _service(
    service: PublicService, authority: Authority, sources: dict[str, Source], targets: _Targets
) -> Iterator[Fault]:
    for path, fact in facts(service):
        yield from _below(path, _sourced(fact, sources))
        if isinstance(fact, Cost):
            yield from _below(path, _cost(fact))
    if service.costs:
        yield from _below(("costs",), _twice("cost", _ids("items", service.costs.items)))
    yield from _twice("channel", _ids("channels", service.channels))
    yield from _references(service, authority, targets)
    yield from _grade(service, sources)


def _references(service: PublicService, authority: Authority, targets: _Targets) -> Iterator[Fault]:
    exist = {
        "events": targets.events,
        "related": targets.services - {service.id},
        "contacts": {contact.id for contact in authority.contacts},
        "legal": {legal.id for legal in authority.legal},
    }
    for field, known in exist.items():
        named = getattr(service, field)
        for index, identifier in enumerate(named):
            if identifier not in known:
                yield Fault((field, index), f"{field}: nothing has the identifier {identifier!r}")
            elif identifier in named[:index]:
                yield Fault((field, index), f"{field}: {identifier!r} is named twice")


def _cost(cost: Cost) -> Iterator[Fault]:
    given = [name for name in ("amount", "percent", "free") if getattr(cost, name) not in (None, False)]
    if len(given) > 1:
        yield Fault((given[1],), f"a cost has one of amount, percent and free, not {' and '.join(given)}")
    if cost.amount == 0:
        yield Fault(("amount",), "write `free: true` for what costs nothing")
    if (cost.percent is None) != (cost.percent_of is None):
        yield Fault(("percent",), "percent and percent_of go together")
    for name in ("amount", "base", "surcharge"):
        if getattr(cost, name) == float("inf"):
            yield Fault((name,), "must be a finite number")
    total = cost.amount if cost.amount is not None else cost.percent
    if total is None:
        if cost.base is not None or cost.surcharge is not None:
            yield Fault(("base",), "base and surcharge make up an amount or a percent: give it too")
    elif cost.base is not None and abs(cost.base + (cost.surcharge or 0) - total) > _CENT:
        yield Fault(("base",), f"base and surcharge make {cost.base + (cost.surcharge or 0):g}, not {total:g}")


def _grade(service: PublicService, sources: dict[str, Source]) -> Iterator[Fault]:
    """A verified service (A, B) has a verified fact; D (authority only) and X (nothing found) have no verified fee."""
    stated: list[Sourced] = [fact for _path, fact in facts(service) if fact.source in sources]
    best = min((fact.grade or sources[fact.source].grade for fact in stated), default="D")
    if service.grade in VERIFIED and best not in VERIFIED:
        yield Fault(("grade",), f"grade {service.grade}, and the best of its facts has only {best}")
    for index, cost in enumerate(service.costs.items if service.costs else ()):
        told = cost.source in sources and (cost.grade or sources[cost.source].grade) in VERIFIED
        if service.grade in ("D", "X") and told:
            yield Fault(("costs", "items", index), f"a service of grade {service.grade} cannot have a verified fee")


def _texts(part: object) -> Iterator[Fault]:
    """Characters, languages and forms of all texts below a part."""
    for path, text in strings(part):
        field = next(step for step in reversed(path) if isinstance(step, str))
        hidden = [char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs") and char != "\n"]
        if hidden:
            yield Fault(path, f"has the invisible character U+{ord(hidden[0]):04X}")
        if field in _FORMS and not _FORMS[field][0].fullmatch(text):
            yield Fault(path, f"{field} {_FORMS[field][1]}")
        if field in _ARABIC_FIELDS and not _arabic(text):
            yield Fault(path, f"{field} must be Arabic and begin with an Arabic letter")


def _arabic(text: str) -> bool:
    """Whether the first letter is Arabic, which makes every display set the line from right to left."""
    first = next((char for char in text if char.isalpha()), "")
    return unicodedata.bidirectional(first) == "AL" if first else False
