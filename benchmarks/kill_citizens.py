"""Citizens on web chat and SMS who ask until they are heard, and write down what they were shown."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
from aiohttp import web
from processes import BenchmarkError

RETRY_SECONDS = 0.2
PATIENCE_SECONDS = 120.0
LONGEST_WAIT_SECONDS = 2.0
TWICE_DELIVERED = 0.05
"""Share of messages that are delivered again although they were acknowledged, as providers and browsers do."""
_CSRF = re.compile(r'data-csrf="([0-9a-f]+)"')


class Operator:
    """The SMS operator: takes what the gateway submits and keeps it, whatever happens to the gateway.

    `shown` has, for each telephone, the messages that are complete on it, once for each time. Its receipts come in any
    order, some of them twice, and again and again until the gateway takes them.
    """

    def __init__(self, *, idempotent: bool, chance: random.Random) -> None:
        self._idempotent, self._chance = idempotent, chance
        self.shown: defaultdict[str, list[str]] = defaultdict(list)
        self.submitted_again = 0
        self._taken: set[str] = set()
        self._news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._receipts: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def application(self) -> web.Application:
        """Its API, as the simulated provider speaks it."""
        application = web.Application()
        application.add_routes([web.post("/messages", self._submit)])
        return application

    async def settle(self) -> None:
        """Wait until the gateway has taken all receipts."""
        while self._receipts:
            await asyncio.gather(*self._receipts)

    async def _submit(self, request: web.Request) -> web.Response:
        message = await request.json()
        submission, last = message["id"], message["joint"] is None or message["joint"][1] == message["joint"][2]
        again = submission in self._taken
        self.submitted_again += again
        self._taken.add(submission)
        if last and not (again and self._idempotent):
            self.shown[message["to"]].append(submission.partition("-")[0])
            self._news[message["to"]].set()
        if not again:
            task = asyncio.create_task(self._report(message["receipts"], f"operator-{submission}"))
            self._receipts.add(task)
            task.add_done_callback(self._receipts.discard)
        return web.json_response({"id": f"operator-{submission}"}, status=202)

    async def _report(self, address: str, name: str) -> None:
        states = ["ACCEPTD", "DELIVRD", *(["DELIVRD"] if self._chance.random() < TWICE_DELIVERED else [])]
        self._chance.shuffle(states)
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        for state in states:
            for _ in range(int(PATIENCE_SECONDS / RETRY_SECONDS)):
                if await self._told(address, {"id": name, "state": state}):
                    break
                await asyncio.sleep(RETRY_SECONDS)

    async def _told(self, address: str, receipt: dict[str, str]) -> bool:
        try:
            async with self._session.post(address, json=receipt) as response:  # type: ignore[union-attr]
                return response.ok
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    async def close(self) -> None:
        """End what still runs."""
        for task in self._receipts:
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def wait(self, number: str, seconds: float) -> None:
        """Wait until the handset is shown something more."""
        news = self._news[number]
        news.clear()
        try:
            await asyncio.wait_for(news.wait(), seconds)
        except asyncio.TimeoutError:
            return


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
        await self._operator.wait(self._number, self._chance.uniform(0, LONGEST_WAIT_SECONDS))
