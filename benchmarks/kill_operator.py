"""The SMS operator of kill.py, which outlives the gateway, and is no more reliable than operators are."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import aiohttp
from aiohttp import web
from kill_handsets import Handsets

RETRY_SECONDS = 0.2
PATIENCE_SECONDS = 120.0
TWICE_DELIVERED = 0.05
"""Share of messages that are delivered again although they were acknowledged, as providers and browsers do."""
TIMEOUT_SECONDS = 2.0
"""How long the gateway waits for an answer to a submission."""
FAULTS = 0.01
"""Share of submissions that each of the three faults meets."""


class Operator:
    """The SMS operator: takes what the gateway submits and keeps it, whatever happens to the gateway.

    Its receipts come in any order, some of them twice, and again and again until the gateway takes them. Some
    submissions it does not answer in time, some it takes and then closes the connection, some it refuses for now:
    `faults` counts them.
    """

    def __init__(self, *, idempotent: bool, chance: random.Random) -> None:
        self._idempotent, self._chance = idempotent, chance
        self.handsets = Handsets()
        self.submitted_again = 0
        self.faults: Counter[str] = Counter()
        self._taken: set[str] = set()
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
        fault = self._fault()
        if fault == "busy":
            return web.Response(status=503)
        response = self._take(message)
        if fault == "late":
            await asyncio.sleep(TIMEOUT_SECONDS + 1)
        elif fault == "cut off" and request.transport is not None:
            request.transport.close()
        return response

    def _fault(self) -> str | None:
        """What goes wrong with this submission, mostly nothing."""
        drawn = self._chance.random()
        for place, name in enumerate(("late", "cut off", "busy"), start=1):
            if drawn < place * FAULTS:
                self.faults[name] += 1
                return name
        return None

    def _take(self, message: dict[str, Any]) -> web.Response:
        submission, last = message["id"], message["joint"] is None or message["joint"][1] == message["joint"][2]
        again = submission in self._taken
        self.submitted_again += again
        self._taken.add(submission)
        if last and not (again and self._idempotent):
            self.handsets.show(message["to"], submission.partition("-")[0])
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
