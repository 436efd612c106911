"""The small types of the configuration file, each with its own check."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, BeforeValidator, SecretStr, StringConstraints
from yarl import URL

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f;\\\s]")


def parts(address: str) -> tuple[str, ...]:
    """The parts of an X-Road identifier, `/` between them; one that holds a `/` itself is written with %2F.

    Raises:
        ValueError: a part is empty, or such that a path would mean something else with it.
    """
    decoded = tuple(unquote(part, errors="strict") for part in address.split("/"))
    for part in decoded:
        if not part or part in (".", "..") or _FORBIDDEN.search(part) or len(part) > 100:
            raise ValueError("each part between the / must be an X-Road identifier")
    return decoded


def _client(address: str) -> str:
    if len(parts(address)) not in (3, 4):
        raise ValueError("must be instance/class/member/subsystem (the subsystem may be missing)")
    return address


def _https(address: str) -> str:
    try:
        url = URL(address)
        good = url.scheme == "https" and url.host and url.user is None and not url.query_string and not url.fragment
    except ValueError:
        good = None
    if not good:
        raise ValueError("must be an https address without password, query and fragment")
    return address.rstrip("/")


def _pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error.msg}") from None
    return pattern


def _secret(value: object) -> object:
    """`env:NAME` is an environment variable, `file:PATH` the first line of a file: the file itself holds no secret."""
    if not isinstance(value, str):
        return value
    source, _, name = value.partition(":")
    if source == "env":
        if not os.environ.get(name):
            raise ValueError(f"the environment variable {name} is not set")
        return os.environ[name]
    if source == "file":
        return _first_line(name)
    raise ValueError("must be env:NAME or file:PATH, not the secret itself")


def _first_line(name: str) -> str:
    try:
        lines: Sequence[str] = Path(name).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"cannot read {name}") from None
    if not lines or not lines[0].strip():
        raise ValueError(f"{name} is empty")
    return lines[0].strip()


Client = Annotated[str, StringConstraints(max_length=400), AfterValidator(_client)]
Https = Annotated[str, StringConstraints(max_length=500), AfterValidator(_https)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_pattern)]
Secret = Annotated[SecretStr, BeforeValidator(_secret)]
