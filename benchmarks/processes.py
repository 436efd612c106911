"""Servers that a benchmark starts on loopback, what they use, and their end."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

HEARTBEAT_SECONDS = 15.0
STOP_SECONDS = 15.0
OWN_SETTINGS = "DALIL_"


class BenchmarkError(Exception):
    """The measurement cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Memory:
    """Bytes. rss counts pages that processes share once for each, pss divides them among those that share."""

    rss: int
    pss: int


def free_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def is_ready(session: aiohttp.ClientSession, address: str) -> bool:
    """Whether the server there listens and says that it is ready."""
    try:
        async with session.get(f"{address}/health/ready") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


def variables(**own: str) -> dict[str, str]:
    """This process's environment with Dalil's settings replaced by `own`, and Rasa's telemetry off."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OWN_SETTINGS)}
    return {**inherited, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2", **own}


class Server:
    """One process (with its children) of a side that is measured; its output goes to a log file."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, *, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                list(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def wait(self, seconds: float) -> bool:
        """Whether the process has ended within `seconds`."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def check_running(self) -> None:
        """Raise BenchmarkError when the process has ended."""
        if self._process.poll() is not None:
            raise self._failure()

    def check_succeeded(self) -> None:
        """Raise BenchmarkError when the process has ended with an error."""
        if self._process.poll():
            raise self._failure()

    def _failure(self) -> BenchmarkError:
        said = self.log.read_text("utf-8", "replace")[-2000:]
        return BenchmarkError(f"{self.name} ended with code {self._process.returncode}:\n{said}")

    def tree(self) -> list[psutil.Process]:
        """The process and all below it."""
        root = psutil.Process(self.pid)
        return [root, *root.children(recursive=True)]

    def kill(self) -> None:
        """SIGKILL, as a crash or the kernel's out-of-memory killer would; returns when the process is gone."""
        os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL to what is left of its own process group when that takes too long."""
        if self._process.poll() is None:
            self._process.terminate()
            if not self.wait(STOP_SECONDS):
                self.kill()


def memory(servers: Iterable[Server]) -> Memory:
    """What all processes of the servers hold now."""
    full = [process.memory_full_info() for server in servers for process in server.tree()]
    return Memory(rss=sum(info.rss for info in full), pss=sum(info.pss for info in full))


def cpu_seconds(servers: Iterable[Server]) -> float:
    """User and system time that all processes of the servers have used."""
    times = [process.cpu_times() for server in servers for process in server.tree()]
    return float(sum(time.user + time.system for time in times))


def machine_cpu_seconds() -> float:
    """CPU time that the whole machine has used."""
    used = psutil.cpu_times()
    return float(sum(used) - used.idle - getattr(used, "iowait", 0.0) - getattr(used, "guest", 0.0))


@dataclass(frozen=True)
class Used:
    """What a command took: seconds by the clock, and CPU seconds of it and its children."""

    seconds: float
    cpu_seconds: float

    def towards(self, other: Used, share: float) -> Used:
        """The point on the straight line from this one (0) through the other (1)."""
        return Used(
            self.seconds + (other.seconds - self.seconds) * share,
            self.cpu_seconds + (other.cpu_seconds - self.cpu_seconds) * share,
        )


def run(label: str, command: Sequence[str], log: Path, *, folder: Path, environment: Mapping[str, str]) -> Used:
    """Run a command to its end, with signs of life.

    Raises:
        BenchmarkError: it failed; the end of its output is in the message.
    """
    print(f"{label} …", flush=True)
    started, before = time.monotonic(), _children_cpu_seconds()
    server = Server(label, command, log, folder=folder, environment=environment)
    try:
        while not server.wait(HEARTBEAT_SECONDS):
            print(f"  {time.monotonic() - started:.0f} s", flush=True)
        server.check_succeeded()
        return Used(time.monotonic() - started, _children_cpu_seconds() - before)
    finally:
        server.stop()


def _children_cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
