"""Tells citizens of changes: hands what is to be told to the gateway, which has the addresses."""

from __future__ import annotations

import logging

from actions.rendering.applications import back_text, change_text
from bot.gateway import Gateway
from integrations.exchange.configuration import ExchangeConfiguration
from integrations.exchange.errors import UnknownAgency
from integrations.exchange.followings import Followings, News, Waiting
from settings import Settings
from settings.quiet import QuietHours
from storage import utc_now

logger = logging.getLogger(__name__)
EVERY = 10.0
"""Seconds between two looks at what is due."""
# The gateway's words for "never again": no such conversation, opted out, a channel that cannot push.
_NEVER = (404, 409, 422)


class Teller:
    """Hands in each message under an id of its own, so that a repetition is not a second message."""

    def __init__(
        self, settings: Settings, gateway: Gateway, followings: Followings, configuration: ExchangeConfiguration
    ) -> None:
        self._gateway = gateway
        self._followings = followings
        self._configuration = configuration
        self._quiet = QuietHours(settings.quiet_hours)

    async def tell(self) -> None:
        """Tell all that is due, by day. What the gateway does not take now is due again in a minute.

        At night it stays here: thousands of messages that wait in the outbox for the morning slow every answer down.
        """
        if self._quiet.seconds_left(utc_now()):
            return
        while found := await self._followings.to_tell():
            for news in found:
                await self._one(news)
        for waiting in await self._followings.waits.to_tell():
            await self._back(waiting)

    async def _back(self, waiting: Waiting) -> None:
        """Tell someone that an agency answers again."""
        try:
            agency = self._configuration.agency(waiting.agency)
        except UnknownAgency:
            await self._followings.waits.told(waiting)
            return
        message = _message(f"back-{waiting.id}", waiting.conversation, back_text(waiting.reference, agency))
        if await self._push(message) is not None:
            await self._followings.waits.told(waiting)

    async def _one(self, news: News) -> None:
        try:
            text = self._text(news)
        except UnknownAgency:  # no longer in the configuration
            await self._followings.end(news.id)
            return
        told = await self._push(_message(_id(news), news.conversation, text))
        if told:
            await self._followings.told(news)
        elif told is not None:
            await self._followings.end(news.id)

    async def _push(self, message: dict[str, object]) -> bool | None:
        """Whether it was taken; False: it never will be; None: not now."""
        status = await self._gateway.push(message)
        if status == 200:
            return True
        if status in _NEVER:
            return False
        logger.warning("the gateway does not take what is to be told (HTTP %s)", status or "silent")
        return None

    def _text(self, news: News) -> str:
        agency = self._configuration.agency(news.agency)
        return change_text(news.change, news.reference, agency, short=news.channel == "sms")


def _id(news: News) -> str:
    """The same for a repetition, another one for another change."""
    what = f"{news.change.at.timestamp():.0f}" if news.change else "lost"
    word = news.change.word.encode().hex()[:24] if news.change else ""
    return f"follow-{news.id}-{what}-{word}"


def _message(identifier: str, conversation: str, text: str) -> dict[str, object]:
    """The body of POST /v1/push (channels/push.py)."""
    return {"id": identifier, "conversation": conversation, "kind": "application-changed", "texts": [text]}
