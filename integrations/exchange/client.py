"""The door to the exchange: what an action calls."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Protocol
from uuid import uuid4

from integrations.exchange.answers import changes_of, ending_of, status_of, subscription_of
from integrations.exchange.configuration import ExchangeConfiguration, OAuth2, TransportSettings
from integrations.exchange.errors import NotOffered, StatusError, UnknownAgency
from integrations.exchange.following import (
    CHANGE_BYTES,
    CHANGES,
    ENDING,
    MOST,
    SUBSCRIPTIONS,
    changes_body,
    ending_body,
)
from integrations.exchange.line import Line, outcome_of
from integrations.exchange.model import ApplicationStatus, Changes, Readiness, StatusQuery, Subscription
from integrations.exchange.resource import PATH, query_body
from integrations.exchange.transport import Door, Question, Transport
from integrations.exchange.transport.http import HttpDoor
from integrations.exchange.transport.oauth2 import OAuth2Transport
from integrations.exchange.transport.xroad import XRoadTransport

logger = logging.getLogger(__name__)
A_PAGE = 100
"""Changes that are asked for at once unless somebody says otherwise."""


class Exchange(Protocol):
    """What actions need of the exchange."""

    configuration: ExchangeConfiguration

    async def status(self, agency: str, query: StatusQuery) -> ApplicationStatus:
        """As `ExchangeClient.status`."""
        ...

    async def readiness(self, agency: str) -> Readiness:
        """As `ExchangeClient.readiness`."""
        ...

    async def subscribe(self, agency: str, query: StatusQuery) -> Subscription:
        """As `ExchangeClient.subscribe`."""
        ...

    async def changes(self, agency: str, cursor: str | None, limit: int = A_PAGE) -> Changes:
        """As `ExchangeClient.changes`."""
        ...

    async def unsubscribe(self, agency: str, subscriptions: Collection[str]) -> None:
        """As `ExchangeClient.unsubscribe`."""
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
        question = Question(PATH, query_body(query))
        return await line.ask(question, lambda answer, request_id: status_of(answer, line.agency, query, request_id))

    async def subscribe(self, agency: str, query: StatusQuery) -> Subscription:
        """Let the agency tell of this application from now on, beginning with the state it is in.

        Raises:
            UnknownAgency, StatusError: as `status`. NotOffered: it tells of no changes.
        """
        line = self._following(agency)
        question = Question(SUBSCRIPTIONS, query_body(query), following=True)
        return await line.ask(question, lambda answer, _request_id: subscription_of(answer, line.agency))

    async def changes(self, agency: str, cursor: str | None, limit: int = A_PAGE) -> Changes:
        """What has changed since a place in the agency's feed, over all subscriptions of ours; asking moves nothing.

        Args:
            cursor: of the page before, or None: the last state of each subscription, and then what follows.
            limit: changes at most, 1 to 500.

        Raises:
            CursorExpired: ask again with None. NotOffered: it tells of no changes.
            UnknownAgency, StatusError: as `status`. ValueError: the limit is none.
        """
        if not 1 <= limit <= MOST:
            raise ValueError(f"limit must be 1 to {MOST}")
        line = self._following(agency)
        question = Question(CHANGES, changes_body(cursor, limit), limit * CHANGE_BYTES, following=True)
        page = await line.ask(question, lambda answer, _request_id: changes_of(answer, line.agency, cursor, limit))
        if page.unreadable:
            about = {"agency": agency, "count": len(page.unreadable), "places": page.unreadable[0]}
            logger.warning("changes not as described", extra=about)
        return page

    async def unsubscribe(self, agency: str, subscriptions: Collection[str]) -> None:
        """End subscriptions; those that the agency does not know are ended already.

        Raises:
            UnknownAgency, StatusError: as `changes`. ValueError: there are more than 500.
        """
        if len(subscriptions) > MOST:
            raise ValueError(f"at most {MOST} subscriptions at once")
        line = self._following(agency)
        if subscriptions:
            question = Question(ENDING, ending_body(subscriptions), following=True)
            await line.ask(question, lambda answer, _request_id: ending_of(answer))

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

    def _following(self, agency: str) -> Line:
        line = self._line(agency)
        if not line.agency.follow:
            refused = NotOffered("not configured")
            refused.agency = agency
            raise refused
        return line

    def _line(self, agency: str) -> Line:
        line = self._lines.get(agency)
        if line is None:
            raise UnknownAgency(agency)
        return line


def _transport(settings: TransportSettings, door: Callable[[TransportSettings], Door]) -> Transport:
    if isinstance(settings, OAuth2):
        return OAuth2Transport(settings, door(settings))
    return XRoadTransport(settings, door(settings))
