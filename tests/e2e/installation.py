"""Dalil as an operator has it: `python -m launcher run` on free ports, with its own database, models and catalogue."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import psutil

from tests.bot.trained import ROOT, SAMPLE, environment
from tests.channels.harness import free_port

READY = "Ctrl-C stops everything"
PATIENCE = 60.0
LONGEST_START = 300.0
Found = TypeVar("Found")


def wait_for(condition: Callable[[], Found], seconds: float = PATIENCE, poll: float = 0.05) -> Found:
    """The condition's value as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "never happened"
        time.sleep(poll)
    return found


class Installation:
    """One folder with everything that a running Dalil keeps; `said` is every text, number and name told to it."""

    def __init__(self, folder: Path, models: Path) -> None:
        self.folder = folder
        self.gateway_port, self.assistant_port, self.operator_port = free_port(), free_port(), free_port()
        self.push_port, self.simulator_port, self.console_port = free_port(), free_port(), free_port()
        self.console_url = f"http://127.0.0.1:{self.console_port}"
        self.url = f"http://127.0.0.1:{self.gateway_port}"
        self.catalogue = folder / "catalogue"
        self.models = models
        self.data = folder / "nlu_data"
        self.said: set[str] = set()
        self.launcher: subprocess.Popen[bytes] | None = None
        self._logs: list[Path] = []
        shutil.copytree(SAMPLE, self.catalogue)
        shutil.copytree(ROOT / "nlu_data", self.data)

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder}/var/dalil.db"

    def environment(self, **changes: object) -> dict[str, str]:
        """The settings of this installation; nothing of the settings of whoever runs the tests."""
        own = {
            "mode": "development",
            "database_url": self.database_url,
            "model_folder": self.models,
            "catalogue_source": self.catalogue,
            "catalogue_refresh_seconds": 0.2,
            "gateway_port": self.gateway_port,
            "assistant_port": self.assistant_port,
            "operator_port": self.operator_port,
            "console_port": self.console_port,
            "console_folder": self.folder / "console",
            "data_folder": self.data,
            "console_url": self.console_url,
            "push_port": self.push_port,
            "simulator_port": self.simulator_port,
            "simulator_folder": self.folder / "exchange",
            "exchange_poll_seconds": 1,
            "quiet_hours": "",
            "public_url": self.url,
        }
        return environment(**{**own, **changes})

    def run(self, *command: str, **settings: object) -> subprocess.CompletedProcess[str]:
        """Run `python -m COMMAND` to its end, as an operator does beside the running system."""
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def move(self, reference: str, state: str) -> None:
        """Move an application on at its agency, as an official does."""
        agencies = str(self.folder / "exchange" / "exchange.yml")
        done = self.run("integrations.exchange", "move", reference, state, "--agencies", agencies)
        assert done.returncode == 0, done.stdout

    # The running system

    def start(self) -> None:
        """Start every process and wait until they are ready; nothing happens when they run already."""
        if self.launcher is not None and self.launcher.poll() is None:
            return
        log = self.folder / f"run-{len(self._logs) + 1}.log"
        self._logs.append(log)
        with log.open("wb") as output:
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "launcher", "run"],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(lambda: READY in self.log() or self.launcher.poll() is not None, LONGEST_START)
        assert self.launcher.poll() is None, self.log()

    def log(self) -> str:
        """What the present, or the latest, run has printed."""
        return self._logs[-1].read_text("utf-8")

    def process_logs(self) -> str:
        """What the assistant and the gateway have printed in all runs, without what the launcher itself prints."""
        lines = [line for log in self._logs for line in log.read_text("utf-8").splitlines()]
        return "\n".join(line for line in lines if line.startswith(("assistant-", "gateway")))

    def processes(self) -> list[psutil.Process]:
        """The launcher and everything it started."""
        assert self.launcher is not None
        top = psutil.Process(self.launcher.pid)
        return [top, *top.children(recursive=True)]

    def process(self, *command: str) -> psutil.Process:
        """The one that runs `python -m COMMAND …`; the console runs commands of the assistant too."""
        wanted = ["-m", *command]
        [found] = [one for one in self.processes() if one.cmdline()[1 : 1 + len(wanted)] == wanted]
        return found

    def kill(self, *command: str) -> None:
        """SIGKILL the process that runs `python -m COMMAND …`, and wait until it is gone."""
        victim = self.process(*command)
        victim.kill()
        wait_for(lambda: not victim.is_running() or victim.status() == psutil.STATUS_ZOMBIE)

    def wait_until_ready(self) -> None:
        """Wait until the gateway and the assistant answer that they are."""
        for port in (self.assistant_port, self.gateway_port):
            wait_for(lambda port=port: self._health(port) is not None, LONGEST_START)

    def catalogue_version(self) -> Any:
        """The version of the catalogue that the assistant answers from."""
        health = self._health(self.assistant_port)
        return health and health["catalogue"]

    @staticmethod
    def _health(port: int) -> Mapping[str, Any] | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as response:
                return json.load(response)
        except OSError:
            return None

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        assert self.launcher is not None
        self.launcher.send_signal(signal.SIGINT)
        code = self.launcher.wait(PATIENCE)
        self.launcher = None
        return code

    def clean_up(self) -> None:
        """Leave nothing running, whatever the tests did."""
        if self.launcher is None:
            return
        left = self.processes() if self.launcher.poll() is None else []
        self.launcher.terminate()
        try:
            self.launcher.wait(30)
        finally:
            for process in left:
                if process.is_running():
                    process.kill()


def told_in(log: str, texts: set[str]) -> set[str]:
    """What of the texts is in a log: words of three letters or more, and numbers of four digits or more by themselves
    (four digits inside an identifier are chance), but for this year's."""
    return {word for word in _words_of(texts) if word in log and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", log)}


def _words_of(texts: set[str]) -> Iterator[str]:
    for text in texts:
        for word in text.split():
            bare = word.strip("؟?.,،:!+")
            if len(bare) >= (4 if bare.isdigit() else 3) and bare != str(date.today().year):
                yield bare
