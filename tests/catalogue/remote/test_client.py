"""Reading a remote catalogue: whole or not at all, from one origin, within limits."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from integrations.catalogue.document import Content
from integrations.catalogue.errors import CatalogueInvalid
from integrations.catalogue.importer import content_hash
from integrations.catalogue.remote.client import Limits, read_remote
from integrations.catalogue.remote.errors import (
    RemoteAddressInvalid,
    RemoteError,
    RemoteInvalid,
    RemoteRefused,
    RemoteUnreachable,
)
from integrations.catalogue.remote.faults import Fault
from integrations.catalogue.remote.simulator import Simulator

SMALL = Limits(page_bytes=2_000_000, page_seconds=0.5, total_seconds=20.0)
FAULTS = [
    (Fault.ERROR, RemoteRefused, "status 500"),
    (Fault.BROKEN_JSON, RemoteInvalid, "is not JSON"),
    (Fault.WRONG_TYPE, RemoteInvalid, "is text/html, not JSON-LD"),
    (Fault.HUGE, RemoteInvalid, "larger than 2000000 bytes"),
    (Fault.SLOW, RemoteUnreachable, "no whole answer within 0.5 s"),
    (Fault.CUT, RemoteUnreachable, "not completed"),
    (Fault.LOOP, RemoteInvalid, "lead back"),
    (Fault.FOREIGN_NEXT, RemoteInvalid, "leads to another site"),
    (Fault.FOREIGN_REDIRECT, RemoteInvalid, "leads to another site"),
    (Fault.REDIRECT_LOOP, RemoteInvalid, "more than 3 redirects"),
    (Fault.MISSING_NODE, RemoteInvalid, "totalItems"),
]


async def test_all_pages_are_read_as_one_catalogue(simulator: Simulator, address: str, content: Content) -> None:
    remote = await read_remote(address)
    assert remote is not None
    assert content_hash(remote.content) == content_hash(content)
    assert remote.etag == simulator.etag
    assert simulator.requests == [1, 2, 3, 4]


async def test_one_page(simulator: Simulator, address: str, content: Content) -> None:
    simulator.page_size = 1000
    remote = await read_remote(address)
    assert remote is not None
    assert content_hash(remote.content) == content_hash(content)


async def test_an_unchanged_catalogue_is_not_sent_again(simulator: Simulator, address: str) -> None:
    assert await read_remote(address, etag=simulator.etag) is None
    assert simulator.requests == []
    assert await read_remote(address, etag='"other"') is not None


@pytest.mark.parametrize("page", [1, 3])
@pytest.mark.parametrize(("fault", "error", "words"), FAULTS, ids=[fault.value for fault, *_ in FAULTS])
async def test_faults(
    simulator: Simulator, address: str, fault: Fault, error: type[RemoteError], words: str, page: int
) -> None:
    simulator.fault, simulator.fault_page = fault, page
    with pytest.raises(error, match=words) as caught:
        await read_remote(address, limits=SMALL)
    assert address.rpartition("/")[0] in str(caught.value)


async def test_a_catalogue_that_changes_between_pages_is_refused(simulator: Simulator, address: str) -> None:
    simulator.fault = Fault.CHANGING
    with pytest.raises(RemoteInvalid, match="changed while it was read"):
        await read_remote(address)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(pages=3), "more than 3 pages"),
        (Limits(total_bytes=20_000), "larger than 20000 bytes in all"),
    ],
)
async def test_limits_of_the_whole(address: str, limits: Limits, words: str) -> None:
    with pytest.raises(RemoteInvalid, match=words):
        await read_remote(address, limits=limits)


async def test_the_time_of_the_whole_is_limited(simulator: Simulator, address: str) -> None:
    simulator.fault = Fault.SLOW
    with pytest.raises(RemoteUnreachable, match=r"longer than 0\.2 s"):
        await read_remote(address, limits=Limits(total_seconds=0.2))


Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _read_from(handler: Serve) -> None:
    application = web.Application()
    application.router.add_get("/{path:.*}", handler)
    server = TestServer(application)
    await server.start_server()
    try:
        await read_remote(str(server.make_url("/start")))
    finally:
        await server.close()


async def test_a_redirect_on_the_same_site_is_followed(simulator: Simulator, content: Content) -> None:
    async def serve(request: web.Request) -> web.StreamResponse:
        if request.path == "/start":
            raise web.HTTPFound("/catalogue")
        return await simulator._serve(request)

    await _read_from(serve)
    assert simulator.requests == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ("[]", RemoteInvalid, "no @graph"),
        ('{"@graph": {}}', RemoteInvalid, "no @graph"),
        ('{"@graph": [NaN]}', RemoteInvalid, "not JSON"),
        ('{"@graph": ' + "[" * 100_000 + "]" * 100_000 + "}", RemoteInvalid, "not JSON"),
        ('{"@graph": [], "hydra:totalItems": 1}', RemoteInvalid, "totalItems"),
        ('{"@graph": [], "hydra:totalItems": 0, "hydra:view": {"hydra:next": 3}}', RemoteInvalid, "no address"),
        (
            '{"@graph": [], "hydra:totalItems": 0, "hydra:view": {"hydra:next": "http://["}}',
            RemoteInvalid,
            "no address",
        ),
        (
            '{"@graph": [], "hydra:totalItems": 0, "hydra:view": {"hydra:next": "file:///etc/passwd"}}',
            RemoteInvalid,
            "hydra:next",
        ),
        ('{"@graph": [], "hydra:totalItems": 0}', CatalogueInvalid, "@context"),
    ],
)
async def test_pages_that_are_no_catalogue(body: str, error: type[Exception], words: str) -> None:
    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=body, content_type="application/ld+json")

    with pytest.raises(error, match=words):
        await _read_from(serve)


async def test_bytes_that_are_not_utf_8() -> None:
    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.Response(body='{"@graph": ["جواز"]}'.encode("cp1256"), content_type="application/json")

    with pytest.raises(RemoteInvalid, match="UTF-8"):
        await _read_from(serve)


async def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(RemoteUnreachable, match="cannot connect"):
        await read_remote(f"http://127.0.0.1:{port}/catalogue")


@pytest.mark.parametrize(
    "address",
    [
        "http://catalogue.example/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://user:word@catalogue.example/",
        "https:///catalogue",
        "integrations/catalogue/sample",
        "http://127.0.0.1.example.org/",
        "http://localhost.example.org/",
        "http://[::1",
        "",
    ],
)
async def test_addresses_that_are_not_read(address: str) -> None:
    with pytest.raises(RemoteAddressInvalid):
        await read_remote(address)


async def test_a_broken_node_is_named(simulator: Simulator, address: str, content: Content) -> None:
    page = simulator._pages()[0]
    broken = {**page["@graph"][0], "title": 3}
    first = {**page, "@graph": [broken], "hydra:totalItems": 1, "hydra:view": {}}

    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.json_response(first, content_type="application/ld+json")

    with pytest.raises(CatalogueInvalid, match=r"event/birth"):
        await _read_from(serve)
