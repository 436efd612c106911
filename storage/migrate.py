"""Alembic, without its configuration file: upgrade the tables, or say that they are old."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from storage.engine import SyncDatabase
from storage.errors import DatabaseUnreachable, SchemaOutdated

SCRIPTS = Path(__file__).parent / "migrations"


def _config(connection: object = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the tables of `url` to `revision`.

    Raises:
        DatabaseUnreachable: the database cannot be opened.
    """
    database = SyncDatabase(url)
    try:
        with database.engine.connect().execution_options(dalil_writes=True) as connection, connection.begin():
            command.upgrade(_config(connection), revision)
    except OperationalError as error:
        raise DatabaseUnreachable(f"DALIL_DATABASE_URL: {error.orig}") from error
    finally:
        database.close()


def check_schema(database: SyncDatabase) -> None:
    """Raise SchemaOutdated unless the tables are at the newest revision."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with database.read() as session:
        connection = session.connection()
        current = (
            MigrationContext.configure(connection).get_current_revision()
            if inspect(connection).has_table("alembic_version")
            else None
        )
    if current != newest:
        raise SchemaOutdated(f"the database is at revision {current}, not {newest}: run `python -m storage upgrade`")
