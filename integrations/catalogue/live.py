"""The catalogue as an answering process holds it: all services in memory, with their search index.

The database is asked for its version every few seconds; only a change reads the services again. Readers take one
`Snapshot` and use it to the end, so that one answer never mixes two versions.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from integrations.catalogue.model import Authority, PublicService
from integrations.catalogue.repository import Catalogue, SqlCatalogue
from integrations.catalogue.search import SearchIndex
from settings import load_settings
from storage import SyncDatabase


@dataclass(frozen=True)
class Snapshot:
    """One version of the catalogue: services by id, authorities, and the index over the services."""

    version: int
    services: dict[str, PublicService]
    authorities: tuple[Authority, ...]
    index: SearchIndex


class LiveCatalogue:
    """Keeps a Snapshot of `catalogue` as seen from one jurisdiction ("SAN" or "ADE")."""

    def __init__(self, catalogue: Catalogue, jurisdiction: str) -> None:
        self._catalogue = catalogue
        self.jurisdiction = jurisdiction
        self._snapshot = self._read()

    def _read(self) -> Snapshot:
        version = self._catalogue.version()
        services = self._catalogue.services(self.jurisdiction)
        return Snapshot(
            version=version,
            services={service.id: service for service in services},
            authorities=self._catalogue.authorities(),
            index=SearchIndex.build(services),
        )

    @property
    def snapshot(self) -> Snapshot:
        """The newest version read."""
        return self._snapshot

    def refresh(self) -> bool:
        """Read the catalogue again if it changed; True when it did. Blocks: call it from a thread of its own."""
        if self._catalogue.version() == self._snapshot.version:
            return False
        self._snapshot = self._read()
        return True


_lock = threading.Lock()
_shared: LiveCatalogue | None = None


def _from_settings() -> LiveCatalogue:
    settings = load_settings()
    return LiveCatalogue(SqlCatalogue(SyncDatabase(settings.database_url)), settings.jurisdiction)


def shared(make: Callable[[], LiveCatalogue] = _from_settings) -> LiveCatalogue:
    """The catalogue of this process, made on first use.

    Rasa builds graph components and rasa-sdk builds actions by themselves, from class names: there is no constructor
    to hand a catalogue to, so a process has one.
    """
    global _shared
    with _lock:
        if _shared is None:
            _shared = make()
        return _shared


def share(catalogue: LiveCatalogue | None) -> None:
    """Set the catalogue of this process (composition roots and tests)."""
    global _shared
    with _lock:
        _shared = catalogue
