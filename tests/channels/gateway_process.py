"""A gateway in a process of its own, to be killed: its one channel takes and sends messages over HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web

from channels import inbox, outbox
from channels.app import create_app
from channels.contract import (
    Accepted,
    Gateway,
    InboundMessage,
    Limit,
    OutboundMessage,
    Payload,
    Reply,
    Retry,
    SendError,
    SendOutcome,
    Unknown,
)
from settings import Settings

LEASE = timedelta(seconds=2)


class HttpChannel:
    """POST /inbound is a provider's webhook; every message goes out to `peer`."""

    name = "http"
    idempotent = False
    proves_sender = False
    parallel = 4
    open = True
    limits: tuple[Limit, ...] = ()

    def __init__(self, gateway: Gateway, peer: str) -> None:
        self._gateway, self._peer = gateway, peer
        self._session: aiohttp.ClientSession

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return [web.post("/inbound", self._inbound)]

    async def start(self) -> None:
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        await self._session.close()

    def render(self, reply: Reply) -> list[Payload]:
        return [Payload({"text": message.text}) for message in reply.messages]

    async def send(self, message: OutboundMessage) -> SendOutcome:
        fields = {"id": message.id, "address": message.address, "text": message.body["text"]}
        try:
            async with self._session.post(self._peer, json=fields) as response:
                return Accepted(message.id) if response.status == 200 else Unknown(SendError.UNAVAILABLE)
        except aiohttp.ClientConnectorError:
            return Retry(SendError.UNAVAILABLE)
        except aiohttp.ClientError:
            return Unknown(SendError.UNAVAILABLE)

    async def _inbound(self, request: web.Request) -> web.Response:
        fields = await request.json()
        await self._gateway.accept(InboundMessage(self.name, fields["id"], fields["address"], fields["text"]))
        return web.Response()


def run(settings: Settings, listening: socket.socket, peer: str) -> None:
    """The process."""
    inbox.LEASE = outbox.LEASE = LEASE
    asyncio.run(_serve(settings, listening, peer))


async def _serve(settings: Settings, listening: socket.socket, peer: str) -> None:
    def wire(_settings: Settings, core: Any, _database: Any) -> list[Any]:
        core.add(HttpChannel(core, peer))
        return []

    runner = web.AppRunner(await create_app(settings, wire), access_log=None)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    await asyncio.Event().wait()
