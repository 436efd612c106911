"""Writing a catalogue as CPSV-AP in JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from integrations.catalogue.document import VERIFIED, Authority, Content, Cost, Event, PublicService
from integrations.catalogue.jsonld.terms import (
    EVENT,
    KIND,
    OF_ORGANISATION,
    OF_SERVICE,
    ORGANISATION,
    SERVICE,
    Parts,
    Scope,
    Shape,
)
from integrations.catalogue.jsonld.vocabulary import ARABIC, BASE, CONTEXT, COUNTRY
from integrations.catalogue.walk import LISTS

Node = dict[str, Any]


def to_jsonld(content: Content) -> Node:
    """The catalogue as one document: events, then each authority followed by its services.

    A fee that is not known, or not verified (grade C, D or X), has no cv:hasValue; `from_jsonld` reads it from our
    own terms.
    """
    graph = [_event(event) for event in content.events]
    for authority in content.authorities:
        graph.append(_organisation(authority))
        graph.extend(_service(service, authority) for service in authority.services)
    return {"@context": dict(CONTEXT), "@graph": graph}


def _fields(part: BaseModel, shape: Shape, scope: Scope) -> Node:
    """The fields of a part that are given; empty ones are left out unless their default is another value."""
    node = {}
    for field, term in shape.items():
        value = getattr(part, field)
        if value or value != type(part).model_fields[field].default:
            node[term.key] = term.dump(value, scope)
    return node


def _event(event: Event) -> Node:
    types = ["Event", "LifeEvent" if event.kind == "life" else "BusinessEvent"]
    return {"@id": f"{BASE}event/{event.id}", "@type": types, **_fields(event, EVENT, Scope(""))}


def _organisation(authority: Authority) -> Node:
    scope = Scope(authority.id)
    node = {
        "@id": f"{BASE}authority/{authority.id}",
        "@type": "PublicOrganisation",
        "spatial": {"@id": COUNTRY, "@type": "Location"},
        **_fields(authority, ORGANISATION, scope),
    }
    for parts in OF_ORGANISATION:
        nodes = [
            {"@id": scope.iri(parts.name, part.id), "@type": parts.type, **_fields(part, parts.shape, scope)}
            for part in getattr(authority, parts.field)
        ]
        if nodes:
            node[parts.key] = nodes
    return node


def _service(service: PublicService, authority: Authority) -> Node:
    scope = Scope(authority.id, service.id)
    node: Node = {
        "@id": f"{BASE}service/{service.id}",
        "@type": "PublicService",
        "competentAuthority": {"@id": f"{BASE}authority/{authority.id}"},
        "language": {"@id": ARABIC, "@type": "LinguisticSystem"},
        "spatial": {"@id": COUNTRY, "@type": "Location"},
        **_fields(service, SERVICE, scope),
        **_processing_time(service),
    }
    for name in LISTS:
        if (stated := getattr(service, name)) is not None:
            node[f"{name}Complete"] = stated.complete
    grades = {source.id: source.grade for source in authority.sources}
    for parts in OF_SERVICE:
        if nodes := list(_parts(parts, getattr(service, parts.field), scope, grades)):
            node.setdefault(parts.key, []).extend(nodes)
    return node


def _parts(parts: Parts, stated: Any, scope: Scope, grades: Mapping[str, str]) -> Iterator[Node]:
    for position, part in enumerate(_items(stated), start=1):
        name = getattr(part, "id", position)
        node = {
            "@id": scope.iri(parts.name, name),
            "@type": parts.type,
            "identifier": f"{scope.service}-{parts.name}-{position}",
            "position": position,
        }
        if isinstance(part, str):
            yield {**node, "title": part}
            continue
        node |= _fields(part, parts.shape, scope)
        if parts.kind:
            node["type"] = KIND.dump(parts.kind, scope)
        if parts.type == "Rule":
            node["title"] = part.text
        if isinstance(part, Cost):
            node |= _value(part, part.grade or grades[part.source])
        yield node


def _items(stated: Any) -> Sequence[Any]:
    """The parts of a field: one, a sequence, or a list with `complete`."""
    if stated is None:
        return ()
    if isinstance(stated, tuple):
        return stated
    return getattr(stated, "items", (stated,))


def _value(cost: Cost, grade: str) -> Node:
    """cv:hasValue, which every reader of CPSV-AP takes as the fee: only when it may be told as fact."""
    value = 0.0 if cost.free else cost.amount
    return {} if value is None or grade not in VERIFIED else {"hasValue": value}


def _processing_time(service: PublicService) -> Node:
    """cv:processingTime, of which a service has one: only when one is stated, in calendar days."""
    stated = [duration for duration in service.durations if duration.kind == "processing"]
    if len(stated) != 1 or stated[0].working or stated[0].days is None or not stated[0].days.is_integer():
        return {}
    return {"processingTime": f"P{stated[0].days:.0f}D"}
