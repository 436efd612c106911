"""The command as a person meets it: what it prints, what it refuses, and how it ends."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from pathlib import Path

import pytest

from tests.launcher.conftest import free_port, is_gone, pids_in, until

ROOT = Path(__file__).parents[2]
RUN_STAND_INS = str(Path(__file__).parent / "run_stand_ins.py")


async def start(folder: Path, environment: dict[str, str], *command: object) -> Process:
    environment = {"PYTHONPATH": str(ROOT), **environment}
    return await asyncio.create_subprocess_exec(
        sys.executable, *map(str, command), cwd=folder, env=environment, stdout=PIPE, stderr=STDOUT
    )


async def read_until(process: Process, words: str) -> str:
    text = ""
    while words not in text:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        assert line, f"ended without {words!r}: {text}"
        text += line.decode()
    return text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_stops_every_process_cleanly(
    tmp_path: Path, environment: dict[str, str], number: signal.Signals
) -> None:
    launcher = await start(tmp_path, environment, RUN_STAND_INS, tmp_path / "pids")
    await read_until(launcher, "Ctrl-C stops everything")
    launcher.send_signal(number)
    rest = (await launcher.stdout.read()).decode()
    assert await launcher.wait() == 0
    assert "dalil: stopped" in rest
    assert "Traceback" not in rest
    started = pids_in(tmp_path / "pids")
    assert len(started) == 3
    await until(lambda: all(map(is_gone, started)))


async def test_ctrl_c_during_a_step_stops_it(tmp_path: Path, environment: dict[str, str]) -> None:
    step = "import os; print('pid', os.getpid(), flush=True); import time; time.sleep(600)"
    launcher = await start(tmp_path, environment, RUN_STAND_INS, tmp_path / "pids", step)
    pid = int((await read_until(launcher, "pid ")).split()[-1])
    launcher.send_signal(signal.SIGINT)
    rest = (await launcher.stdout.read()).decode()
    assert await launcher.wait() == 0
    assert "Traceback" not in rest
    assert is_gone(pid)


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv")
async def test_processes_stop_when_the_launcher_is_killed_outright(tmp_path: Path, environment: dict[str, str]) -> None:
    launcher = await start(tmp_path, environment, RUN_STAND_INS, tmp_path / "pids")
    await read_until(launcher, "Ctrl-C stops everything")
    started = pids_in(tmp_path / "pids")
    launcher.kill()
    await launcher.wait()
    await until(lambda: sum(map(is_gone, started)) == 2)
    assert len(started) == 3
    (left,) = (pid for pid in started if not is_gone(pid))  # the stand-in does not look after its own child
    os.kill(left, signal.SIGKILL)


async def test_everything_stops_when_nobody_can_read_the_lines_any_more(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    launcher = await start(tmp_path, environment, RUN_STAND_INS, tmp_path / "pids")
    await read_until(launcher, "Ctrl-C stops everything")
    launcher._transport.get_pipe_transport(1).close()  # as `make run | head` does
    started = pids_in(tmp_path / "pids")
    os.kill(started[0], signal.SIGKILL)  # something to tell
    assert await asyncio.wait_for(launcher.wait(), 30) == 0
    await until(lambda: all(map(is_gone, started)))


async def test_the_addresses_and_example_questions_are_printed(tmp_path: Path, environment: dict[str, str]) -> None:
    environment |= {"DALIL_GATEWAY_PORT": "18080", "DALIL_OPERATOR_PORT": "18090"}
    environment["DALIL_CONSOLE_URL"] = "http://127.0.0.1:18091"
    launcher = await start(tmp_path, environment, RUN_STAND_INS, tmp_path / "pids")
    text = await read_until(launcher, "Ctrl-C stops everything")
    launcher.terminate()
    await launcher.wait()
    for expected in (
        "http://127.0.0.1:18080/\n",
        "http://127.0.0.1:18080/simulator/handset",
        "http://127.0.0.1:18080/simulator/telegram",
        "http://127.0.0.1:18090/\n",
        "http://127.0.0.1:18091\n",
        "كم رسوم توثيق عقد الزواج؟",
        "database    | up to date",
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DALIL_GATEWAY_PORT", "eighty"),
        ("DALIL_ASSISTANT_WORKERS", "0"),
        ("DALIL_MODE", "prodction"),
    ],
)
async def test_a_broken_setting_is_one_line(
    tmp_path: Path, environment: dict[str, str], variable: str, value: str
) -> None:
    launcher = await start(tmp_path, {**environment, variable: value}, "-m", "launcher", "run")
    text = (await launcher.stdout.read()).decode()
    assert await launcher.wait() == 1
    assert text.startswith(variable)
    assert len(text.splitlines()) == 1


async def test_a_taken_port_is_one_line(tmp_path: Path, environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        free = {f"DALIL_{name}_PORT": str(free_port()) for name in ("ASSISTANT", "OPERATOR", "PUSH")}
        environment |= {"DALIL_GATEWAY_PORT": str(port), **free}
        launcher = await start(tmp_path, environment, "-m", "launcher", "run")
        text = (await launcher.stdout.read()).decode()
    assert await launcher.wait() == 1
    assert text.count("\n") == 1
    assert text.startswith(f"DALIL_GATEWAY_PORT: port {port} on 127.0.0.1 is in use")
