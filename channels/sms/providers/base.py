"""What an SMS provider is to the channel. One folder per provider beside this file; `simulator` is the first.

A provider reads its own wire formats and speaks its own protocol; the numbers, the words, the parts and the inbox are
the channel's. Reading is pure: bytes in, one frozen object out, so that a provider is tested by a table of captured
payloads. Whatever else can prove who is calling (a signature over the body) is checked there, before parsing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from channels.contract import DeliveryState, SendOutcome
from channels.sms.segments import Segments


@dataclass(frozen=True)
class ProviderRequest:
    """One HTTP request of a provider, its address's secret already checked. Header names are in lower case."""

    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InboundSms:
    """One SMS of a citizen, its parts joined. `sender` and `recipient` are as the provider writes them."""

    sender: str
    text: str
    recipient: str | None = None
    provider_id: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What a provider says became of a message: named by the id that we gave it, or by the provider's own."""

    state: DeliveryState
    message_id: str | None = None
    provider_id: str | None = None


@dataclass(frozen=True)
class Submission:
    """One message to send. `id` is ours and the same on every attempt; `to` is E.164 with `+`."""

    id: str
    to: str
    sender: str
    segments: Segments


@dataclass(frozen=True)
class Acknowledgement:
    """The body of the 200 that makes the provider stop repeating a request; Jasmin for one wants its own words."""

    text: str = ""
    content_type: str = "text/plain"


class SmsProvider(Protocol):
    """A way to the operators' networks."""

    name: str
    """Lower-case letters: it is part of the addresses that the provider calls."""
    idempotent: bool
    """Whether submitting the same `Submission.id` twice sends it once."""
    parallel: int
    """How many submissions may be under way at once."""
    acknowledgement: Acknowledgement

    async def start(self) -> None:
        """Open what `submit` needs. Must not fail because the provider is down."""
        ...

    async def stop(self) -> None:
        """Release everything."""
        ...

    def parse_inbound(self, request: ProviderRequest) -> InboundSms:
        """Read an inbound message.

        Raises:
            Unauthenticated: the provider signs its requests and this one is not signed.
            MalformedRequest: it cannot be read; the message names the field, never its value.
        """
        ...

    def parse_receipt(self, request: ProviderRequest) -> Receipt:
        """Read a delivery receipt.

        Raises:
            Unauthenticated, MalformedRequest: as `parse_inbound`.
            UnknownState: its code is not in the provider's table.
        """
        ...

    async def submit(self, submission: Submission) -> SendOutcome:
        """Hand one message over, within about 30 s. Never raises for what the provider does."""
        ...
