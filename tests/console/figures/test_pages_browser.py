"""The figures in a real Chromium: readable on a telephone and on a desk, nothing refused by the policy, by keyboard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from channels.quality.counting import day_of
from console.access.roles import Role
from storage import utc_now
from tests.channels.web.browser import chromium  # noqa: F401 - a fixture
from tests.console.figures.seeding import fill

pytestmark = pytest.mark.e2e
ARTEFACTS = Path(__file__).parents[3] / "artefacts" / "console"
SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1440, "height": 900}}
DAYS = 100


@pytest.fixture
async def open_page(console, chromium: str) -> AsyncIterator[Any]:  # noqa: F811
    """Opens a page as a reviewer; a console error fails the test."""
    console.write(lambda connection: fill(connection, 3_000, day_of(utc_now()) - timedelta(days=DAYS - 1), DAYS))
    url, faults = str(console.client.make_url("/")).rstrip("/"), []
    name, value = console.browser(Role.REVIEWER, name="amal").cookie.split("=", 1)
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
            await page.goto(url + path)
            return page

        yield opened
        for context in contexts:
            await context.close()
    assert faults == []


async def shot(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_the_plots_can_be_read(open_page, size: str, language: str) -> None:
    page = await open_page("/figures", viewport=SIZES[size], language=language)
    await shot(page, f"figures-{size}-{language}")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    letters = await page.evaluate(
        """() => [...document.querySelectorAll('.plot text')].map((text) => {
            const box = text.getBoundingClientRect(), around = text.ownerSVGElement.getBoundingClientRect();
            return [box.height, box.left >= around.left - 1 && box.right <= around.right + 1];
        })"""
    )
    assert letters
    assert all(height >= 9 and inside for height, inside in letters)


async def test_a_long_period_has_weeks(open_page) -> None:
    first = day_of(utc_now()) - timedelta(days=DAYS - 1)
    page = await open_page(f"/figures?first={first}", viewport=SIZES["phone"])
    await expect(page.get_by_role("img", name="الأسئلة كل أسبوع", exact=True)).to_be_visible()
    await shot(page, "figures-weeks-phone")


@pytest.mark.parametrize("size", SIZES)
async def test_judging_by_keyboard(open_page, size: str) -> None:
    page = await open_page("/samples?seed=3", viewport=SIZES[size])
    judged = int(re.search(r"في هذا السحب (\d+) من 50", await page.locator("main").inner_text()).group(1))
    await page.get_by_role("radio", name="صحيح", exact=True).focus()
    await page.keyboard.press("Space")
    await shot(page, f"samples-{size}")
    await page.get_by_label("ملاحظة").press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("حُفظ.")).to_be_visible()
    await expect(page.get_by_text(f"في هذا السحب {judged + 1} من 50 حُكم عليها.")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
