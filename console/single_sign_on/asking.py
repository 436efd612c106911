"""HTTP to the provider, with an end to how long and how much it may answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp

from console.single_sign_on.errors import NotProven, ProviderAway

SECONDS = 10.0
MOST_BYTES = 256 * 1024


async def get(address: str) -> dict[str, Any]:
    """The JSON object at an address of the provider.

    Raises:
        ProviderAway: there is none.
    """
    status, found = await _ask("GET", address, {}, None)
    if status != HTTPStatus.OK or found is None:
        raise ProviderAway(f"{address} answers {status}{' and no JSON object' if found is None else ''}")
    return found


async def post(address: str, headers: Mapping[str, str], form: str) -> dict[str, Any]:
    """What a form is answered with.

    Raises:
        NotProven: it is refused, as RFC 6749, 5.2 has it.
        ProviderAway: as `get` does.
    """
    status, found = await _ask("POST", address, headers, form)
    if found is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ProviderAway(f"{address} answers {status}")
    if status != HTTPStatus.OK:
        raise NotProven(f"{address} refuses: {str(found.get('error'))[:60]}")
    return found


async def _ask(
    method: str, address: str, headers: Mapping[str, str], form: str | None
) -> tuple[int, dict[str, Any] | None]:
    """The status, and the JSON object that came, if one did. No redirect is followed: it could lead anywhere."""
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    asked = {"headers": {"Accept": "application/json", **headers}, "data": form, "allow_redirects": False}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session,
            session.request(method, address, **asked) as response,
        ):
            raw = await response.content.read(MOST_BYTES + 1)
            while len(raw) <= MOST_BYTES and (more := await response.content.read(MOST_BYTES)):
                raw += more
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
        raise ProviderAway(f"{address} does not answer: {type(error).__name__}") from error
    if len(raw) > MOST_BYTES:
        raise ProviderAway(f"{address} answers more than {MOST_BYTES} bytes")
    try:
        found = json.loads(raw)
    except ValueError:
        found = None
    return response.status, found if isinstance(found, dict) else None
