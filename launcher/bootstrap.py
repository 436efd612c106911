"""Make the environment: `.venv/` with Python 3.10 and exactly what `requirements.lock` names.

Runs before any environment exists, so it uses the standard library only, and any Python from 3.8 may run it. When
neither the lock nor the interpreter changed since the last time it does nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WANTED = "3.10"  # the newest that Rasa 3.6 runs on
HEARTBEAT_SECONDS = 10.0
PROBE_SECONDS = 20.0
PROBE = (
    "import sys, ssl, sqlite3, ctypes, zlib; "
    "print('%d.%d' % sys.version_info[:2], sys.implementation.name, sys.maxsize > 2**32)"
)
NO_PYTHON = (
    "no working Python {wanted} found, and none could be fetched. Install it (Ubuntu 22.04: `apt-get install "
    "python{wanted}`; elsewhere `uv python install {wanted}` or `pyenv install {wanted}`), then run this again"
)


class SetupError(Exception):
    """Set-up cannot go on; the message is one line that says what to do."""


def say(line: str) -> None:
    """Tell the person who waits."""
    sys.stderr.write("set-up: " + line + "\n")
    sys.stderr.flush()


def run(label: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run `command`, with a sign of life while it is silent.

    Raises:
        SetupError: it could not be started or ended with an error.
    """
    say(label)
    started = time.monotonic()
    try:
        process = subprocess.Popen(list(command), env=dict(environment) if environment else None)
    except OSError as error:
        raise SetupError(f"{label}: {command[0]}: {error.strerror}") from error
    while True:
        try:
            code = process.wait(timeout=HEARTBEAT_SECONDS)
            break
        except subprocess.TimeoutExpired:
            say(f"  ... {time.monotonic() - started:.0f} s")
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if code:
        raise SetupError(f"{label}: failed, its message is above")


def is_wanted(python: Path) -> bool:
    """Whether `python` really runs and is a 64-bit CPython 3.10: version managers leave shims that only complain."""
    try:
        probe = subprocess.run(
            [str(python), "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PROBE_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0 and probe.stdout.decode().split() == [WANTED, "cpython", "True"]


def candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where a Python 3.10 may be: every folder of PATH, then what pyenv and uv keep."""
    folders = [Path(folder) for folder in environment.get("PATH", "").split(os.pathsep) if folder]
    for name in (f"python{WANTED}", "python3", "python"):
        for folder in folders:
            yield folder / name
    home = Path(environment.get("HOME", "/nonexistent"))
    pyenv = Path(environment.get("PYENV_ROOT") or home / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{WANTED}*/bin/python"), reverse=True)
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local/share")
    managed = Path(environment.get("UV_PYTHON_INSTALL_DIR") or data / "uv/python")
    yield from sorted(managed.glob(f"cpython-{WANTED}*/bin/python{WANTED}"), reverse=True)


def find_python(environment: Mapping[str, str]) -> Path | None:
    """The first Python 3.10 that works, or None."""
    tried = set()
    for python in candidates(environment):
        if python not in tried and os.access(str(python), os.X_OK) and is_wanted(python):
            return python
        tried.add(python)
    return None


def split_lock(lock: str) -> tuple[str, str]:
    """The entry of uv, and all the others: uv makes the environment and is no part of it."""
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    uv = "".join(entry for entry in entries if entry.startswith("uv=="))
    return uv, "".join(entry for entry in entries if not entry.startswith("uv=="))


class Environment:
    """The environment of one checkout: `.venv/`, and `.venv-tools/` where the installer lives."""

    def __init__(self, root: Path, variables: Mapping[str, str]) -> None:
        self.folder = root / ".venv"
        self.tools = root / ".venv-tools"
        self.python = self.folder / "bin" / "python"
        self._stamp = self.folder / "lock.sha256"
        self._variables = {**variables, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        lock = (root / "requirements.lock").read_text(encoding="utf-8")
        self._digest = hashlib.sha256(lock.encode()).hexdigest()
        self._uv_lock, self._packages_lock = split_lock(lock)

    def is_current(self) -> bool:
        """Whether the environment holds what the lock names, going by the stamp of the last set-up."""
        try:
            return self._stamp.read_text().strip() == self._digest and is_wanted(self.python)
        except OSError:
            return False

    def make(self) -> None:
        """Make or update the environment.

        Raises:
            SetupError: no interpreter, no network, a folder that cannot be written, a hash that differs.
        """
        for folder in (self.tools, self.folder):
            _check_writable(folder)
        packages = self.tools / "packages.txt"
        packages.write_text(self._packages_lock, encoding="utf-8")
        uv = self._find_uv()
        python = find_python(self._variables) or self._fetch_python(uv)
        say(f"Python {WANTED} is {python}")
        if self._stamp.exists():
            self._stamp.unlink()
        if uv:
            self._install_with_uv(uv, python, packages)
        else:
            self._install_with_pip(python, packages)
        self._stamp.write_text(self._digest + "\n")

    def _find_uv(self) -> str | None:
        """Uv as the lock names it, else the machine's own, else None."""
        uv, wanted = self.tools / "venv" / "bin" / "uv", self.tools / "uv.txt"
        if uv.exists() and wanted.exists() and wanted.read_text() == self._uv_lock:
            return str(uv)
        wanted.write_text(self._uv_lock, encoding="utf-8")
        try:
            run("fetching the installer", [sys.executable, "-m", "venv", "--clear", str(self.tools / "venv")])
            pip = [str(self.tools / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
            run("installing the installer", [*pip, "-r", str(wanted)], self._variables)
        except SetupError as error:
            wanted.unlink()
            say(str(error))
            return shutil.which("uv", path=self._variables.get("PATH"))
        return str(uv)

    def _fetch_python(self, uv: str | None) -> Path:
        if uv:
            try:
                run(f"no Python {WANTED} here: fetching one", [uv, "python", "install", WANTED], self._variables)
            except SetupError as error:
                raise SetupError(NO_PYTHON.format(wanted=WANTED)) from error
        python = find_python(self._variables)
        if python is None:
            raise SetupError(NO_PYTHON.format(wanted=WANTED))
        return python

    def _install_with_uv(self, uv: str, python: Path, packages: Path) -> None:
        if not is_wanted(self.python):
            command = [uv, "venv", "--quiet", "--clear", "--python", str(python), str(self.folder)]
            run("making .venv", command, self._variables)
        label = "installing packages into .venv (1.8 GB; minutes the first time)"
        sync = [uv, "pip", "sync", "--require-hashes", "--python", str(self.python), str(packages)]
        run(label, sync, self._variables)

    def _install_with_pip(self, python: Path, packages: Path) -> None:
        run("making .venv", [str(python), "-m", "venv", "--clear", str(self.folder)], self._variables)
        label = "installing packages into .venv with pip (1.8 GB; ten minutes or so the first time)"
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        run(label, [*pip, "-r", str(packages)], self._variables)


def _check_writable(folder: Path) -> None:
    probe = folder / ".writable"
    try:
        folder.mkdir(exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SetupError(f"cannot write in {folder}: {error.strerror}") from error


def main() -> int:
    """Make the environment when it is missing or old; 0 when it is there, 1 with one clear line otherwise."""
    environment = Environment(ROOT, os.environ)
    if environment.is_current():
        return 0
    started = time.monotonic()
    try:
        environment.make()
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted; run it again to go on")
        return 130
    say(f"the environment is ready ({time.monotonic() - started:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
