"""Static pages under the same content security policy as the citizens' page: nothing inline, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_SHARED = Path(__file__).parent / "static"


class Pages:
    """Serves `{prefix}` (index.html of `folder`) and, below it, the other files of `folder` and the shared ones."""

    def __init__(self, prefix: str, folder: Path) -> None:
        self._prefix = prefix
        self._files = {file.name: file.read_bytes() for root in (_SHARED, folder) for file in root.iterdir()}

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The page and its files."""
        return [
            web.get(self._prefix, self._index),
            *(web.get(f"{self._prefix}/static/{name}", self._file) for name in self._files if name != "index.html"),
        ]

    async def _index(self, _request: web.Request) -> web.Response:
        return self._response("index.html")

    async def _file(self, request: web.Request) -> web.Response:
        return self._response(request.path.rsplit("/", 1)[-1])

    def _response(self, name: str) -> web.Response:
        headers = {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        return web.Response(
            body=self._files[name], content_type=_TYPES[Path(name).suffix], charset="utf-8", headers=headers
        )
