"""Rating an answer in a real Chromium: by keyboard with the script, and by the form without it."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from channels.quality.tables import RatingRow
from tests.channels.fake_assistant import Step, reply
from tests.channels.web.browser import ask, shot
from tests.channels.web.test_browser import CHOICES, FEES

pytestmark = pytest.mark.e2e


async def kept(site) -> list[bool]:
    return [rating.good for rating in await site._rows(RatingRow, RatingRow.at)]


async def answered(page: Page, assistant) -> None:
    assistant.script.append(Step(body=reply(FEES, choices=CHOICES)))
    await ask(page, "كم رسوم البطاقة؟")
    await expect(page.get_by_role("group", name="هل أفادك هذا الجواب؟")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
async def test_by_keyboard_and_changed(sqlite_url, assistant, start_site, browse, script) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url, java_script_enabled=script)
    await answered(page, assistant)
    yes, no = (page.get_by_role("button", name=name, exact=True) for name in ("أفادني", "لم يفدني"))
    await yes.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("شكرًا لك.")).to_be_visible()
    await expect(yes).to_have_attribute("aria-pressed", "true")
    assert await kept(site) == [True]
    await no.focus()
    await page.keyboard.press("Space")
    await expect(no).to_have_attribute("aria-pressed", "true")
    await expect(yes).to_have_attribute("aria-pressed", "false")
    assert await kept(site) == [False]
    await shot(page, f"rating-{'script' if script else 'form'}")
    if script:
        await page.reload()
        await expect(no).to_have_attribute("aria-pressed", "true")


async def test_what_is_not_kept_says_so(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url, quiet=True)
    await answered(page, assistant)
    await page.route("**/api/ratings", lambda route: route.abort())
    yes = page.get_by_role("button", name="أفادني", exact=True)
    await yes.click()
    await expect(page.get_by_text("لم يُحفظ رأيك.")).to_be_visible()
    await expect(yes).to_have_attribute("aria-pressed", "false")
    await page.unroute("**/api/ratings")
    await yes.click()
    await expect(yes).to_have_attribute("aria-pressed", "true")
    assert await kept(site) == [True]


async def test_small_screens_and_fingers(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url, viewport={"width": 320, "height": 600})
    await answered(page, assistant)
    for name in ("أفادني", "لم يفدني"):
        box = await page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box["height"] >= 44 and box["width"] >= 44
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
