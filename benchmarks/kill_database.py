"""A PostgreSQL of kill.py's own, which is restarted as a machine restarts it: without a word to anyone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from processes import BenchmarkError, free_port

_USER = "postgres"
_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class PrivatePostgres:
    """A cluster in a folder, on a port of its own on loopback; `url` is its one database."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self.url = f"postgresql://{_USER}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Make the cluster and start it.

        Raises:
            BenchmarkError: PostgreSQL is not installed, or does not start.
        """
        self._folder.mkdir(parents=True)
        if os.geteuid() == 0:
            # It refuses to run as root; the folders above must let it through.
            for folder in (self._folder.parent, self._folder):
                folder.chmod(0o755)
            shutil.chown(self._folder, _USER)
        self._run("initdb", "--auth=trust", f"--username={_USER}", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-p {self._port} -h 127.0.0.1 -k {self._folder} -c max_connections=60"
        self._run("pg_ctl", "--wait", "--log", str(self._folder / "log"), "--options", options, "start")

    def restart(self) -> None:
        """As after a power cut: no connection is ended in order, and what was committed is recovered from the log."""
        self._run("pg_ctl", "--wait", "--log", str(self._folder / "log"), "--mode=immediate", "restart")

    def stop(self) -> None:
        """End it."""
        self._run("pg_ctl", "--wait", "--mode=immediate", "stop", check=False)

    def _run(self, name: str, *arguments: str, check: bool = True) -> None:
        as_user = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
        command = [*as_user, _program(name), "-D", str(self._folder / "data"), *arguments]
        done = subprocess.run(command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if check and done.returncode:
            raise BenchmarkError(f"{name}: {done.stderr.strip()[-500:]}")


def _program(name: str) -> str:
    found = next((str(place / name) for place in reversed(_PLACES) if (place / name).exists()), shutil.which(name))
    if found is None:
        raise BenchmarkError(f"{name} is not installed (Debian: apt-get install postgresql)")
    return found
