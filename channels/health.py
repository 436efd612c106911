"""Whether the gateway lives, and whether it can do its work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from channels.assistant import Assistant
from channels.gateway import GatewayCore
from storage import Transactions

_FRESH = 1.0
_TIMEOUT = 3.0


class Health:
    """GET /health/live: the process answers. GET /health/ready: 200, or 503 with the reasons."""

    def __init__(self, database: Transactions, assistant: Assistant, core: GatewayCore) -> None:
        self._database, self._assistant, self._core = database, assistant, core
        self._reasons: list[str] = []
        self._checked = float("-inf")
        self._turn = asyncio.Lock()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The routes of the health checks."""
        return [web.get("/health/live", self._live), web.get("/health/ready", self._ready)]

    async def _live(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def _ready(self, _request: web.Request) -> web.Response:
        async with self._turn:  # anyone may ask, the database is asked once a second
            if time.monotonic() - self._checked > _FRESH:
                self._reasons = await self._check()
                self._checked = time.monotonic()
        if self._reasons:
            return web.json_response({"status": "not ready", "reasons": self._reasons}, status=503)
        return web.json_response({"status": "ready"})

    async def _check(self) -> list[str]:
        reasons = [f"not running: {name}" for name in self._core.faults()]
        try:
            await asyncio.wait_for(self._database.read(lambda connection: connection.scalar(select(1))), _TIMEOUT)
        except (SQLAlchemyError, OSError, asyncio.TimeoutError):
            reasons.append("the database does not answer")
        if not await self._assistant.ready():
            reasons.append("no assistant worker is ready")
        return reasons
