"""What a citizen sees while the web chat is switched off."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from channels.web import policy
from channels.web.assets import Assets
from channels.web.page import environment

_CLOSED = "المحادثة على الموقع متوقفة الآن. حاول في وقت لاحق من فضلك."


class ClosedPage:
    """Answers 503 at the page's addresses."""

    def __init__(self) -> None:
        self._assets = Assets()
        self._page = environment(self._assets).get_template("problem.html").render(problem=_CLOSED)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The page and its files."""
        return [web.get("/", self._show), web.post("/chat", self._show), *self._assets.routes()]

    async def _show(self, _request: web.Request) -> web.Response:
        headers = policy.headers("'none'") | {"Retry-After": "600"}
        return web.Response(text=self._page, content_type="text/html", status=503, headers=headers)
