"""What an operator relies on: lines carry names, the dead come back, and nothing stays behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from launcher.errors import LaunchError, ProgramFailed, StepFailed
from launcher.plan import Program, Step
from launcher.supervisor import Patience, Supervisor
from tests.launcher.conftest import free_port, is_gone, pids_in, stand_in, until

QUICK = Patience(ready=30, poll=0.02, stop=5, backoff=0.01, healthy=60, deaths=3)


class Lines(list[tuple[str, str]]):
    def __call__(self, name: str, line: str) -> None:
        self.append((name, line))

    def text(self) -> str:
        return "\n".join(f"{name}: {line}" for name, line in self)


class Run:
    """Programs kept running in the background of a test."""

    def __init__(self, *programs: Program, patience: Patience = QUICK) -> None:
        self.lines = Lines()
        self.ready = asyncio.Event()
        supervisor = Supervisor(self.lines, patience)
        self.task = asyncio.ensure_future(supervisor.keep_running(programs, self.ready.set))

    async def until_ready(self) -> None:
        await asyncio.wait([self.task, asyncio.ensure_future(self.ready.wait())], return_when="FIRST_COMPLETED")
        assert self.ready.is_set(), self.lines.text()

    async def stop(self) -> None:
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task


async def test_ready_is_announced_once_all_answer_and_lines_carry_their_name(tmp_path: Path) -> None:
    run = Run(stand_in("assistant-1"), stand_in("gateway"))
    await run.until_ready()
    assert ("assistant-1", "listening") in run.lines
    assert ("gateway", "listening") in run.lines
    await run.stop()


async def test_stopping_ends_every_process_and_what_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    run = Run(stand_in("assistant-1", "--pids", pids, "--child"), stand_in("gateway", "--pids", pids))
    await run.until_ready()
    started = pids_in(pids)
    assert len(started) == 3
    await run.stop()
    await until(lambda: all(map(is_gone, started)))


async def test_a_process_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    program = stand_in("gateway", "--pids", pids, "--ignore-term")
    run = Run(program, patience=Patience(poll=0.02, stop=0.1))
    await run.until_ready()
    await run.stop()
    assert all(map(is_gone, pids_in(pids)))


async def test_stopping_a_second_time_does_not_wait(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    run = Run(stand_in("gateway", "--pids", pids, "--ignore-term"), patience=Patience(poll=0.02, stop=3600))
    await run.until_ready()
    run.task.cancel()
    await asyncio.wait([run.task], timeout=0.1)
    assert not run.task.done()
    await run.stop()
    assert all(map(is_gone, pids_in(pids)))


async def test_a_process_that_dies_is_started_again_and_the_others_stay(tmp_path: Path) -> None:
    worker, gateway = tmp_path / "worker", tmp_path / "gateway"
    run = Run(stand_in("assistant-1", "--pids", worker), stand_in("gateway", "--pids", gateway))
    await run.until_ready()
    os.kill(pids_in(worker)[0], signal.SIGKILL)
    await until(lambda: len(pids_in(worker)) == 2)
    assert "assistant-1 died (signal 9); starting it again" in run.lines.text()
    assert len(pids_in(gateway)) == 1
    assert not is_gone(pids_in(gateway)[0])
    await run.stop()


async def test_repeated_deaths_stop_everything_with_one_line(tmp_path: Path) -> None:
    worker, gateway = tmp_path / "worker", tmp_path / "gateway"
    run = Run(stand_in("assistant-1", "--pids", worker), stand_in("gateway", "--pids", gateway))
    await run.until_ready()
    for death in range(1, QUICK.deaths + 1):
        await until(lambda expected=death: len(pids_in(worker)) == expected)
        os.kill(pids_in(worker)[-1], signal.SIGKILL)
    with pytest.raises(ProgramFailed) as failure:
        await run.task
    assert str(failure.value) == "assistant-1 died 3 times in a row (signal 9): everything was stopped"
    assert is_gone(pids_in(gateway)[0])


async def test_a_process_that_ends_before_it_is_ready_fails_the_start(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    broken = Program("assistant-1", (sys.executable, "-c", "raise SystemExit('no model')"), "127.0.0.1", free_port())
    run = Run(broken, stand_in("gateway", "--pids", pids))
    with pytest.raises(ProgramFailed, match=r"assistant-1 ended before it was ready \(exit code 1\)"):
        await run.task
    assert ("assistant-1", "no model") in run.lines
    assert not run.ready.is_set()
    assert all(map(is_gone, pids_in(pids)))


async def test_waiting_says_what_for_and_gives_up_in_the_end() -> None:
    patience = Patience(ready=1.5, poll=0.02, silence=0.3, stop=5)
    run = Run(stand_in("assistant-1", "--not-ready"), patience=patience)
    with pytest.raises(ProgramFailed, match=r"assistant-1 was not ready after 1.5 s"):
        await run.task
    assert "waiting for assistant-1" in run.lines.text()


async def test_a_program_that_cannot_be_found_is_one_line() -> None:
    run = Run(Program("gateway", ("/nonexistent/python",), "127.0.0.1", free_port()))
    with pytest.raises(LaunchError, match="gateway"):
        await run.task


async def test_a_step_passes_its_lines_on_and_shows_that_it_is_at_work() -> None:
    lines = Lines()
    step = Step("training", (sys.executable, "-c", "print('reading'); import time; time.sleep(0.5); print('done')"))
    await Supervisor(lines, Patience(silence=0.1)).run_step(step)
    assert [line for name, line in lines if name == "training"] == ["reading", "done"]
    assert any(line.startswith("training is at work") for name, line in lines if name == "dalil")


async def test_a_step_that_fails_says_which() -> None:
    lines = Lines()
    step = Step("catalogue", (sys.executable, "-c", "raise SystemExit('moi.yaml:12: no such grade')"))
    with pytest.raises(StepFailed, match=r"catalogue: failed \(exit code 1\)"):
        await Supervisor(lines).run_step(step)
    assert ("catalogue", "moi.yaml:12: no such grade") in lines


async def test_very_long_lines_do_not_block_the_process() -> None:
    lines = Lines()
    step = Step("training", (sys.executable, "-c", "print('ب' * 300_000); print('end')"))
    await Supervisor(lines).run_step(step)
    assert lines[-1] == ("training", "end")
    assert sum(line.count("ب") for _, line in lines) >= 299_990  # a cut may fall inside a letter
