"""The pages through the real console: what they say, to whom, and what they refuse."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from channels.quality.counting import day_of, start_of
from channels.quality.tables import SampleRow
from console.access.roles import Role
from console.audit.tables import AuditRow
from console.figures.figures import figures
from console.figures.period import latest
from integrations.catalogue.tables import PublicOrganisation, PublicService
from storage import utc_now
from tests.console.figures.seeding import Log, fill

TODAY = start_of(day_of(utc_now()))


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today of each test: between the first and the last of a run the day may end."""
    monkeypatch.setitem(globals(), "TODAY", start_of(day_of(utc_now())))


def shown(page: str) -> str:
    """The page's words, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def logged(console, work: Callable[[Log], Any]) -> Any:
    return console.write(lambda connection: work(Log(connection)))


def catalogue(console, *services: tuple[str, str, str]) -> None:
    """Services as (identifier, authority, name)."""

    def work(connection) -> None:
        for authority in {authority for _, authority, _ in services}:
            row = {"id": authority, "name": authority, "also": [], "jurisdiction": "both", "spatial": "YE"}
            connection.execute(insert(PublicOrganisation).values(**row))
        for identifier, authority, name in services:
            row = {"id": identifier, "organisation_id": authority, "position": 1, "name": name, "also": []}
            row |= {"keywords": [], "description": "", "grade": "A", "jurisdiction": "both", "status": "active"}
            connection.execute(insert(PublicService).values(**row, audience=[]))

    console.write(work)


async def test_an_empty_log(console) -> None:
    status, page = await console.browser(Role.AUDITOR).get("/figures")
    assert status == 200
    assert "0 سؤالًا في 0 رسالة." in shown(page)
    assert "لم يُحكم على أي جواب من هذه المدة." in shown(page)
    assert "0%" not in shown(page)


async def test_what_the_page_says(console) -> None:
    catalogue(console, ("id-card", "civil", "البطاقة الشخصية"))

    def work(connection) -> None:
        log = Log(connection)
        for place in range(40):
            message = log.message(TODAY, "fees", "web", service="id-card", seconds=2.0)
            if place < 35:
                log.rate(message, place < 28, TODAY)
            if place < 4:
                log.verdict(message, "right", TODAY)
        for _ in range(10):
            log.message(TODAY, None, "telegram", seconds=30.0)
        log.rate(log.message(TODAY, "fees", "telegram"), True, TODAY)
        log.part(TODAY, 1234.4)

    console.write(work)
    _, page = await console.browser(Role.EDITOR).get("/figures")
    said = shown(page)
    assert "51 سؤالًا في 51 رسالة." in said
    assert "80% 41 من 51" in said  # answered
    assert "81% 29 من 36" in said  # helped, all
    assert "تيليجرام: 1 من 1، والعدد قليل لا يُبنى عليه" in said
    assert "4 من 4 جوابًا حُكم عليه صحيح" in said
    assert "العدد قليل: يلزم الحكم على 100 جواب على الأقل قبل الاعتماد على النسبة." in said
    assert "البطاقة الشخصية" in said
    assert "1 جزءًا، 1,234 ريالًا." in said
    assert re.search(r"تيليجرام 11 (29|30|31) ث", said)
    assert page.count('role="img"') == 3


async def test_in_english(console) -> None:
    browser = console.browser(Role.EDITOR)
    status, page = await browser.get("/figures", Cookie=f"{browser.cookie}; dalil-language=en")
    assert status == 200
    assert "Did the answers help?" in page
    assert not re.search("[\u0621-\u064a]{3,}", shown(page).replace("العربية", ""))


async def test_nothing_inline_and_what_is_hostile_is_text(console) -> None:
    strange = {"channel": "<script>x</script>", "service": "<img src=x onerror=alert(1)>"}
    logged(console, lambda log: log.message(TODAY, "fees", **strange))
    _, page = await console.browser(Role.EDITOR).get("/figures")
    assert "<img" not in page and "<script>x" not in page
    assert "style=" not in page and "<style" not in page
    assert not re.search(r"<script(?! src=)", page)


BAD = ["first=2026-02-30", "first=2020-01-01&last=2026-01-01", "last=%00", "first=<script>", "first=9999-01-01"]


@pytest.mark.parametrize("query", BAD)
@pytest.mark.parametrize("path", ["/figures", "/figures/weeks.csv", "/figures/days.csv"])
async def test_no_period(console, path, query) -> None:
    status, page = await console.browser(Role.EDITOR).get(f"{path}?{query}")
    assert (status, "<script>" in page) == (400, False)


async def test_files_for_spreadsheets(console) -> None:
    def work(log: Log) -> None:
        log.message(TODAY, "fees", "=cmd|' /C calc'!A1")
        log.rate(log.message(TODAY, "faq", "web"), True, TODAY)

    logged(console, work)
    browser = console.browser(Role.AUDITOR)
    status, days = await browser.get("/figures/days.csv")
    rows = list(csv.reader(io.StringIO(days.removeprefix("\ufeff"))))
    assert status == 200
    assert rows[0][:6] == ["day", "messages", "questions", "questions_web", "questions_telegram", "questions_sms"]
    assert rows[-1][:4] == [f"{TODAY:%Y-%m-%d}", "2", "2", "1"]
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
    _, weeks = await browser.get("/figures/weeks.csv")
    rows = list(csv.DictReader(io.StringIO(weeks.removeprefix("\ufeff"))))
    assert (rows[-1]["last_day"], rows[-1]["answered"]) == (f"{TODAY:%Y-%m-%d}", "2")
    assert (rows[-1]["ratings"], rows[-1]["ratings_good"], rows[-1]["sms_riyals"]) == ("1", "1", "0.0")


def test_as_many_statements_for_much_as_for_little(connection) -> None:
    said: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: said.append(args[2]))
    period = latest(utc_now(), 10)
    figures(connection, period)
    little = len(said)
    fill(connection, 400, period.first, 10)
    said.clear()
    figures(connection, period)
    assert len(said) == little <= 10


async def test_a_reviewer_judges_one_after_the_other(console) -> None:
    texts = ("سؤال <b>1</b>", "سؤال <b>2</b>")
    asked = logged(console, lambda log: [log.message(TODAY, "fees", text=text) for text in texts])
    reviewer = console.browser(Role.REVIEWER, name="amal")
    _, page = await reviewer.get("/samples?seed=5")
    assert "جواب 1 من 2" in shown(page)
    assert "<b>" not in page
    for verdict in ("right", "partly"):
        message = re.search(r'action="/samples/([0-9a-f]{32})"', page).group(1)
        form = {"verdict": verdict, "note": "=1+1", "seed": "5"}
        status, where = await reviewer.post(f"/samples/{message}", form)
        assert (status, "seed=5" in where) == (303, True)
        _, page = await reviewer.get(where)
    assert "حُكم على كل أجوبة هذا السحب." in shown(page)
    with console.database.engine.connect() as connection:
        kept = connection.execute(select(SampleRow)).all()
        acts = connection.execute(select(AuditRow).where(AuditRow.action == "sample-judge")).all()
    assert sorted(row.verdict for row in kept) == ["partly", "right"]
    assert {row.by for row in kept} == {"amal"}
    assert sorted(act.subject for act in acts) == sorted(asked)
    assert {act.detail["verdict"] for act in acts} == {"right", "partly"}


@pytest.mark.parametrize(("form", "status"), [({}, 400), ({"verdict": "x"}, 400), ({"verdict": "right"}, 404)])
async def test_what_is_no_verdict(console, form, status) -> None:
    found, _ = await console.browser(Role.REVIEWER).post("/samples/999999", form)
    assert found == status


async def test_a_reviewer_of_one_authority_judges_its_own(console) -> None:
    catalogue(console, ("id-card", "civil", "البطاقة"), ("passport", "passports", "الجواز"))
    about = {"id-card": "id-card", "passport": "passport", "none": None}
    asked = logged(
        console,
        lambda log: {name: log.message(TODAY, text=f"عن {name}", service=of) for name, of in about.items()},
    )
    reviewer = console.browser(Role.REVIEWER, ministry="civil")
    _, page = await reviewer.get("/samples?seed=1")
    assert "عن id-card" in page and "جواب 1 من 1" in shown(page)
    statuses = {}
    for name, message in asked.items():
        statuses[name], _ = await reviewer.post(f"/samples/{message}", {"verdict": "right"})
    assert statuses == {"id-card": 303, "passport": 403, "none": 403}
    with console.database.engine.connect() as connection:
        assert connection.scalars(select(SampleRow.message_id)).all() == [asked["id-card"]]


async def test_strange_draws(console) -> None:
    logged(console, lambda log: log.message(TODAY - timedelta(days=1), "fees"))
    reviewer = console.browser(Role.REVIEWER)
    for query in ("seed=-1", "seed=99999999999", "seed=x&place=9", "place=0", "place=%00", "seed=٣"):
        status, page = await reviewer.get(f"/samples?{query}")
        assert (status, "جواب 1 من 1" in shown(page)) == (200, True)
