"""`python -m bot evaluate`: from a folder of cases to a report, a list of failures and an exit code."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as command
from bot.engine.messages import Request
from bot.evaluation import page, pictures, report
from bot.evaluation.answering import answer
from bot.evaluation.errors import EvaluationError
from bot.evaluation.progress import Progress
from integrations.catalogue import live
from integrations.catalogue.live import LiveCatalogue
from integrations.catalogue.repository import SqlCatalogue
from storage import SyncDatabase
from tests.bot.evaluating import case, judged, reply, right, wrong

FEES = '- {text: "كم رسوم توثيق عقد الزواج؟", kind: fees, service: notary-marriage, register: msa}\n'
# The second is labelled wrong, and so must fail.
THREE = (
    FEES
    + '- {text: "كم رسوم توثيق عقد الطلاق؟", kind: hours, service: notary-divorce, register: sms, channel: sms}\n'
    + '- {text: "كيف أجدد هويتي الوطنية عبر منصة أبشر السعودية؟", kind: out_of_scope, service: null, register: msa}\n'
)
FAILS = "كم رسوم توثيق عقد الطلاق؟"
Run = Callable[..., int]


@pytest.fixture(autouse=True)
def process() -> Iterator[None]:
    """What a process sets for itself, put back: the level of its log, its catalogue."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)
    live.share(None)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "held_out"
    folder.mkdir()
    (folder / "msa_one.yml").write_text(THREE, encoding="utf-8")
    return folder


@pytest.fixture
def run_and_draw(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    load_quickly: None,
    catalogue: LiveCatalogue,
    model_folder: Path,
    sample_url: str,
) -> Run:
    """The command on folders, with the report in tmp_path/results."""

    def run(*arguments: str | Path) -> int:
        output = str(tmp_path / "results")
        monkeypatch.setattr(sys, "argv", ["bot", "evaluate", "--output", output, *map(str, arguments)])
        monkeypatch.setenv("DALIL_DATABASE_URL", sample_url)
        monkeypatch.setenv("DALIL_MODEL_FOLDER", str(model_folder))
        return command.main()

    return run


@pytest.fixture
def run(run_and_draw: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command without pictures, which take seconds."""
    monkeypatch.setattr(pictures, "draw", lambda *_: None)
    return run_and_draw


def test_a_folder_is_measured_saved_and_drawn(
    run_and_draw: Run, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_and_draw(cases, "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    saved = tmp_path / "results"
    assert json.loads((saved / "report.json").read_text("utf-8")) == printed
    assert printed["figures"]["both"] == {"right": 2, "of": 3, "share": 0.6667, "low": 0.2077, "high": 0.9385}
    assert printed["by"]["register"]["sms"]["kind"]["right"] == 0
    assert list(printed["by"]["topic"]) == ["msa_one"]
    (failure,) = printed["failures"]
    expected = {"sentence": FAILS, "expected": "hours notary-divorce", "got": "fees notary-divorce", "wrong": ["kind"]}
    assert expected.items() <= failure.items()
    assert 0 < printed["cost"]["cpu_ms"]["median"] < printed["cost"]["wall_ms"]["p95"] * 10
    assert FAILS in (saved / "report.md").read_text("utf-8")
    for name in pictures.FILES.values():
        assert (saved / name).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_only_cost_differs_between_two_runs(run: Run, cases: Path, tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        run(cases)
        made.append(json.loads((tmp_path / "results" / "report.json").read_text("utf-8")))
        assert made[-1].pop("cost")
    assert made[0] == made[1]


def test_check_knows_failures_and_floors(run: Run, cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cases, "--check") == 1
    said = capsys.readouterr()
    assert f"{cases}: new failure: {FAILS}: expected hours notary-divorce, got fees notary-divorce\n" in said.err
    assert "both right" in said.out

    assert run(cases, "--update-known") == 0
    assert "1 known, 1 new, 0 dropped" in capsys.readouterr().err
    assert run(cases, "--check") == 0
    assert "0 new failures, 1 known, 0 stale" in capsys.readouterr().err

    (cases / "floors.json").write_text('{"kind": 0.7, "both": 0.6}', encoding="utf-8")
    assert run(cases, "--check") == 1
    assert f"{cases}: kind: 66.67% is under the 70.00% of floors.json\n" in capsys.readouterr().err


def test_check_counts_the_stale_and_update_drops_them(
    run: Run, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(cases, "--update-known")
    (cases / "msa_one.yml").write_text(FEES, encoding="utf-8")
    capsys.readouterr()
    assert run(cases, "--check") == 0
    assert "0 new failures, 0 known, 1 stale" in capsys.readouterr().err
    assert run(cases, "--update-known") == 0
    assert not (cases / "known_failures.txt").exists()


def test_each_set_has_its_own_list(run: Run, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "development"
    other.mkdir()
    (other / "fees.yml").write_text(THREE, encoding="utf-8")
    run(cases, "--update-known")
    capsys.readouterr()
    assert run(cases, other, "--check") == 1
    error = capsys.readouterr().err
    assert f"{cases}: 0 new failures" in error
    assert f"{other}: 1 new failures" in error
    assert "## Set " in (tmp_path / "results" / "report.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("msa_one.yml", FEES + "- {text: 1}", "msa_one.yml: entry 2: lacks kind"),
        ("msa_one.yml", "", "held_out: no cases"),
        ("floors.json", "{", "floors.json: not JSON"),
        ("known_failures.txt", "x", "known_failures.txt: line 1: "),
    ],
)
def test_what_cannot_be_read_is_one_line(
    run: Run, cases: Path, capsys: pytest.CaptureFixture[str], file: str, content: str, reason: str
) -> None:
    (cases / file).write_text(content, encoding="utf-8")
    assert run(cases) == 1
    error = capsys.readouterr().err
    assert reason in error
    assert error.count("\n") == 1


def test_an_empty_catalogue_is_one_line(
    run: Run, cases: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    live.share(LiveCatalogue(SqlCatalogue(SyncDatabase(sqlite_url)), "SAN"))
    assert run(cases) == 1
    error = capsys.readouterr().err
    assert "python -m integrations.catalogue import" in error
    assert error.count("\n") == 1


def test_a_service_that_the_catalogue_has_not_is_named(
    run: Run, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (cases / "typo.yml").write_text(FEES.replace("notary-marriage", "notary-mariage"), encoding="utf-8")
    assert run(cases) == 0
    assert "no service notary-mariage in the catalogue; 1 messages" in capsys.readouterr().err


def test_a_report_that_cannot_be_saved_is_one_line(
    run: Run, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results").write_text("a file")
    assert run(cases) == 1
    assert capsys.readouterr().err.startswith(f"the report cannot be saved in {tmp_path / 'results'}: ")


class Recording:
    """Answers everything alike and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    async def reply(self, request: Request) -> dict[str, Any]:
        self.asked.append(request)
        return reply()


async def test_a_conversation_is_one_and_all_else_stands_alone() -> None:
    turns = [case("كم", conversation="talk-1"), case("ووين", conversation="talk-1", turn=1, channel="sms")]
    recording, steps = Recording(), []
    answered = await answer(recording, [case("ا"), *turns, case("ب")], lambda: steps.append(1))
    _warm_up, alone, first, second, last = recording.asked
    assert first.conversation == second.conversation
    assert len({alone.conversation, first.conversation, last.conversation, _warm_up.conversation}) == 4
    assert len({request.id for request in recording.asked}) == 5
    assert (second.text, second.channel) == ("ووين", "sms")
    assert [item.sentence for item in answered] == ["ا", "كم", "كم / ووين", "ب"]
    assert len(steps) == 4
    assert all(item.wall >= 0 and item.cpu >= 0 for item in answered)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("target", "times", "said"),
    [
        (Screen(), [0.0, 0.5, 0.5, 0.55], "\r1 of 2 messages\r2 of 2 messages\n"),
        (io.StringIO(), [0.0, 0.5, 1.9], ""),
        (io.StringIO(), [0.0, 0.5, 2.1, 2.1], "2 of 2 messages\n2 of 2 messages\n"),
    ],
    ids=["terminal", "quick", "slow"],
)
def test_progress(target: io.StringIO, times: list[float], said: str) -> None:
    clock = iter(times)
    progress = Progress(2, target, lambda: next(clock))
    progress.step()
    progress.step()
    progress.close()
    assert target.getvalue() == said


MODEL = report.Model("dalil-1", current=False, revision="abc")


def test_the_page_and_the_summary_say_what_failed_and_where() -> None:
    failing = judged(case("كم | بكم", service="id-card", register="sms"), reply("hours"))
    made = report.build({"a": [right("ا"), failing], "b": [wrong("ب")]}, MODEL)
    told, short = page.page(made), page.summary(made)
    assert "| كم \\| بكم | fees id-card | hours passport | kind, service | 0.90 sure | sms | fees |" in told
    assert "## Failures (2)" in told
    assert told.index("| id-card | 1 |") < told.index("| passport | 2 |")
    assert "3 messages of a, b; model dalil-1 (trained from other files than these) at abc" in short
    assert "both right" in short
    assert "1/3" in short
    assert page.page(report.build({"a": [right("ا")]}, MODEL)).rstrip().endswith("None.")


def test_a_report_without_messages_of_some_sort_has_no_figure_for_it() -> None:
    made = report.build({"a": [right("ا")]}, MODEL)
    assert made["figures"]["out_of_scope_recall"]["share"] is None
    assert made["option_recall"] is None
    assert json.loads(json.dumps(made, allow_nan=False)) == made


def test_git_is_asked_and_may_be_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert report.revision(tmp_path) == ""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@t"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "m"], check=True)
    assert re.fullmatch("[0-9a-f]{12}", report.revision(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert report.revision(Path(__file__).parent) == ""


def test_a_report_that_cannot_be_drawn_says_why(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(EvaluationError, match="could not be drawn: KeyError"):
        pictures.draw(tmp_path / "report.json", tmp_path)
