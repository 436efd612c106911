"""A gateway on a random port with a recording channel, and readers of its log."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web
from sqlalchemy import select

from channels.app import create_app
from channels.contract import Accepted, InboundMessage, Limit, OutboundMessage, Payload, Reply, SendOutcome
from channels.gateway import GatewayCore
from channels.tables import InboxRow, OutboxRow
from settings import Settings, load_settings
from storage import Transactions

_KEPT: list[socket.socket] = []


def free_port() -> int:
    """A port that nobody else is given while the tests run: it stays bound, and a server that reuses addresses, as
    ours and asyncio's do, may listen on it all the same."""
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    _KEPT.append(kept)
    return int(kept.getsockname()[1])


def make_settings(database_url: str, assistant_port: int, **overrides: Any) -> Settings:
    port = free_port()
    base = {
        "database_url": database_url,
        "assistant_port": assistant_port,
        "assistant_budget_seconds": 1.0,
        "gateway_port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "sms_enabled": False,
        "telegram_mode": "off",
    }
    return load_settings(_env_file=None, **(base | overrides))


class RecordingChannel:
    """A push channel that keeps what it is told to send; `outcomes` are its next results."""

    parallel = 8
    open = True

    def __init__(self, name: str = "test", *, idempotent: bool = False, limits: tuple[Limit, ...] = ()) -> None:
        self.name = name
        self.idempotent = idempotent
        self.proves_sender = False
        self.limits = limits
        self.sent: list[OutboundMessage] = []
        self.outcomes: deque[SendOutcome] = deque()
        self.hold: asyncio.Event | None = None
        self.pages = 1

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return []

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def render(self, reply: Reply) -> list[Payload]:
        payloads = [
            Payload({"text": message.text, "tokens": [choice.token for choice in message.choices]})
            for message in reply.messages
        ]
        return [*payloads[: self.pages], *(Payload(payload.body, held=True) for payload in payloads[self.pages :])]

    async def send(self, message: OutboundMessage) -> SendOutcome:
        if self.hold is not None:
            await self.hold.wait()
        self.sent.append(message)
        return self.outcomes.popleft() if self.outcomes else Accepted(f"provider-{message.id}")

    @property
    def texts(self) -> list[str]:
        return [str(message.body["text"]) for message in self.sent]


class Gateway:
    """The real application, served on `settings.gateway_port`."""

    def __init__(self, settings: Settings, *channels: Any, wiring: Any = None, tls: Any = None) -> None:
        self.settings = settings
        self._channels = channels
        self._wiring, self._tls = wiring, tls
        self.core: GatewayCore
        self.database: Transactions
        self._runner: web.AppRunner | None = None
        self._pushing: socket.socket

    def _wire(self, settings: Settings, core: GatewayCore, database: Transactions) -> Any:
        self.core, self.database = core, database
        core.grace = 0.2
        for channel in self._channels:
            core.add(channel)
        return self._wiring(settings, core, database) if self._wiring else []

    async def start(self) -> Gateway:
        self._pushing = socket.create_server(("127.0.0.1", 0))
        app = await create_app(self.settings, self._wire, self._pushing)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.settings.gateway_port, ssl_context=self._tls).start()
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            self._pushing.close()

    @property
    def url(self) -> str:
        return self.settings.public_url

    @property
    def push_url(self) -> str:
        return f"http://127.0.0.1:{self._pushing.getsockname()[1]}"

    async def say(self, text: str, address: str = "967771234567", *, id: str | None = None, **fields: Any) -> Any:
        self._count = getattr(self, "_count", 0) + 1
        external_id = id or f"m{self._count}-{address}"
        channel = fields.pop("channel", None) or self._channels[0].name
        return await self.core.accept(InboundMessage(channel, external_id, address, text, **fields))

    async def inbox(self) -> list[InboxRow]:
        return await self._rows(InboxRow)

    async def outbox(self) -> list[OutboxRow]:
        return await self._rows(OutboxRow)

    async def _rows(self, table: Any, order: Any = None) -> list[Any]:
        query = select(table).order_by(table.id if order is None else order)
        return await self.database.read(lambda connection: list(connection.execute(query).all()))


async def until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Wait for something the gateway does by itself; fails when it never happens."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        found = condition()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        assert asyncio.get_running_loop().time() < deadline, "it never happened"
        await asyncio.sleep(0.005)
