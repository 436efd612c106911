"""The gateway as its operator meets it: start, readiness, logs, failures of the database."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy.exc import OperationalError

from channels.__main__ import main
from channels.logs import JsonFormatter
from tests.channels.fake_assistant import Step
from tests.channels.harness import RecordingChannel, free_port, until

ROOT = Path(__file__).parents[2]
PROCESS = [sys.executable, "-m", "channels"]


def environment(**settings: object) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DALIL_")}
    ours = {f"DALIL_{name.upper()}": str(value) for name, value in settings.items()}
    return clean | {"PYTHONPATH": str(ROOT), "DALIL_PUSH_PORT": "0"} | ours


STARTS = {
    "a wrong setting": ({"gateway_port": "many"}, "DALIL_GATEWAY_PORT"),
    "old tables": ({"database_url": "sqlite:///{folder}/empty.db"}, "python -m storage upgrade"),
    "no such folder": ({"database_url": "sqlite:////proc/dalil.db"}, "DALIL_DATABASE_URL"),
    "a development secret": ({"mode": "production"}, "DALIL_CONVERSATION_KEY"),
    "a taken port": ({}, "DALIL_GATEWAY_HOST, DALIL_GATEWAY_PORT: cannot listen on 127.0.0.1:"),
}


@pytest.mark.parametrize("fault", STARTS)
def test_what_stops_it_from_starting_is_one_line(fault, tmp_path, sqlite_url, monkeypatch, capsys) -> None:
    settings, named = STARTS[fault]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("channels.logs.configure", lambda level: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        defaults = {"database_url": sqlite_url, "gateway_port": taken.getsockname()[1]}
        for name, value in (defaults | settings).items():
            monkeypatch.setenv(f"DALIL_{name.upper()}", str(value).format(folder=tmp_path))
        assert main() == 1
    [line] = capsys.readouterr().err.splitlines()
    assert named in line


async def test_it_runs_and_stops_cleanly(tmp_path: Path, sqlite_url: str, assistant) -> None:
    port = free_port()
    settings = {"gateway_port": port, "assistant_port": assistant.port, "database_url": sqlite_url}
    process = await asyncio.create_subprocess_exec(
        *PROCESS, env=environment(**settings), cwd=tmp_path, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:

            async def ready() -> bool:
                try:
                    async with session.get("/health/ready") as response:
                        return response.status == 200
                except aiohttp.ClientConnectorError:
                    return False

            await until(ready, 60)
            async with session.get("/health/live") as response:
                assert response.status == 200
                assert "Server" not in response.headers
        process.send_signal(signal.SIGTERM)
        _, errors = await process.communicate()
        assert process.returncode == 0
        events = [json.loads(line)["event"] for line in errors.decode().splitlines()]
        assert {"listening", "stopping"} <= set(events)
        assert "Traceback" not in errors.decode()
    finally:
        if process.returncode is None:
            process.kill()


async def ready(gateway) -> tuple[int, dict]:
    async with aiohttp.ClientSession() as session, session.get(f"{gateway.url}/health/ready") as response:
        return response.status, await response.json()


async def test_readiness_names_its_reasons(sqlite_url, assistant, start_gateway, monkeypatch) -> None:
    monkeypatch.setattr("channels.health._FRESH", -1.0)
    gateway = await start_gateway(sqlite_url, RecordingChannel())
    assert await ready(gateway) == (200, {"status": "ready"})
    assistant.is_ready = False
    assert await ready(gateway) == (503, {"status": "not ready", "reasons": ["no assistant worker is ready"]})
    assistant.is_ready = True

    def broken(_work: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(gateway.database, "_read", broken)
    assert await ready(gateway) == (503, {"status": "not ready", "reasons": ["the database does not answer"]})


async def test_a_database_that_comes_back_is_worked_with_again(
    sqlite_url, assistant, start_gateway, monkeypatch
) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel)
    writing = gateway.database._writing

    class Away:
        def begin(self) -> None:
            raise OperationalError("BEGIN", {}, Exception("gone"))

    monkeypatch.setattr(gateway.database, "_writing", Away())
    with pytest.raises(OperationalError):
        await gateway.say("سؤال", id="repeated-by-its-provider")
    gateway.core.signals.inbox.set()
    monkeypatch.setattr(gateway.database, "_writing", writing)
    await gateway.say("سؤال", id="repeated-by-its-provider")
    await until(lambda: channel.sent)
    assert gateway.core.faults() == []


async def test_logs_hold_ids_and_nothing_else(sqlite_url, assistant, start_gateway) -> None:
    """Everything that goes wrong goes wrong here, and no line of it may hold a text, a number or a name."""
    lines: list[str] = []
    handler = logging.Handler(level=logging.DEBUG)
    formatter = JsonFormatter()
    handler.emit = lambda record: lines.append(formatter.format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        channel = RecordingChannel()
        gateway = await start_gateway(sqlite_url, channel)
        for step in (Step(status=500), Step(body=b"{}"), Step(), Step(status=422)):
            assistant.script.append(step)
        for number in range(3):
            await gateway.say("اسمي صالح ورقمي 771234567")
            await until(lambda number=number: len(channel.sent) == number + 1)

        def fails(_message: object) -> None:
            raise ValueError("اسمي صالح ورقمي 771234567")

        channel.send = fails  # type: ignore[method-assign]
        await gateway.say("اسمي صالح ورقمي 771234567")
        await until(lambda: any("work failed" in line for line in lines))
        await gateway.core.forget("test", "967771234567")
        await until(lambda: assistant.forgotten)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    events = [json.loads(line)["event"] for line in lines]
    assert {"message done", "message sent", "assistant failed", "work failed"} <= set(events)
    for line in lines:
        assert "صالح" not in line
        assert "771234567" not in line
