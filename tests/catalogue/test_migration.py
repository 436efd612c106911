"""Migration 0001 makes exactly the tables that the catalogue's classes describe."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from integrations.catalogue import tables
from storage import Base
from storage.migrate import _config


def _is_ours(table: str) -> bool:
    # The gaps are the console's (console/inbox/tables.py), whose classes are loaded only when its tests run, too.
    return table.startswith("catalogue_") and table != "catalogue_gaps"


def _mine(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return kind != "table" or _is_ours(name or "")


def test_migration_matches_the_classes(database_url: str) -> None:
    assert tables.PublicService.__table__ in Base.metadata.tables.values()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": _mine, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_migration_can_be_undone(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "base")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _mine})
        added = [change for change in compare_metadata(context, Base.metadata) if change[0] == "add_table"]
        assert len(added) == sum(map(_is_ours, Base.metadata.tables))
    engine.dispose()
