"""The room of notices in a real Chromium: the preview while typing, on a telephone and on a desk, nothing refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from channels.notices import publishing, switches
from console.access.roles import Role
from tests.channels.noticing import draft
from tests.channels.web.browser import chromium  # noqa: F401 - a fixture
from tests.console.notices.test_pages import TEXT, at, listed

pytestmark = pytest.mark.e2e
ARTEFACTS = Path(__file__).parents[3] / "artefacts" / "console"
SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1440, "height": 900}}


@pytest.fixture
async def open_page(console, chromium: str) -> AsyncIterator[Any]:  # noqa: F811
    """Opens a page as an administrator; a console error fails the test."""
    url, faults = str(console.client.make_url("/")).rstrip("/"), []
    name, value = console.browser(Role.ADMIN, name="amal").cookie.split("=", 1)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        contexts = []

        async def opened(path: str, *, language: str = "ar", **options: Any) -> Page:
            context = await browser.new_context(reduced_motion="reduce", **options)
            contexts.append(context)
            cookies = {name: value, "dalil-language": language}
            await context.add_cookies([{"name": key, "value": said, "url": url} for key, said in cookies.items()])
            page = await context.new_page()
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            page.on("dialog", lambda dialog: dialog.accept())
            await page.goto(url + path)
            return page

        yield opened
        for context in contexts:
            await context.close()
    assert faults == []


async def shot(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


async def test_a_notice_is_written_with_its_preview_and_published(console, open_page) -> None:
    page = await open_page("/notices/new", viewport=SIZES["desk"])
    panel = page.locator("#panel")
    await expect(panel).to_contain_text("اكتب النص الذي يراه المواطن.")
    await page.get_by_label("النص الذي يراه المواطن").fill(TEXT)
    await page.get_by_label("السبب (للموظفين)").fill("عطلة")
    await expect(panel.locator(".preview")).to_have_count(3)
    await expect(panel).to_contain_text("2 رسالة، 95 وحدة")
    await expect(panel.locator(".fault")).to_have_count(0)
    await page.get_by_label("رد مؤقت بدل الأجوبة").check()
    await expect(panel).to_contain_text("1 رسالة، 16 وحدة")
    await page.get_by_label("رسائل SMS").uncheck()
    await expect(panel.locator(".preview")).to_have_count(2)
    await page.locator("#starts").fill(at(1))
    await shot(page, "notices-new")
    await page.get_by_role("button", name="نشر الإعلان").click()
    await expect(page.get_by_role("status")).to_have_text("حُفظ.")
    [notice] = listed(console)
    assert (notice.kind.value, notice.channels) == ("answer", ("web", "telegram"))


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_the_page_fits(console, open_page, size: str, language: str) -> None:
    console.write(lambda connection: publishing.publish(connection, draft("ا" * 60), "amal"))
    console.write(lambda connection: switches.stop(connection, "sms", "عطل عند المشغل", "amal"))
    page = await open_page("/notices", viewport=SIZES[size], language=language)
    await shot(page, f"notices-{size}-{language}")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_channel_is_stopped_and_resumed_by_hand(console, open_page) -> None:
    page = await open_page("/notices", viewport=SIZES["phone"])
    card = page.get_by_role("region", name="تيليجرام")
    await card.locator("summary").click()
    await card.get_by_label("السبب (للموظفين)").fill("عطل")
    await card.get_by_label("ما يقال للمواطن").fill("نعود غدا.")
    await expect(card.locator(".preview .bubble")).to_have_text("نعود غدا.")
    await card.get_by_role("button", name="إيقاف القناة").click()
    await expect(card.locator(".tag")).to_have_text("متوقفة")
    await card.get_by_role("button", name="إعادة القناة").click()
    await expect(card.locator(".tag")).to_have_text("تعمل")
    assert console.write(switches.stopped) == {}
