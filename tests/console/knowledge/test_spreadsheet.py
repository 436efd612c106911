"""The FAQ as a table: out to Excel and back, and every kind of broken file."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from aiohttp import FormData
from openpyxl import Workbook, load_workbook

from console.access.roles import Role
from console.knowledge.spreadsheet import COLUMNS, as_xlsx, read, rows_of, topics_in
from console.knowledge.topics import topic_of
from tests.console.conftest import SAME
from tests.console.knowledge.test_document import FILES

TOPICS = [topic_of(path.stem, path.read_text("utf-8")) for path in FILES if path.parent.name == "faq"]
HEAD = ["topic", "title", "type", "text", "source"]
GOOD = [
    ["tea-breaks", "الاستراحة", "example", "متى وقت الشاي عند الموظفين", ""],
    ["tea-breaks", "الاستراحة", "answer", "لا استراحة رسمية.", "قانون العمل"],
]


def table(*rows: list[Any]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([HEAD, *rows])
    return file.getvalue().encode()


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in [HEAD, *rows]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def upload(console: Any, content: bytes, name: str = "faq.csv", **who: Any) -> tuple[int, str]:
    browser = console.browser(Role.EDITOR, **who)
    form = FormData()
    form.add_field("csrf", browser.csrf)
    form.add_field("file", content, filename=name)
    headers = {"Cookie": browser.cookie, **SAME}
    async with console.client.post("/faq/tables", data=form, headers=headers) as response:
        return response.status, await response.text()


def test_what_goes_out_comes_back_the_same() -> None:
    assert topics_in(read("faq.xlsx", as_xlsx(TOPICS))) == TOPICS
    file = io.StringIO()
    csv.writer(file).writerows([COLUMNS, *rows_of(TOPICS)])
    assert topics_in(read("faq.csv", b"\xef\xbb\xbf" + file.getvalue().encode())) == TOPICS


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_of_any_excel_is_read(separator: str) -> None:
    content = "\r\n".join(separator.join(row) for row in [HEAD, *GOOD])
    [topic] = topics_in(read("faq.csv", content.encode()))
    assert (topic.title, topic.examples) == ("الاستراحة", ("متى وقت الشاي عند الموظفين",))


def test_no_cell_is_a_formula() -> None:
    evil = topic_of("x", FILES[0].read_text("utf-8"))
    [row, *_] = rows_of([type(evil)("x", "=1+1", "", None, ("@SUM(A1)",), ())])
    sheet = load_workbook(io.BytesIO(as_xlsx([type(evil)("x", "=1+1", "", None, ("@SUM(A1)",), ())]))).active
    assert row[1] == "=1+1"
    assert [sheet.cell(2, 2).value, sheet.cell(2, 6).value] == ["'=1+1", "'@SUM(A1)"]


@pytest.mark.parametrize("make", [table, workbook])
async def test_a_good_file_becomes_drafts(console, make) -> None:
    await console.ready()
    status, page = await upload(console, make(*GOOD))
    assert status == 200, page
    assert "أُدخلت تعديلات 1 موضوعًا" in page
    _, topic = await console.browser(Role.EDITOR).get("/faq/tea-breaks")
    assert "لا استراحة رسمية." in topic
    assert "لا فرق بين الملف" in (await upload(console, make(*GOOD)))[1]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["Bad Name!", "x", "example", "سؤال", ""]], "المعرّف «Bad Name!» غير صحيح"),
        ([["tea-breaks", "x", "سؤال", "سؤال", ""]], "ليس example ولا answer"),
        ([["tea-breaks", "عنوان آخر", "example", "متى الشاي", ""]], "أكثر من عنوان"),
        ([["other", "x", "example", "سؤال عن شيء جديد هنا", ""]], "اكتب جوابًا"),
        ([["tea-breaks", "الاستراحة", "example", "كلموني على 771234567", ""]], "رقم هاتف محمول"),
        ([["tea-breaks", "الاستراحة", "example", "دوام رمضان من كم لا كم", ""]], "تُعلَّم موضوعًا آخر"),
    ],
)
async def test_one_fault_and_nothing_is_taken(console, rows, says) -> None:
    await console.ready()
    status, page = await upload(console, table(*GOOD, *rows))
    assert status == 400
    assert "لم يُدخل شيء" in page
    assert says in page
    assert (await console.browser(Role.EDITOR).get("/faq/tea-breaks"))[0] == 404


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 80_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "اختر ملفًا"),
        (b"\x00\x01\x02", "ليس جدول"),
        (b"PK\x03\x04 not a zip", "ليس جدول"),
        (bomb(), "ليس جدول"),
        (b"topic,title\nx,y\n", "ينقص عمود: type"),
        ("العنوان،النص".encode(), "ينقص عمود: topic"),
        ("ملف ويندوز قديم".encode("cp1256"), "ليس جدول"),
        (table(*GOOD * 10_001), "أطول من 20000"),
    ],
    ids=["empty", "bytes", "broken zip", "zip bomb", "columns", "arabic names", "cp1256", "long"],
)
async def test_what_is_no_table_is_refused_in_words(console, content, says) -> None:
    status, page = await upload(console, content)
    assert status == 400
    assert says in page


async def test_a_file_too_large_is_refused_before_it_is_read(console) -> None:
    status, page = await upload(console, b"x" * (4 * 1024 * 1024 + 1))
    assert status == 413
    assert "أكبر مما تقبله" in page


async def test_a_ministrys_editor_takes_only_their_own_topics(console) -> None:
    await console.ready()
    status, page = await upload(console, table(*GOOD), ministry="passports")
    assert status == 400
    assert "لم يُدخل شيء" in page
