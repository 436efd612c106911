"""Make the database hold what a remote catalogue says."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from integrations.catalogue.importer import Report, content_hash, import_content
from integrations.catalogue.remote.client import Limits, read_remote
from integrations.catalogue.remote.errors import RemoteInvalid
from integrations.catalogue.remote.tables import RemoteCatalogue
from integrations.catalogue.tables import CatalogueVersion
from storage import SyncDatabase, utc_now


def sync(database: SyncDatabase, address: str, limits: Limits | None = None) -> Report | None:
    """Read the remote catalogue and import it whole; None when it has not changed since the last sync. Blocks.

    Raises:
        RemoteError: see the package docstring; the database is as it was.
        CatalogueInvalid: with one line for each fault; the database is as it was.
        StorageError: the database cannot be opened.
    """
    remote = asyncio.run(read_remote(address, _known_etag(database, address), limits))
    if remote is None:
        return None
    if not any(authority.services for authority in remote.content.authorities):
        raise RemoteInvalid(f"{address}: has no service; importing it would withdraw all")
    report = import_content(database, remote.content)
    with database.write() as session:
        row = RemoteCatalogue(
            url=address, etag=remote.etag, content_hash=content_hash(remote.content), read_at=utc_now()
        )
        session.merge(row)
    return report


def _known_etag(database: SyncDatabase, address: str) -> str | None:
    """The ETag of the last sync, unless something else was imported since."""
    with database.read() as session:
        row = session.get(RemoteCatalogue, address)
        current = session.scalar(select(CatalogueVersion.content_hash))
    return row.etag if row and row.content_hash == current else None
