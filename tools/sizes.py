"""`python -m tools.sizes`: files and functions stay small enough to read.

File: 95th percentile at most 250 lines, none over 400 (tests too). Function: 95th percentile at most 30, none over 50.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.files import tree_files

FILE_P95, FILE_CAP = 250, 400
FUNCTION_P95, FUNCTION_CAP = 30, 50


@dataclass(frozen=True, order=True)
class Measured:
    """A file or a function and its length in lines."""

    lines: int
    place: str


def functions(path: Path) -> Iterator[Measured]:
    """Every function of a file, decorators not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None  # noqa: S101 - ast.parse always sets it
            yield Measured(node.end_lineno - node.lineno + 1, f"{path}:{node.lineno}: {node.name}()")


def faults(measured: list[Measured], p95: int, cap: int) -> Iterator[str]:
    """One line for each thing over the cap, and for each that lifts the 95th percentile over its budget."""
    ranked = sorted(measured, reverse=True)
    allowed = len(ranked) // 20
    for place, item in enumerate(ranked):
        if item.lines > cap:
            yield f"{item.place} has {item.lines} lines, over the cap of {cap}"
        elif place >= allowed and item.lines > p95:
            yield f"{item.place} has {item.lines} lines, over {p95}, and only {allowed} (5 %) may be"


def check(paths: list[Path]) -> list[str]:
    """All faults of the given Python files."""
    product = [path for path in paths if path.parts[0] != "tests" and "migrations" not in path.parts]
    tests = [path for path in paths if path.parts[0] == "tests"]
    return [
        *faults([_file(path) for path in product], FILE_P95, FILE_CAP),
        *faults([_file(path) for path in tests], FILE_CAP, FILE_CAP),
        *faults([function for path in product for function in functions(path)], FUNCTION_P95, FUNCTION_CAP),
    ]


def _file(path: Path) -> Measured:
    return Measured(len(path.read_text(encoding="utf-8").splitlines()), f"{path}:1: file")


def main() -> int:
    """Print each fault with its file and line; 1 when there is one."""
    found = check([path for path in tree_files() if path.suffix == ".py"])
    sys.stderr.write("".join(f"{fault}\n" for fault in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
