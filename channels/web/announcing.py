"""What the page shows beside the conversation: the ministry's banners, and that the chat is stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from arabic import isolate, strip_marks
from channels.notices.board import Board

CHANNEL = "web"
RETRY = {"Retry-After": "30"}


@dataclass(frozen=True)
class Announced:
    """`banners` are (id, text) pairs; `stopped` is what citizens are told of a stop, None when there is none."""

    banners: tuple[tuple[int, str], ...] = ()
    stopped: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As the script reads it."""
        notices = [{"id": number, "text": isolate(strip_marks(text))} for number, text in self.banners]
        return {"notices": notices, "stopped": isolate(strip_marks(self.stopped)) if self.stopped else None}


class Announcer:
    """Reads the board for the page."""

    def __init__(self, board: Board) -> None:
        self._board = board

    async def now(self) -> Announced:
        """What is shown at this moment."""
        view = await self._board.current()
        stop = view.stop(CHANNEL)
        banners = tuple((notice.id, notice.text) for notice in view.banners(CHANNEL))
        return Announced(banners, stop.said if stop else None)


def stopped(announced: Announced) -> web.Response:
    """What the script's calls get while the chat is stopped."""
    body = {"status": "stopped", **announced.as_json()}
    return web.json_response(body, status=503, headers=RETRY)
