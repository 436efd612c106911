"""The handset page of the simulated operator: type an SMS as some number, see each part, its units and its cost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from channels.body import read_body
from channels.simulation import Pages
from channels.sms.errors import TextUnsendable
from channels.sms.providers.simulator.operator import HandsetMessage, SimulatedOperator

PREFIX = "/simulator/handset"
_LONGEST_NUMBER, _LONGEST_TEXT = 30, 1000


class HandsetPage:
    """Routes of the page; `part_cost` is in riyals."""

    def __init__(self, operator: SimulatedOperator, part_cost: float) -> None:
        self._operator, self._part_cost = operator, part_cost
        self._pages = Pages(PREFIX, Path(__file__).parent / "static")

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The page, its files, and its two calls."""
        return [
            *self._pages.routes(),
            web.get(f"{PREFIX}/messages", self._messages),
            web.post(f"{PREFIX}/messages", self._send),
        ]

    async def _messages(self, request: web.Request) -> web.Response:
        shown = self._operator.shown(request.query.get("number", ""))
        return web.json_response({"messages": [self._json(message) for message in shown]})

    async def _send(self, request: web.Request) -> web.Response:
        try:
            fields = json.loads(await read_body(request))
            number, text = fields["from"].strip(), fields["text"]
            if not 0 < len(number) <= _LONGEST_NUMBER or not 0 < len(text) <= _LONGEST_TEXT:
                raise web.HTTPBadRequest
            taken = await self._operator.text(number, text)
        except (ValueError, KeyError, TypeError, AttributeError, TextUnsendable):
            raise web.HTTPBadRequest from None
        return web.json_response({"taken": taken}, status=202 if taken else 502)

    def _json(self, message: HandsetMessage) -> dict[str, Any]:
        segments = message.segments
        encoding, parts = segments.encoding, segments.parts
        limit = encoding.single if len(parts) == 1 else encoding.joined
        return {
            "number": message.number,
            "sent": message.sent,
            "state": message.state,
            "encoding": encoding.name,
            "units": segments.units,
            "cost": len(parts) * self._part_cost,
            "parts": [{"text": part, "units": encoding.units(part), "limit": limit} for part in parts],
        }
