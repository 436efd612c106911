"""Reading the catalogue: what answers, search and the staff's tools see of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.catalogue import document, model, store, tables
from integrations.catalogue.errors import ServiceNotFound, ServiceWithdrawn
from integrations.catalogue.jurisdiction import for_jurisdiction
from integrations.catalogue.resolve import Resolver, organisation
from storage import SyncDatabase


class Catalogue(Protocol):
    """What callers need of a catalogue. Blocking: servers call it from a thread."""

    def version(self) -> int:
        """The number that changes with every import that changed something; 0 before the first import.

        Read it before `services()`: a change in between is then seen at the next poll.
        """

    def service(self, service_id: str) -> model.PublicService:
        """The service with all its facts, of both sides.

        Raises:
            ServiceNotFound: no such identifier; ServiceWithdrawn when its source no longer has it.
        """

    def services(self, jurisdiction: str | None = None) -> tuple[model.PublicService, ...]:
        """All services but withdrawn ones, ordered by authority and file; with "SAN" or "ADE" as `for_jurisdiction`.

        Raises:
            ValueError: the jurisdiction is neither.
        """

    def authorities(self) -> tuple[model.Authority, ...]:
        """All authorities but withdrawn ones, ordered by identifier."""

    def events(self) -> tuple[document.Event, ...]:
        """The life and business events that services name, in the order of their file."""


class SqlCatalogue:
    """The catalogue in the database. Every method raises DatabaseUnreachable when that cannot be opened."""

    def __init__(self, database: SyncDatabase) -> None:
        self._database = database

    def version(self) -> int:
        """As `Catalogue.version`; one row by primary key, so that it can be polled."""
        with self._database.read() as session:
            return session.scalar(select(tables.CatalogueVersion.number)) or 0

    def service(self, service_id: str) -> model.PublicService:
        """As `Catalogue.service`."""
        with self._snapshot() as session:
            row = session.get(tables.PublicService, service_id)
            if row is None:
                raise ServiceNotFound(service_id)
            if row.withdrawn_at is not None:
                raise ServiceWithdrawn(service_id, row.withdrawn_at)
            (authority,) = store.load(session, row.organisation_id).content.authorities
        return next(Resolver(authority).service(service) for service in authority.services if service.id == service_id)

    def services(self, jurisdiction: str | None = None) -> tuple[model.PublicService, ...]:
        """As `Catalogue.services`; some twenty queries, however many services there are."""
        found = [
            resolver.service(service)
            for authority in self.content().authorities
            for resolver in [Resolver(authority)]
            for service in authority.services
        ]
        return tuple(found if jurisdiction is None else (for_jurisdiction(service, jurisdiction) for service in found))

    def authorities(self) -> tuple[model.Authority, ...]:
        """As `Catalogue.authorities`."""
        return tuple(organisation(authority) for authority in self.content().authorities)

    def events(self) -> tuple[document.Event, ...]:
        """As `Catalogue.events`."""
        return self.content().events

    def content(self) -> document.Content:
        """What is in force, as the document's parts: what an export writes."""
        with self._snapshot() as session:
            return in_force(store.load(session))

    @contextmanager
    def _snapshot(self) -> Iterator[Session]:
        """A session whose queries all see the same moment. SQLite's transactions do; PostgreSQL must be asked."""
        with self._database.read() as session:
            if self._database.dialect == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session


def in_force(state: store.State) -> document.Content:
    """The content without withdrawn services and authorities; what only those refer to is still in it."""
    authorities = tuple(
        authority.model_copy(
            update={"services": tuple(item for item in authority.services if item.id not in state.withdrawn)}
        )
        for authority in state.content.authorities
        if authority.id not in state.closed
    )
    return state.content.model_copy(update={"authorities": authorities})
