"""Reading back what `to_jsonld` wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from integrations.catalogue.document import Authority, Content, Event, PublicService
from integrations.catalogue.errors import CatalogueInvalid
from integrations.catalogue.jsonld.terms import (
    EVENT,
    KIND,
    OF_ORGANISATION,
    OF_SERVICE,
    ORGANISATION,
    SERVICE,
    Malformed,
    Parts,
    Scope,
    Shape,
    after,
    inner,
    many,
)
from integrations.catalogue.jsonld.vocabulary import BASE, CONTEXT
from integrations.catalogue.walk import LISTS

_Model = TypeVar("_Model", bound=BaseModel)

# What is written for other readers and follows from the rest.
_DERIVED = {
    "competentAuthority",
    "hasValue",
    "identifier",
    "language",
    "position",
    "processingTime",
    "spatial",
    "title",
}


def from_jsonld(value: object) -> Content:
    """The catalogue of a JSON-LD document. Only its form is checked here; an import checks the catalogue's rules.

    Raises:
        CatalogueInvalid: with one line for each fault, naming the node.
    """
    reading = _Reading()
    for node in _graph(value):
        reading.node(node)
    return reading.content()


def _graph(value: object) -> list[Any]:
    if not isinstance(value, Mapping) or not isinstance(value.get("@graph"), list):
        raise CatalogueInvalid(["document: must be an object with @context and @graph"])
    context = value.get("@context")
    if not isinstance(context, Mapping):
        raise CatalogueInvalid(["@context: must be an object; contexts are not fetched"])
    other = [term for term, definition in CONTEXT.items() if context.get(term) != definition]
    if other:
        raise CatalogueInvalid([f"@context: has not our definition of {', '.join(other[:5])}"])
    return list(value["@graph"])


class _Reading:
    """What the nodes have given so far."""

    def __init__(self) -> None:
        self._organisations: dict[str, dict[str, Any]] = {}
        self._services: dict[str, list[PublicService]] = defaultdict(list)
        self._events: list[Event] = []
        self._faults: list[str] = []

    def node(self, node: object) -> None:
        """Take in a node of the graph."""
        name = str(node.get("@id", "a node without @id")) if isinstance(node, Mapping) else "a node"
        try:
            types = many(inner(node, "@type"))
            assert isinstance(node, Mapping)  # noqa: S101 - `inner` found its @type
            if "PublicOrganisation" in types:
                identifier = after(f"{BASE}authority/", node)
                if identifier in self._organisations:
                    raise Malformed("is given twice")
                self._organisations[identifier] = _organisation(node, Scope(identifier))
            elif "PublicService" in types:
                authority = after(f"{BASE}authority/", inner(node, "competentAuthority"))
                scope = Scope(authority, after(f"{BASE}service/", node))
                self._services[authority].append(_model(PublicService, _service(node, scope)))
            elif "Event" in types:
                self._events.append(_model(Event, _fields(node, EVENT, Scope(""))))
            else:
                raise Malformed(f"has an unknown type {types}")
        except Malformed as fault:
            self._faults += [f"{name}: {line}" for line in str(fault).split("\n")]

    def content(self) -> Content:
        """All of it, or CatalogueInvalid."""
        authorities = []
        for identifier, values in self._organisations.items():
            try:
                authorities.append(_model(Authority, values | {"services": self._services.pop(identifier, ())}))
            except Malformed as fault:
                self._faults += [f"{BASE}authority/{identifier}: {line}" for line in str(fault).split("\n")]
        self._faults += [f"{BASE}authority/{identifier}: is not in the document" for identifier in self._services]
        if self._faults:
            raise CatalogueInvalid(self._faults)
        return Content(authorities=tuple(authorities), events=tuple(self._events))


def _model(model: type[_Model], values: dict[str, Any]) -> _Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        lines = [f"{'/'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False)]
        raise Malformed("\n".join(lines)) from None


def _fields(node: object, shape: Shape, scope: Scope, also: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields of a node. A term of ours at a place where it means nothing is a fault, never dropped silently."""
    if not isinstance(node, Mapping):
        raise Malformed("must be a node")
    terms = {term.key for term in shape.values()}
    strange = [key for key in node if key in CONTEXT and key not in terms | _DERIVED | also]
    if strange:
        raise Malformed(f"{', '.join(strange)}: has no meaning here")
    values = {}
    for field, term in shape.items():
        if term.key in node:
            try:
                values[field] = term.load(node[term.key], scope)
            except Malformed as fault:
                raise Malformed(f"{term.key}: {fault}") from None
    return values


def _organisation(node: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    values = _fields(node, ORGANISATION, scope, frozenset(parts.key for parts in OF_ORGANISATION))
    for parts in OF_ORGANISATION:
        values[parts.field] = [_fields(item, parts.shape, scope) for item in many(node.get(parts.key, []))]
    return values


def _service(node: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    also = {parts.key for parts in OF_SERVICE} | {f"{name}Complete" for name in LISTS}
    values = _fields(node, SERVICE, scope, frozenset(also))
    for parts in OF_SERVICE:
        items = list(_items(parts, node, scope))
        if parts.field == "status_fact":
            values[parts.field] = items[0] if items else None
        elif parts.field not in LISTS:
            values[parts.field] = items
        elif f"{parts.field}Complete" in node:
            values[parts.field] = {"complete": node[f"{parts.field}Complete"], "items": items}
        elif items:
            raise Malformed(f"{parts.field}Complete: is missing")
    return values


def _items(parts: Parts, node: Mapping[str, Any], scope: Scope) -> Iterator[Any]:
    """The parts of one field, in order of their positions."""
    found = [item for item in many(node.get(parts.key, [])) if _is_of(parts, item, scope)]
    for item in sorted(found, key=_position):
        if parts.field == "outputs":
            yield inner(item, "title")
        else:
            yield _fields(item, parts.shape, scope, frozenset({"type"}))


def _is_of(parts: Parts, item: object, scope: Scope) -> bool:
    return parts.kind is None or KIND.load(inner(item, "type"), scope) == parts.kind


def _position(item: object) -> int:
    position = inner(item, "position")
    if isinstance(position, int):
        return position
    raise Malformed("position: must be a whole number")
