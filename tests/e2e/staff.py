"""Members of staff with a browser each: they join by their invitation, log in with both steps, and do their work."""

from __future__ import annotations

import time
from typing import Any

import pyotp
from playwright.async_api import Page, expect

from tests.e2e.installation import ROOT, Installation

PICTURES = ROOT / "artefacts" / "console"
PASSWORD = "جبل نهر مطر كتاب أزرق"


class Member:
    """One of them; `page` is their browser."""

    def __init__(self, page: Page, system: Installation, name: str) -> None:
        self.page, self._system, self.name = page, system, name

    async def join(self, link: str) -> None:
        """Choose a password, set up the second step, log in with the next code."""
        page = self.page
        await page.goto(link)
        secret = await page.locator("code").first.inner_text()
        await page.get_by_label("كلمة السر الجديدة").fill(PASSWORD)
        await page.get_by_label("كلمة السر مرة أخرى").fill(PASSWORD)
        await page.get_by_label("الرمز الذي يعرضه التطبيق الآن").fill(pyotp.TOTP(secret).now())
        await page.get_by_role("button", name="حفظ").click()
        await expect(page.get_by_role("heading", name="رموز الطوارئ")).to_be_visible()
        await page.get_by_role("link", name="حفظتها").click()
        await page.get_by_label("اسم الدخول").fill(self.name)
        await page.get_by_label("كلمة السر").fill(PASSWORD)
        await page.get_by_role("button", name="متابعة").click()
        # A code works once: the next one, which the clocks' drift allows, instead of waiting for it.
        await page.get_by_label("الرمز من تطبيق المصادقة").fill(pyotp.TOTP(secret).at(time.time() + 30))
        await page.get_by_role("button", name="دخول").click()
        await expect(page.get_by_role("navigation")).to_be_visible()

    async def open(self, entry: str) -> None:
        """Follow an entry of the menu."""
        await self.page.get_by_role("navigation").get_by_role("link", name=entry, exact=True).click()

    async def invite(self, name: str, shown: str, *roles: str) -> str:
        """Add somebody; gives the link to hand over."""
        await self.open("الموظفون")
        form = self.page.locator("form[action='/staff']")
        await form.get_by_label("اسم الدخول").fill(name)
        await form.get_by_label("الاسم", exact=True).fill(shown)
        for role in roles:
            await form.get_by_label(role, exact=True).check()
        await form.get_by_role("button", name="إضافة ودعوة").click()
        return str(await self.page.get_by_label("رابط الدعوة").input_value())

    async def shot(self, name: str) -> None:
        """A picture of the whole page as it is."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


async def staff(browse: Any, system: Installation, **people: tuple[str, ...]) -> dict[str, Member]:
    """The first administrator, and others by name with (shown, roles…)."""
    done = system.run("console", "invite", "--first")
    assert done.returncode == 0, done.stdout
    admin = Member(await browse(system.console_url, quiet=True), system, "admin")
    await admin.join(done.stdout.split()[-1])
    members = {"admin": admin}
    for name, (shown, *roles) in people.items():
        link = await admin.invite(name, shown, *roles)
        members[name] = Member(await browse(system.console_url, quiet=True), system, name)
        await members[name].join(link)
    return members
