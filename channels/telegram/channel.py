"""The Telegram channel: updates in, by webhook or by polling; messages out, at the pace Telegram allows."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Coroutine, Sequence
from typing import Any

from aiohttp import web
from telegram.error import TelegramError

from channels.body import read_body
from channels.contract import Gateway, Limit, OutboundMessage, Payload, RatingOutcome, Reply, SendOutcome
from channels.errors import MalformedRequest
from channels.telegram.bot import Bot
from channels.telegram.pace import ChatPace
from channels.telegram.rating import REFUSED, THANKS, Rating
from channels.telegram.render import payloads
from channels.telegram.updates import CHANNEL, read_update, update_id_of
from settings import Settings

logger = logging.getLogger(__name__)
WEBHOOK = "/telegram/webhook"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_UPDATE_LIMIT = 512 * 1024
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 60.0


class TelegramChannel:
    """Receives at `/telegram/webhook`, or asks Telegram for updates where no public address exists."""

    name = CHANNEL
    idempotent = False
    proves_sender = False
    parallel = 20
    open = True

    def __init__(self, settings: Settings, gateway: Gateway) -> None:
        self._gateway = gateway
        self._bot = Bot(settings.telegram_token.get_secret_value(), settings.telegram_api, self.parallel)
        self._secret = settings.telegram_secret.get_secret_value()
        self._webhook = f"{settings.public_url.rstrip('/')}{WEBHOOK}" if settings.telegram_mode == "webhook" else None
        self.limits = (Limit(settings.telegram_messages_per_minute, 60),)
        self._pace = ChatPace()
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Where Telegram calls, in webhook mode."""
        return [web.post(WEBHOOK, self._receive)] if self._webhook else []

    async def start(self) -> None:
        """Connect in the background, as long as it takes, and then poll unless Telegram calls us."""
        self._run(self._work())

    async def stop(self) -> None:
        """Stop polling and close the connections."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._bot.close()

    def render(self, reply: Reply) -> list[Payload]:
        """One message each, with its buttons one to a row."""
        return payloads(reply)

    async def send(self, message: OutboundMessage) -> SendOutcome:
        """Send one message when it is its chat's turn."""
        await self._pace.turn(message.address)
        return await self._bot.send(message.address, message.body)

    async def _receive(self, request: web.Request) -> web.Response:
        claimed = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(claimed, self._secret.encode()):
            raise web.HTTPForbidden
        body = await read_body(request, _UPDATE_LIMIT)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            raw = None
        await self._take(raw)
        # 200 for the malformed too: Telegram would only send it again.
        return web.Response()

    async def _take(self, raw: object) -> None:
        """Store what is a citizen's message; returning means that the update may be acknowledged."""
        try:
            received = read_update(raw)
        except MalformedRequest as fault:
            logger.error("telegram update not understood", extra={"update": update_id_of(raw), "fault": str(fault)})
            return
        if received.message is not None:
            await self._gateway.accept(received.message)
        says = None if received.rating is None else await self._rate(received.rating)
        if received.callback_id is not None:
            self._run(self._answer_press(received.callback_id, says))

    async def _rate(self, rating: Rating) -> str:
        """Keep it, and take its buttons away; what the citizen is shown for a moment."""
        outcome = await self._gateway.rate(CHANNEL, rating.address, rating.message_id, good=rating.good)
        if rating.shown is not None and outcome is not RatingOutcome.LIMITED:
            self._run(self._take_away(rating))
        return THANKS if outcome is RatingOutcome.KEPT else REFUSED

    async def _answer_press(self, callback_id: str, says: str | None) -> None:
        try:
            await self._bot.answer_press(callback_id, says)
        except TelegramError as error:
            logger.info("telegram button not answered", extra={"fault": type(error).__name__})

    async def _take_away(self, rating: Rating) -> None:
        try:
            await self._bot.take_away(rating)
        except TelegramError as error:
            logger.info("telegram buttons not taken away", extra={"fault": type(error).__name__})

    async def _work(self) -> None:
        wait = _FIRST_WAIT
        while True:
            try:
                await self._bot.connect(self._webhook, self._secret)
                break
            except TelegramError as error:
                logger.warning("telegram cannot be reached", extra={"fault": type(error).__name__})
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
        logger.info("telegram connected")
        if self._webhook is None:
            await self._poll()

    async def _poll(self) -> None:
        offset: int | None = None
        wait = _FIRST_WAIT
        while True:
            try:
                for raw in await self._bot.updates(offset):
                    await self._take(raw)
                    taken = update_id_of(raw)
                    # The next call's offset tells Telegram to forget these: only what is stored may be in it.
                    offset = offset if taken is None else taken + 1
                wait = _FIRST_WAIT
                continue
            except TelegramError as error:
                # A single one is everyday: Telegram hangs up now and then.
                level = logging.INFO if wait == _FIRST_WAIT else logging.WARNING
                logger.log(level, "telegram cannot be polled", extra={"fault": type(error).__name__})
            except Exception:
                logger.exception("telegram update not stored, asked for again")
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("telegram task died", exc_info=task.exception())
