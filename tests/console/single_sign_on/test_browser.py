"""In a real browser, which sends no strict cookie on a way that began at another site, and obeys the policy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from tests.channels.web.browser import chromium  # noqa: F401 - a fixture

from .conftest import code, invite

PICTURES = Path(__file__).parents[3] / "artefacts" / "console-single-sign-on"
pytestmark = pytest.mark.slow


@pytest.fixture
async def page(console, chromium: str) -> AsyncIterator[Any]:  # noqa: F811
    async with async_playwright() as playwright:
        chrome = await playwright.chromium.connect_over_cdp(chromium)
        context = await chrome.new_context(viewport={"width": 1000, "height": 900})
        page, said = await context.new_page(), []
        page.on("console", lambda line: said.append(line.text) if "Content Security" in line.text else None)
        yield page
        await context.close()
    assert said == []


async def prove(page: Any, account: str, amr: str = "") -> None:
    await page.get_by_label("Account").fill(account)
    await page.get_by_label("Factors").fill(amr)
    await page.get_by_role("button", name="Log in").click()


async def shot(page: Any, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


async def test_joining_entering_proving_and_leaving(console, console_url: str, page) -> None:
    await page.goto(f"{console_url}/join/{invite(console)}")
    await shot(page, "join")
    await page.get_by_role("link", name="الانضمام بحساب الوزارة").click()
    await prove(page, "u-7")
    await shot(page, "second-step")
    await page.get_by_label("الرمز الذي يعرضه التطبيق الآن").fill(code(-1))
    await page.get_by_role("button", name="حفظ").click()
    await page.get_by_role("link", name="حفظتها، إلى الدخول").click()
    await shot(page, "log-in")

    await page.get_by_role("link", name="الدخول بحساب الوزارة").click()
    await page.get_by_label("الرمز").fill(code())
    await page.get_by_role("button", name="دخول").click()
    await expect(page.get_by_role("navigation")).to_contain_text("الموظفون")
    await page.get_by_role("link", name="saleh").click()
    await expect(page.get_by_role("main")).to_contain_text("حسابك مربوط")
    await shot(page, "own")

    await page.goto(f"{console_url}/login/again?to=/staff")
    await shot(page, "again")
    await page.get_by_role("link", name="إعادة الدخول بحساب الوزارة").click()
    await prove(page, "u-7")
    await page.wait_for_url(f"{console_url}/staff")

    await page.get_by_role("button", name="خروج").click()
    await expect(page.get_by_role("main")).to_contain_text("ما زال مفتوحًا")
    await shot(page, "left")


async def test_a_page_goes_on_by_itself_where_the_provider_did_both_steps(console, console_url: str, page) -> None:
    await page.goto(f"{console_url}/join/{invite(console)}")
    await page.get_by_role("link", name="الانضمام بحساب الوزارة").click()
    await prove(page, "u-8", "mfa")
    await page.wait_for_url(f"{console_url}/")
    await expect(page.get_by_role("navigation")).to_be_visible()
