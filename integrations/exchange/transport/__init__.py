"""What carries a question to an agency: X-Road REST or OAuth2 client credentials, over one door to the network.

A `Transport` knows the protocol; a `Door` sends one HTTP call. The simulator inside our own process is another door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from yarl import URL

from integrations.exchange.configuration import Agency, Limits


@dataclass(frozen=True)
class Call:
    """One HTTP call. Its headers and body may hold secrets and proofs, so they stay out of `repr`."""

    method: str
    url: URL
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    limits: Limits


@dataclass(frozen=True)
class Answer:
    """What came back, whole. Header names are in lower case; content_type is without its parameters."""

    status: int
    content_type: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Door(Protocol):
    """Sends HTTP calls. Follows no redirect, and gives no answer beyond the call's limits."""

    async def send(self, call: Call) -> Answer:
        """The whole answer, whatever its status.

        Raises:
            Failure: none came; the caller bounds the whole time.
        """
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...


class Transport(Protocol):
    """Carries the status resource to agencies."""

    async def ask(self, agency: Agency, body: bytes, request_id: str) -> Answer:
        """The agency's own answer to the question `body`.

        Raises:
            Failure: there is none, or what came is the exchange's and not the agency's.
        """
        ...

    async def ready(self, agency: Agency, request_id: str) -> None:
        """Ask the exchange whether the agency could be asked.

        Raises:
            Failure: it could not, and why.
        """
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...
