"""`python -m channels.sms page` as a process of its own: no gateway runs."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from channels.sms.operating.page.app import HEALTH
from settings import load_settings
from tests.channels.harness import free_port
from tests.channels.sms.operating.conftest import PASSWORD, basic

Start = Callable[..., Awaitable[Process]]
SECRETS = ("ASSISTANT_TOKEN", "CONVERSATION_KEY", "TELEGRAM_SECRET", "SMS_SECRET", "CONSOLE_KEY")


@pytest.fixture
async def start(sqlite_url: str) -> AsyncIterator[Start]:
    started: list[Process] = []

    async def start(*arguments: str, **settings: str) -> Process:
        own = {"DATABASE_URL": sqlite_url, "MODE": "development", "OPERATOR_PASSWORD": PASSWORD} | settings
        environment = {f"DALIL_{name}": value for name, value in own.items()} | {"PYTHONPATH": os.getcwd()}
        command = (sys.executable, "-m", "channels.sms", "page", *arguments)
        process = await asyncio.create_subprocess_exec(*command, env=os.environ | environment, stderr=PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def answers(process: Process, port: int) -> None:
    """Wait until it does."""
    assert process.stderr is not None
    line = await asyncio.wait_for(process.stderr.readline(), 60)
    assert f'"port": {port}' in line.decode()


async def test_it_serves_until_it_is_told_to_end(start: Start) -> None:
    port = free_port()
    process = await start("--port", str(port))
    await answers(process, port)
    login = {"Authorization": basic("salem", PASSWORD)}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        async with session.get(HEALTH) as response:
            assert response.status == 200
        async with session.get("/", headers=login) as response:
            assert response.status == 200
            assert "simulator" in await response.text()
        async with session.get("/") as response:
            assert response.status == 401
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 60) == 0


async def test_the_port_of_the_settings(start: Start) -> None:
    port = free_port()
    process = await start(OPERATOR_PORT=str(port))
    await answers(process, port)
    assert process.returncode is None
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{HEALTH}") as response:
        assert response.status == 200


async def refusal(process: Process) -> str:
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    return said.decode()


async def test_production_needs_a_password_of_its_own(start: Start) -> None:
    own = dict.fromkeys(SECRETS, "a-secret-of-production") | {"MODE": "production"}
    default = load_settings(_env_file=None).operator_password.get_secret_value()
    said = await refusal(await start(OPERATOR_PASSWORD=default, **own))
    assert said == "settings: set your own secret in production mode: DALIL_OPERATOR_PASSWORD\n"
    for short in ("", "elevenchars"):
        assert (await refusal(await start(OPERATOR_PASSWORD=short, **own))).startswith("DALIL_OPERATOR_PASSWORD: ")


async def test_a_taken_port_is_named(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = await refusal(await start("--port", str(port)))
    assert said.startswith(f"--host, --port or DALIL_OPERATOR_PORT: cannot listen on 127.0.0.1:{port}: ")


async def test_tables_of_another_version(start: Start, tmp_path) -> None:
    said = await refusal(await start("--port", str(free_port()), DATABASE_URL=f"sqlite:///{tmp_path}/new.db"))
    assert "python -m storage upgrade" in said
