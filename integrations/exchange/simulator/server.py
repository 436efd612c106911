"""The simulator as a server on loopback: mutual TLS, X-Road and OAuth2, and faults set while it runs.

POST /r1/...                          X-Road (security_server.py)
POST /oauth2/token, /portal/AGENCY/…  OAuth2 (portal.py)
PUT, DELETE /simulator/faults/AGENCY  what goes wrong from now on: a word of `Fault` as the body; or nothing again
PUT /simulator/applications/REFERENCE moves an application on: {"state": ...} and what else a `Move` has
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from pydantic import ValidationError

from integrations.exchange.configuration import ExchangeConfiguration
from integrations.exchange.simulator.agency import SimulatedAgencies
from integrations.exchange.simulator.certificates import Certificates
from integrations.exchange.simulator.faults import Fault
from integrations.exchange.simulator.inside import OPENAPI, simulated_configuration
from integrations.exchange.simulator.portal import Portal
from integrations.exchange.simulator.security_server import MAX_BODY, Arrived, SecurityServer
from integrations.exchange.simulator.seed import Move, Seed
from integrations.exchange.transport import Answer
from integrations.exchange.wire import places

HOST = "127.0.0.1"


@dataclass
class RunningSimulator:
    """A simulator that listens. `address` is its origin; `agencies.faults` may be set by hand."""

    agencies: SimulatedAgencies
    portal: Portal
    certificates: Certificates
    address: str

    def configuration(self) -> ExchangeConfiguration:
        """What a client needs to ask it over X-Road, with the trial client's certificate."""
        certificate, key = self.certificates.pair("client")
        files: dict[str, Path] = {"ca": self.certificates.ca, "certificate": certificate, "key": key}
        return simulated_configuration(self.agencies, self.address, files)


@asynccontextmanager
async def running_simulator(seed: Seed, certificates: Certificates, port: int = 0) -> AsyncIterator[RunningSimulator]:
    """Serve a seed on loopback while the block runs. port: 0 for any free one.

    Raises:
        OSError: the port is taken.
    """
    agencies = SimulatedAgencies(seed)
    portal, tls = Portal(agencies), server_tls(certificates)
    served = _Served(SecurityServer(agencies, OPENAPI.read_bytes()), portal, agencies, certificates, tls)
    runner = web.AppRunner(served.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port, ssl_context=tls).start()
        taken = runner.addresses[0][1]
        yield RunningSimulator(agencies, portal, certificates, f"https://{HOST}:{taken}")
    finally:
        await runner.cleanup()


def server_tls(certificates: Certificates) -> ssl.SSLContext:
    """TLS that takes only clients of the trial authority."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=certificates.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(*certificates.pair("server"))
    return context


@dataclass
class _Served:
    server: SecurityServer
    portal: Portal
    agencies: SimulatedAgencies
    certificates: Certificates
    tls: ssl.SSLContext

    def app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_put("/simulator/faults/{agency}", self._set_fault)
        app.router.add_delete("/simulator/faults/{agency}", self._clear_fault)
        app.router.add_put("/simulator/applications/{reference:.+}", self._move)
        app.router.add_route("*", "/{path:.*}", self._serve)
        return app

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.rel_url.raw_path
        call = Arrived(request.method, path, dict(request.rel_url.query), headers, await request.read())
        side = self.server if path.startswith("/r1/") else self.portal
        answer, fault = side.answer(call)
        return await _CARRIED.get(fault, _whole)(request, answer)

    async def _set_fault(self, request: web.Request) -> web.Response:
        agency, word = request.match_info["agency"], (await request.text()).strip()
        if agency not in self.agencies.agencies or word not in {fault.value for fault in Fault}:
            return web.Response(status=404, text=f"faults: {', '.join(fault.value for fault in Fault)}\n")
        self.agencies.faults[agency] = Fault(word)
        self._show_certificate()
        return web.Response(status=204)

    async def _clear_fault(self, request: web.Request) -> web.Response:
        self.agencies.faults.pop(request.match_info["agency"], None)
        self._show_certificate()
        return web.Response(status=204)

    async def _move(self, request: web.Request) -> web.Response:
        try:
            move = Move.model_validate_json(await request.read())
        except ValidationError as invalid:
            return web.Response(status=400, text=f"{', '.join(places(invalid))}: not as in docs/exchange.md\n")
        known = self.agencies.move(request.match_info["reference"], move)
        return web.Response(status=204) if known else web.Response(status=404, text="no such application\n")

    def _show_certificate(self) -> None:
        """To new connections; there is one for all agencies."""
        expired = Fault.EXPIRED_CERTIFICATE in self.agencies.faults.values()
        self.tls.load_cert_chain(*self.certificates.pair("expired-server" if expired else "server"))


async def _whole(_request: web.Request, answer: Answer) -> web.StreamResponse:
    kind = {"Content-Type": answer.content_type} if answer.content_type else {}
    return web.Response(status=answer.status, body=answer.body, headers={**answer.headers, **kind})


async def _slow(_request: web.Request, _answer: Answer) -> web.StreamResponse:
    await asyncio.sleep(3600)
    raise web.HTTPServiceUnavailable


async def _reset(request: web.Request, _answer: Answer) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _huge(request: web.Request, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(headers={**answer.headers, "Content-Type": answer.content_type})
    await response.prepare(request)
    for _ in range(1024):
        await response.write(b" " * 65_536)
    return response


async def _cut(request: web.Request, answer: Answer) -> web.StreamResponse:
    headers = {**answer.headers, "Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    if request.transport:
        request.transport.close()
    return response


async def _drip(request: web.Request, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(headers={**answer.headers, "Content-Type": answer.content_type})
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.1)


_CARRIED: dict[Fault | None, Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]] = {
    Fault.SLOW: _slow,
    Fault.RESET: _reset,
    Fault.HUGE: _huge,
    Fault.CUT: _cut,
    Fault.DRIP: _drip,
}
