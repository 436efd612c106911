"""The door to the exchange: what an action calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol
from uuid import uuid4

from integrations.exchange.answers import status_of
from integrations.exchange.configuration import ExchangeConfiguration, OAuth2, TransportSettings
from integrations.exchange.errors import StatusError, UnknownAgency
from integrations.exchange.line import Line, outcome_of
from integrations.exchange.model import ApplicationStatus, Readiness, StatusQuery
from integrations.exchange.resource import query_body
from integrations.exchange.transport import Door, Transport
from integrations.exchange.transport.http import HttpDoor
from integrations.exchange.transport.oauth2 import OAuth2Transport
from integrations.exchange.transport.xroad import XRoadTransport


class Exchange(Protocol):
    """What actions need of the exchange."""

    configuration: ExchangeConfiguration

    async def status(self, agency: str, query: StatusQuery) -> ApplicationStatus:
        """As `ExchangeClient.status`."""
        ...

    async def readiness(self, agency: str) -> Readiness:
        """As `ExchangeClient.readiness`."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


def _nobody(_agency: str, _is_out: bool) -> None:
    """For an outage that nobody wants to hear of."""


class ExchangeClient:
    """Asks the agencies of a configuration; one for a process, usable by any number of tasks of one event loop.

    Args:
        configuration: see `configuration.read_configuration`.
        door: makes the door to the network; the simulator in this process gives its own.
        outage: called with an agency's id and True when it is left alone after failures, False when it answers again:
            once for an outage, however many citizens ask. It must not block.

    Raises:
        FileInvalid: a certificate or key of the configuration cannot be used.
    """

    def __init__(
        self,
        configuration: ExchangeConfiguration,
        *,
        door: Callable[[TransportSettings], Door] = HttpDoor,
        outage: Callable[[str, bool], None] = _nobody,
    ) -> None:
        self.configuration = configuration
        self._transports = {settings.name: _transport(settings, door) for settings in configuration.transports}
        self._lines = {
            agency.id: Line(agency, self._transports[agency.transport], outage) for agency in configuration.agencies
        }

    async def status(self, agency: str, query: StatusQuery) -> ApplicationStatus:
        """Where an application stands, within the agency's `total_seconds` (3.5 by default, never over 3.8).

        Raises:
            UnknownAgency: the configuration has no such agency.
            StatusError: see the package docstring; every failure is one of its subclasses.
        """
        line = self._line(agency)
        return await line.ask(
            query_body(query), lambda answer, request_id: status_of(answer, line.agency, query, request_id)
        )

    async def readiness(self, agency: str) -> Readiness:
        """Whether the exchange lets us ask the agency; for operators and health pages, not before each question.

        Raises:
            UnknownAgency: the configuration has no such agency.
        """
        line, begun, request_id = self._line(agency), time.monotonic(), str(uuid4())
        failed: StatusError | None = None
        try:
            await line.ready(request_id)
        except StatusError as error:
            error.agency, error.request_id, failed = agency, request_id, error
        return Readiness(
            agency=agency,
            ready=failed is None,
            seconds=round(time.monotonic() - begun, 3),
            open=line.breaker.open,
            reason=outcome_of(failed) if failed else None,
            detail=str(failed) if failed else None,
        )

    async def close(self) -> None:
        """Close all connections."""
        for transport in self._transports.values():
            await transport.close()

    async def __aenter__(self) -> ExchangeClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _line(self, agency: str) -> Line:
        line = self._lines.get(agency)
        if line is None:
            raise UnknownAgency(agency)
        return line


def _transport(settings: TransportSettings, door: Callable[[TransportSettings], Door]) -> Transport:
    if isinstance(settings, OAuth2):
        return OAuth2Transport(settings, door(settings))
    return XRoadTransport(settings, door(settings))
