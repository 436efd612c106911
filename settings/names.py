"""Misspelt settings: a variable with our prefix that is no setting would otherwise change nothing, silently."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches

from dotenv import dotenv_values

ENV_FILE = ".env"
FOR_TESTS = "TEST_"  # DALIL_TEST_...: where the tests find their peers


def unknown_names(fields: Iterable[str], prefix: str) -> list[str]:
    """One line for each variable, in the environment or in `.env`, that has the prefix and is no setting."""
    known = [prefix + field.upper() for field in fields]
    given = {name.upper() for name in (*os.environ, *dotenv_values(ENV_FILE))}
    ours = {name for name in given if name.startswith(prefix) and not name.startswith(prefix + FOR_TESTS)}
    return [_line(name, known) for name in sorted(ours - set(known))]


def _line(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"{name}: there is no such setting" + (f"; did you mean {close[0]}?" if close else "")
