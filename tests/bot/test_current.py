"""`python -m bot current`, as the console asks it and as a person does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.engine.manifest import FORMAT, Manifest, archive, rasa_version, write_manifest
from bot.fingerprint import fingerprint

NAME = "dalil-1"
DATA = Path(__file__).parents[1] / "console" / "nlu_data"
MOVED_ON = f"{NAME}: what it was trained from has changed since\n"


@pytest.mark.parametrize(
    ("made_from", "code", "said"), [(DATA, 0, f"{NAME}\n"), (None, 1, MOVED_ON)], ids=["as it was", "changed"]
)
def test_it_says_whether_the_model_is_of_the_files_as_they_are(
    sqlite_url: str, tmp_path: Path, made_from: Path | None, code: int, said: str
) -> None:
    archive(tmp_path, NAME).touch()
    print_ = fingerprint(made_from) if made_from else "other"
    write_manifest(tmp_path, Manifest(NAME, "", print_, rasa_version(), FORMAT, ""))
    for arguments, wanted in (((), said), (("--json",), {"model": NAME, "is_current": code == 0})):
        done = current(sqlite_url, tmp_path, *arguments)
        assert (done.returncode, done.stderr) == (code, "")
        assert (json.loads(done.stdout) if arguments else done.stdout) == wanted


def test_without_a_model_it_is_one_line(sqlite_url: str, tmp_path: Path) -> None:
    done = current(sqlite_url, tmp_path, "--json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def current(url: str, models: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"DALIL_DATABASE_URL": url, "DALIL_MODEL_FOLDER": str(models), "DALIL_DATA_FOLDER": str(DATA)}
    command = [sys.executable, "-m", "bot", "current", *arguments]
    return subprocess.run(command, env={**environment, "PATH": ""}, capture_output=True, text=True, check=False)
