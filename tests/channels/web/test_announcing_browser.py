"""Banners and a stopped chat in a real Chromium, on a page that stays open."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.channels.noticing import TEXT, publish, resume, stop, withdraw
from tests.channels.web.browser import ask, box, said, shot

pytestmark = pytest.mark.e2e
BACK = "نعود الساعة 16:00."


async def test_an_open_page_shows_banners_as_they_come_and_go(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url)
    notes = page.locator("#notices .note")
    await expect(notes).to_have_count(0)
    first = await publish(site, text="رقم الطوارئ 199.", channels=("web",))
    await expect(notes).to_have_text(["رقم الطوارئ 199."])
    await expect(page.locator("#notices bdi")).to_have_text("199")
    await notes.first.evaluate("note => { note.id = 'kept' }")
    await publish(site, channels=("web",))
    await expect(notes).to_have_text(["رقم الطوارئ 199.", TEXT])
    await expect(page.locator("#kept")).to_have_count(1)  # what was said is not said again
    assert await page.locator("#notices").get_attribute("aria-live") == "polite"
    for number in range(6):
        await ask(page, f"سؤال {number}")
        await expect(said(page, "dalil")).to_have_count(number + 1)
    await expect(notes.last).to_be_in_viewport()
    await shot(page, "notices-1-banners")
    await page.reload()
    await expect(notes).to_have_text(["رقم الطوارئ 199.", TEXT])
    await withdraw(first, site)
    await expect(notes).to_have_text([TEXT])


async def test_the_page_without_its_script(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    await publish(site, channels=("web",))
    page = await browse(site.url, quiet=True, java_script_enabled=False)
    await expect(page.locator("#notices .note")).to_have_text([TEXT])
    await stop("web", site, said=BACK)
    await page.reload()
    await expect(page.locator("#notices .note")).to_have_text([BACK, TEXT])
    await expect(box(page)).to_be_disabled()
    await shot(page, "notices-2-stopped")


async def test_an_open_page_stops_and_goes_on_by_itself(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url, quiet=True)
    await ask(page, "أول")
    await expect(said(page, "dalil")).to_have_text(["الجواب: أول"])
    await box(page).fill("ما كتبته ولم أرسله")
    await stop("web", site, said=BACK)
    await expect(page.locator("#notices .note")).to_have_text([BACK])
    await expect(box(page)).to_be_disabled()
    await shot(page, "notices-3-stopped-open")
    await resume("web", site)
    await expect(page.locator("#notices .note")).to_have_count(0)
    await expect(box(page)).to_be_enabled()
    await expect(box(page)).to_have_value("ما كتبته ولم أرسله")
    await page.get_by_role("button", name="إرسال").click()
    await expect(said(page, "dalil").last).to_have_text("الجواب: ما كتبته ولم أرسله")


async def test_what_is_sent_into_a_stop_goes_out_when_it_ends(sqlite_url, assistant, start_site, browse) -> None:
    """Without a stream, as behind a proxy that holds one back: the call itself says that the chat is stopped."""
    site = await start_site(sqlite_url)
    page = await browse("about:blank", quiet=True)
    await page.add_init_script("delete window.EventSource")
    await page.goto(site.url)
    await stop("web", site, said=BACK)
    await page.evaluate("document.querySelector('.examples button').click()")
    await expect(page.locator("#notices .note")).to_have_text([BACK])
    await expect(page.locator(".unsent small")).to_have_text("لم تُرسل بعد")
    await resume("web", site)
    await expect(said(page, "dalil")).to_have_count(1)
    await expect(page.locator("#notices .note")).to_have_count(0)
    assert len(assistant.texts) == 1
