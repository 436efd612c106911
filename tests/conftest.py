"""Fixtures that every room's tests share: a migrated database on SQLite and on PostgreSQL, and no network."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import bot.nlu.training  # noqa: F401 - tests/bot/nlu learn in this process, before bot.slim hides scikit-learn in it
from storage.migrate import upgrade

POSTGRESQL = os.environ.get("DALIL_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


def _postgresql_runs() -> bool:
    try:
        with create_engine(POSTGRESQL, connect_args={"connect_timeout": 2}).connect():
            return True
    except Exception:
        return False


@pytest.fixture(scope="session")
def postgresql_available() -> bool:
    """Whether a PostgreSQL server answers on loopback."""
    return _postgresql_runs()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "template.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_available: bool) -> Iterator[str]:
    """The name of an empty, migrated PostgreSQL database, to be used as a template."""
    if not postgresql_available:
        pytest.skip("needs PostgreSQL on 127.0.0.1:5432")
    with _new_postgresql() as (name, url):
        upgrade(url)
        yield name


@contextmanager
def _new_postgresql(template: str = "template1") -> Iterator[tuple[str, str]]:
    name = f"dalil_{uuid.uuid4().hex}"
    admin = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    try:
        yield name, POSTGRESQL.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty, migrated database; the test runs once on each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    with _new_postgresql(request.getfixturevalue("migrated_postgresql")) as (_, url):
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """The URL of an empty, migrated SQLite database."""
    shutil.copy(migrated_sqlite, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any test that connects beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])  # type: ignore[index]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
