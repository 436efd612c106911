"""A chat page over the fake Bot API: what a citizen would see in Telegram."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from channels.body import read_body
from channels.simulation import Pages
from channels.telegram.simulator.bot_api import FakeBotApi, ShownMessage

PREFIX = "/simulator/telegram"
_LARGEST_CHAT = 2**52
_LONGEST_TEXT = 4096


class TelegramPage:
    """Routes of the page."""

    def __init__(self, api: FakeBotApi) -> None:
        self._api = api
        self._pages = Pages(PREFIX, Path(__file__).parent / "static")

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The page, its files, and its three calls."""
        return [
            *self._pages.routes(),
            web.get(f"{PREFIX}/chats/{{chat}}", self._messages),
            web.post(f"{PREFIX}/chats/{{chat}}/messages", self._write),
            web.post(f"{PREFIX}/chats/{{chat}}/presses", self._press),
        ]

    async def _messages(self, request: web.Request) -> web.Response:
        shown = self._api.chats.get(_chat(request), [])
        return web.json_response({"messages": [_json(message) for message in shown]})

    async def _write(self, request: web.Request) -> web.Response:
        chat, text = _chat(request), await _field(request, "text")
        if not 0 < len(text) <= _LONGEST_TEXT:
            raise web.HTTPBadRequest
        await self._api.write(chat, text)
        return web.Response(status=204)

    async def _press(self, request: web.Request) -> web.Response:
        chat, data = _chat(request), await _field(request, "data")
        for shown in self._api.chats.get(chat, []):
            if any(data == known for _, known in shown.buttons):
                await self._api.press(chat, shown.message_id, data)
                return web.Response(status=204)
        raise web.HTTPNotFound


def _chat(request: web.Request) -> int:
    written = request.match_info["chat"]
    if not (written.isascii() and written.isdigit()) or not 0 < int(written[:20]) < _LARGEST_CHAT:
        raise web.HTTPNotFound
    return int(written)


async def _field(request: web.Request, name: str) -> str:
    try:
        value = json.loads(await read_body(request))[name]
    except (ValueError, KeyError, TypeError):
        raise web.HTTPBadRequest from None
    if not isinstance(value, str):
        raise web.HTTPBadRequest
    return value


def _json(message: ShownMessage) -> dict[str, object]:
    buttons = [{"title": title, "data": data} for title, data in message.buttons]
    return {"id": message.message_id, "mine": message.mine, "text": message.text, "buttons": buttons}
