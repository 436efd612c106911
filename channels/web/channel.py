"""The web channel: joins the page, its calls and the sessions to the gateway."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from arabic import isolate, strip_marks
from channels.contract import Gateway, Limit, Payload, Reply
from channels.handover.says import STAFF
from channels.kinds import RATED
from channels.notices.board import Board
from channels.signals import Signals
from channels.web.announcing import Announcer
from channels.web.api import Api
from channels.web.assets import Assets
from channels.web.door import Door
from channels.web.history import Log
from channels.web.page import Page
from channels.web.rating import RatingForms
from settings import Settings
from storage import Transactions


class WebChannel:
    """Citizens fetch their messages from the log, so nothing is pushed."""

    name = "web"

    def __init__(
        self, settings: Settings, gateway: Gateway, database: Transactions, signals: Signals, board: Board
    ) -> None:
        self.limits = (Limit(settings.web_messages_per_minute, 60),)
        self._log = Log(database, signals)
        door = Door(settings, gateway, self._log)
        self._assets = Assets()
        announcer = Announcer(board)
        self._page = Page(settings, gateway, self._log, door, self._assets, signals, announcer)
        self._api = Api(door, self._log, signals, announcer)
        self._ratings = RatingForms(self._page, gateway, door)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The page, its files and its calls."""
        return [*self._page.routes(), *self._api.routes(), *self._ratings.routes(), *self._assets.routes()]

    async def start(self) -> None:
        """Begin to notice what other gateways say in conversations watched here."""
        await self._log.start()

    async def stop(self) -> None:
        """Stop noticing."""
        await self._log.stop()

    def render(self, reply: Reply) -> list[Payload]:
        """One payload a message: its text, isolated for display, its buttons, and whether a person wrote it.

        The last one asks if it helped.
        """
        person = {"person": True} if reply.kind == STAFF else {}
        bodies: list[dict[str, Any]] = [
            {
                "text": isolate(strip_marks(message.text)),
                "choices": [
                    {"token": choice.token, "title": isolate(strip_marks(choice.title))} for choice in message.choices
                ],
            }
            | person
            for message in reply.messages
        ]
        if reply.kind in RATED:
            bodies[-1]["rate"] = reply.id
        return [Payload(body) for body in bodies]
