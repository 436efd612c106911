"""Citizens on web chat and SMS who ask until they are heard, and write down what they were shown."""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
from kill_operator import PATIENCE_SECONDS, RETRY_SECONDS, TWICE_DELIVERED, Operator
from processes import BenchmarkError

LONGEST_WAIT_SECONDS = 2.0
_CSRF = re.compile(r'data-csrf="([0-9a-f]+)"')


@dataclass
class Log:
    """What citizens know: `accepted` messages by conversation, and how many requests failed before one was heard."""

    accepted: dict[str, list[str]] = field(default_factory=dict)
    failed_requests: int = 0
    delivered_again: int = 0


class Citizen(Protocol):
    """One conversation."""

    async def say(self, text: str) -> None:
        """Send a message until it is accepted, then wait a while for its reply."""
        ...


class _Persistent:
    """Repeats a request until it is answered with success."""

    def __init__(self, session: aiohttp.ClientSession, log: Log, chance: random.Random) -> None:
        self._session, self._log, self._chance = session, log, chance

    async def _post(self, url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        """Until it is accepted; now and then once more, as if the acknowledgement had been lost on its way."""
        await self._request("POST", url, json=body, headers=headers)
        if self._chance.random() < TWICE_DELIVERED:
            self._log.delivered_again += 1
            await self._request("POST", url, json=body, headers=headers)

    async def _request(self, method: str, url: str, **options: Any) -> tuple[str, Any]:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                async with self._session.request(method, url, **options) as response:
                    text = await response.text()
                    if response.ok:
                        return text, response
                    if response.status < 500:
                        raise BenchmarkError(f"{method} {response.url.path}: HTTP {response.status} {text[:200]}")
            except (aiohttp.ClientError, asyncio.TimeoutError):
                self._log.failed_requests += 1
            await asyncio.sleep(RETRY_SECONDS)
        raise BenchmarkError(f"{method}: the gateway did not answer for {PATIENCE_SECONDS:.0f} s")


class WebCitizen(_Persistent):
    """A browser with the page's script: its cookie, its token, its own message ids."""

    def __init__(
        self, gateway: str, name: str, session: aiohttp.ClientSession, log: Log, chance: random.Random
    ) -> None:
        super().__init__(session, log, chance)
        self._gateway, self._name = gateway, name
        self._headers: dict[str, str] = {}
        self._last = 0

    async def say(self, text: str) -> None:
        """Send a message; see Citizen."""
        if not self._headers:
            await self._open()
        said = self._log.accepted.setdefault(self._name, [])
        message = f"{self._name}-{len(said)}"
        await self._post(f"{self._gateway}/api/messages", {"id": message, "text": text}, self._headers)
        said.append(message)
        wait = int(self._chance.uniform(0, LONGEST_WAIT_SECONDS))
        for event in await self._events(self._last, wait):
            self._last = max(self._last, event["id"])

    async def shown(self) -> list[str]:
        """The messages that the page shows a reply to, in order."""
        return [event["in_reply_to"] for event in await self._events(0, 0)]

    async def _open(self) -> None:
        page, response = await self._request("GET", f"{self._gateway}/")
        token = _CSRF.search(page)
        if token is None:
            raise BenchmarkError("the page has no token")
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in response.cookies.items())
        self._headers = {"Cookie": cookie, "X-CSRF-Token": token.group(1)}

    async def _events(self, after: int, wait: int) -> list[dict[str, Any]]:
        url = f"{self._gateway}/api/events?after={after}&wait={wait}"
        _, response = await self._request("GET", url, headers=self._headers)
        events: list[dict[str, Any]] = (await response.json())["events"]
        return events


class SmsCitizen(_Persistent):
    """A telephone; the operator delivers its messages to `callback` until they are acknowledged."""

    def __init__(
        self,
        callback: str,
        number: str,
        operator: Operator,
        session: aiohttp.ClientSession,
        log: Log,
        chance: random.Random,
    ) -> None:
        super().__init__(session, log, chance)
        self._callback, self._number, self._operator = callback, number, operator

    async def say(self, text: str) -> None:
        """Send a message; see Citizen."""
        said = self._log.accepted.setdefault(self._number, [])
        message = f"mo{self._number}-{len(said)}"
        body = {"id": message, "from": self._number, "to": "8000", "text": text}
        await self._post(f"{self._callback}/inbound", body)
        said.append(message)
        await self._operator.handsets.wait(self._number, self._chance.uniform(0, LONGEST_WAIT_SECONDS))
