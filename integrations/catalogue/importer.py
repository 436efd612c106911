"""Import: the database becomes what the source says, in one transaction, or stays as it was.

What the source no longer has is withdrawn, not deleted, and comes back when the source has it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from integrations.catalogue import model, store, tables
from integrations.catalogue.document import Authority, Content, PublicService
from integrations.catalogue.reader import read_folder
from integrations.catalogue.resolve import Resolver
from integrations.catalogue.store import State
from integrations.catalogue.validation import require_valid
from integrations.catalogue.walk import facts
from storage import SyncDatabase, utc_now


@dataclass(frozen=True)
class Report:
    """What an import changed: identifiers of services, and `other` for what no service shows (authorities, events)."""

    version: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether the import changed anything."""
        return any((self.added, self.changed, self.withdrawn, self.returned, self.other))

    def lines(self) -> Iterator[str]:
        """The report for a person, one line for each change."""
        for name in ("added", "changed", "withdrawn", "returned", "other"):
            yield from (f"{name}: {identifier}" for identifier in getattr(self, name))
        yield f"catalogue version {self.version}" + ("" if self.anything else " (nothing changed)")


def import_folder(database: SyncDatabase, folder: Path) -> Report:
    """Import a folder of catalogue files.

    Raises:
        SourceUnreadable: the folder is missing or has no catalogue file.
        CatalogueInvalid: with file and line of every fault; the database is as it was.
        StorageError: the database cannot be opened.
    """
    return import_content(database, read_folder(folder))


def import_content(database: SyncDatabase, content: Content, now: datetime | None = None) -> Report:
    """Import a whole catalogue, from wherever it came; imports at the same time wait for each other.

    Raises:
        CatalogueInvalid: with the place of every fault; the database is as it was.
        StorageError: the database cannot be opened.
    """
    moment = now or utc_now()
    require_valid(content, moment.date())
    with database.write() as session:
        # SQLite's write transaction is exclusive already; on PostgreSQL this row is the lock.
        version = session.scalars(select(tables.CatalogueVersion).with_for_update()).one()
        old = store.load(session)
        new = _merge(old, content, moment)
        report = _compare(old, new, version.number)
        if report.anything:
            store.save(session, new, _changed_authorities(old, new))
            version.number = report.version
            version.content_hash = content_hash(content)
            version.changed_at = moment
    return report


def content_hash(content: Content) -> str:
    """SHA-256 (hex) of the content, whatever the order of its authorities."""
    authorities = sorted(content.authorities, key=lambda authority: authority.id)
    values = content.model_copy(update={"authorities": tuple(authorities)}).model_dump(mode="json")
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _merge(old: State, content: Content, now: datetime) -> State:
    """The new content, and below it what the old state has and the new content has not, withdrawn."""
    present = {service.id for authority in content.authorities for service in authority.services}
    new = {authority.id: authority for authority in content.authorities}
    gone: list[PublicService] = []
    closed: dict[str, datetime] = {}
    for authority in old.content.authorities:
        left = tuple(service for service in authority.services if service.id not in present)
        gone += left
        if authority.id in new:
            new[authority.id] = _with_withdrawn(new[authority.id], authority, left)
        else:
            new[authority.id] = authority.model_copy(update={"services": left})
            closed[authority.id] = old.closed.get(authority.id, now)
    named = {event for service in gone for event in service.events} - {event.id for event in content.events}
    merged = Content(
        authorities=tuple(new[identifier] for identifier in sorted(new)),
        events=(*content.events, *(event for event in old.content.events if event.id in named)),
    )
    return State(merged, {service.id: old.withdrawn.get(service.id, now) for service in gone}, closed)


def _with_withdrawn(new: Authority, old: Authority, gone: tuple[PublicService, ...]) -> Authority:
    """The new authority with the withdrawn services, and with what only they refer to."""
    contacts = {contact for service in gone for contact in service.contacts} - {item.id for item in new.contacts}
    legal = {item for service in gone for item in service.legal} - {item.id for item in new.legal}
    kept_contacts = tuple(item for item in old.contacts if item.id in contacts)
    kept_legal = tuple(item for item in old.legal if item.id in legal)
    used = {fact.source for service in gone for _path, fact in facts(service)}
    used |= {item.source for item in kept_contacts} | {item.source for item in kept_legal}
    used -= {source.id for source in new.sources}
    return new.model_copy(
        update={
            "sources": (*new.sources, *(source for source in old.sources if source.id in used)),
            "contacts": (*new.contacts, *kept_contacts),
            "legal": (*new.legal, *kept_legal),
            "services": (*new.services, *gone),
        }
    )


def _resolved(state: State) -> dict[str, model.PublicService]:
    return {
        service.id: resolver.service(service)
        for authority in state.content.authorities
        for resolver in [Resolver(authority)]
        for service in authority.services
    }


def _changed_authorities(old: State, new: State) -> set[str]:
    """The authorities of which anything differs, withdrawals included."""
    before, after = _authority_states(old), _authority_states(new)
    return {identifier for identifier in after if before.get(identifier) != after[identifier]}


def _authority_states(state: State) -> dict[str, object]:
    return {
        authority.id: (
            authority,
            state.closed.get(authority.id),
            [state.withdrawn.get(service.id) for service in authority.services],
        )
        for authority in state.content.authorities
    }


def _compare(old: State, new: State, number: int) -> Report:
    before, after = _resolved(old), _resolved(new)
    added = [id_ for id_ in after if id_ not in before]
    withdrawn = [id_ for id_ in after if id_ in new.withdrawn and id_ not in old.withdrawn]
    returned = [id_ for id_ in after if id_ in old.withdrawn and id_ not in new.withdrawn]
    still = after.keys() - {*added, *new.withdrawn, *returned}
    changed = [id_ for id_ in after if id_ in still and after[id_] != before[id_]]
    touched = {*added, *withdrawn, *returned, *changed}
    other = [
        identifier
        for identifier in sorted(_changed_authorities(old, new))
        if not touched & {service.id for service in _authority(new, identifier).services}
    ]
    if old.content.events != new.content.events:
        other.append("events")
    report = Report(number, tuple(added), tuple(changed), tuple(withdrawn), tuple(returned), tuple(other))
    return replace(report, version=number + 1) if report.anything else report


def _authority(state: State, identifier: str) -> Authority:
    return next(authority for authority in state.content.authorities if authority.id == identifier)
