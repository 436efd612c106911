"""The handover in the real channels: the web page and its calls, and what Telegram and SMS are given."""

from __future__ import annotations

from channels.contract import BotMessage, Reply
from channels.handover import desk, says
from channels.handover.hours import Shift
from channels.telegram.render import payloads
from tests.channels.handover.people import Office, wants_a_person
from tests.channels.harness import until
from tests.channels.web.conftest import start_site, visit  # noqa: F401 - fixtures


async def heard(visitor, after: int = 0):
    """What Dalil or a person says next; a call may come back without news."""
    return await until(lambda: visitor.events(after))


async def test_on_the_web(database_url, assistant, start_site, visit) -> None:  # noqa: F811
    site = await start_site(database_url)
    office = await Office(site).opens()
    visitor = await visit(site.url)
    wants_a_person(assistant)
    status, body = await visitor.send("message-one", "موظف")
    assert (status, body) == (202, {"status": "accepted"})
    [queued] = await heard(visitor)
    assert says._STAY in queued["text"]
    mine = await office.take()
    [taken] = await heard(visitor, queued["id"])
    assert (taken["text"], "person" in taken) == (says.taken(desk.OFFICE), False)
    status, body = await visitor.send("message-two", "أين معاملتي؟")
    assert (status, body) == (202, {"status": "accepted", "person": True})
    await office.reply(mine, "<b>أهلا</b> رقمها AB-12")
    [answer] = await heard(visitor, taken["id"])
    assert answer["person"] is True
    assert answer["text"].startswith(f"موظف {desk.OFFICE}:\n<b>أهلا</b>")
    await visitor.open()
    assert '<div class="said dalil person"' in visitor.html
    assert "&lt;b&gt;أهلا&lt;/b&gt;" in visitor.html
    transcript = await (await visitor.session.get("/transcript")).text()
    assert "موظف (" in transcript
    await office.release(mine)
    [released] = await heard(visitor, answer["id"])
    assert released["text"] == says.RELEASED


async def test_deleting_on_the_web_ends_it(sqlite_url, assistant, start_site, visit) -> None:  # noqa: F811
    site = await start_site(sqlite_url)
    office = await Office(site).opens()
    visitor = await visit(site.url)
    wants_a_person(assistant)
    await visitor.send("message-one", "موظف")
    await heard(visitor)
    mine = await office.take()
    await visitor.open("/forget")
    await visitor.post("/forget")

    async def ended():
        return [(row.state, row.reason) for row in await office.rows()] == [("closed", "forgotten")]

    await until(ended)
    assert {said.text for said in (await office.thread(mine)).said} == {None}


async def test_out_of_hours_the_web_is_honest(sqlite_url, assistant, start_site, visit) -> None:  # noqa: F811
    site = await start_site(sqlite_url)
    now = says.datetime.now(says.YEMEN)
    yesterday = (now.weekday() - 1) % 7
    office = await Office(site).opens([Shift(yesterday, 0, 60)])
    visitor = await visit(site.url)
    wants_a_person(assistant)
    await visitor.send("message-one", "موظف")
    [left] = await heard(visitor)
    assert left["text"].startswith("المكتب مغلق الآن، ويفتح يوم ")
    assert says._STAY_LONG in left["text"]
    assert [entry.handover.state.value for entry in await office.queue()] == ["left"]


def test_on_telegram_the_mark_is_text() -> None:
    reply = Reply("id", says.STAFF, (BotMessage(says.marked("المكتب", "رقمك <1> AB-12")),))
    [payload] = payloads(reply)
    assert payload.body["html"].startswith("موظف المكتب:\nرقمك &lt;")
