"""A webhook as a short script has it: answers in two parts at once and keeps nothing: sms_peer.py PORT OPERATOR."""

from __future__ import annotations

import asyncio
import sys

import aiohttp
from aiohttp import web
from sms_assistant import ANSWER


class Webhook:
    """Takes messages at /inbound and receipts at /receipt."""

    def __init__(self, port: int, operator: str) -> None:
        self._port, self._operator = port, operator
        self._session: aiohttp.ClientSession
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, _application: web.Application) -> None:
        """Open the session."""
        self._session = aiohttp.ClientSession()

    async def inbound(self, request: web.Request) -> web.Response:
        """Acknowledge, and answer beside it."""
        message = await request.json()
        task = asyncio.create_task(self._answer(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return web.Response()

    async def receipt(self, request: web.Request) -> web.Response:
        """Acknowledge."""
        await request.json()
        return web.Response()

    async def _answer(self, message: dict[str, str]) -> None:
        half = len(ANSWER) // 2
        for number, text in ((1, ANSWER[:half]), (2, ANSWER[half:])):
            part = {"id": f"{message['id']}-{number}", "to": message["from"], "text": text, "joint": [1, 2, number]}
            part["receipts"] = f"http://127.0.0.1:{self._port}/receipt"
            async with self._session.post(f"{self._operator}/messages", json=part):
                pass


if __name__ == "__main__":
    webhook = Webhook(int(sys.argv[1]), sys.argv[2])
    application = web.Application()
    application.add_routes([web.post("/inbound", webhook.inbound), web.post("/receipt", webhook.receipt)])
    application.on_startup.append(webhook.run)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
