"""Engines and transactions on SQLite (WAL) and PostgreSQL, sync for commands and async for servers.

SQLite begins every transaction by hand: Python's sqlite3 would begin a write only at the first INSERT, and a read
that then becomes a write fails at once with "database is locked" instead of waiting its turn.
https://docs.sqlalchemy.org/en/20/dialects/sqlite.html (serializable isolation, savepoints)
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session

from storage.errors import DatabaseUnreachable

BUSY_TIMEOUT_MS = 15_000
IDLE_SECONDS = 1.0


def _url(raw: str) -> URL:
    try:
        url = make_url(raw)
    except ArgumentError as error:
        raise DatabaseUnreachable("DALIL_DATABASE_URL is not a database URL") from error
    backend = url.get_backend_name()
    if backend == "sqlite":
        if url.database and url.database != ":memory:":
            _make_folder(Path(url.database).parent)
        return url.set(drivername="sqlite+pysqlite")
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise DatabaseUnreachable(f"DALIL_DATABASE_URL: {backend} is not supported, use sqlite or postgresql")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnreachable(f"DALIL_DATABASE_URL: cannot create {folder}: {error.strerror}") from error


def _prepare_sqlite(engine: Engine, *, durable: bool) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("dalil_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _ping_idle(engine: Engine) -> None:
    """Ask a connection that was idle whether it still lives; one in use would tell by itself.

    SQLAlchemy's own pool_pre_ping asks before every transaction, which is a fifth of what a small one takes.
    https://docs.sqlalchemy.org/en/20/core/pooling.html (custom pessimistic ping)
    """

    @event.listens_for(engine, "checkin")
    def _rest(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _wake(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("idle_since", time.monotonic()) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


class SyncDatabase:
    """Synchronous access, for commands and for loading the catalogue."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        target = _url(url)
        self.engine = create_engine(target, hide_parameters=True)
        self.dialect = target.get_backend_name()
        if self.dialect == "sqlite":
            _prepare_sqlite(self.engine, durable=durable)
        else:
            _ping_idle(self.engine)
        self._writing = self.engine.execution_options(dalil_writes=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session in one read transaction, rolled back at the end.

        Raises:
            DatabaseUnreachable: the database cannot be opened.
        """
        with self._session(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in one write transaction: committed at the end, rolled back when the block raises.

        Raises:
            DatabaseUnreachable: the database cannot be opened.
        """
        with self._session(self._writing) as session, session.begin():
            yield session

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        try:
            engine.connect().close()
        except OperationalError as error:
            raise DatabaseUnreachable(f"DALIL_DATABASE_URL: {error.orig}") from error
        with Session(engine, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
