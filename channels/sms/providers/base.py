"""What an SMS provider is to the channel: one folder per provider beside this file.

A provider reads its own wire formats and speaks its own protocol; the numbers, the words, the parts, the inbox and
the choice between providers are the channel's. Reading is pure: bytes in, one frozen object out, so that a provider is
tested by a table of captured payloads. Whatever else than its address can prove who is calling (a signature over the
body) is checked there, before parsing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from channels.contract import SendOutcome
from channels.sms.outbound.segments import Encoding


class ProviderSettings(BaseModel):
    """What the configuration file says of every provider; each adds its own fields and its `kind`."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    calls: ClassVar[bool] = True
    """Whether such a provider calls the gateway's addresses."""

    kind: str
    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,29}$", description="Part of the addresses that it calls.")
    sender: str = Field(min_length=1, max_length=15, description="Sender that citizens see: 11 letters, or a number.")
    weight: int = Field(1, ge=0, le=100, description="Its share of the messages; 0: only when no other is left.")
    parts_per_second: float = Field(10.0, gt=0, le=1000, description="Parts a second that the contract allows.")
    parallel: int = Field(8, ge=1, le=100, description="Submissions under way at once.")
    part_cost: float = Field(0.0, ge=0, description="Price of one part in riyals.")
    gateway_url: str = Field("", description="The gateway's address as it reaches it; else DALIL_PUBLIC_URL.")
    timeout_seconds: float = Field(20.0, ge=1, le=25, description="Longest time one submission takes.")


@dataclass(frozen=True)
class ProviderRequest:
    """One HTTP request of a provider, its address's secret already checked. Header names are in lower case.

    `url` is the whole address as the provider knows it (settings' public address), for signatures over it.
    """

    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True)
class Joint:
    """The place of a part among those that a handset joins; `number` counts from 1 (TS 23.040, 9.2.3.24.1)."""

    reference: int
    total: int
    number: int


@dataclass(frozen=True)
class InboundSms:
    """One SMS of a citizen. `sender` and `recipient` are as the provider writes them.

    `joint`: only a part of the SMS, because the provider does not join them or gave up waiting for the others.
    `copy_within`: see `contract.InboundMessage`.
    """

    sender: str
    text: str
    recipient: str | None = None
    provider_id: str | None = None
    joint: Joint | None = None
    copy_within: float = 0.0


class DeliveryState(Enum):
    """What a delivery receipt says. DELIVERED, FAILED and EXPIRED are final."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Receipt:
    """What a provider says became of a submission: named by the id that we gave it, or by the provider's own.

    `code` is the provider's own word for what happened, of at most 40 characters.
    """

    state: DeliveryState
    submission_id: str | None = None
    provider_id: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class Submission:
    """One message, or one part of it where the provider takes parts (`SmsProvider.whole` is false).

    Attributes:
        id: ours, the same on every attempt: 32 hex digits, for a part followed by a hyphen and its number from 1.
        to: E.164 with `+`.
        sender: what citizens see as sender.
        text: of the message or of the part; never damaged on its way, rather not sent.
        encoding: alphabet of the whole message, hence of each of its parts.
        joint: place of the part in its message; None for a whole message and for one that is a single part.
        valid_seconds: how long the operator may try.
        receipt_url: where to send this submission's receipts; it is signed, and names the submission.
    """

    id: str
    to: str
    sender: str
    text: str
    encoding: Encoding
    joint: Joint | None = None
    valid_seconds: int = 86_400
    receipt_url: str = ""


@dataclass(frozen=True)
class Acknowledgement:
    """The body of the 200 that makes the provider stop repeating a request; Jasmin for one wants its own words."""

    text: str = ""
    content_type: str = "text/plain"


class SmsProvider(Protocol):
    """A way to the operators' networks. Built as `SomeProvider(its own settings)`.

    How citizens' messages and receipts come is one of two: it is a CallingProvider or a ConnectedProvider, too.
    """

    whole: bool
    """Whether it takes a whole message and cuts it into parts by itself. If not, it is given part by part."""
    idempotent: bool
    """Whether submitting the same `Submission.id` twice sends it once."""

    async def start(self) -> None:
        """Open what `submit` needs. Must not fail because the provider is down."""
        ...

    async def stop(self) -> None:
        """Release everything."""
        ...

    async def submit(self, submission: Submission) -> SendOutcome:
        """Hand one submission over, within about 30 s. Never raises for what the provider does."""
        ...


@runtime_checkable
class CallingProvider(SmsProvider, Protocol):
    """It calls the gateway's HTTP addresses, and repeats what is not acknowledged."""

    acknowledgement: Acknowledgement

    def parse_inbound(self, request: ProviderRequest) -> InboundSms | None:
        """Read an inbound message; None for an event that we know and ignore.

        Raises:
            Unauthenticated: the provider signs its requests and this one is not signed.
            MalformedRequest: it cannot be read; the message names the field, never its value.
        """
        ...

    def parse_receipt(self, request: ProviderRequest) -> Receipt | None:
        """Read a delivery receipt; None for an event that we know and ignore.

        A provider that was given a `receipt_url` needs not name the submission: the channel reads that off the address.

        Raises:
            Unauthenticated, MalformedRequest: as `parse_inbound`.
            UnknownState: its code is not in the provider's table.
        """
        ...


class Intake(Protocol):
    """Where a provider's messages and receipts go: what has returned from here is stored, or is never to be."""

    async def message(self, sms: InboundSms) -> None:
        """Take a citizen's message.

        Raises:
            MalformedRequest: it cannot be kept, whenever it is told again.
        """
        ...

    async def receipt(self, receipt: Receipt) -> None:
        """Take a delivery receipt; MalformedRequest as `message`."""
        ...

    def strange_receipt(self, code: str) -> None:
        """Tell the operator of a receipt whose code no table has: to hear it again would not teach us the code."""
        ...


@runtime_checkable
class ConnectedProvider(SmsProvider, Protocol):
    """The gateway keeps a connection to it, and messages and receipts come over that."""

    @property
    def connected(self) -> bool:
        """Whether there is one now; without it nothing is submitted, and nothing comes."""
        ...

    def attach(self, intake: Intake) -> None:
        """Say, before `start`, where to put what comes; it is acknowledged to the provider only after that."""
        ...
