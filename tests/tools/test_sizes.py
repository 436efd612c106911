"""The size budget names the file and the line that broke it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import sizes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def module(name: str, lines: int) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x = 1\n" * lines)
    return path


def test_a_file_over_the_cap(folder: Path) -> None:
    assert sizes.check([module("bot/long.py", 401)]) == ["bot/long.py:1: file has 401 lines, over the cap of 400"]


def test_one_file_in_twenty_may_be_over_the_percentile(folder: Path) -> None:
    small = [module(f"bot/small{number}.py", 10) for number in range(19)]
    assert sizes.check([*small, module("bot/large.py", 300)]) == []
    assert sizes.check([*small[1:], module("bot/large.py", 300), module("bot/larger.py", 301)]) == [
        "bot/large.py:1: file has 300 lines, over 250, and only 1 (5 %) may be"
    ]


def test_a_function_over_the_cap_is_named_with_its_line(folder: Path) -> None:
    path = Path("engine.py")
    path.write_text("import os\n\n@staticmethod\nasync def answer():\n" + "    os.getpid()\n" * 50)
    assert sizes.check([path]) == ["engine.py:4: answer() has 51 lines, over the cap of 50"]


@pytest.mark.parametrize(("name", "faults"), [("tests/test_long.py", 1), ("storage/migrations/versions/1.py", 0)])
def test_tests_have_the_cap_alone_and_migrations_none(folder: Path, name: str, faults: int) -> None:
    assert sizes.check([module(name, 390)]) == []
    assert len(sizes.check([module(name, 401)])) == faults
