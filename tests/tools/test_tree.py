"""What points at one machine or one registry is found, and named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import tree

REGISTRY = "py" + "pi.org"
CHECKOUT = "/wor" + "k/main"


@pytest.mark.parametrize(
    ("name", "line", "found"),
    [
        ("README.md", f"fetched from https://{REGISTRY}/simple", True),
        ("notes.md", f"see {CHECKOUT}/bot", True),
        ("notes.md", "see /roo" + "t/.cache", True),
        ("settings.py", "host = 'packages.example.net'", True),
        ("requirements.lock", "six @ https://example.org/six.whl", True),
        ("requirements.in", "# see https://example.org", False),
        ("README.md", "see https://example.org and bot/home/page", False),
        ("routes.py", "'/v1/messages'", False),
    ],
)
def test_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: str, found: bool) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(f"first\n{line}\n")
    faults = tree.check([Path(name)], {"UV_DEFAULT_INDEX": "https://packages.example.net/simple"})
    assert [fault.startswith(f"{name}:2: ") for fault in faults] == [True] * found


def test_binary_files_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(b"\0" + REGISTRY.encode())
    assert tree.check([file], {}) == []
