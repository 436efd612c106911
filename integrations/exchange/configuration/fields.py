"""The small types of the configuration file, each with its own check."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, BeforeValidator, SecretStr, StringConstraints
from yarl import URL

from settings.secret_text import secret_text

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
    if not isinstance(value, str):
        return value
    secret = secret_text(value)
    if secret is None:
        raise ValueError("must be env:NAME or file:PATH, not the secret itself")
    return secret


Client = Annotated[str, StringConstraints(max_length=400), AfterValidator(_client)]
Https = Annotated[str, StringConstraints(max_length=500), AfterValidator(_https)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_pattern)]
Secret = Annotated[SecretStr, BeforeValidator(_secret)]
