"""`python -m bot ask`: one question, or JSON lines with conversations and channels."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as command
from bot import ask
from bot.errors import BadRequest
from integrations.catalogue import live
from integrations.catalogue.live import LiveCatalogue
from settings import Settings, load_settings
from storage.migrate import upgrade
from tests.bot.trained import ROOT, environment


def lines(*items: Any) -> str:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


LINES = lines(
    {"id": "a", "text": "كم رسوم توثيق عقد الزواج؟", "conversation": "شارع 7 / +967"},
    {"id": 2, "text": "وكم المدة؟", "conversation": "شارع 7 / +967"},
    {"id": "c", "text": "وكم المدة؟"},
    {"id": "d", "text": "كم رسوم توثيق عقد الزواج؟", "channel": "sms"},
    {"id": "e", "text": "بدل فاقد", "conversation": 5},
    {"id": "f", "text": "", "choice": "c1", "conversation": 5},
)


@pytest.fixture
def settings(load_quickly: None, catalogue: LiveCatalogue, model_folder: Path, sample_url: str) -> Settings:
    """Settings with a model, which is in memory already."""
    return load_settings(_env_file=None, database_url=sample_url, model_folder=model_folder)


async def answers(settings: Settings, source: str) -> list[dict[str, Any]]:
    target = io.StringIO()
    await ask.ask_lines(settings, io.StringIO(source), target)
    return [json.loads(line) for line in target.getvalue().splitlines()]


async def test_lines_of_one_conversation_follow_each_other_and_others_stand_alone(settings: Settings) -> None:
    replies = await answers(settings, LINES + "\n  \n")
    assert [(reply["id"], reply["kind"], reply["service"]) for reply in replies[:5]] == [
        ("a", "fees", "notary-marriage"),
        (2, "duration", "notary-marriage"),
        ("c", "duration", None),
        ("d", "fees", "notary-marriage"),
        ("e", "ambiguous", None),
    ]
    assert replies[5]["service"] == replies[4]["options"][0]
    assert len(replies[3]["messages"][0]["text"]) < len(replies[0]["messages"][0]["text"])


async def test_a_failure_of_ours_is_a_line_like_any_other(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = ask.Asking(settings)

    async def broken(*_arguments: Any) -> Any:
        raise RuntimeError("broken")

    model = asking._engine.model
    monkeypatch.setitem(model.processor.executor.actions, "action_conversation", broken)
    _name, request = next(ask.requests(io.StringIO(lines({"id": "a", "text": "مساعدة"}))))
    reply = await asking.reply(request)
    await asking.close()
    assert reply["kind"] == "unavailable"
    assert reply["messages"][0]["text"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: "),
        ("[]", 'line 2: expected {"id", "text"}'),
        ('"كم"', 'line 2: expected {"id", "text"}'),
        ('{"text": "كم"}', 'line 2: expected {"id", "text"}'),
        ('{"id": "b", "text": 7}', "line 2: text"),
        ('{"id": "b", "text": "كم", "channel": "fax"}', "line 2: channel"),
    ],
)
def test_a_wrong_line_is_named(line: str, reason: str) -> None:
    good = lines({"id": "a", "text": "كم"})
    with pytest.raises(BadRequest) as caught:
        list(ask.requests(io.StringIO(good + line + "\n" + good)))
    assert str(caught.value).startswith(reason)


def test_long_names_of_conversations_stay_apart() -> None:
    named = [{"id": letter, "text": "كم", "conversation": "محادثة " * 30 + letter} for letter in "aba"]
    first, second, third = [request.conversation for _name, request in ask.requests(io.StringIO(lines(*named)))]
    assert first == third != second


def test_for_a_person_the_reply_is_text_with_numbered_choices() -> None:
    target = io.StringIO()
    choices = [{"id": "c1", "title": "الأوراق"}, {"id": "c2", "title": "المدة"}]
    ask.show({"kind": "fees", "messages": [{"text": "الرسوم\n500", "choices": choices}]}, target)
    assert target.getvalue() == 'الرسوم\n500\n  1) الأوراق\n  2) المدة\n{"kind": "fees"}\n'


def run(*arguments: str, source: str = "", **settings: object) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "bot", "ask", *arguments]
    return subprocess.run(asked, cwd=ROOT, env=environment(**settings), input=source, capture_output=True, text=True)


def test_the_command_answers_until_a_wrong_line_and_names_it(sample_url: str, model_folder: Path) -> None:
    source = LINES.splitlines(keepends=True)[0] + "wrong\n" + LINES
    done = run("--jsonl", source=source, database_url=sample_url, model_folder=model_folder, log_level="DEBUG")
    assert done.returncode == 1
    (reply,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (reply["id"], reply["kind"], reply["service"]) == ("a", "fees", "notary-marriage")
    assert done.stderr.startswith("line 2: ")
    assert done.stderr.count("\n") == 1


@pytest.fixture(autouse=True)
def process() -> Iterator[None]:
    """What a process sets for itself, put back: the level of its log, its catalogue."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)
    live.share(None)


def main(monkeypatch: pytest.MonkeyPatch, *arguments: str, **settings: object) -> int:
    monkeypatch.setattr(sys, "argv", ["bot", *arguments])
    for name, value in settings.items():
        monkeypatch.setenv(f"DALIL_{name.upper()}", str(value))
    return command.main()


@pytest.mark.parametrize("arguments", [("ask", "كم"), ("train",), ("serve",)], ids=lambda words: words[0])
def test_a_database_without_tables_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    database = f"sqlite:///{tmp_path}/empty.db"
    assert main(monkeypatch, *arguments, database_url=database, model_folder=tmp_path) == 1
    assert "python -m storage upgrade" in capsys.readouterr().err


def test_training_without_a_catalogue_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = f"sqlite:///{tmp_path}/empty.db"
    upgrade(database)
    assert main(monkeypatch, "train", database_url=database, model_folder=tmp_path / "models") == 1
    assert "python -m integrations.catalogue import" in capsys.readouterr().err
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("arguments", [("ask", "كم"), ("serve",)], ids=lambda words: words[0])
def test_no_model_is_one_clear_line(
    tmp_path: Path,
    sample_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
) -> None:
    assert main(monkeypatch, *arguments, database_url=sample_url, model_folder=tmp_path) == 1
    error = capsys.readouterr().err
    assert error == f"no model in {tmp_path}: run `make train`\n"


def test_a_broken_setting_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(monkeypatch, "ask", "كم", assistant_port="many") == 1
    assert capsys.readouterr().err.startswith("DALIL_ASSISTANT_PORT: ")
