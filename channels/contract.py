"""What the gateway core and a channel know of each other; nothing here belongs to one channel.

A channel receives (its routes verify the sender, build an InboundMessage and hand it to `Gateway.accept`; when that
returns, the message is stored and may be acknowledged to the provider), renders (a Reply to the payloads kept in the
outbox) and, when citizens do not fetch their messages themselves, sends (one payload at a time). Dedupe, order,
limits, retries, the assistant and crashes are the core's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Protocol, runtime_checkable

from aiohttp import web

from storage import utc_now


@dataclass(frozen=True)
class InboundMessage:
    """One message of a citizen, verified and decoded, otherwise as it came (the core cleans and limits the text).

    `external_id` is unique within the channel and the same when the provider repeats the message (at most 200
    characters). `address` is where the answer goes: chat id, MSISDN in E.164, session id; it never leaves the gateway.
    `choice` is the `token` of the pressed button: the core then replaces `text` with the button's title. `more` says
    that the citizen asked for the held rest of the last reply. A message without text (a photo) has text "".
    `answer` is what the channel itself says to the message, put in the outbox at once: the assistant is not asked.
    `opted_out` records the citizen's wish about messages nobody asked for. Said again, a stop is not answered again
    and a start is a message like any other. Within `copy_within` seconds of an earlier one with the same text it is
    that one, told again under another id; 0: never.
    """

    channel: str
    external_id: str
    address: str
    text: str
    choice: str | None = None
    more: bool = False
    answer: str | None = None
    opted_out: bool | None = None
    copy_within: float = 0.0
    received_at: datetime = field(default_factory=utc_now)


class Acceptance(Enum):
    """What became of a message at the door. All three are acknowledged to the provider as success."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    LIMITED = "limited"


@dataclass(frozen=True)
class Choice:
    """A button. `id` is the assistant's; `token` (at most 48 ASCII characters) is what a pressed button sends back."""

    id: str
    title: str
    token: str


@dataclass(frozen=True)
class BotMessage:
    """One message of a reply: plain text (newlines allowed, no markup) and its buttons."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What Dalil says to one inbound message. `id` is the inbound message's own id in the log."""

    id: str
    kind: str
    messages: tuple[BotMessage, ...]


@dataclass(frozen=True)
class Payload:
    """One message of the outbox in the channel's own shape (JSON values only).

    Held payloads wait until the citizen asks for more: one is then released at a time. A new reply drops them.
    """

    body: Mapping[str, Any]
    held: bool = False


@dataclass(frozen=True)
class OutboundMessage:
    """One outbox row on its way.

    `id` is the same on every attempt: use it where a provider takes a caller's id. So is `sequence`, which counts the
    messages of all channels.
    """

    id: str
    address: str
    body: Mapping[str, Any]
    attempt: int = 1
    push: bool = False
    expires_at: datetime | None = None
    sequence: int = 0


class SendError(Enum):
    """Why a message did not go out. The value is kept in the outbox and in logs."""

    NOT_CONFIGURED = "not_configured"
    NO_ROUTE = "no_route"
    RECIPIENT_REJECTED = "recipient_rejected"
    BLOCKED = "blocked"
    CONTENT_REJECTED = "content_rejected"
    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    RESPONSE_UNPARSEABLE = "response_unparseable"
    EXPIRED = "expired"
    QUIET_HOURS = "quiet_hours"
    BUDGET = "budget"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True)
class Accepted:
    """The provider took the message. `parts` and `cost` (riyals) are for the record of what was spent."""

    provider_id: str | None = None
    parts: int = 1
    cost: float = 0.0


@dataclass(frozen=True)
class Retry:
    """Certainly not sent, and worth another attempt. `after` is in seconds; without it the core backs off.

    `code`, here and below, is the other side's own word for it, of at most 40 characters.
    """

    error: SendError
    after: float | None = None
    code: str | None = None


@dataclass(frozen=True)
class Rejected:
    """Certainly not sent, and never will be."""

    error: SendError
    code: str | None = None


@dataclass(frozen=True)
class Unknown:
    """It may or may not have gone out (time-out after the request was written). Resent only on idempotent channels."""

    error: SendError
    code: str | None = None


SendOutcome = Accepted | Retry | Rejected | Unknown


class RatingOutcome(Enum):
    """What became of a citizen's word on an answer."""

    KEPT = "kept"
    REFUSED = "refused"  # no answer of theirs that may be rated (any more)
    LIMITED = "limited"


@dataclass(frozen=True)
class Limit:
    """At most `count` messages of one sender in any `seconds`."""

    count: int
    seconds: int


class Gateway(Protocol):
    """What a channel may ask of the core. Channels are built as `SomeChannel(settings, gateway)`."""

    async def accept(self, message: InboundMessage) -> Acceptance:
        """Store the message in one committed transaction. Only then acknowledge it to the provider."""
        ...

    async def forget(self, channel: str, address: str) -> None:
        """Erase a conversation: its texts and address here at once, its context in the assistant soon after."""
        ...

    async def rate(self, channel: str, address: str, message_id: str, *, good: bool) -> RatingOutcome:
        """Keep whether the answer to this message helped, in place of what the same citizen said of it before."""
        ...


@runtime_checkable
class Channel(Protocol):
    """A way citizens reach Dalil, whose citizens fetch their messages from the log themselves (web)."""

    name: str

    @property
    def limits(self) -> Sequence[Limit]:
        """How much one sender may send."""
        ...

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The HTTP routes that the gateway mounts."""
        ...

    async def start(self) -> None:
        """Begin receiving. Must not fail because a provider is down: keep trying in the background."""
        ...

    async def stop(self) -> None:
        """Stop receiving and release everything."""
        ...

    def render(self, reply: Reply) -> list[Payload]:
        """The reply as this channel's outbox payloads, in order; pure, at least one that is not held."""
        ...


@runtime_checkable
class PushChannel(Channel, Protocol):
    """A channel whose messages Dalil sends (Telegram, SMS)."""

    idempotent: bool
    """Whether sending the same OutboundMessage.id twice shows it once. If not, an unknown outcome is never resent."""
    proves_sender: bool
    """Whether the operator vouches for who sends. Then the address may prove whose an application is: it is given to
    the assistant, sealed; the agency that is asked, and nobody before it, reads it."""
    parallel: int
    """How many messages may be on their way at once (to different citizens)."""

    @property
    def open(self) -> bool:
        """Whether there is any way out at present; if not, messages wait in the outbox."""
        ...

    async def send(self, message: OutboundMessage) -> SendOutcome:
        """Send one message within about 30 s. Never raises for what a provider does."""
        ...
