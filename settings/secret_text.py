"""Where a configuration file says that a secret is, so that the file itself holds none."""

from __future__ import annotations

import os
from pathlib import Path


def secret_text(reference: str) -> str | None:
    """What `env:NAME` (an environment variable) or `file:PATH` (the first line of a file) stands for; else None.

    Raises:
        ValueError: there is no such variable, or no such file with something in its first line.
    """
    source, _, name = reference.partition(":")
    if source == "env":
        if not os.environ.get(name):
            raise ValueError(f"the environment variable {name} is not set")
        return os.environ[name]
    return _first_line(name) if source == "file" else None


def _first_line(name: str) -> str:
    try:
        lines = Path(name).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"cannot read {name}") from None
    if not lines or not lines[0].strip():
        raise ValueError(f"{name} is empty")
    return lines[0].strip()
