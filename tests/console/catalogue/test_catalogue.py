"""The catalogue's pages, over the sample catalogue: what is missing is said, and only reported."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from console.access.roles import Role
from console.catalogue.overview import line_of
from console.inbox.tables import GapRow
from integrations.catalogue.repository import SqlCatalogue
from tests.bot.trained import import_catalogue
from tests.console.inbox.test_inbox import all_of

REPORT = {"text": "الرسم ١٠٠٠ ريال منذ يناير", "source": "القرار رقم 5 لسنة 2026"}


@pytest.fixture
def filled(console) -> Any:
    import_catalogue(console.settings.database_url)
    return console


@pytest.fixture
def lines(filled) -> dict[str, Any]:
    return {service.id: line_of(service) for service in SqlCatalogue(filled.database).services()}


def test_what_cannot_be_told_is_a_gap(lines) -> None:
    assert "لا رسوم مؤكدة" in lines["passport"].gaps
    assert "لا رسوم مؤكدة" not in lines["notary-marriage"].gaps
    for line in lines.values():
        told = [cost for cost in line.service.costs if cost.provenance.verified]
        assert ("لا رسوم مؤكدة" in line.gaps) == (not told), line.service.id
        assert ("لا أوراق مؤكدة" in line.gaps) == (
            line.service.evidence is None or not any(item.provenance.verified for item in line.service.evidence.items)
        )


@pytest.mark.parametrize(("today", "stale"), [(date(2012, 7, 1), False), (date(2012, 9, 1), True)])
def test_an_old_source_is_old_after_two_years(lines, today: date, stale: bool) -> None:
    line = lines["notary-marriage"]
    assert line.oldest.startswith("2010-08")
    assert line.is_stale(today) == stale


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("", "passport", "no-such"),
        ("?q=جواز", "passport", "notary-marriage"),
        ("?q=الجــواز", "passport", "notary-marriage"),
        ("?authority=passports", "passport", "notary-marriage"),
        ("?only=gaps", "passport", "no-such"),
        ("?q=لا+توجد+خدمة+كهذه", "لا شيء هنا بعد", "passport-abroad"),
        ("?only=nonsense", "passport", "no-such"),
    ],
)
async def test_services_are_found(filled, query: str, there: str, gone: str) -> None:
    status, page = await filled.browser(Role.AGENT).get(f"/catalogue{query}")
    assert status == 200
    assert there in page
    assert f'/catalogue/{gone}"' not in page


async def test_every_service_has_a_page_that_says_what_is_told(filled, lines) -> None:
    browser = filled.browser(Role.EDITOR)
    for name in lines:
        status, page = await browser.get(f"/catalogue/{name}")
        assert status == 200, name
    _, page = await browser.get("/catalogue/notary-marriage")
    assert "500 ريال يمني" in page
    assert "A: يُقال" in page
    assert (await browser.get("/catalogue/no-such-service"))[0] == 404


async def test_an_empty_catalogue_is_no_error(console) -> None:
    status, page = await console.browser(Role.EDITOR).get("/catalogue")
    assert status == 200
    assert "0 خدمة" in page


async def test_a_correction_is_reported_and_decided_by_another(filled) -> None:
    editor, other = filled.browser(Role.EDITOR), filled.browser(Role.EDITOR, name="other")
    assert await editor.post("/catalogue/passport", REPORT) == (303, "/catalogue/gaps?done=sent")
    _, page = await other.get("/catalogue/gaps")
    assert REPORT["text"] in page
    assert REPORT["source"] in page
    assert (await editor.post("/catalogue/gaps/1/done", {"reason": "صححته"}))[0] == 403
    assert (await other.post("/catalogue/gaps/1/done", {"reason": ""}))[0] == 400
    assert (await other.post("/catalogue/gaps/1/done", {"reason": "صُحح في الملف"}))[0] == 303
    assert (await other.post("/catalogue/gaps/1/refused", {"reason": "مرة أخرى"}))[0] == 404
    assert [(row.state, row.decided_by) for row in all_of(filled, GapRow)] == [("done", "other")]


@pytest.mark.parametrize(("change", "says"), [({"text": " "}, "اكتب ما هو الصحيح"), ({"source": ""}, "أين هو مكتوب")])
async def test_nothing_is_reported_without_its_source(filled, change, says) -> None:
    status, page = await filled.browser(Role.EDITOR).post("/catalogue/passport", {**REPORT, **change})
    assert status == 400
    assert says in page
    assert all_of(filled, GapRow) == []


async def test_another_authoritys_services_are_not_reported_on(filled) -> None:
    editor = filled.browser(Role.EDITOR, ministry="justice")
    assert (await editor.post("/catalogue/passport", REPORT))[0] == 403


async def test_hostile_reports_are_text_and_no_formulas(filled) -> None:
    editor = filled.browser(Role.EDITOR)
    await editor.post("/catalogue/passport", {"text": "=1+1<script>", "source": "@SUM"})
    _, page = await editor.get("/catalogue/gaps")
    assert "<script>" not in page.replace('<script src="/static', "")
    _, table = await editor.get("/catalogue/gaps.csv")
    assert "'=1+1" in table
    assert "'@SUM" in table
