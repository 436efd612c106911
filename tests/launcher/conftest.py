from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from launcher.plan import Program

STAND_IN = str(Path(__file__).parent / "stand_in.py")
DEADLINE_SECONDS = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stand_in(name: str, *arguments: object, port: int | None = None) -> Program:
    port = port or free_port()
    return Program(name, (sys.executable, STAND_IN, str(port), *map(str, arguments)), "127.0.0.1", port)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def pids_in(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "never happened"
        await asyncio.sleep(0.02)


@pytest.fixture
def environment() -> dict[str, str]:
    """This process's variables without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DALIL_")}
