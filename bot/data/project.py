"""What the labels of this project may name: intents and entities of its domain, services of its catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.data.corpus import Known, stems_of
from integrations.catalogue.document import Content
from integrations.catalogue.reader import read_folder
from settings import load_settings

DOMAIN = Path("bot/domain")
DATA = Path("nlu_data")


def known(domain: Path = DOMAIN) -> Known:
    """Read them.

    Raises:
        CatalogueError, SettingsError, StorageError: the catalogue cannot be read.
    """
    services = [service for authority in _catalogue().authorities for service in authority.services]
    return Known(
        intents=frozenset(_listed(domain, "intents")),
        services=frozenset(service.id for service in services),
        entities=frozenset(_listed(domain, "entities")),
        names=stems_of(name for service in services for name in (service.name, *service.also, *service.keywords)),
    )


def _listed(domain: Path, key: str) -> Iterator[str]:
    """Names under a key of the domain's files; Rasa writes one with options as a mapping."""
    for path in sorted(domain.rglob("*.yml")):
        content: Any = YAML(typ="safe").load(path)
        for entry in (content or {}).get(key) or ():
            yield from entry if isinstance(entry, dict) else [str(entry)]


def _catalogue() -> Content:
    """From the files that the database is filled from, so that a fresh checkout can be checked; else from it."""
    settings = load_settings()
    if not settings.catalogue_source.startswith(("http://", "https://")):
        return read_folder(Path(settings.catalogue_source))
    from integrations.catalogue.repository import SqlCatalogue
    from storage import SyncDatabase
    from storage.migrate import check_schema

    database = SyncDatabase(settings.database_url)
    try:
        check_schema(database)
        return SqlCatalogue(database).content()
    finally:
        database.close()
