"""Telegram without Telegram, in development and tests: `bot_api` is the server's side, `page` a chat to try it in."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from channels.telegram.simulator.bot_api import Answer, FakeBotApi
from channels.telegram.simulator.page import PREFIX, TelegramPage

API_PREFIX = f"{PREFIX}/api"

__all__ = ["API_PREFIX", "Answer", "FakeBotApi", "TelegramSimulator"]


class TelegramSimulator:
    """Both of them, as one part of a development gateway."""

    def __init__(self, token: str) -> None:
        self.api = FakeBotApi(token, API_PREFIX)
        self._page = TelegramPage(self.api)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The Bot API below `API_PREFIX`, and the page."""
        return [*self.api.routes(), *self._page.routes()]
