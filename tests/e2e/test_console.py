"""A day of the staff: a question that was not answered becomes an answer, and is taken back again."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.bot.trained import LONGEST_TRAINING
from tests.e2e.installation import LONGEST_START
from tests.e2e.staff import Member, staff
from tests.e2e.test_browser import Chat

QUESTION = "فين احمل تطبيق دليل على جوالي"
WORDINGS = (
    "هل دليل موجود في متجر جوجل بلاي",
    "اشتي انزل برنامج دليل في التلفون",
    "معكم تطبيق للآيفون؟",
    "كيف اثبت دليل على الموبايل",
    "ارسلوا لي رابط تحميل تطبيق دليل",
    "هل يوجد لدليل تطبيق للهواتف",
    "تطبيق دليل من وين انزله",
)
ANSWER = "لا، ليس لدليل تطبيق. اكتب سؤالك في صفحة الويب أو تيليجرام أو أرسله برسالة SMS."
UNANSWERED = "لم أجد جوابا مؤكدا"
TRAINING = LONGEST_TRAINING * 1000


@pytest.mark.slow
@pytest.mark.timeout(LONGEST_TRAINING * 2 + LONGEST_START)
async def test_a_missed_question_is_answered_after_a_day_of_work_and_rolled_back(system, browse) -> None:
    citizen = Chat(await browse(system.url), system, "console-citizen")
    await citizen.ask(QUESTION)
    await citizen.answered(1, UNANSWERED)
    people = await staff(
        browse, system, editor=("سعاد المحررة", "محرر"), reviewer=("صالح المراجع", "مراجع"), other=("علي", "محرر")
    )
    editor, reviewer, admin = people["editor"], people["reviewer"], people["admin"]
    await admin.shot("staff")

    await find_and_answer(editor)
    await propose_and_compare(editor)

    # Until then citizens hear the old model; whoever tries hears both.
    await citizen.ask(QUESTION)
    await citizen.answered(2, UNANSWERED)
    await try_both(reviewer)

    await publish(reviewer)
    await citizen.ask(QUESTION)
    await citizen.answered(3, "ليس لدليل تطبيق", "المصدر: دليل: كيف يعمل")
    await citizen.shot("answered")
    assert any("تطبيق" in path.read_text("utf-8") for path in (system.data / "faq").glob("q-*.yml"))

    await roll_back(admin)
    await citizen.ask(QUESTION)
    await citizen.answered(4, UNANSWERED)
    assert not list((system.data / "faq").glob("q-*.yml"))
    await editor.open("الأسئلة الشائعة")
    await expect(editor.page.get_by_role("main")).to_contain_text("تطبيق دليل")

    await read_the_log(admin)


async def find_and_answer(editor: Member) -> None:
    """The editor finds what was missed and writes the answer."""
    await editor.open("لم نجب عنها")
    await editor.shot("inbox")
    await editor.page.get_by_role("link", name=QUESTION).click()
    await editor.shot("group")
    await editor.page.get_by_role("link", name="سؤال جديد").click()
    page = editor.page
    await expect(page.get_by_label("كيف يسأل الناس")).to_have_value(QUESTION)
    await page.get_by_label("العنوان").first.fill("تطبيق دليل")
    await page.get_by_label("كيف يسأل الناس").fill("\n".join([QUESTION, *WORDINGS, "كم رسوم الجواز"]))
    await page.get_by_label("النص").first.fill(ANSWER)
    await page.get_by_label("المصدر", exact=True).first.fill("دليل: كيف يعمل")
    panel = page.locator("#panel")
    await expect(panel).to_contain_text("الجملة نفسها تُعلَّم موضوعًا آخر", timeout=60_000)
    await expect(panel).to_contain_text("2 رسالة")
    await editor.shot("topic-clash")
    await page.get_by_label("كيف يسأل الناس").fill("\n".join([QUESTION, *WORDINGS]))
    await expect(panel).to_contain_text("لا أخطاء ولا تعارض")
    await editor.shot("topic")
    await page.get_by_role("button", name="حفظ التعديل").click()
    await expect(page.get_by_role("status").first).to_contain_text("حُفظ")
    await editor.open("لم نجب عنها")
    await expect(page.get_by_role("main")).not_to_contain_text(QUESTION)


async def propose_and_compare(editor: Member) -> None:
    """It is proposed, trained with progress, tested and compared; the author cannot approve it."""
    page = editor.page
    await editor.open("النشر")
    await page.get_by_label("ما الذي تغيّر ولماذا").fill("يسأل الناس كثيرًا عن تطبيق")
    await page.get_by_role("button", name="اقتراح النشر").click()
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await editor.shot("training")
    await expect(page.get_by_role("heading", name="جاهز للمراجعة")).to_be_visible(timeout=TRAINING)
    await editor.shot("comparison")
    assert await page.get_by_role("button", name="اعتماد ونشر").count() == 0


async def try_both(reviewer: Member) -> None:
    """The proposed model says the answer."""
    await reviewer.open("جرّب")
    await reviewer.page.get_by_label("سؤال كما يكتبه المواطن").fill("هل يوجد لدليل تطبيق للهواتف؟")
    await reviewer.page.get_by_role("button", name="اسأل").click()
    await expect(reviewer.page.get_by_role("heading", name="النموذج المقترح")).to_be_visible(timeout=60_000)
    await expect(reviewer.page.get_by_role("main")).to_contain_text("ليس لدليل تطبيق")
    await reviewer.shot("try")


async def publish(reviewer: Member) -> None:
    """Another person publishes it."""
    await reviewer.open("النشر")
    await reviewer.page.get_by_role("link", name="1", exact=True).click()
    await expect(reviewer.page.get_by_role("main")).to_contain_text("سأله مواطن")
    await reviewer.page.get_by_label("سبب القرار").fill("الجواب صحيح ومصدره معروف")
    await reviewer.page.get_by_role("button", name="اعتماد ونشر").click()
    await expect(reviewer.page.get_by_role("heading", name="منشور")).to_be_visible()


async def roll_back(admin: Member) -> None:
    """The administrator takes it back with one click."""
    await admin.open("النشر")
    await admin.page.get_by_role("link", name="1", exact=True).click()
    await admin.page.get_by_label("سبب التراجع").fill("نراجع النص مع الوزارة")
    await admin.page.get_by_role("button", name="التراجع عن هذا النشر").click()
    await expect(admin.page.get_by_role("heading", name="تُراجع عنه")).to_be_visible()


async def read_the_log(admin: Member) -> None:
    """All of it is in the audit log."""
    await admin.open("سجل الأعمال")
    for action in ("faq-edit", "propose", "approve", "published", "roll-back"):
        await expect(admin.page.get_by_role("cell", name=action, exact=True).first).to_be_visible()
    await admin.page.get_by_role("button", name="التحقق من سلامة السجل").click()
    await expect(admin.page.get_by_role("status").first).to_contain_text("السجل سليم")
    await admin.shot("audit")
