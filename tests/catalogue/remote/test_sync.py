"""Sync: the database holds what the remote says, or is as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from integrations.catalogue.cli import main
from integrations.catalogue.document import Content
from integrations.catalogue.errors import CatalogueInvalid
from integrations.catalogue.importer import Report, import_content
from integrations.catalogue.remote.errors import RemoteInvalid
from integrations.catalogue.remote.faults import Fault
from integrations.catalogue.remote.simulator import Simulator
from integrations.catalogue.remote.sync import sync
from integrations.catalogue.remote.tables import RemoteCatalogue
from integrations.catalogue.repository import SqlCatalogue
from storage import Base, SyncDatabase


@pytest.fixture
def database(database_url: str) -> Iterator[SyncDatabase]:
    database = SyncDatabase(database_url)
    yield database
    database.close()


async def _sync(database: SyncDatabase, address: str) -> Report | None:
    return await asyncio.to_thread(sync, database, address)


async def test_first_sync_then_nothing_new(database: SyncDatabase, simulator: Simulator, address: str) -> None:
    report = await _sync(database, address)
    assert report is not None
    assert len(report.added) == sum(len(authority.services) for authority in simulator.content.authorities)
    asked = len(simulator.requests)
    assert await _sync(database, address) is None
    assert len(simulator.requests) == asked


async def test_a_change_is_taken_over(
    database: SyncDatabase, simulator: Simulator, address: str, without_pension: Content
) -> None:
    await _sync(database, address)
    full = simulator.content
    simulator.content = without_pension
    report = await _sync(database, address)
    assert report is not None
    assert report.withdrawn == ("pension",)
    simulator.content = full
    report = await _sync(database, address)
    assert report is not None
    assert report.returned == ("pension",)


async def test_an_import_in_between_makes_the_next_sync_read_again(
    database: SyncDatabase, simulator: Simulator, address: str, without_pension: Content
) -> None:
    await _sync(database, address)
    import_content(database, without_pension)
    report = await _sync(database, address)
    assert report is not None
    assert report.returned == ("pension",)


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.MISSING_NODE, Fault.CHANGING, Fault.BROKEN_JSON])
async def test_a_fault_leaves_the_catalogue_as_it_was(
    database: SyncDatabase, simulator: Simulator, address: str, without_pension: Content, fault: Fault
) -> None:
    await _sync(database, address)
    before = SqlCatalogue(database).version()
    simulator.content, simulator.fault, simulator.fault_page = without_pension, fault, 3
    with pytest.raises(Exception, match="catalogue"):
        await _sync(database, address)
    assert SqlCatalogue(database).version() == before
    assert SqlCatalogue(database).service("pension").id == "pension"


async def test_a_catalogue_without_services_withdraws_nothing(
    database: SyncDatabase, simulator: Simulator, address: str
) -> None:
    await _sync(database, address)
    before = SqlCatalogue(database).services()
    empty = [authority.model_copy(update={"services": ()}) for authority in simulator.content.authorities]
    simulator.content = simulator.content.model_copy(update={"authorities": tuple(empty)})
    with pytest.raises(RemoteInvalid, match="has no service"):
        await _sync(database, address)
    assert SqlCatalogue(database).services() == before


async def test_a_catalogue_that_breaks_the_rules_is_refused(
    database: SyncDatabase, simulator: Simulator, address: str
) -> None:
    first, *others = simulator.content.authorities
    service = first.services[0].model_copy(update={"related": ("no-such-service",)})
    broken = first.model_copy(update={"services": (service, *first.services[1:])})
    simulator.content = simulator.content.model_copy(update={"authorities": (broken, *others)})
    with pytest.raises(CatalogueInvalid, match="no-such-service"):
        await _sync(database, address)
    assert SqlCatalogue(database).version() == 0


@pytest.mark.parametrize("command", [["sync"], ["import"]])
async def test_commands(
    command: list[str],
    simulator: Simulator,
    address: str,
    without_pension: Content,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DALIL_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DALIL_CATALOGUE_SOURCE", address)
    assert await asyncio.to_thread(main, command) == 0
    assert "added: passport" in capsys.readouterr().out
    assert await asyncio.to_thread(main, ["sync", address]) == 0
    assert capsys.readouterr().out == "not changed since the last sync\n"
    simulator.content = without_pension
    simulator.fault = Fault.ERROR
    assert await asyncio.to_thread(main, command) == 1
    assert capsys.readouterr().err == f"{address}: the remote catalogue answered with status 500\n"


def test_migration_matches_the_table(database_url: str) -> None:
    def mine(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "table" or name == RemoteCatalogue.__tablename__

    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": mine, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
