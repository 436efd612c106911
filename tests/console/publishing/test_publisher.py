"""Publishing with everything real but the training: the steps, who may, and a crash between any two of them."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.errors import Problem
from console.publishing import files, proposals, publisher
from console.publishing.assistant import CommandFailed
from console.publishing.tables import State
from storage import utc_now
from tests.console.publishing.desk import NEW, PRIVACY, TEXT, Desk, report


class Crash(Exception):
    """The console dies here."""


async def test_a_proposal_is_trained_tested_and_changes_nothing_yet(desk: Desk, proposed: int) -> None:
    await desk.turn()
    assert await desk.state(proposed) is State.TESTED
    assert NEW in desk.models.trained
    assert desk.file(NEW) == ""
    assert desk.models.current == "live"


async def test_approved_by_another_it_is_what_citizens_hear(desk: Desk, proposed: int) -> None:
    await desk.turn()
    await desk.decide(proposed, State.PUBLISHING)
    await desk.turn()
    assert await desk.state(proposed) is State.PUBLISHED
    assert desk.file(NEW) == TEXT
    assert desk.models.current.startswith(f"dalil-p{proposed}-")
    assert await desk.drafted() == {}


@pytest.mark.parametrize("step", ["first file", "use", "settle"])
async def test_a_crash_at_any_step_is_finished_by_the_next_start(
    desk: Desk, proposed: int, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.turn()
    await desk.decide(proposed, State.PUBLISHING)
    with monkeypatch.context() as crash:
        desk.models.fails_at = step
        if step == "first file":
            crash.setattr(files, "write", _first_only)
        if step == "settle":
            crash.setattr(publisher, "_settle", _crash)
        with pytest.raises((CommandFailed, Crash)):
            await desk.turn()
    assert await desk.state(proposed) is State.PUBLISHING
    desk.models.fails_at = ""
    desk.start()
    await desk.turn()
    assert await desk.state(proposed) is State.PUBLISHED
    assert desk.file(NEW) == TEXT
    assert "من يقرا رسايلي" in desk.file(PRIVACY)
    assert await desk.drafted() == {}


_write = files.write


def _first_only(root: Path, changed: Any) -> None:
    _write(root, changed[:1])
    raise Crash


def _crash(*_: Any) -> None:
    raise Crash


async def test_a_crash_while_training_begins_it_anew(desk: Desk, proposed: int) -> None:
    await desk.database.write(proposals.due)
    assert await desk.state(proposed) is State.TRAINING
    desk.start()
    await desk.turn()
    assert await desk.state(proposed) is State.TESTED


async def test_training_that_fails_says_why_and_may_be_tried_again(desk: Desk, proposed: int) -> None:
    desk.models.fails_at = "train"
    await desk.turn()
    assert await desk.state(proposed) is State.FAILED
    row = await desk.database.read(lambda connection: proposals.get(connection, proposed))
    assert row.report == {"failed": "out of memory"}
    desk.models.fails_at = ""
    await desk.decide(proposed, State.WAITING, "editor")
    await desk.turn()
    assert await desk.state(proposed) is State.TESTED


@pytest.mark.parametrize(
    ("live", "new", "state"),
    [
        (report(fees=(5, 9)), report(fees=(4, 9)), State.REFUSED),
        (report(fees=(5, 9), hours=(5, 9)), report(fees=(5, 9), hours=(4, 9)), State.TESTED),
        (report(fees=(5, 9)), report(fees=(6, 9)), State.TESTED),
        (report(out_of_scope=(9, 9)), report(out_of_scope=(8, 9)), State.REFUSED),
        (
            report(hours=(1, 1)),
            report(hours=(0, 1)) | {"failures": [{"sentence": "x", "expected": "a", "got": "b", "sure": True}]},
            State.REFUSED,
        ),
    ],
    ids=["fees worse", "hours worse", "better", "scope worse", "sure and wrong"],
)
async def test_what_gets_a_guarded_kind_worse_is_refused(desk: Desk, proposed: int, live, new, state) -> None:
    desk.models.reports = {"live": live, "new": new}
    await desk.turn()
    assert await desk.state(proposed) is state
    if state is State.REFUSED:
        with pytest.raises(Problem):
            await desk.decide(proposed, State.PUBLISHING)


async def test_data_with_errors_are_never_trained(desk: Desk, proposed: int) -> None:
    desk.models.faults = [{"file": NEW, "line": 3, "message": "taught as two things"}]
    await desk.turn()
    assert await desk.state(proposed) is State.REFUSED
    row = await desk.database.read(lambda connection: proposals.get(connection, proposed))
    assert [one["name"] for one in row.report["refusals"]] == [f"{NEW}:3: taught as two things"]


@pytest.mark.parametrize(
    ("state", "who", "reason", "status"),
    [
        (State.PUBLISHING, "editor", "سبب", 403),
        (State.PUBLISHING, "reviewer", "", 400),
        (State.WITHDRAWN, "editor", "", 400),
    ],
)
async def test_nobody_approves_their_own_or_without_a_reason(
    desk: Desk, proposed: int, state: State, who: str, reason: str, status: int
) -> None:
    await desk.turn()
    with pytest.raises(Problem) as problem:
        await desk.decide(proposed, state, who, reason)
    assert problem.value.status == status
    assert await desk.state(proposed) is State.TESTED


@pytest.mark.parametrize("state", [State.PUBLISHING, State.WITHDRAWN, State.WAITING])
async def test_two_decisions_at_once_are_one(desk: Desk, proposed: int, state: State) -> None:
    await desk.turn()
    await desk.decide(proposed, State.PUBLISHING)
    with pytest.raises(Problem) as problem:
        await desk.decide(proposed, state, "another")
    assert problem.value.status == 409


async def test_a_draft_that_goes_on_meanwhile_stays_a_draft(desk: Desk, proposed: int) -> None:
    await desk.draft(NEW, TEXT + "    - سؤال لاحق\n")
    await desk.turn()
    await desk.decide(proposed, State.PUBLISHING)
    await desk.turn()
    assert desk.file(NEW) == TEXT
    assert await desk.drafted() == {NEW: TEXT + "    - سؤال لاحق\n"}


@pytest.mark.parametrize("fails", ["", "use"])
async def test_rolling_back_restores_files_and_model_and_keeps_the_work(desk: Desk, proposed: int, fails: str) -> None:
    before = desk.file(PRIVACY)
    await desk.turn()
    await desk.decide(proposed, State.PUBLISHING)
    await desk.turn()
    await desk.publisher.roll_back(proposed, "admin", "سبب", "")
    assert await desk.state(proposed) is State.ROLLING_BACK
    desk.models.fails_at = fails
    if fails:
        with pytest.raises(CommandFailed):
            await desk.turn()
        desk.models.fails_at = ""
        desk.start()
    await desk.turn()
    assert await desk.state(proposed) is State.ROLLED_BACK
    assert (desk.file(PRIVACY), desk.file(NEW), desk.models.current) == (before, "", "live")
    assert (await desk.drafted())[NEW] == TEXT
    with pytest.raises(Problem):
        await desk.publisher.roll_back(proposed, "admin", "سبب", "")


async def test_what_a_developer_changed_since_is_not_rolled_over(desk: Desk, proposed: int) -> None:
    await desk.turn()
    await desk.decide(proposed, State.PUBLISHING)
    await desk.turn()
    (desk.root / NEW).write_text(TEXT + "    - من المطور\n", "utf-8")
    await desk.publisher.roll_back(proposed, "admin", "سبب", "")
    await desk.turn()
    assert desk.file(NEW) == TEXT + "    - من المطور\n"


async def test_files_that_changed_since_the_test_are_noticed(desk: Desk, proposed: int) -> None:
    await desk.turn()
    assert not await desk.publisher.data_moved_on(proposed)
    (desk.root / "faq/other.yml").write_text(TEXT, "utf-8")
    assert await desk.publisher.data_moved_on(proposed)


async def test_a_proposal_for_the_night_waits(desk: Desk) -> None:
    await desk.draft(NEW, TEXT)
    number = await desk.database.write(
        lambda connection: proposals.propose(
            connection, desk.root, [NEW], "سبب", "editor", "", utc_now() + timedelta(hours=1)
        )
    )
    await desk.turn()
    assert await desk.state(number) is State.WAITING


@pytest.mark.parametrize(("paths", "reason"), [((), "سبب"), (("faq/ramadan-hours.yml",), "سبب"), ((NEW,), "")])
async def test_nothing_and_no_reason_are_no_proposal(desk: Desk, paths: Any, reason: str) -> None:
    await desk.draft(NEW, TEXT)
    with pytest.raises(Problem):
        await desk.database.write(
            lambda connection: proposals.propose(connection, desk.root, paths, reason, "editor", "", utc_now())
        )


def touch(*paths: Path) -> None:
    for file in paths:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


async def test_models_that_nobody_can_go_back_to_are_deleted(desk: Desk, proposed: int) -> None:
    models = desk.settings.model_folder
    live, old = "dalil-20200101-000000", "dalil-p77-20200101000000"
    touch(*(models / f"{name}{end}" for name in (live, old) for end in (".tar.gz", ".json")))
    await desk.turn()
    row = await desk.database.read(lambda connection: proposals.get(connection, proposed))
    touch(models / f"{row.model}.tar.gz")
    await desk.decide(proposed, State.WITHDRAWN, "editor")
    await desk.draft(NEW, TEXT)
    await desk.propose(NEW)
    await desk.turn()
    assert set(os.listdir(models)) == {f"{live}.json", f"{live}.tar.gz"}
