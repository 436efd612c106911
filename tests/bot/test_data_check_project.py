"""`python -m bot data check`, and this project's own training data."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.data import TEXTS, Example, check_example, cli, project
from bot.data.checks import check_data
from bot.data.corpus import Corpus, Known
from bot.data.faults import errors
from bot.data.reading import Data, read
from tests.bot.trained import ROOT

RIGHT = "nlu:\n- intent: fees\n  examples: |\n    - كم الرسوم\n"
WRONG = RIGHT + "    - /كم\n"


@pytest.fixture(scope="module")
def known() -> Known:
    """Intents, services and entities of the project."""
    return project.known(ROOT / "bot/domain")


@pytest.fixture(scope="module")
def data() -> Data:
    """The project's training data."""
    return read(ROOT / "nlu_data")


@pytest.fixture(autouse=True)
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is run where the project is."""
    monkeypatch.chdir(ROOT)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "data", "check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_domain_and_the_catalogue_are_read(known: Known) -> None:
    assert {"fees", "faq", "out_of_scope"} <= set(known.intents)
    assert set(known.entities) == {"service", "reference", "agency", "proof", "topic"}
    assert {"passport", "id-card"} <= set(known.services)
    assert "جواز" in known.names


def test_the_services_come_from_the_database_when_the_catalogue_is_remote(
    monkeypatch: pytest.MonkeyPatch, sample_url: str
) -> None:
    from_files = project.known()
    monkeypatch.setenv("DALIL_CATALOGUE_SOURCE", "https://catalogue.example/")
    monkeypatch.setenv("DALIL_DATABASE_URL", sample_url)
    assert project.known() == from_files


def test_our_own_data_has_no_error(data: Data, known: Known) -> None:
    assert [str(fault) for fault in errors(check_data(data, known))] == []


def test_a_sentence_is_checked_while_somebody_types(data: Data, known: Known) -> None:
    corpus = Corpus(data.examples, known)
    some = data.examples[:: len(data.examples) // 200]
    times = []
    for example in some:
        started = time.process_time()
        check_example(example.text + " لي", example.intent, example.service, corpus)
        times.append(time.process_time() - started)
    assert sorted(times)[len(times) * 95 // 100] < 0.01


def test_it_needs_neither_rasa_nor_a_database() -> None:
    code = (
        "import sys; sys.argv = ['bot', 'data', 'check', '--errors']; from bot.__main__ import main; main();"
        "sys.exit(any(name.partition('.')[0] in ('rasa', 'rasa_sdk', 'tensorflow', 'sklearn') for name in sys.modules))"
    )
    command = [sys.executable, "-c", code]
    environment = {"DALIL_DATABASE_URL": "sqlite:////nowhere/none.db", "PYTHONPATH": str(ROOT)}
    assert subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True).returncode == 0


def test_errors_fail_and_warnings_do_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "data.yml"
    file.write_text(RIGHT, "utf-8")
    warned = run(str(tmp_path))
    assert warned.returncode == 0
    assert "fees has only 1 examples" in warned.stdout
    assert warned.stdout.endswith("1 file, 1 sentence: 0 errors, 1 warning\n")
    file.write_text(WRONG, "utf-8")
    failed = run(str(file), "--errors")
    assert failed.returncode == 1
    first, summary = failed.stdout.splitlines()
    assert first.startswith(f"{file}:5: error: ")
    assert "1 error, 1 warning (" in summary


def test_faults_as_json(tmp_path: Path) -> None:
    (tmp_path / "data.yml").write_text(WRONG, "utf-8")
    result = run(str(tmp_path), "--json")
    assert result.returncode == 1
    faults = json.loads(result.stdout)
    assert [(fault["code"], fault["severity"], fault["line"]) for fault in faults] == [
        ("few-examples", "warning", 2),
        ("slash", "error", 5),
    ]
    assert all(fault["message"] and fault["advice"] and fault["file"] for fault in faults)


def test_a_catalogue_that_cannot_be_read_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import argparse

    monkeypatch.setenv("DALIL_CATALOGUE_SOURCE", str(tmp_path / "none"))
    options = argparse.Namespace(folder="nlu_data", errors=False, json=False)
    assert cli.run(options) == 1
    assert "none" in capsys.readouterr().err


def test_staff_can_look_up_every_code() -> None:
    guide = (ROOT / "nlu_data/README.md").read_text("utf-8")
    assert [code for code in TEXTS if f"`{code}`" not in guide] == []


def test_a_new_sentence_stands_in_no_file(known: Known) -> None:
    corpus = Corpus([Example("كم الرسوم", "fees", None, "a.yml", 3)], known)
    (fault,) = check_example("كم الرسوم", "steps", None, corpus)
    assert (fault.file, fault.line, fault.values["other_file"]) == ("", 0, "a.yml")
