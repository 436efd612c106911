"""A gateway that only writes down what a channel gives it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from channels.contract import Acceptance, InboundMessage, RatingOutcome


@dataclass
class RecordingGateway:
    messages: list[InboundMessage] = field(default_factory=list)
    ratings: list[tuple[str, str, str, bool]] = field(default_factory=list)
    rates: RatingOutcome = RatingOutcome.KEPT
    failures: list[Exception] = field(default_factory=list)
    """Raised by the next calls of `accept`, first to last."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, message: InboundMessage) -> Acceptance:
        if self.failures:
            raise self.failures.pop(0)
        self.messages.append(message)
        self.arrived.set()
        return Acceptance.ACCEPTED

    async def rate(self, channel: str, address: str, message_id: str, *, good: bool) -> RatingOutcome:
        self.ratings.append((channel, address, message_id, good))
        return self.rates

    async def forget(self, channel: str, address: str) -> None:
        raise AssertionError("no channel of these tests asks for this")

    async def until(self, count: int) -> list[InboundMessage]:
        """Wait for the first `count` messages."""
        while len(self.messages) < count:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), 20)
        return self.messages
