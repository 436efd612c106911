"""The operators' page in a real Chromium: small and wide, its own refreshing, and a stop by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from channels.sms.routing.switches import stop, stopped
from storage import utc_now
from tests.channels.sms.operating.conftest import PASSWORD
from tests.channels.sms.operating.seeding import seed
from tests.channels.web.browser import ARTEFACTS, chromium  # noqa: F401 - a fixture

pytestmark = pytest.mark.e2e
expect.set_options(timeout=20_000)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PARTS = 3000
REASON = "عطل عند المشغل: SMSC 10.0.0.1 لا يجيب " + "x" * 120


@pytest.fixture
async def browse(chromium: str, open_page, database) -> AsyncIterator[Any]:  # noqa: F811
    """Opens the page with fourteen days of SMS and a clock that tests move; a console error fails the test."""
    await database.write(lambda connection: seed(connection, PARTS, utc_now()))
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        contexts = []

        async def browse(width: int, path: str = "/", *, quiet: bool = False) -> Page:
            operator = await open_page()
            url = str(operator.client.make_url("/")).rstrip("/")
            login = {"username": "salem", "password": PASSWORD}
            context = await browser.new_context(viewport={"width": width, "height": 800}, http_credentials=login)
            contexts.append(context)
            page = await context.new_page()
            await page.clock.install()
            if not quiet:
                page.on("console", lambda said: faults.append(said.text))
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("request", lambda request: None if request.url.startswith((url, "data:")) else faults.append("out"))
            await page.goto(url + path)
            return page

        yield browse
        for context in contexts:
            await context.close()
    assert faults == []


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("path", ["/", f"/message?id={PARTS - 1:032x}"], ids=["overview", "message"])
async def test_nothing_is_wider_than_the_screen(browse, database, width: int, path: str) -> None:
    await database.write(lambda connection: stop(connection, "sabafon", REASON, "سالم"))
    page = await browse(width, path)
    await expect(page.locator("main section").first).to_be_visible()
    assert await page.evaluate(WIDER) <= 0
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=ARTEFACTS / f"operators-{width}-{'message' if 'id' in path else 'overview'}.png")


async def test_it_refreshes_itself_but_not_under_the_hands_of_who_writes(browse, database) -> None:
    page = await browse(1440)
    await database.write(lambda connection: stop(connection, "you", "سبب أول", "سالم"))
    await page.clock.run_for(16_000)
    await expect(page.get_by_text("سبب أول")).to_be_visible()
    reason = page.get_by_label("سبب إيقاف yemen-mobile")
    await reason.fill("نصف سبب")
    await database.write(lambda connection: stop(connection, "you", "سبب ثان", "سالم"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.locator("h2").first.click()  # the cursor is elsewhere, what was written stays
    await page.clock.run_for(60_000)
    await expect(reason).to_have_value("نصف سبب")
    assert asked == []
    await reason.fill("")
    await page.locator("h2").first.click()
    await page.clock.run_for(16_000)
    await expect(page.get_by_text("سبب ثان")).to_be_visible()


async def test_a_stop_by_hand(browse, database) -> None:
    page = await browse(360)
    row = page.get_by_role("region", name="yemen-mobile")
    await row.get_by_role("button", name="أوقفه").click()
    assert await database.read(stopped) == {}  # the browser asks for the reason
    await row.get_by_label("سبب إيقاف yemen-mobile").fill("صيانة")
    await row.get_by_role("button", name="أوقفه").click()
    await expect(row.get_by_text("صيانة")).to_be_in_viewport()
    assert (await database.read(stopped))["yemen-mobile"].by == "salem"
    await row.get_by_role("button", name="استأنف استعماله").click()
    await expect(row.get_by_text("صيانة")).to_have_count(0)
    assert await database.read(stopped) == {}


async def test_who_reads_old_figures_is_told(browse) -> None:
    page = await browse(1440, quiet=True)
    await page.route("**/*", lambda route: route.fulfill(status=503, body=""))
    note = page.get_by_text("تعذّر تحديث الصفحة")
    await expect(note).to_be_hidden()
    await page.clock.run_for(16_000)
    await expect(note).to_be_visible()


async def test_who_begins_to_write_while_fresh_figures_are_on_their_way(browse) -> None:
    page = await browse(1440)
    held: asyncio.Queue[Any] = asyncio.Queue()
    await page.route("**/", held.put, times=1)
    await page.clock.run_for(16_000)
    reason = page.get_by_label("سبب إيقاف yemen-mobile")
    route = await held.get()
    await reason.fill("نصف سبب")
    async with page.expect_request_finished():
        await route.continue_()
    await page.evaluate("fetch('/').then(response => response.text())")  # as long again: the first one is used by now
    await expect(reason).to_have_value("نصف سبب")
