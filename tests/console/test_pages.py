"""Every page in a real Chromium: no violation that axe-core finds, nothing wider than the screen, no error."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright
from sqlalchemy import select

from channels.handover import canned, desk, records, staff
from channels.handover.canned import Canned
from channels.handover.hours import USUAL, Holiday
from channels.handover.records import Asking
from channels.handover.tables import State as Asked
from channels.tables import Contact, InboxRow
from console.access.roles import Role
from console.inbox import reviews
from console.publishing.tables import ProposalFileRow, ProposalRow, State
from storage import utc_now
from tests.bot.trained import import_catalogue
from tests.channels.web.browser import chromium  # noqa: F401 - a fixture
from tests.console.inbox.test_inbox import ask

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
PICTURES = Path(__file__).parents[2] / "artefacts" / "console-pages"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ROLES = (Role.EDITOR, Role.REVIEWER, Role.AGENT, Role.AUDITOR, Role.ADMIN)
PAGES = [
    "/",
    "/inbox",
    "/inbox/{message}",
    "/faq",
    "/faq/new",
    "/faq/privacy",
    "/faq/tables",
    "/training",
    "/training?q=جواز",
    "/training/services/passport",
    "/training/services/passport/0",
    "/try",
    "/catalogue",
    "/catalogue/passport",
    "/catalogue/gaps",
    "/publish",
    "/publish/1",
    "/staff",
    "/audit",
    "/figures",
    "/notices",
    "/samples",
    "/people",
    "/people/1",
    "/people/2",
    "/people/3",
    "/held",
    "/desk",
    "/account",
    "/login",
    "/login/again",
    "/no-such-page",
]
FIGURE = {"right": 90, "of": 100, "share": 0.9, "low": 0.8, "high": 0.95}
REPORT = {
    "messages": 100,
    "figures": {"both": [FIGURE, FIGURE]},
    "kinds": [{"name": "fees", "live": 9, "proposed": 8, "of": 10, "guarded": True}],
    "services": [],
    "better": [
        {"sentence": "كم رسوم الجواز", "expected": "fees", "live": "steps", "proposed": "fees", "reported": True}
    ],
    "worse": [],
    "still": [],
    "refusals": [{"why": "kind", "name": "fees", "live": 9, "proposed": 8}],
}


def proposal(connection: Any) -> None:
    texts = dict.fromkeys(("step", "model", "against", "data", "reviewer", "decision"), "")
    now = utc_now()
    row = {
        "state": State.REFUSED.value,
        "reason": "سبب التغيير",
        "author": "editor",
        "created_at": now,
        "train_at": now,
    }
    connection.execute(ProposalRow.__table__.insert().values(**row, **texts, done=0, total=0, report=REPORT))
    file = {"path": "faq/x.yml", "before": "قبل\n", "after": "بعد\n"}
    connection.execute(ProposalFileRow.__table__.insert().values(proposal_id=1, **file))


def desk_with_three(connection: Any) -> None:
    """Three who asked for a person, of whom two talk to one; hours, a holiday, a canned answer."""
    desk.set_hours(connection, USUAL)
    desk.add_holiday(connection, Holiday(date(2027, 5, 22), date(2027, 5, 22), "عيد الوحدة"))
    canned.save(connection, Canned("تحية", "أهلا بك، كيف أخدمك؟"), "everybody")
    row = connection.execute(select(InboxRow.id, InboxRow.conversation).order_by(InboxRow.id).limit(1)).one()
    now = utc_now()
    for other in "de":
        times = {"started_at": now, "last_message_at": now}
        connection.execute(Contact.__table__.insert().values(id=other * 64, channel="sms", opted_out=False, **times))
    of = (("d" * 64, "sms"), (row.conversation, "web"), ("e" * 64, "sms"))
    asked = [records.begin(connection, Asking(*whose, row.id, None), Asked.WAITING, now).id for whose in of]
    staff.take(connection, asked[1], "everybody")
    staff.take(connection, asked[2], "amal")
    staff.reply(connection, asked[1], "everybody", "أهلا بك")


@pytest.fixture
async def open_page(console, chromium: str) -> AsyncIterator[Any]:  # noqa: F811
    """Opens a page as somebody with every role, in a language, at a width."""
    browser, faults = console.browser(*ROLES, name="everybody"), []
    url = str(console.client.make_url("/")).rstrip("/")
    name, _, value = browser.cookie.partition("=")
    async with async_playwright() as playwright:
        chrome = await playwright.chromium.connect_over_cdp(chromium)

        async def open_(path: str, width: int, language: str) -> Any:
            context = await chrome.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
            cookies = [
                {"name": name, "value": value, "url": url},
                {"name": "dalil-language", "value": language, "url": url},
            ]
            await context.add_cookies(cookies)
            page = await context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
            answer = await page.goto(url + path)
            assert answer.status == (404 if "no-such" in path else 200), (path, answer.status)
            return page

        yield open_
        for context in chrome.contexts:
            await context.close()
    assert faults == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "language"), [(1440, "ar"), (360, "ar"), (1440, "en")])
async def test_every_page_is_accessible_and_fits(console, open_page, width: int, language: str) -> None:
    message = ask(console, "سؤال لم يُجب عنه")
    ask(console, "كم سعر الدولار اليوم في السوق السوداء عند الصرافين يا جماعة الخير")
    console.write(proposal)
    import_catalogue(console.settings.database_url)
    console.write(desk_with_three)
    await console.ready()
    wrong = []
    for path in PAGES:
        page = await open_page(path.format(message=message), width, language)
        await page.wait_for_timeout(300)  # what htmx fetches when the page is there
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = path.strip("/").replace("/", "-").replace("{message}", "one").partition("?")[0] or "home"
        await page.screenshot(path=PICTURES / f"{name}-{width}-{language}.png", full_page=True)
        await page.evaluate(AXE)
        found = await page.evaluate("axe.run()")
        for violation in found["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"][:3]]
            wrong.append((path, violation["id"], json.dumps(nodes, ensure_ascii=False)))
        if (wider := await page.evaluate(WIDER)) > 0:
            wrong.append((path, "wider", wider))
        await page.context.close()
    assert not wrong, "\n".join(map(str, wrong))


def test_the_pages_are_those_of_the_console(console) -> None:
    """A page that is added is looked at here too."""
    from console.app import ROUTES

    parts = {"/inbox/{id}", "/publish/{id}/state", "/login", "/login/code", "/login/again", "/join/{token}"}
    known = {path.partition("?")[0].split("/")[1] for path in PAGES}
    rooms = {route.path.split("/")[1] for route in console.client.app[ROUTES] if route.method == "GET"}
    assert rooms - known == {part.split("/")[1] for part in parts} - known
    assert reviews.MISSES
