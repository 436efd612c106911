"""The queue and the threads in the console, with a real gateway on the same database."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from channels.handover import desk, says
from channels.handover.hours import USUAL
from console.access.roles import Role
from console.audit.tables import AuditRow
from tests.channels.conftest import assistant, start_gateway  # noqa: F401 - fixtures
from tests.channels.handover.people import Office, done, long_talk, wants_a_person
from tests.channels.harness import RecordingChannel, until

HOSTILE = "<script>alert(1)</script>\u202e رقمي 771234567"


@pytest.fixture
async def office(console, assistant, start_gateway):  # noqa: F811
    """A gateway with one citizen in the queue."""
    channel = RecordingChannel("sms")
    gateway = await start_gateway(console.settings.database_url, channel)
    office = await Office(gateway).opens()
    office.channel = channel
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: channel.sent)
    return office


def acts(console) -> list[tuple[str, str]]:
    query = select(AuditRow.actor, AuditRow.action).order_by(AuditRow.id)
    return [tuple(row) for row in console.write(lambda connection: connection.execute(query).all())]


def key(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert found
    return found[1]


async def test_from_the_queue_to_the_citizen(console, office) -> None:
    agent = console.browser(Role.AGENT)
    _, page = await agent.get("/people")
    assert 'href="/people/1"' in page and 'hx-get="/people?poll"' in page
    assert (await agent.post("/people/1/take"))[:2] == (303, "/people/1")
    await office.gateway.say(HOSTILE)
    await done(office.gateway, 2)
    _, page = await agent.get("/people/1")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; رقمي ••••" in page
    form = {"text": "أهلا بك، ما رقم سندك؟", "key": key(page)}
    for _ in range(2):  # the button was pressed twice
        assert (await agent.post("/people/1/reply", form))[1] == "/people/1?done=sent"
    await until(lambda: len(office.channel.sent) == 3)
    assert office.channel.texts[1:] == [says.taken(desk.OFFICE), f"موظف {desk.OFFICE}:\nأهلا بك، ما رقم سندك؟"]
    status, page = await agent.post("/people/1/numbers")
    assert status == 200 and "رقمي 771234567" in page and "?poll" not in page
    assert (await agent.post("/people/1/release"))[1] == "/people?done=saved"
    await until(lambda: office.channel.texts[-1] == says.RELEASED)
    _, page = await agent.get("/people/1?poll")
    assert page.startswith('<section id="thread"') and "771234567" not in page and "hx-get" not in page
    assert [action for _, action in acts(console)] == [
        "people-take",
        "people-reply",
        "people-reply",
        "people-numbers",
        "people-release",
    ]


async def test_a_long_conversation_is_paged_back_to_its_beginning(console, office) -> None:
    agent = console.browser(Role.AGENT)
    await agent.post("/people/1/take")
    await office.do(long_talk, 1, 150)
    _, page = await agent.get("/people/1")
    found, path = set(re.findall(r"(?:سؤال|جواب|رد) \d+", page)), "/people/1"
    assert "سؤال 149" in found and "سؤال 0" not in found and "?poll" in page
    while older := re.search(r'href="(/people/1\?before=[\d.]+)"', page):
        path = older[1]
        status, page = await agent.get(path)
        assert status == 200 and "?poll" not in page and 'href="/people/1"' in page
        found |= set(re.findall(r"(?:سؤال|جواب|رد) \d+", page))
    assert found == {f"{word} {number}" for word in ("سؤال", "جواب", "رد") for number in range(150)}
    _, shown = await agent.post(path.replace("/1?", "/1/numbers?"))
    assert "سؤال 0 هاتفي 771234567" in shown and "سؤال 0 هاتفي ••••" in page


async def test_the_second_to_take_is_told_who_has_it(console, office) -> None:
    first, second = console.browser(Role.AGENT, name="amal"), console.browser(Role.AGENT, name="bashir")
    await first.post("/people/1/take")
    for act in ("take", "release", "back", "close", "numbers"):
        status, page = await second.post(f"/people/1/{act}")
        assert status == 409, act
    status, page = await second.post("/people/1/take")
    assert status == 409 and "amal" in page
    assert acts(console) == [("amal", "people-take")]
    assert 'name="key"' not in (await second.get("/people/1"))[1]


async def test_a_reply_that_does_not_fit_is_kept_and_not_sent(console, office) -> None:
    agent = console.browser(Role.AGENT)
    await agent.post("/people/1/take")
    long = "نعم " * 100
    status, page = await agent.post("/people/1/measure", {"text": long})
    assert status == 200 and 'class="fault"' in page and "رسالة قصيرة من 3" in page
    status, page = await agent.post("/people/1/reply", {"text": long, "key": "x"})
    assert status == 400 and long.strip() in page
    assert (await agent.post("/people/1/reply", {"text": " ", "key": "x"}))[0] == 400
    assert [action for _, action in acts(console)] == ["people-take"]
    await agent.post("/people/1/back")
    status, page = await agent.post("/people/1/reply", {"text": "نعم", "key": "y"})
    assert status == 409


async def test_an_agent_of_another_authority_does_not_see_it(console, office) -> None:
    everybody, other = console.browser(Role.AGENT), console.browser(Role.AGENT, name="other", ministry="moi")
    assert 'href="/people/1"' in (await other.get("/people"))[1]  # of no authority yet
    await office.do(lambda connection: connection.exec_driver_sql("UPDATE handovers SET authority = 'mofa'"))
    assert 'href="/people/1"' not in (await other.get("/people"))[1]
    assert (await other.get("/people/1"))[0] == 403
    assert (await other.post("/people/1/take"))[0] == 403
    assert 'href="/people/1"' in (await everybody.get("/people"))[1]
    assert (await everybody.post("/people/1/assign", {"ministry": "nowhere"}))[0] == 400
    assert (await everybody.post("/people/1/assign", {"ministry": ""}))[0] == 303
    assert 'href="/people/1"' in (await other.get("/people"))[1]


async def test_the_open_queue_is_presence(console, assistant, start_gateway) -> None:  # noqa: F811
    channel = RecordingChannel()
    gateway = await start_gateway(console.settings.database_url, channel)
    await Office(gateway).opens(somebody=False)
    await console.browser(Role.AGENT).get("/people?poll")
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: channel.sent)
    assert channel.texts[0].startswith("طلبك للتحدث إلى موظف في قائمة الانتظار.")


async def test_hours_holidays_and_the_office(console) -> None:
    manager = console.browser(Role.ADMIN)
    _, page = await manager.get("/desk")
    assert 'value="08:00-14:00"' in page and "المكتب موقوف" in page
    assert (await manager.post("/desk/hours", {"day6": "٠٨:٠٠-١٢:٠٠، 16:00-18:00", "day5": "21:00-01:00"}))[0] == 303
    _, page = await manager.get("/desk")
    assert 'value="08:00-12:00، 16:00-18:00"' in page and 'value="21:00-01:00"' in page
    for wrong in ("8", "08:00-12:00 ثم", "08:00-12:00، 11:00-13:00", "08:61-12:00", "25:00-26:00"):
        assert (await manager.post("/desk/hours", {"day6": wrong}))[0] == 400, wrong
    assert (await manager.post("/desk/holidays", {"name": "عيد الوحدة", "first": "2027-05-22"}))[0] == 303
    assert (await manager.post("/desk/holidays", {"name": "آخر", "first": "2027-05-22"}))[0] == 400
    assert (await manager.post("/desk/holidays", {"name": "آخر", "first": "أمس"}))[0] == 400
    assert (await manager.post("/desk", {"office": "مكتب الجمهور"}))[0] == 303
    found = console.write(desk.desk)
    assert (found.on, found.enabled, found.office) == (False, False, "مكتب الجمهور")
    assert [holiday.name for holiday in found.timetable.holidays] == ["عيد الوحدة"]
    assert len(found.timetable.shifts) == 3 and found.timetable.shifts != USUAL
    assert (await manager.post("/desk/holidays/1/remove"))[0] == 303
    actions = [action for _, action in acts(console)]
    assert actions == ["desk-hours", "holiday-add", "desk-set", "holiday-remove"]


async def test_canned_answers_belong_to_their_authority(console, office) -> None:
    manager = console.browser(Role.REVIEWER)
    own = console.browser(Role.REVIEWER, name="of-moi", ministry="moi")
    assert (await manager.post("/desk/canned", {"title": "تحية", "text": "أهلا بك في مكتبنا"}))[0] == 303
    assert (await own.post("/desk/canned", {"title": "لنا", "text": "نص", "ministry": "moi"}))[0] == 303
    assert (await own.post("/desk/canned", {"title": "للكل", "text": "نص"}))[0] == 403
    assert (await own.post("/desk/canned", {"id": "1", "title": "لنا", "text": "نص", "ministry": "moi"}))[0] == 403
    assert (await own.post("/desk/canned/1/remove"))[0] == 403
    assert (await own.post("/desk/hours", {"day6": ""}))[0] == 403
    assert (await manager.post("/desk/canned", {"title": "", "text": "نص"}))[0] == 400
    agent = console.browser(Role.AGENT)
    await agent.post("/people/1/take")
    _, page = await agent.get("/people/1?canned=1")
    assert "أهلا بك في مكتبنا</textarea>" in page
    assert (await manager.post("/desk/canned/1/remove"))[0] == 303
