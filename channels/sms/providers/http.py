"""One HTTP request to a provider, and what its failure means for the message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from channels.contract import Retry, SendError, Unknown

_LONGEST_ANSWER = 64 * 1024
_CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class HttpAnswer:
    """What came back; header names are in any case, the body is cut at 64 KiB."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def retry_after(self) -> float | None:
        """Seconds of the Retry-After header, if it gives seconds."""
        value = self.headers.get("Retry-After", "").strip()
        return float(value) if value.isascii() and value.isdecimal() and len(value) < 6 else None


class HttpDoor:
    """A provider's HTTP API; `options` are those of aiohttp.ClientSession, such as `headers`.

    Connections are kept only to a provider that is `idempotent`: one that the other side has just closed looks like a
    submission that nobody saw end.
    """

    def __init__(self, timeout_seconds: float, *, idempotent: bool, **options: Any) -> None:
        self._idempotent = idempotent
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, connect=min(_CONNECT_SECONDS, timeout_seconds))
        self._options = options
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the session."""
        connector = aiohttp.TCPConnector(limit=0, force_close=not self._idempotent)
        cookies = aiohttp.DummyCookieJar()
        self._session = aiohttp.ClientSession(
            timeout=self._timeout, connector=connector, cookie_jar=cookies, **self._options
        )

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def post(self, url: str, **request: Any) -> HttpAnswer | Retry | Unknown:
        """POST without following redirects; Retry when nothing was written, Unknown when it may have arrived."""
        if self._session is None:
            return Retry(SendError.NOT_CONFIGURED)
        try:
            async with self._session.post(url, allow_redirects=False, **request) as response:
                return HttpAnswer(response.status, response.headers, await response.content.read(_LONGEST_ANSWER))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Retry(SendError.UNAVAILABLE, code="connect")
        except asyncio.TimeoutError:
            return Unknown(SendError.UNAVAILABLE, code="timeout")
        except aiohttp.ClientError as error:
            return Unknown(SendError.UNAVAILABLE, code=type(error).__name__[:40])
