"""The audit log only grows, and shows when it did not."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from console.access.roles import Role
from console.audit import log
from console.audit.log import Act
from storage import SyncDatabase


@pytest.fixture
def database(database_url: str):
    database = SyncDatabase(database_url)
    with database.engine.execution_options(dalil_writes=True).begin() as connection:
        for number in range(5):
            log.append(connection, Act("saleh", "faq-edit", f"faq/{number}", "سبب", "127.0.0.1", {"n": number}))
    yield database
    database.close()


def fault(database: SyncDatabase, noted: dict[int, str] | None = None) -> str | None:
    with database.engine.connect() as connection:
        return log.verify(connection, noted).fault


def tamper(database: SyncDatabase, statement: str) -> None:
    """As somebody with all rights over the database, who drops the triggers first."""
    with database.engine.execution_options(dalil_writes=True).begin() as connection:
        if database.dialect == "sqlite":
            for act in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER audit_log_no_{act}"))
        else:
            connection.execute(text("DROP TRIGGER audit_log_no_change ON audit_log"))
        connection.execute(text(statement))


def test_an_untouched_log_is_whole(database: SyncDatabase) -> None:
    assert fault(database) is None


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log WHERE id = 5"])
def test_the_database_itself_refuses_a_change(database: SyncDatabase, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"), database.engine.begin() as connection:
        connection.execute(text(statement))
    assert fault(database) is None


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit_log SET actor = 'x' WHERE id = 3", "entry 3"),
        ("UPDATE audit_log SET reason = '' WHERE id = 1", "entry 1"),
        ("UPDATE audit_log SET detail = '{}' WHERE id = 5", "entry 5"),
        ("UPDATE audit_log SET hash = 'x' WHERE id = 2", "entry 2"),
        ("DELETE FROM audit_log WHERE id = 2", "entry 2 is missing"),
        ("DELETE FROM audit_log WHERE id = 5", "newest entries after 4"),
        ("DELETE FROM audit_log", "newest entries after 0"),
        ("DELETE FROM audit_head", "newest entries after 5"),
    ],
)
def test_a_change_is_found(database: SyncDatabase, statement: str, says: str) -> None:
    tamper(database, statement)
    assert says in str(fault(database))


def test_a_chain_written_anew_differs_from_a_noted_hash(database: SyncDatabase) -> None:
    with database.engine.connect() as connection:
        noted = {5: log.verify(connection).hash}
    tamper(database, "DELETE FROM audit_log")
    with database.engine.execution_options(dalil_writes=True).begin() as connection:
        connection.execute(text("UPDATE audit_head SET last = 0, hash = :first"), {"first": log.FIRST})
        for number in range(5):
            log.append(connection, Act("somebody else", "faq-edit", f"faq/{number}"))
    assert fault(database) is None
    assert "entry 5 is not the one that was noted" in str(fault(database, noted))
    assert "entry 9, which was noted, is missing" in str(fault(database, {9: "0" * 64}))


def test_the_command_says_whether_it_is_whole(database: SyncDatabase, database_url: str) -> None:
    command = [sys.executable, "-m", "console", "audit", "verify"]
    environment = {"DALIL_DATABASE_URL": database_url, "PATH": ""}
    whole = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert whole.returncode == 0
    assert "whole: 5 entries" in whole.stdout
    tamper(database, "UPDATE audit_log SET actor = 'x' WHERE id = 3")
    broken = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (broken.returncode, broken.stdout) == (1, "")
    assert "entry 3" in broken.stderr


async def test_the_export_asks_for_the_password_and_has_no_formulas(console) -> None:
    console.write(lambda connection: log.append(connection, Act("x", "try", "=cmd|' /C calc'!A0", "@SUM(1)")))
    auditor = console.browser(Role.AUDITOR)
    status, body = await auditor.get("/audit/audit.csv")
    assert status == 200
    assert "'=cmd|" in body
    assert "'@SUM" in body
    console.write(
        lambda connection: connection.execute(text("UPDATE staff_sessions SET proved_at = '2020-01-01 00:00:00'"))
    )
    assert (await auditor.get("/audit/audit.csv"))[0] == 303
