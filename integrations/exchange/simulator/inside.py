"""The simulator inside our own process: the whole client, with a door that leads to it instead of to the network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from integrations.exchange.client import ExchangeClient
from integrations.exchange.configuration import ExchangeConfiguration, TransportSettings, XRoad
from integrations.exchange.errors import BadAnswer, ExchangeFault, Failure, Unavailable
from integrations.exchange.simulator.agency import SimulatedAgencies
from integrations.exchange.simulator.faults import Fault
from integrations.exchange.simulator.security_server import Arrived, SecurityServer
from integrations.exchange.simulator.seed import SAMPLE, TRANSPORT, read_seed
from integrations.exchange.transport import Answer, Call

OPENAPI = Path(__file__).parent.parent / "openapi.yaml"
CLIENT = "YE-SIM/GOV/dalil/assistant"
_ADDRESS = "https://simulator.invalid"


class SimulatedExchange(NamedTuple):
    """A client, and the agencies that it asks: set `agencies.faults[id]` to make things go wrong."""

    client: ExchangeClient
    agencies: SimulatedAgencies


def simulated_exchange(
    seed: Path = SAMPLE, outage: Callable[[str, bool], None] = lambda _agency, _out: None
) -> SimulatedExchange:
    """An exchange of the applications in a seed file; nothing leaves the process.

    Raises:
        FileInvalid: the seed breaks its rules.
    """
    agencies = SimulatedAgencies(read_seed(seed))
    server = SecurityServer(agencies, OPENAPI.read_bytes())
    configuration = simulated_configuration(agencies, _ADDRESS, {})
    return SimulatedExchange(ExchangeClient(configuration, door=lambda _: InsideDoor(server), outage=outage), agencies)


def simulated_configuration(
    agencies: SimulatedAgencies, address: str, files: Mapping[str, Path]
) -> ExchangeConfiguration:
    """The configuration that reaches a simulator at an address. files: ca, certificate, key, where it has any."""
    ca, certificate, key = (files.get(name, Path()) for name in ("ca", "certificate", "key"))
    transport = XRoad(
        kind="xroad",
        name=TRANSPORT,
        url=address,
        client=CLIENT,
        ca=ca,
        certificate=certificate,
        key=key,
        server_name=None,
    )
    return ExchangeConfiguration(transports=(transport,), agencies=tuple(agencies.agencies.values()))


class InsideDoor:
    """As `transport.Door`, to a security server in this process."""

    def __init__(self, server: SecurityServer, _settings: TransportSettings | None = None) -> None:
        self._server = server

    async def send(self, call: Call) -> Answer:
        """As `Door.send`."""
        headers = {name.lower(): value for name, value in call.headers.items()}
        arrived = Arrived(call.method, call.url.raw_path, dict(call.url.query), headers, call.body or b"")
        answer, fault = self._server.answer(arrived)
        if fault in (Fault.SLOW, Fault.DRIP):
            await asyncio.sleep(3600)
        if fault in _FAILURES:
            raise _FAILURES[fault]()
        if 300 <= answer.status < 400:
            raise BadAnswer("leads to another address")
        return answer

    async def close(self) -> None:
        """As `Door.close`: there is nothing to close."""


_FAILURES: dict[Fault | None, Callable[[], Failure]] = {
    Fault.RESET: lambda: Unavailable("closed the connection without an answer", again=True),
    Fault.HUGE: lambda: BadAnswer("is larger than allowed"),
    Fault.CUT: lambda: BadAnswer("is cut short"),
    Fault.EXPIRED_CERTIFICATE: lambda: ExchangeFault("tls.certificate_verify_failed", alarm=True),
}
