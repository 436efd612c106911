"""Reading a remote catalogue whole, within limits of time and size, from one origin only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import aiohttp
from yarl import URL

from integrations.catalogue.document import Content
from integrations.catalogue.jsonld import from_jsonld
from integrations.catalogue.remote.address import checked, followed
from integrations.catalogue.remote.errors import RemoteInvalid, RemoteRefused, RemoteUnreachable

_TYPES = ("application/ld+json", "application/json")
_ACCEPT = "application/ld+json, application/json;q=0.9"
_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 65_536


@dataclass(frozen=True)
class Limits:
    """The most that a remote may take: bytes after decompression, seconds, numbers of pages and redirects."""

    page_bytes: int = 8 * 1024 * 1024
    total_bytes: int = 64 * 1024 * 1024
    pages: int = 2_000
    redirects: int = 3
    connect_seconds: float = 10.0
    page_seconds: float = 30.0
    total_seconds: float = 600.0


@dataclass(frozen=True)
class Remote:
    """A remote catalogue as read. `etag` is None when the server gives none, and then every sync reads it again."""

    content: Content
    etag: str | None


@dataclass(frozen=True)
class _Page:
    url: URL
    etag: str | None
    size: int
    value: Mapping[str, Any]


async def read_remote(address: str, etag: str | None = None, limits: Limits | None = None) -> Remote | None:
    """All pages of the catalogue at `address`, as one; None when it is still the one that had `etag`.

    Raises:
        RemoteError: see the package docstring.
        CatalogueInvalid: with one line for each node that has not the form of our export.
    """
    url, limits = checked(address), limits or Limits()
    timeout = aiohttp.ClientTimeout(total=limits.page_seconds, sock_connect=limits.connect_seconds)
    headers = {"Accept": _ACCEPT, "User-Agent": "Dalil"}
    async with aiohttp.ClientSession(timeout=timeout, headers=headers, cookie_jar=aiohttp.DummyCookieJar()) as session:
        try:
            return await asyncio.wait_for(_Reader(session, limits).read(url, etag), limits.total_seconds)
        except asyncio.TimeoutError as error:
            raise RemoteUnreachable(f"{url}: took longer than {limits.total_seconds:g} s in all") from error


class _Reader:
    """One reading of one catalogue."""

    def __init__(self, session: aiohttp.ClientSession, limits: Limits) -> None:
        self._session = session
        self._limits = limits

    async def read(self, url: URL, etag: str | None) -> Remote | None:
        """As `read_remote`."""
        first = await self._page(url, etag)
        if first is None:
            return None
        pages = [first]
        while following := _next(pages[-1]):
            self._check(pages, following)
            page = await self._page(following, None)
            assert page is not None  # noqa: S101 - only a conditional request may be answered with 304
            pages.append(page)
        self._check(pages, None)
        if len(pages) > 1 and first.etag and await self._page(first.url, first.etag) is not None:
            # Pages of two versions together would withdraw services that exist.
            raise RemoteInvalid(f"{url}: the catalogue changed while it was read; try again")
        return Remote(from_jsonld(_whole(pages)), first.etag)

    def _check(self, pages: list[_Page], following: URL | None) -> None:
        if following in {page.url for page in pages}:
            raise RemoteInvalid(f"{following}: the pages lead back to one already read")
        if len(pages) + (following is not None) > self._limits.pages:
            raise RemoteInvalid(f"{pages[0].url}: has more than {self._limits.pages} pages")
        if sum(page.size for page in pages) > self._limits.total_bytes:
            raise RemoteInvalid(f"{pages[0].url}: is larger than {self._limits.total_bytes} bytes in all")

    async def _page(self, url: URL, etag: str | None) -> _Page | None:
        """A page, or None when its ETag is still `etag`."""
        try:
            return await self._request(url, {"If-None-Match": etag} if etag else {})
        except asyncio.TimeoutError as error:
            raise RemoteUnreachable(f"{url}: no whole answer within {self._limits.page_seconds:g} s") from error
        except aiohttp.ClientError as error:
            raise RemoteUnreachable(f"{url}: {_reason(error)}") from error

    async def _request(self, url: URL, headers: Mapping[str, str]) -> _Page | None:
        for _ in range(self._limits.redirects + 1):
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status in _REDIRECTS:
                    url = followed(url, response.headers.get("Location", ""), "a redirect")
                    continue
                if response.status == 304 and headers:
                    return None
                if response.status != 200:
                    raise RemoteRefused(str(url), response.status)
                body = await self._body(response)
                return _Page(url, response.headers.get("ETag"), len(body), _parsed(url, body))
        raise RemoteInvalid(f"{url}: more than {self._limits.redirects} redirects")

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        if response.content_type not in _TYPES:
            raise RemoteInvalid(f"{response.url}: is {response.content_type}, not JSON-LD")
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self._limits.page_bytes:
                raise RemoteInvalid(f"{response.url}: the page is larger than {self._limits.page_bytes} bytes")
        return bytes(body)


def _parsed(url: URL, body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RemoteInvalid(f"{url}: is not JSON in UTF-8") from error
    if not isinstance(value, dict) or not isinstance(value.get("@graph"), list):
        raise RemoteInvalid(f"{url}: has no @graph")
    return value


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _next(page: _Page) -> URL | None:
    view = page.value.get("hydra:view")
    following = view.get("hydra:next") if isinstance(view, dict) else None
    if following is None:
        return None
    link = following.get("@id") if isinstance(following, dict) else following
    if not isinstance(link, str):
        raise RemoteInvalid(f"{page.url}: hydra:next is no address")
    return followed(page.url, link, "hydra:next")


def _whole(pages: list[_Page]) -> Mapping[str, Any]:
    """The pages as one document, if they are all there."""
    first = pages[0]
    graph = [node for page in pages for node in page.value["@graph"]]
    for page in pages:
        if page.value.get("@context") != first.value.get("@context"):
            raise RemoteInvalid(f"{page.url}: has another @context than the first page")
        if page.value.get("hydra:totalItems") != len(graph):
            raise RemoteInvalid(f"{page.url}: hydra:totalItems is not the {len(graph)} nodes that all pages have")
    return {"@context": first.value.get("@context"), "@graph": graph}


def _reason(error: aiohttp.ClientError) -> str:
    """Words for the operator."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "its certificate is not valid"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name is not known"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"cannot connect: {error.os_error.strerror or error.os_error}"
    return str(error) or type(error).__name__
