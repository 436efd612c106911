"""Between the tables and the document's parts: rows and parts convert by the names of their fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import ColumnElement, RowMapping, Select, delete, insert, select
from sqlalchemy.orm import Session

from integrations.catalogue import document, tables
from integrations.catalogue.walk import LISTS
from storage import Base


@dataclass(frozen=True)
class State:
    """What the tables hold: the content, and since when which services and authorities are withdrawn."""

    content: document.Content
    withdrawn: Mapping[str, datetime] = field(default_factory=dict)
    closed: Mapping[str, datetime] = field(default_factory=dict)


class _Facts(NamedTuple):
    """A field of a service, the table of its facts, and the `kind` that tells two fields of one table apart."""

    field: str
    table: type[Base]
    part: type[BaseModel]
    kind: str | None = None


_FACTS = (
    _Facts("eligibility", tables.Requirement, document.Fact, "eligibility"),
    _Facts("requirements", tables.Requirement, document.Fact, "condition"),
    _Facts("evidence", tables.Evidence, document.Fact),
    _Facts("steps", tables.Step, document.Fact),
    _Facts("costs", tables.Cost, document.Cost),
    _Facts("durations", tables.Duration, document.Duration),
    _Facts("channels", tables.ServiceChannel, document.ServiceChannel),
    _Facts("rules", tables.Rule, document.Fact),
    _Facts("notes", tables.Note, document.Fact, "note"),
    _Facts("status_fact", tables.Note, document.Fact, "status"),
)
_LINKS: tuple[tuple[str, type[Base], str], ...] = (
    ("outputs", tables.Output, "name"),
    ("events", tables.ServiceEvent, "target"),
    ("related", tables.ServiceRelation, "target"),
    ("contacts", tables.ServiceContact, "target"),
    ("legal", tables.ServiceLegal, "target"),
)
_OF_ORGANISATION: tuple[tuple[str, type[Base], type[BaseModel]], ...] = (
    ("sources", tables.Source, document.Source),
    ("contacts", tables.ContactPoint, document.ContactPoint),
    ("legal", tables.LegalResource, document.LegalResource),
)
_OF_SERVICE: tuple[type[Base], ...] = tuple(
    dict.fromkeys([*(facts.table for facts in _FACTS), *(link[1] for link in _LINKS)])
)


_ORDER: tuple[type[Base], ...] = (
    tables.Event,
    tables.PublicOrganisation,
    *(table for _name, table, _part in _OF_ORGANISATION),
    tables.PublicService,
    *_OF_SERVICE,
)
"""A row comes after the rows it refers to."""


def load(session: Session, organisation_id: str | None = None) -> State:
    """Read everything, or the part of one authority, in a number of queries that does not depend on its size."""
    services = _rows(session, tables.PublicService, organisation_id)
    parts = _service_parts(session, organisation_id)
    by_organisation: dict[str, list[document.PublicService]] = defaultdict(list)
    for row in services:
        by_organisation[row["organisation_id"]].append(_service(row, parts[row["id"]]))
    organisations = _rows(session, tables.PublicOrganisation, organisation_id)
    below = _organisation_parts(session, organisation_id)
    authorities = tuple(
        document.Authority.model_validate(
            {
                **_named(row, document.Authority),
                **below[row["id"]],
                "services": tuple(by_organisation[row["id"]]),
            }
        )
        for row in organisations
    )
    events = tuple(document.Event.model_validate(_named(row, document.Event)) for row in _rows(session, tables.Event))
    return State(
        document.Content(authorities=authorities, events=events), _withdrawn(services), _withdrawn(organisations)
    )


def save(session: Session, state: State, organisations: Collection[str]) -> None:
    """Write the events and the named authorities of `state`, whole, in place of what the tables hold of them."""
    for table in reversed(_ORDER):
        gone = delete(table.__table__)  # type: ignore[arg-type]
        if table is not tables.Event:
            gone = gone.where(_organisation(table).in_(organisations))
        session.execute(gone)
    rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
    for position, event in enumerate(state.content.events):
        rows[tables.Event].append({**event.model_dump(), "position": position})
    for authority in state.content.authorities:
        if authority.id in organisations:
            _authority_rows(rows, authority, state)
    for table in _ORDER:
        if rows[table]:
            session.execute(insert(table.__table__), rows[table])  # type: ignore[arg-type]


def _organisation(table: type[Base]) -> ColumnElement[str]:
    columns = table.__table__.c
    return columns.id if table is tables.PublicOrganisation else columns.organisation_id


def _rows(session: Session, table: type[Base], organisation_id: str | None = None) -> Sequence[RowMapping]:
    query: Select[Any] = select(table.__table__)
    if organisation_id is not None and table is not tables.Event:
        query = query.where(_organisation(table) == organisation_id)
    order = table.__table__.c.id if table is tables.PublicOrganisation else table.__table__.c.position
    return session.execute(query.order_by(order)).mappings().all()


def _named(row: RowMapping, part: type[BaseModel]) -> dict[str, Any]:
    """The values of a row that the part has fields for."""
    return {name: row[name] for name in part.model_fields if name in row}


def _withdrawn(rows: Iterable[RowMapping]) -> dict[str, datetime]:
    return {row["id"]: row["withdrawn_at"] for row in rows if row["withdrawn_at"] is not None}


def _service_parts(session: Session, organisation_id: str | None) -> dict[str, dict[str, list[Any]]]:
    """The facts and links by service and field."""
    parts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    rows = {table: _rows(session, table, organisation_id) for table in _OF_SERVICE}
    for facts in _FACTS:
        for row in rows[facts.table]:
            if facts.kind is None or row["kind"] == facts.kind:
                parts[row["service_id"]][facts.field].append(facts.part.model_validate(_named(row, facts.part)))
    for name, table, column in _LINKS:
        for row in rows[table]:
            parts[row["service_id"]][name].append(row[column])
    return parts


def _organisation_parts(session: Session, organisation_id: str | None) -> dict[str, dict[str, list[Any]]]:
    parts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for name, table, part in _OF_ORGANISATION:
        for row in _rows(session, table, organisation_id):
            parts[row["organisation_id"]][name].append(part.model_validate(_named(row, part)))
    return parts


def _service(row: RowMapping, parts: Mapping[str, list[Any]]) -> document.PublicService:
    values: dict[str, Any] = {**_named(row, document.PublicService), **parts}
    values["status_fact"] = next(iter(values.get("status_fact", ())), None)
    for name in LISTS:
        complete = row[f"{name}_complete"]
        values[name] = None if complete is None else {"complete": complete, "items": values.get(name, ())}
    return document.PublicService.model_validate(values)


def _authority_rows(rows: dict[type[Base], list[dict[str, Any]]], authority: document.Authority, state: State) -> None:
    below = {name for name, _table, _part in _OF_ORGANISATION} | {"services"}
    rows[tables.PublicOrganisation].append(
        {**authority.model_dump(exclude=below), "withdrawn_at": state.closed.get(authority.id)}
    )
    for name, table, _part in _OF_ORGANISATION:
        for position, part in enumerate(getattr(authority, name)):
            rows[table].append({**part.model_dump(), "organisation_id": authority.id, "position": position})
    for position, service in enumerate(authority.services):
        row = {"organisation_id": authority.id, "position": position}
        _service_rows(rows, service, row | {"withdrawn_at": state.withdrawn.get(service.id)})


def _service_rows(
    rows: dict[type[Base], list[dict[str, Any]]], service: document.PublicService, row: dict[str, Any]
) -> None:
    facts, links = {facts.field for facts in _FACTS}, {name for name, _table, _column in _LINKS}
    completes = {
        f"{name}_complete": None if getattr(service, name) is None else getattr(service, name).complete
        for name in LISTS
    }
    rows[tables.PublicService].append({**service.model_dump(exclude=facts | links), **completes, **row})
    of_service = {"service_id": service.id, "organisation_id": row["organisation_id"]}
    for of in _FACTS:
        kind = {"kind": of.kind} if of.kind else {}
        for position, part in enumerate(_items(getattr(service, of.field))):
            rows[of.table].append({**part.model_dump(), **kind, **of_service, "position": position})
    for name, table, column in _LINKS:
        for position, target in enumerate(getattr(service, name)):
            rows[table].append({column: target, **of_service, "position": position})


def _items(stated: Any) -> tuple[BaseModel, ...]:
    """The facts of a field, whichever of its three shapes it has: one, a sequence, or a list with `complete`."""
    if stated is None:
        return ()
    if isinstance(stated, document.Fact):
        return (stated,)
    return stated if isinstance(stated, tuple) else stated.items
