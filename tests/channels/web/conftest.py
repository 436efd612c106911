"""A gateway with the web channel, and a browser's worth of HTTP client."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, async_playwright
from yarl import URL

from channels.wiring import wire
from tests.channels.web.browser import chromium  # noqa: F401 - a fixture

FORM = re.compile(r'name="csrf" value="([0-9a-f]{64})"><input type="hidden" name="id" value="([0-9a-f]{32})"')


class Visitor:
    """Keeps cookies, reads the page's forms, sends what its script and its forms send."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.csrf = self.form_id = self.html = ""
        self.headers: dict[str, str] = {}

    async def open(self, path: str = "/", **options: Any) -> aiohttp.ClientResponse:
        response = await self.session.get(path, headers=self.headers, **options)
        self.html = await response.text()
        if found := FORM.search(self.html):
            self.csrf, self.form_id = found.groups()
        return response

    async def post(self, path: str, *, origin: str | None = None, **fields: str) -> aiohttp.ClientResponse:
        form = {"csrf": self.csrf, "id": self.form_id, **fields}
        headers = self.headers | ({"Origin": origin} if origin else {})
        response = await self.session.post(path, data=form, headers=headers)
        self.html = await response.text()
        return response

    async def send(self, id: str, text: str, **options: Any) -> tuple[int, Any]:
        """What the script posts."""
        headers = {"X-CSRF-Token": self.csrf} | self.headers | options.pop("headers", {})
        body = {"id": id, "text": text, "choice": options.pop("choice", None)}
        async with self.session.post("/api/messages", json=body, headers=headers, **options) as response:
            return response.status, await response.json()

    async def events(self, after: int = 0, wait: int = 20) -> list[dict[str, Any]]:
        address = f"/api/events?after={after}&wait={wait}"
        async with self.session.get(address, headers={"Accept": "application/json"}) as response:
            return (await response.json())["events"]

    def cookie(self) -> str:
        return next((f"{cookie.key}={cookie.value}" for cookie in self.session.cookie_jar), "")

    def wear(self, cookie: str) -> None:
        """Come with another browser's cookie."""
        name, value = cookie.split("=")
        self.session.cookie_jar.clear()
        self.session.cookie_jar.update_cookies({name: value}, URL(self.url))


@pytest.fixture
async def visit() -> AsyncIterator[Any]:
    visitors: list[Visitor] = []

    async def open_page(url: str) -> Visitor:
        visitor = Visitor(url)
        visitors.append(visitor)
        await visitor.open()
        return visitor

    yield open_page
    for visitor in visitors:
        await visitor.session.close()


@pytest.fixture
async def start_site(start_gateway: Any) -> Any:
    async def start(database_url: str, **settings: Any) -> Any:
        return await start_gateway(database_url, wiring=wire, **settings)

    return start


@pytest.fixture
async def browse(chromium: str) -> AsyncIterator[Any]:  # noqa: F811
    """Opens pages, each in a browser context of its own; a console error or a request elsewhere fails the test."""
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        contexts = []

        async def open_page(url: str, *, quiet: bool = False, **options: Any) -> Page:
            phone = {"viewport": {"width": 390, "height": 740}, "reduced_motion": "reduce"}
            context = await browser.new_context(**(phone | options))
            contexts.append(context)
            page = await context.new_page()
            page.set_default_timeout(20_000)
            if not quiet:
                page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            if url != "about:blank":
                page.on("request", lambda request: None if request.url.startswith(url) else faults.append(request.url))
            await page.goto(url)
            return page

        yield open_page
        for context in contexts:
            await context.close()
    assert faults == []
