"""The web chat as a citizen meets it in a real browser, with the real assistant and the sample catalogue behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import create_engine, text

from tests.e2e.installation import ROOT, Installation, wait_for

ARTEFACTS = ROOT / "artefacts" / "e2e"
FEES = "كم رسوم توثيق عقد الزواج؟"
FEES_SOURCE = "المصدر: قانون التوثيق رقم (7) لسنة 2010 (7 أغسطس 2010)"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Chat:
    """The page, used by what a person sees on it."""

    def __init__(self, page: Page, system: Installation, name: str) -> None:
        self.page, self._system, self._name = page, system, name
        self._shots = 0

    async def ask(self, question: str) -> None:
        self._system.said.add(question)
        await self.page.get_by_label("اكتب سؤالك", exact=True).fill(question)
        await self.page.get_by_role("button", name="إرسال").click()

    async def press(self, title: str) -> None:
        await self.page.get_by_role("button", name=title, exact=True).last.click()

    def said(self, who: str) -> Any:
        return self.page.locator(f"#log .{who} > p")

    async def answered(self, count: int, *contains: str) -> None:
        """The answer to question number `count` has come, as the only one, and holds all of this."""
        await expect(self.said("dalil")).to_have_count(count)
        for part in contains:
            await expect(self.said("dalil").last).to_contain_text(part)

    async def shot(self, what: str, *, whole: bool = False) -> None:
        self._shots += 1
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        file = ARTEFACTS / f"{self._name}-{self._shots}-{what}.png"
        await self.page.screenshot(path=file, full_page=whole)


def rows(system: Installation, query: str, **values: str) -> list[Any]:
    """What the database of the running system holds."""
    engine = create_engine(system.database_url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(query), values).scalars())
    finally:
        engine.dispose()


LEFT = """
SELECT 'question' FROM inbox WHERE conversation = :who AND text IS NOT NULL
UNION ALL SELECT 'answer' FROM outbox WHERE conversation = :who AND body IS NOT NULL
UNION ALL SELECT 'address' FROM addresses WHERE conversation = :who
UNION ALL SELECT 'context' FROM conversations WHERE id = :who
"""


@pytest.mark.parametrize("width", [360, 1440])
async def test_a_citizen_asks_and_is_answered(system, browse, width, tmp_path: Path) -> None:
    chat = Chat(await browse(system.url, width), system, f"web-{width}")
    await chat.shot("welcome")
    await chat.ask(FEES)
    await chat.answered(1, "رسم توثيق عقد الزواج: 500 ريال يمني", FEES_SOURCE)
    await chat.shot("fees")
    await chat.ask("والأوراق؟")
    await chat.answered(2, "توثيق عقد الزواج", "وثائق إثبات شخصية الزوج والزوجة", "المصدر: دليل الإجراءات")
    await chat.shot("papers")
    await chat.press("المدة والمواعيد")
    await chat.answered(3, "خلال 10 أيام", "المصادر: دليل الإجراءات")
    await chat.ask("رخصة")
    await chat.answered(4, "أيها تقصد؟")
    await chat.shot("which")
    await chat.press("رخصة القيادة")
    await chat.answered(5, "رخصة القيادة", "شرطة المرور")
    await chat.ask("طبخ السمك بالبطاطا الزرقاء")
    await chat.answered(6, "لم أجد جوابا مؤكدا")
    await chat.shot("honest")
    assert await chat.page.evaluate(WIDER) <= 0
    before = await chat.page.get_by_role("log").inner_text()
    await chat.page.reload()
    assert await chat.page.get_by_role("log").inner_text() == before
    await chat.shot("everything", whole=True)
    await saves_the_conversation(chat, tmp_path)
    await has_it_forgotten(chat, system)


async def saves_the_conversation(chat: Chat, folder: Path) -> None:
    await chat.page.get_by_text("خيارات").click()
    async with chat.page.expect_download() as started:
        await chat.page.get_by_role("link", name="احفظ المحادثة في ملف").click()
    download = await started.value
    assert download.suggested_filename.endswith(".txt")
    await download.save_as(folder / "transcript.txt")
    transcript = (folder / "transcript.txt").read_text("utf-8")
    for said in (FEES, "رسم توثيق عقد الزواج: 500 ريال يمني", FEES_SOURCE, "والأوراق؟", "رخصة القيادة"):
        assert said in transcript


async def has_it_forgotten(chat: Chat, system: Installation) -> None:
    cookies = await chat.page.context.cookies()
    who = rows(system, "SELECT conversation FROM inbox WHERE text = :text ORDER BY id DESC LIMIT 1", text=FEES)[0]
    assert set(rows(system, LEFT, who=who)) == {"question", "answer", "address", "context"}
    if not await chat.page.get_by_role("link", name="احذف محادثتي").is_visible():
        await chat.page.get_by_text("خيارات").click()
    await chat.page.get_by_role("link", name="احذف محادثتي").click()
    await chat.page.get_by_role("button", name="نعم، احذفها").click()
    await expect(chat.page.get_by_text("حُذفت محادثتك")).to_be_visible()
    await expect(chat.said("citizen")).to_have_count(0)
    await chat.shot("forgotten")
    wait_for(lambda: not rows(system, LEFT, who=who))
    # Who has kept the old cookie finds nothing either.
    await chat.page.context.clear_cookies()
    await chat.page.context.add_cookies(cookies)
    await chat.page.goto(system.url)
    await expect(chat.said("citizen")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 1440])
async def test_the_same_without_javascript(system, browse, width) -> None:
    chat = Chat(await browse(system.url, width, script=False), system, f"plain-{width}")
    await chat.press(FEES)
    await chat.answered(1, "رسم توثيق عقد الزواج: 500 ريال يمني", FEES_SOURCE)
    await chat.shot("fees")
    await chat.ask("والأوراق؟")
    await chat.answered(2, "وثائق إثبات شخصية الزوج والزوجة")
    await chat.press("المدة والمواعيد")
    await chat.answered(3, "خلال 10 أيام")
    await chat.ask("رخصة")
    await chat.answered(4, "أيها تقصد؟")
    await chat.shot("which")
    await chat.press("رخصة القيادة")
    await chat.answered(5, "شرطة المرور")
    await chat.ask("طبخ السمك بالبطاطا الزرقاء")
    await chat.answered(6, "لم أجد جوابا مؤكدا")
    await chat.page.reload()
    await chat.answered(6, "لم أجد جوابا مؤكدا")
    await chat.page.get_by_text("خيارات").click()
    await has_it_forgotten(chat, system)


async def test_a_late_answer_comes_without_javascript(system, browse) -> None:
    chat = Chat(await browse(system.url, script=False), system, "late")
    assistant = system.process("bot", "serve")
    assistant.suspend()
    try:
        await chat.ask(FEES)
        status = chat.page.get_by_role("status")
        await expect(status).to_contain_text("لم يصل الجواب بعد", use_inner_text=True)
        await chat.shot("waiting")
    finally:
        assistant.resume()
    await chat.answered(1, "500 ريال")


async def test_a_question_asked_while_the_gateway_is_away(system, browse) -> None:
    chat = Chat(await browse(system.url, quiet=True), system, "away")
    await chat.ask(FEES)
    await chat.answered(1, "500 ريال")
    system.kill("channels")
    await chat.ask("والأوراق؟")
    await expect(chat.page.get_by_text("لم تُرسل بعد")).to_be_visible()
    await chat.shot("unsent")
    await chat.answered(2, "وثائق إثبات شخصية الزوج والزوجة")
    await expect(chat.page.get_by_text("لم تُرسل بعد")).to_have_count(0)
    await chat.ask("شكرا")
    await chat.answered(3)


async def test_the_simulated_handset_and_telegram(system, browse) -> None:
    number, question = "771234599", "كم رسوم توثيق وكالة؟"
    system.said |= {number, question}
    page = await browse(f"{system.url}/simulator/handset", 360)
    await page.get_by_label("رقم الهاتف الذي ترسل منه").fill(number)
    await page.get_by_label("نص الرسالة").fill(question)
    await page.get_by_role("button", name="إرسال").click()
    await expect(page.get_by_role("log")).to_contain_text("500 ريال يمني")
    await Chat(page, system, "handset-360").shot("fees", whole=True)
    page = await browse(f"{system.url}/simulator/telegram", 360)
    await page.get_by_label("نص الرسالة").fill(question)
    await page.get_by_role("button", name="إرسال").click()
    await expect(page.get_by_role("log")).to_contain_text("500")
    await page.get_by_role("button", name="المكان والجهة").click()
    await expect(page.get_by_role("log").locator(".dalil")).to_have_count(2)
    await expect(page.get_by_role("log").locator(".dalil").last).to_contain_text("قلم التوثيق")
    await Chat(page, system, "telegram-360").shot("location", whole=True)
