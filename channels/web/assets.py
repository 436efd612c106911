"""The page's static files, named by their content so that browsers keep them for ever, compressed once."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).parent / "static"
_CACHE = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class _Asset:
    body: bytes
    compressed: bytes
    content_type: str


class Assets:
    """Serves `/static/<stem>.<hash>.<suffix>` out of memory."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._assets: dict[str, _Asset] = {}
        self._urls: dict[str, str] = {}
        for path in sorted(folder.iterdir()):
            body = path.read_bytes()
            name = f"{path.stem}.{hashlib.sha256(body).hexdigest()[:12]}{path.suffix}"
            content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            self._assets[name] = _Asset(body, gzip.compress(body, mtime=0), content_type)
            self._urls[path.name] = f"/static/{name}"

    def url(self, name: str) -> str:
        """The address of a file of the folder, for templates."""
        return self._urls[name]

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The one route of all files."""
        return [web.get("/static/{name}", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": _CACHE, "Vary": "Accept-Encoding"}
        body = asset.body
        if "gzip" in request.headers.get("Accept-Encoding", "") and len(asset.compressed) < len(body):
            headers["Content-Encoding"], body = "gzip", asset.compressed
        charset = None if asset.content_type.startswith("image/png") else "utf-8"
        return web.Response(body=body, content_type=asset.content_type, charset=charset, headers=headers)
