"""`python -m channels.sms` as an operator types it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest


@pytest.fixture
def command(sqlite_url: str, tmp_path: Any) -> Any:
    def run(*arguments: str, **changes: str) -> tuple[int, str]:
        own = {"DALIL_DATABASE_URL": sqlite_url, "DALIL_MODE": "development", "PYTHONPATH": os.getcwd()}
        done = subprocess.run(
            [sys.executable, "-m", "channels.sms", *arguments],
            env=os.environ | own | changes,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_provider_is_stopped_with_a_reason_and_used_again(command) -> None:
    assert command("stop", "simulator", "--reason", "عطل عند المشغل")[0] == 0
    code, said = command("report")
    assert code == 0
    assert "STOPPED simulator: عطل عند المشغل" in said
    assert command("resume", "simulator") == (0, "simulator is used again\n")
    assert "STOPPED" not in command("report")[1]


REFUSED = [
    (("stop", "nobody", "--reason", "x"), "no provider is named nobody: there are simulator"),
    (("show", "0" * 32), "there is no such SMS"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED, ids=["provider", "message"])
def test_what_cannot_be_done_is_said_in_one_line(command, arguments: tuple[str, ...], said: str) -> None:
    assert command(*arguments) == (1, said + "\n")


def test_secrets_are_shown_only_when_asked_for(command) -> None:
    assert "/sms/simulator/" not in command("check")[1]
    assert command("addresses")[1].count("/sms/simulator/") == 2


def test_a_provider_that_calls_nothing_has_no_addresses(command, tmp_path: Any) -> None:
    file = tmp_path / "sms.yml"
    file.write_text("providers:\n  - {kind: bearerbox, name: operator, sender: '8000', port: 13001}\n")
    code, said = command("addresses", DALIL_SMS_PROVIDERS=str(file))
    assert (code, said.splitlines()[1]) == (0, "  calls nothing: the gateway keeps a connection to it")


def test_a_faulty_file_is_named_with_its_line(command, tmp_path: Any) -> None:
    file = tmp_path / "sms.yml"
    file.write_text("providers:\n  - kind: pigeon\n    name: coo\n")
    code, said = command("check", DALIL_SMS_PROVIDERS=str(file))
    assert code == 1
    assert f"{file}:2: kind: must be one of" in said


def test_nothing_is_stuck(command) -> None:
    assert command("replay", "--dry-run") == (0, "0 would be queued again\n")
