"""A remote catalogue on this machine: serves a catalogue in pages with an ETag, and fails on request.

`GET /catalogue` is the first page. Faults are for tests and rehearsals; each makes one thing go wrong that a real
remote does sooner or later.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from integrations.catalogue.document import Content
from integrations.catalogue.importer import content_hash
from integrations.catalogue.jsonld import to_jsonld
from integrations.catalogue.remote.faults import Fault

Responder = Callable[..., Awaitable[web.StreamResponse]]
HYDRA = "http://www.w3.org/ns/hydra/core#"
PATH = "/catalogue"


@dataclass
class Simulator:
    """What is served, and how. `released` ends the wait of Fault.SLOW. `requests` counts what was answered."""

    content: Content
    page_size: int = 20
    fault: Fault | None = None
    fault_page: int = 1
    requests: list[int] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self) -> web.Application:
        """The HTTP application."""
        application = web.Application()
        application.router.add_get(PATH, self._serve)
        return application

    @property
    def etag(self) -> str:
        """The ETag of the whole catalogue."""
        changes = len(self.requests) if self.fault is Fault.CHANGING else 0
        return f'"{content_hash(self.content)[:32]}-{changes}"' if changes else f'"{content_hash(self.content)[:32]}"'

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        number = request.query.get("page", "1")
        pages = self._pages()
        if not number.isdecimal() or not 1 <= int(number) <= len(pages):
            raise web.HTTPNotFound
        etag = self.etag
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        page = int(number)
        self.requests.append(page)
        if self.fault in _FAULTS and page >= self.fault_page:
            return await _FAULTS[self.fault](self, request, pages[page - 1])
        return _answer(pages[page - 1], etag)

    def _pages(self) -> list[dict[str, Any]]:
        document = to_jsonld(self.content)
        nodes = document["@graph"]
        starts = range(0, max(1, len(nodes)), self.page_size)
        context = {**document["@context"], "hydra": HYDRA}
        return [
            {
                "@context": context,
                "@id": f"{PATH}?page={number}",
                "@type": "hydra:Collection",
                "hydra:totalItems": len(nodes),
                "hydra:view": self._view(number, len(starts)),
                "@graph": nodes[start : start + self.page_size],
            }
            for number, start in enumerate(starts, 1)
        ]

    def _view(self, number: int, last: int) -> dict[str, Any]:
        view: dict[str, Any] = {"@id": f"{PATH}?page={number}", "@type": "hydra:PartialCollectionView"}
        return view if number == last else {**view, "hydra:next": {"@id": f"{PATH}?page={number + 1}"}}

    async def wait(self, *_: object) -> web.StreamResponse:
        """Answer only when the test is over."""
        await self.released.wait()
        raise web.HTTPServiceUnavailable


def _answer(page: dict[str, Any], etag: str) -> web.Response:
    body = json.dumps(page, ensure_ascii=False).encode()
    return web.Response(body=body, content_type="application/ld+json", headers={"ETag": etag})


def _changed(**values: Any) -> Responder:
    """A fault that answers with a page of which something is different."""

    async def respond(simulator: Simulator, _request: web.Request, page: dict[str, Any]) -> web.StreamResponse:
        return _answer({**page, **values}, simulator.etag)

    return respond


def _plain(**values: Any) -> Responder:
    """A fault that answers with something that is no page."""

    async def respond(*_: object) -> web.StreamResponse:
        return web.Response(**values)

    return respond


async def _huge(_simulator: Simulator, request: web.Request, _page: dict[str, Any]) -> web.StreamResponse:
    """Endless spaces, compressed: a small transfer that is large to hold."""
    response = web.StreamResponse(headers={"Content-Type": "application/ld+json"})
    response.enable_compression(web.ContentCoding.gzip)
    await response.prepare(request)
    for _ in range(1024):
        await response.write(b" " * 65_536)
    return response


async def _cut(_simulator: Simulator, request: web.Request, page: dict[str, Any]) -> web.StreamResponse:
    """Half a page, then the connection closes."""
    body = json.dumps(page).encode()
    headers = {"Content-Type": "application/ld+json", "Content-Length": str(len(body))}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport:
        request.transport.close()
    return response


async def _missing(simulator: Simulator, _request: web.Request, page: dict[str, Any]) -> web.StreamResponse:
    return _answer({**page, "@graph": page["@graph"][1:]}, simulator.etag)


async def _redirect(_simulator: Simulator, request: web.Request, _page: dict[str, Any]) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect(request.path_qs)


_JSON = "application/ld+json"
_FAULTS: dict[Fault | None, Responder] = {
    Fault.ERROR: _plain(status=500, text="broken"),
    Fault.BROKEN_JSON: _plain(text='{"@graph": [', content_type=_JSON),
    Fault.WRONG_TYPE: _plain(text="<html>login</html>", content_type="text/html"),
    Fault.HUGE: _huge,
    Fault.SLOW: Simulator.wait,
    Fault.CUT: _cut,
    Fault.LOOP: _changed(**{"hydra:view": {"hydra:next": {"@id": PATH}}}),
    Fault.FOREIGN_NEXT: _changed(**{"hydra:view": {"hydra:next": {"@id": "https://example.org/catalogue?page=2"}}}),
    Fault.FOREIGN_REDIRECT: _plain(status=302, headers={"Location": "https://example.org/catalogue"}),
    Fault.REDIRECT_LOOP: _redirect,
    Fault.MISSING_NODE: _missing,
}
