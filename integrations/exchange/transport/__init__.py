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
class Question:
    """What is asked of an agency. path: of the resource, below the agency's service. body: JSON; it may hold a proof.

    answer_bytes: how long an answer may be where that is more than the agency's limit. following: whether it is about
    changes, and not a citizen's question about a state.
    """

    path: str
    body: bytes = field(repr=False)
    answer_bytes: int = 0
    following: bool = False

    def limits(self, agency: Agency) -> Limits:
        """The agency's limits, for this question."""
        longest = max(agency.limits.answer_bytes, self.answer_bytes)
        return agency.limits.model_copy(update={"answer_bytes": longest})


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
    """Carries questions to agencies."""

    async def ask(self, agency: Agency, question: Question, request_id: str) -> Answer:
        """The agency's own answer to the question.

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
