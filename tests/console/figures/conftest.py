"""A connection to an empty, migrated database of each kind, and a log to write by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from storage import SyncDatabase
from tests.console.figures.seeding import Log


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    database = SyncDatabase(database_url)
    with database.engine.execution_options(dalil_writes=True).begin() as connection:
        yield connection
    database.close()


@pytest.fixture
def log(connection: Connection) -> Log:
    return Log(connection)
