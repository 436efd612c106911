"""The FAQ through its pages: editing, two editors, a developer's edit, what is refused, whose it is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from console.access.roles import Role

ANSWER = {
    "text": "الدوام في رمضان من العاشرة إلى الثالثة.",
    "channel": "",
    "source": "مجلس الوزراء",
    "url": "",
    "published": "2026-02",
    "grade": "B",
    "jurisdiction": "BOTH",
    "valid_from": "",
    "valid_until": "",
}


def field(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def box(page: str, label: str) -> str:
    return re.search(rf'id="{label}"[^>]*>([^<]*)</textarea>', page).group(1)


class Editor:
    def __init__(self, console: Any, name: str = "editor", ministry: str = "*") -> None:
        self.browser = console.browser(Role.EDITOR, name=name, ministry=ministry)
        self.console = console

    async def open(self, path: str = "/faq/privacy") -> str:
        status, page = await self.browser.get(path)
        assert status == 200, page
        return page

    async def save(self, seen: str, path: str = "/faq/privacy", **changes: Any) -> tuple[int, str]:
        form = {"title": "خصوصية المستخدم", "examples": "هل رقمي محفوظ", "owner": "", "review": "", "seen": seen}
        return await self.browser.post(path, {**form, **ANSWER, **changes})


async def test_an_edit_is_a_draft_and_the_file_stays(console) -> None:
    editor, file = Editor(console), console.settings.data_folder / "faq/privacy.yml"
    before = file.read_text("utf-8")
    page = await editor.open()
    assert "من يشوف رسايلي" in box(page, "examples")
    assert await editor.save(field(page, "seen")) == (303, "/faq/privacy?done=saved")
    page = await editor.open()
    assert box(page, "examples") == "هل رقمي محفوظ"
    assert "تعديل لم يُنشر" in page
    assert file.read_text("utf-8") == before
    _, listed = await editor.browser.get("/faq?only=draft")
    assert "خصوصية المستخدم" in listed
    assert "دوام رمضان" not in listed


async def test_two_editors_add_sentences_and_none_is_lost(console) -> None:
    first, second = Editor(console), Editor(console, "second")
    seen = field(await first.open(), "seen")
    both = field(await second.open(), "seen")
    old = box(await first.open(), "examples")
    answers = {"text": ANSWER["text"]}
    assert (await first.save(seen, examples=f"{old}\nسؤال الأول هنا", **answers))[0] == 303
    status, page = await second.save(both, examples=f"{old}\nسؤال الثاني هناك", **answers)
    assert status == 303, page
    kept = box(await first.open(), "examples")
    assert kept.endswith("سؤال الأول هنا\nسؤال الثاني هناك")


async def test_two_editors_change_one_answer_and_the_second_sees_both(console) -> None:
    first, second = Editor(console), Editor(console, "second")
    seen = field(await first.open(), "seen")
    assert (await first.save(seen, text="جواب الأول من الوزارة."))[0] == 303
    status, page = await second.save(seen, text="جواب الثاني من الوزارة.")
    assert status == 409
    assert "جواب الأول من الوزارة." in page
    assert "جواب الثاني من الوزارة." in box(page, "text-1")
    assert "جواب الأول" in box(await first.open(), "text-1")
    assert (await second.save(field(page, "seen"), text="جواب الثاني من الوزارة."))[0] == 303
    assert "جواب الثاني" in box(await first.open(), "text-1")


async def test_a_developers_edit_appears_by_itself_and_is_merged_into_a_draft(console) -> None:
    editor, file = Editor(console), console.settings.data_folder / "faq/privacy.yml"
    before = file.read_text("utf-8")
    assert "سؤال من المطور" not in await editor.open()
    file.write_text(before.replace("    - من يشوف رسايلي\n", "    - من يشوف رسايلي\n    - سؤال من المطور\n"), "utf-8")
    page = await editor.open()
    assert "سؤال من المطور" in page
    await editor.save(field(page, "seen"), examples=f"{box(page, 'examples')}\nسؤال من الموظف")
    file.write_text(before.replace("    - من يشوف رسايلي\n", "    - من يشوف رسايلي\n    - سؤال ثان للمطور\n"), "utf-8")
    examples = box(await editor.open(), "examples")
    assert "سؤال من الموظف" in examples
    assert "سؤال ثان للمطور" in examples
    assert "سؤال من المطور" not in examples


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "اكتب عنوان الموضوع"),
        ({"examples": " \n "}, "اكتب سؤالًا واحدًا"),
        ({"text": ""}, "اكتب جوابًا"),
        ({"source": ""}, "اكتب مصدر الجواب"),
        ({"published": "أمس"}, "التاريخ غير صحيح"),
        ({"url": "javascript:alert(1)"}, "عنوان المصدر غير صحيح"),
        ({"valid_from": "2026-02-02", "valid_until": "2026-01-01"}, "ينتهي قبل أن يبدأ"),
        ({"channel": "sms"}, "لا بد من جواب عام"),
        ({"examples": "اتصل بي على 771234567"}, "أخطاء تمنع الحفظ"),
        ({"text": "no Arabic here"}, "أخطاء تمنع الحفظ"),
        ({"examples": "\n".join(f"سؤال رقم {number} من الاسئلة" for number in range(301))}, "الأمثلة أكثر من 300"),
        ({"examples": "ا" * 401}, "أطول من 400"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(console, changes, says) -> None:
    editor = Editor(console)
    await console.ready()
    seen = field(await editor.open(), "seen")
    status, page = await editor.save(seen, **changes)
    assert status == 400
    assert says in page
    kept = changes.get("examples", "").strip()
    assert not kept or kept[:50] in page
    assert "تعديل لم يُنشر" not in await editor.open()


async def test_the_panel_says_what_clashes_and_what_citizens_see(console) -> None:
    editor = Editor(console)
    await console.ready()
    form = {"name": "privacy", "examples": "دوام رمضان من كم لا كم", **ANSWER}
    status, panel = await editor.browser.post("/faq/check", form)
    assert status == 200
    assert "تصطدم مع:" in panel
    assert "faq/ramadan-hours.yml" in panel
    assert "المصدر: مجلس الوزراء (2026-02)." in panel
    assert "1 رسالة، 39 وحدة، 8.5 ريالًا" in panel


async def test_an_answer_that_is_over_is_not_shown_as_said(console) -> None:
    editor = Editor(console)
    form = {"name": "privacy", "examples": "سؤال", **ANSWER, "valid_until": "2020-01-01"}
    _, panel = await editor.browser.post("/faq/check", form)
    assert panel.count("لا جواب صالح اليوم") == 3


async def test_a_new_topic_has_a_file_name_of_its_own_and_is_undone(console) -> None:
    editor = Editor(console)
    status, where = await editor.save("", "/faq/new", title="سؤال جديد تمامًا", examples="كيف افعل كذا وكذا")
    assert status == 303
    page = await editor.open(where.split("?")[0])
    assert "كيف افعل كذا وكذا" in page
    taken = await editor.save("", "/faq/new", name="privacy")
    assert taken[0] == 409
    await editor.browser.post(f"{where.split('?')[0]}/revert")
    assert (await editor.browser.get(where.split("?")[0]))[0] == 404


async def test_whose_topic_it_is_decides_who_edits_it(console) -> None:
    chief, passports = Editor(console), Editor(console, "passports", ministry="passports")
    seen = field(await chief.open(), "seen")
    assert (await passports.save(seen))[0] == 403
    assert (await chief.save(seen, owner="passports"))[0] == 303
    seen = field(await passports.open(), "seen")
    assert (await passports.save(seen, owner="passports", title="عنوان آخر"))[0] == 303
    assert (await passports.save(seen, owner="justice"))[0] == 403
    assert (await passports.browser.post("/faq/ramadan-hours/delete"))[0] == 403


async def test_hostile_text_is_shown_as_text(console) -> None:
    editor = Editor(console)
    seen = field(await editor.open(), "seen")
    evil = "</textarea><script>alert(1)</script>\u202eقلب"
    _, page = await editor.save(seen, title=f"عنوان {evil}", examples=f"سؤال {evil}", text="")
    assert "<script>alert" not in page
    assert "\u202e" not in re.search(r"<h1>.*?</h1>", page, re.S).group()


async def test_a_topic_is_removed_only_when_it_is_published(console) -> None:
    editor = Editor(console)
    assert (await editor.browser.post("/faq/privacy/delete"))[0] == 303
    assert (console.settings.data_folder / "faq/privacy.yml").exists()
    assert "خصوصية المستخدم" not in (await editor.browser.get("/faq"))[1]
    assert (await editor.browser.get("/faq/privacy"))[0] == 410
    await editor.browser.post("/faq/privacy/revert")
    assert (await editor.browser.get("/faq/privacy"))[0] == 200
