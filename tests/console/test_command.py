"""`python -m console` as an operator types it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

LINK = re.compile(r"http://127\.0\.0\.1:8091/join/[A-Za-z0-9_-]{43}\n")


def console(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"DALIL_DATABASE_URL": url, "PATH": ""}
    command = [sys.executable, "-m", "console", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_first_administrator_is_invited_until_one_has_joined(sqlite_url: str) -> None:
    for _ in range(2):
        done = console(sqlite_url, "invite", "--first")
        assert done.returncode == 0
        assert LINK.search(done.stdout)


def test_somebody_new_and_again(sqlite_url: str) -> None:
    for arguments in (("a.saleh", "--role", "editor", "--ministry", "passports"), ("a.saleh",)):
        done = console(sqlite_url, "invite", *arguments)
        assert done.returncode == 0
        assert LINK.fullmatch(done.stdout)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("invite",), "say who"),
        (("invite", "new"), "new is new: say what they may with --role"),
        (("invite", "Bad Name", "--role", "editor"), "Bad Name: A log-in name has small Latin letters"),
        (("audit", "verify", "--since", "1:zz"), "--since: give ID:HASH"),
    ],
)
def test_what_cannot_be_done_is_one_line(sqlite_url: str, arguments: tuple[str, ...], says: str) -> None:
    done = console(sqlite_url, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1


def test_without_tables_it_says_what_to_run(tmp_path) -> None:
    done = console(f"sqlite:///{tmp_path}/none.db", "invite", "--first")
    assert done.returncode == 1
    assert "python -m storage upgrade" in done.stderr
