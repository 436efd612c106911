"""The operator's side of `sms.py`: citizens' messages in, parts out, over the simulator's HTTP or a real Kannel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import aiohttp
from aiohttp import web

from channels.sms.providers.kannel.trial import Boxes, Handed, Operator, Trial

OnPart = Callable[[str, bool], None]
"""Called with a telephone's number, and whether the part is the last of its message."""
NUMBER = "8000"
SECRET = "benchmark"


class Network(Protocol):
    """One way between telephones and the gateway."""

    name: str

    async def start(self, closing: AsyncExitStack) -> None:
        """Begin; `closing` ends it."""
        ...

    def provider(self) -> str:
        """The entry for the file of SMS providers."""
        ...

    async def send(self, number: str, text: str, id: str) -> None:
        """A citizen's message; returns when the network has taken it."""
        ...


class HttpNetwork:
    """The simulated operator, but in a process of its own: every part is reported as accepted and as delivered."""

    name = "simulator"

    def __init__(self, callback: str, on_part: OnPart) -> None:
        self._callback, self._on_part = callback, on_part
        self._session: aiohttp.ClientSession
        self._address = ""
        self._reports: set[asyncio.Task[None]] = set()
        self._at_once = asyncio.Semaphore(64)

    async def start(self, closing: AsyncExitStack) -> None:
        """Serve /messages."""
        self._session = await closing.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64), timeout=aiohttp.ClientTimeout(total=60))
        )
        application = web.Application()
        application.add_routes([web.post("/messages", self._submit)])
        runner = web.AppRunner(application, access_log=None)
        closing.push_async_callback(runner.cleanup)
        closing.push_async_callback(self._finish)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._address = f"http://127.0.0.1:{runner.addresses[0][1]}"

    def provider(self) -> str:
        """See Network."""
        own = f"url: '{self._address}', secret: {SECRET}"
        return f"{{kind: simulator, name: simulator, sender: '{NUMBER}', {_FAST}, {own}}}"

    async def send(self, number: str, text: str, id: str) -> None:
        """See Network."""
        body = {"id": id, "from": number, "to": NUMBER, "text": text}
        async with self._at_once, self._session.post(f"{self._callback}/inbound", json=body) as response:
            response.raise_for_status()

    async def _submit(self, request: web.Request) -> web.Response:
        part = await request.json()
        joint = part["joint"]
        self._on_part(part["to"], joint is None or joint[1] == joint[2])
        task = asyncio.create_task(self._report(part["receipts"], part["id"]))
        self._reports.add(task)
        task.add_done_callback(self._reports.discard)
        return web.json_response({"id": f"operator-{part['id']}"}, status=202)

    async def _report(self, address: str, id: str) -> None:
        for state in ("ACCEPTD", "DELIVRD"):
            async with self._session.post(address, json={"id": f"operator-{id}", "state": state}):
                pass

    async def _finish(self) -> None:
        await asyncio.gather(*self._reports, return_exceptions=True)


class KannelNetwork:
    """Kannel with its test operator; over smsbox if there is a `callback`. `text`: Kannel itself answers with it."""

    name = "kannel"

    def __init__(self, folder: Path, callback: str | None, on_part: OnPart, text: str | None = None) -> None:
        folder.mkdir(parents=True)
        self._trial = Trial(folder, f"{callback}/inbound" if callback else "")
        self._boxes, self._on_part, self._text = Boxes(self._trial), on_part, text
        self._operator = Operator(self._trial.operator_port, self._part)

    async def start(self, closing: AsyncExitStack) -> None:
        """Start its boxes and connect the operator."""
        self._trial.write(http_queue_delay="1")
        if self._text is not None:
            _answer_by_itself(self._trial.configuration, self._text)
        closing.push_async_callback(self._boxes.stop)
        await self._boxes.start()
        closing.push_async_callback(self._operator.close)
        await self._operator.connect()

    def provider(self) -> str:
        """See Network."""
        if not self._trial.inbound:
            return f"{{kind: bearerbox, name: kannel, sender: '{NUMBER}', {_FAST}, port: {self._trial.ports[1]}}}"
        own = f"url: '{self._trial.url}', username: dalil, password: '{self._trial.password}'"
        return f"{{kind: kannel, name: kannel, sender: '{NUMBER}', {_FAST}, {own}}}"

    async def send(self, number: str, text: str, id: str) -> None:
        """See Network."""
        await self._operator.send(number, NUMBER, text)

    def _part(self, handed: Handed) -> None:
        joint = handed.joint
        self._on_part(handed.to, joint is None or joint.number == joint.total)


_FAST = "parts_per_second: 1000, parallel: 64"


def _answer_by_itself(configuration: Path, text: str) -> None:
    """The sms-service that a Kannel without any application has: a fixed text, in as many parts as it takes."""
    kept = [
        line
        for line in configuration.read_text("utf-8").splitlines()
        if not line.startswith(("post-url", "send-sender", "max-messages"))
    ]
    configuration.write_text("\n".join([*kept, f'text = "{text}"', "max-messages = 3", "concatenation = true", ""]))
