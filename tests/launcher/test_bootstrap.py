"""Set-up on machines as they are: broken shims, no interpreter, no installer, folders that cannot be written."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import bootstrap

ROOT = Path(__file__).parents[2]
GOOD = "echo 3.10 cpython True"
BROKEN_SHIM = "echo 'pyenv: python3.10: command not found' >&2; exit 127"
# Stands in for uv: writes down what it is asked for, and makes the interpreter of the environment it is told to make.
UV = """
echo "$@" >> "{log}"
case "$1" in
  python) exit {fetches} ;;
  venv) for last; do :; done; mkdir -p "$last/bin"; printf '#!/bin/sh\\n%s\\n' '{good}' > "$last/bin/python"
        chmod +x "$last/bin/python" ;;
esac
"""
LOCK = (
    "aiohttp==3.14.5 \\\n    --hash=sha256:aa\nuv==0.1 \\\n    --hash=sha256:bb\nuvloop==0.2 \\\n    --hash=sha256:cc\n"
)


def executable(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def variables(tmp_path: Path, *folders: str) -> dict[str, str]:
    return {"PATH": ":".join(str(tmp_path / folder) for folder in folders), "HOME": str(tmp_path / "home")}


class TestFindingPython:
    @pytest.mark.parametrize(
        "answer",
        [BROKEN_SHIM, "echo 3.11 cpython True", "echo 3.10 pypy True", "echo 3.10 cpython False", "exit 0"],
    )
    def test_what_only_looks_like_it_is_passed_over(self, tmp_path: Path, answer: str) -> None:
        executable(tmp_path / "shims/python3.10", answer)
        good = executable(tmp_path / "bin/python3.10", GOOD)
        assert bootstrap.find_python(variables(tmp_path, "shims", "bin")) == good

    def test_python3_will_do_when_it_is_the_wanted_one(self, tmp_path: Path) -> None:
        executable(tmp_path / "shims/python3.10", BROKEN_SHIM)
        good = executable(tmp_path / "bin/python3", GOOD)
        assert bootstrap.find_python(variables(tmp_path, "shims", "bin")) == good

    @pytest.mark.parametrize(
        "place",
        [
            ".pyenv/versions/3.10.13/bin/python",
            ".local/share/uv/python/cpython-3.10.16-linux-x86_64-gnu/bin/python3.10",
        ],
    )
    def test_version_managers_are_looked_into(self, tmp_path: Path, place: str) -> None:
        executable(tmp_path / "bin/python3.10", BROKEN_SHIM)
        good = executable(tmp_path / "home" / place, GOOD)
        assert bootstrap.find_python(variables(tmp_path, "bin")) == good

    def test_the_folder_of_pyenv_can_be_elsewhere(self, tmp_path: Path) -> None:
        good = executable(tmp_path / "pyenv/versions/3.10.2/bin/python", GOOD)
        found = bootstrap.find_python({**variables(tmp_path, "bin"), "PYENV_ROOT": str(tmp_path / "pyenv")})
        assert found == good

    def test_a_real_interpreter_is_recognised(self) -> None:
        assert bootstrap.is_wanted(Path(sys.executable)) == (sys.version_info[:2] == (3, 10))

    def test_none(self, tmp_path: Path) -> None:
        executable(tmp_path / "bin/python3.10", BROKEN_SHIM)
        assert bootstrap.find_python(variables(tmp_path, "bin")) is None


class TestLock:
    def test_uv_makes_the_environment_and_is_no_part_of_it(self) -> None:
        uv, packages = bootstrap.split_lock(LOCK)
        assert uv == "uv==0.1 \\\n    --hash=sha256:bb\n"
        assert packages == "aiohttp==3.14.5 \\\n    --hash=sha256:aa\nuvloop==0.2 \\\n    --hash=sha256:cc\n"

    def test_every_package_of_the_real_lock_has_a_hash_and_nothing_heavy_is_in_it(self) -> None:
        uv, packages = bootstrap.split_lock((ROOT / "requirements.lock").read_text())
        entries = re.split(r"(?m)^(?=[a-z0-9])", uv + packages)[1:]
        assert len(entries) > 100
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
        names = {entry.split("==")[0] for entry in entries}
        assert not names & {"torch", "transformers", "tensorflow", "tensorflow-text", "jax", "libclang"}
        assert not [name for name in names if name.startswith("nvidia")]


class Checkout:
    """A copy of what set-up needs, with an installer that only writes down what it is asked for."""

    def __init__(self, root: Path, *, fetches: int = 1) -> None:
        self.root = root
        self.log = root / "uv.log"
        (root / "launcher").mkdir(parents=True)
        shutil.copy(ROOT / "launcher/bootstrap.py", root / "launcher")
        self.write_lock(LOCK)
        executable(root / ".venv-tools/venv/bin/uv", UV.format(log=self.log, fetches=fetches, good=GOOD))

    def write_lock(self, lock: str) -> None:
        (self.root / "requirements.lock").write_text(lock)
        (self.root / ".venv-tools").mkdir(exist_ok=True)
        (self.root / ".venv-tools/uv.txt").write_text(bootstrap.split_lock(lock)[0])

    def set_up(self, *folders: str) -> subprocess.CompletedProcess[str]:
        environment = variables(self.root, *folders)
        environment["PATH"] += ":/usr/bin:/bin"
        environment["PYENV_ROOT"] = str(self.root / "no-pyenv")
        command = [sys.executable, str(self.root / "launcher/bootstrap.py")]
        return subprocess.run(command, env=environment, text=True, capture_output=True, timeout=60)

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    executable(tmp_path / "shims/python3.10", BROKEN_SHIM)
    executable(tmp_path / "bin/python3.10", GOOD)
    return Checkout(tmp_path)


class TestSetUp:
    def test_the_environment_is_made_from_hashes_with_the_interpreter_that_works(self, checkout: Checkout) -> None:
        done = checkout.set_up("shims", "bin")
        assert done.returncode == 0, done.stderr
        made, filled = checkout.asked()
        assert f"--python {checkout.root}/bin/python3.10" in made
        assert filled.startswith("pip sync --require-hashes")
        assert "uv==" not in (checkout.root / ".venv-tools/packages.txt").read_text()

    def test_a_second_run_does_nothing_until_the_lock_changes(self, checkout: Checkout) -> None:
        checkout.set_up("bin")
        before = checkout.asked()
        again = checkout.set_up("bin")
        assert (again.returncode, again.stderr, checkout.asked()) == (0, "", before)
        checkout.write_lock(LOCK.replace("3.14.5", "3.14.6"))
        assert checkout.set_up("bin").returncode == 0
        assert checkout.asked()[len(before) :] == [before[1]], "the environment is kept, its packages are not"

    def test_an_environment_whose_interpreter_is_gone_is_made_again(self, checkout: Checkout) -> None:
        checkout.set_up("bin")
        executable(checkout.root / ".venv/bin/python", "exit 1")
        assert checkout.set_up("bin").returncode == 0
        assert [line.split()[0] for line in checkout.asked()] == ["venv", "pip", "venv", "pip"]

    def test_an_interrupted_set_up_is_not_taken_for_a_finished_one(self, checkout: Checkout) -> None:
        checkout.set_up("bin")
        executable(checkout.root / ".venv-tools/venv/bin/uv", "exit 2")
        checkout.write_lock(LOCK.replace("3.14.5", "3.14.6"))
        assert checkout.set_up("bin").returncode == 1
        assert checkout.set_up("bin").returncode == 1

    @pytest.mark.skipif(sys.version_info[:2] == (3, 10) and Path("/usr/bin/python3.10").exists(), reason="one is there")
    def test_no_interpreter_and_none_to_fetch_says_what_to_do(self, checkout: Checkout) -> None:
        done = checkout.set_up("shims")
        assert done.returncode == 1
        assert "python install 3.10" in checkout.asked()[0]
        assert "Traceback" not in done.stderr
        assert done.stderr.splitlines()[-1].startswith("set-up: no working Python 3.10 found")

    def test_a_folder_that_cannot_be_written_is_one_line(self, checkout: Checkout) -> None:
        (checkout.root / ".venv").touch()
        done = checkout.set_up("bin")
        assert done.returncode == 1
        assert done.stderr == f"set-up: cannot write in {checkout.root}/.venv: File exists\n"
