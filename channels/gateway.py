"""The gateway's core at work: what channels call, and the loops that answer, send and tidy up."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

from channels.assistant import Assistant
from channels.contract import (
    Acceptance,
    Channel,
    InboundMessage,
    PushChannel,
    RatingOutcome,
    Rejected,
    Retry,
    SendError,
    SendOutcome,
    Unknown,
)
from channels.conversation import Conversations
from channels.dispatcher import Dispatcher
from channels.erasure import Erasure
from channels.errors import AssistantUnavailable
from channels.handover.attendant import Attendant, Limits
from channels.inbox import Inbox, Result, Work
from channels.intake import Intake
from channels.notices.board import Board
from channels.notices.telling import Banners, Sweep
from channels.outbox import Outbox, Sending
from channels.quality.ratings import Ratings
from channels.quality.rollup import Rollup
from channels.signals import Signals
from channels.tables import Outcome, Task
from settings import Settings
from settings.quiet import QuietHours
from settings.sealing import Envelopes
from storage import Transactions, utc_now

logger = logging.getLogger(__name__)
GRACE = 10.0
SEND_TIMEOUT = 120.0
TIDY_EVERY = 3600.0
_FORGET_AGAIN, _FORGET_LATEST = 5.0, 3600.0


class GatewayCore:
    """Implements `contract.Gateway` for any channels; any number of them may share one database."""

    def __init__(self, settings: Settings, database: Transactions, assistant: Assistant) -> None:
        key = settings.conversation_key.get_secret_value()
        limit = settings.max_message_chars
        self.grace = GRACE
        self.signals = Signals()
        self.channels: dict[str, Channel] = {}
        self.board = Board(database, self.signals.changed)
        self._assistant = assistant
        self._intake = Intake(database, self.signals, self.board, key, limit)
        self._inbox = Inbox(database, self.signals)
        self._outbox = Outbox(database)
        retention = timedelta(days=settings.message_retention_days)
        self._erasure = Erasure(database, self.signals, key, retention)
        envelopes, self._banners = Envelopes(settings.assistant_token), Banners(database)
        self._conversations = Conversations(self._inbox, assistant, envelopes, limit, self.board, self._banners)
        self._sweep = Sweep(database, self.signals)
        limits = Limits(timedelta(minutes=settings.handover_idle_minutes), timedelta(hours=settings.web_session_hours))
        self.attendant = Attendant(database, self.signals, self.channels, limits)
        self._ratings = Ratings(database, key)
        self._rollup = Rollup(database)
        self._slots = settings.gateway_workers
        self._quiet = QuietHours(settings.quiet_hours)
        self._dispatchers: list[Dispatcher[Any]] = []
        self._tidying: asyncio.Task[None] | None = None

    def add(self, channel: Channel) -> None:
        """Serve this channel too; before `start`."""
        self.channels[channel.name] = channel

    async def accept(self, message: InboundMessage) -> Acceptance:
        """Store a message, see `contract.Gateway`."""
        return await self._intake.accept(message, self.channels[message.channel])

    async def forget(self, channel: str, address: str) -> None:
        """Erase a conversation, see `contract.Gateway`."""
        await self._erasure.forget(channel, address)

    async def rate(self, channel: str, address: str, message_id: str, *, good: bool) -> RatingOutcome:
        """Keep a citizen's word on an answer, see `contract.Gateway`."""
        return await self._ratings.rate(channel, address, message_id, good=good)

    async def start(self) -> None:
        """Begin to answer and to send, then to receive."""
        await self.board.start()
        self._dispatchers = [
            Dispatcher(
                "inbox",
                slots=self._slots,
                claim=self._claim,
                work=self._answer,
                renew=self._inbox.renew,
                wake=self.signals.inbox,
            ),
            *(self._sender(channel) for channel in self.channels.values() if isinstance(channel, PushChannel)),
        ]
        for dispatcher in self._dispatchers:
            await dispatcher.start()
        await self.attendant.start()
        self._tidying = asyncio.create_task(self._tidy(), name="tidy")
        for channel in self.channels.values():
            await channel.start()

    async def stop(self) -> None:
        """Finish what runs within `grace` seconds, give the rest back; what still comes in is stored."""
        await self.attendant.stop()
        left = await asyncio.gather(*(dispatcher.stop(self.grace) for dispatcher in self._dispatchers))
        await self._inbox.put_back([item for items in left for item in items if isinstance(item, Work)])
        if self._tidying is not None:
            self._tidying.cancel()
        for channel in self.channels.values():
            await channel.stop()
        await self.board.stop()

    def faults(self) -> list[str]:
        """What of the core does not run, one word each; empty when all does."""
        down = [dispatcher.name for dispatcher in self._dispatchers if not dispatcher.alive]
        parts = {"notices": self.board.alive, "handover": self.attendant.alive}
        return [*down, *(name for name, alive in parts.items() if not alive)]

    async def _claim(self, free: int) -> list[Work]:
        """What is to be worked on; nothing before it is known which channels are stopped."""
        if not self.board.known:
            return []
        stops = {name: stop for name in self.channels if (stop := self.board.view.stop(name))}
        for name, stop in stops.items():
            if isinstance(channel := self.channels[name], PushChannel):
                await self._sweep.of(channel, stop)
        return await self._inbox.claim(list(self.channels), free, list(stops))

    async def _answer(self, work: Work) -> None:
        channel = self.channels[work.channel]
        if work.task is Task.FORGET:
            await self._forget(work, channel)
            return
        result = await self._conversations.answer(work, channel)
        kept = await self._inbox.complete(work, result, channel)
        details = {"message_id": work.message_id, "outcome": result.outcome.value, "kind": result.kind}
        logger.info("message done" if kept else "message taken over", extra={**details, "channel": work.channel})

    async def _forget(self, work: Work, channel: Channel) -> None:
        await self._erasure.again(work.conversation)
        try:
            await self._assistant.forget(work.conversation)
        except AssistantUnavailable as error:
            logger.warning("conversation not forgotten yet", extra={"message_id": work.message_id, "fault": str(error)})
            again = min(_FORGET_AGAIN * 2 ** (work.attempts - 1), _FORGET_LATEST)
            await self._inbox.put_back([work], after=again)
            return
        await self._inbox.complete(work, Result(Outcome.FORGOTTEN), channel)

    def _sender(self, channel: PushChannel) -> Dispatcher[Sending]:
        async def send(sending: Sending) -> None:
            outcome = await self._send(channel, sending)
            await self._outbox.finish(sending, outcome, idempotent=channel.idempotent)
            details = {"outbox_id": sending.id, "channel": channel.name, "outcome": type(outcome).__name__.lower()}
            logger.info("message sent", extra={**details, "fault": getattr(outcome, "error", None)})

        async def claim(free: int) -> list[Sending]:
            if not (channel.open and self.board.known):
                return []
            stopped = self.board.view.stop(channel.name) is not None
            return await self._outbox.claim(channel.name, free, idempotent=channel.idempotent, stopped=stopped)

        return Dispatcher(
            f"outbox-{channel.name}",
            slots=channel.parallel,
            claim=claim,
            work=send,
            renew=self._outbox.renew,
            wake=self.signals.outbox[channel.name],
        )

    async def _send(self, channel: PushChannel, sending: Sending) -> SendOutcome:
        if sending.message is None:
            return Rejected(SendError.EXPIRED)
        if sending.refused is SendError.EXPIRED:
            return Retry(SendError.EXPIRED)
        if sending.refused is not None:
            return Rejected(sending.refused)
        if sending.push and (wait := self._quiet.seconds_left(utc_now())):
            return Retry(SendError.QUIET_HOURS, after=wait)
        try:
            return await asyncio.wait_for(channel.send(sending.message), SEND_TIMEOUT)
        except asyncio.TimeoutError:
            return Unknown(SendError.UNAVAILABLE)

    async def _tidy(self) -> None:
        while True:
            for step in (self._erasure.retire, self._rollup.catch_up, self._banners.tidy):
                try:
                    await step()
                except Exception:
                    logger.exception("not tidied", extra={"step": step.__qualname__})
            await asyncio.sleep(TIDY_EVERY)
