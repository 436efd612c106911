"""A scriptable assistant: it speaks the real HTTP contract on a random port and does what it is told to."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "development-only"


@dataclass
class Step:
    """What happens to one request: after `hold` is set, answer with `status` and `body` (a reply when None), or die."""

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hold: asyncio.Event | None = None
    dies: bool = False


def reply(*texts: str, kind: str = "fees", choices: list[dict[str, str]] | None = None) -> bytes:
    """A well-formed reply; the choices belong to its last message."""
    messages: list[dict[str, Any]] = [{"text": text, "choices": []} for text in texts]
    messages[-1]["choices"] = choices or []
    rest = {"service": None, "options": [], "reference": None, "confidence": 0.9, "also": []}
    return json.dumps({"kind": kind, **rest, "messages": messages}).encode()


class FakeAssistant:
    """`script` holds the next steps; without one it repeats the question. `asked` and `forgotten` are what it heard."""

    def __init__(self) -> None:
        self.script: deque[Step] = deque()
        self.by_text: dict[str, deque[Step]] = defaultdict(deque)
        self.asked: list[dict[str, Any]] = []
        self.forgotten: list[str] = []
        self.forget_status = 204
        self.is_ready = True
        self.running: defaultdict[str, int] = defaultdict(int)
        self.most_at_once = 0
        self._given: dict[str, tuple[str, bytes]] = {}
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_post("/v1/messages", self._message)
        app.router.add_delete("/v1/conversations/{conversation}", self._forget)
        app.router.add_get("/health/ready", self._ready)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def texts(self) -> list[str]:
        return [question["text"] for question in self.asked]

    async def _message(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        question = await request.json()
        self.asked.append(question)
        conversation = question["conversation"]
        self.running[conversation] += 1
        self.most_at_once = max(self.most_at_once, self.running[conversation])
        try:
            return await self._do(request, question, self._next(question["text"]))
        finally:
            self.running[conversation] -= 1

    def _next(self, text: str) -> Step:
        if self.by_text[text]:
            return self.by_text[text].popleft()
        return self.script.popleft() if self.script else Step()

    async def _do(self, request: web.Request, question: dict[str, Any], step: Step) -> web.StreamResponse:
        if step.hold is not None:
            await step.hold.wait()
        if step.dies:
            assert request.transport is not None
            request.transport.close()
            raise ConnectionResetError
        if step.status != 200:
            return web.Response(status=step.status, headers=step.headers)
        last_id, last_body = self._given.get(question["conversation"], ("", b""))
        body = last_body if last_id == question["id"] else (step.body or reply(f"الجواب: {question['text']}"))
        if step.body is None or b'"text"' in step.body:  # nonsense is nobody's last reply
            self._given[question["conversation"]] = (question["id"], body)
        return web.Response(body=body, content_type="application/json")

    async def _forget(self, request: web.Request) -> web.Response:
        if self.forget_status == 204:
            self.forgotten.append(request.match_info["conversation"])
        return web.Response(status=self.forget_status)

    async def _ready(self, _request: web.Request) -> web.Response:
        return web.Response(status=200 if self.is_ready else 503)
