"""Banners and a stopped chat on the page without its script, and in the script's calls."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from channels.notices import wishes
from channels.notices.limits import Kind
from channels.notices.switches import SAID
from storage import utc_now
from tests.channels.harness import until
from tests.channels.noticing import TEXT, publish, resume, stop, withdraw
from tests.channels.web.test_api import stream
from tests.channels.web.test_page import HOSTILE, shown

STOPPED = SAID["web"]
BACK = "نعود الساعة 16:00."


async def test_the_page_without_script_shows_a_banner_until_it_ends(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    assert TEXT not in visitor.html
    until_then = utc_now() + timedelta(seconds=2)
    await publish(site, text="المكتب مغلق غدا SAN-7.", ends_at=until_then)
    await publish(site, text="لغيرها", channels=("telegram", "sms"))
    await visitor.open()
    assert '<div id="notices" aria-live="polite">' in visitor.html
    assert "المكتب مغلق غدا <bdi>SAN-7</bdi>." in visitor.html
    assert "لغيرها" not in visitor.html
    await visitor.post("/chat", text="سؤال")
    assert "الجواب: سؤال" in shown(visitor.html) and "المكتب مغلق غدا" in shown(visitor.html)
    assert [one["text"] for one in await visitor.events()] == ["الجواب: سؤال"]  # it is not part of the conversation
    await asyncio.sleep((until_then - utc_now()).total_seconds() + 0.05)
    assert "المكتب مغلق" not in (await (await visitor.open()).text())


@pytest.mark.parametrize("said", HOSTILE)
async def test_a_hostile_notice_is_only_text(sqlite_url, assistant, start_site, visit, said) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    clean_page = visitor.html
    await publish(site, text=said, channels=("web",))
    await visitor.open()
    for tag in ("script", "img", "style", "main"):
        assert visitor.html.count(f"<{tag}") == clean_page.count(f"<{tag}")


async def test_a_stopped_chat_says_so_everywhere_and_keeps_the_conversation(
    database_url, assistant, start_site, visit
) -> None:
    site = await start_site(database_url)
    visitor = await visit(site.url)
    await visitor.post("/chat", text="سؤال")
    await stop("web", site, said=BACK)
    page = await visitor.open()
    assert (page.status, page.headers["Retry-After"]) == (503, "30")
    assert BACK in shown(visitor.html).replace("\u2068", "") and "الجواب: سؤال" in shown(visitor.html)
    assert 'aria-describedby="hint" disabled>' in visitor.html
    refused = await visitor.post("/chat", text="سؤال آخر")
    assert refused.status == 503 and BACK in shown(visitor.html)
    expected = {"status": "stopped", "notices": [], "stopped": "نعود الساعة \u206816:00\u2069."}
    assert await visitor.send("id-of-it", "سؤال آخر") == (503, expected)
    for accept in ("application/json", "text/event-stream"):
        async with visitor.session.get("/api/events", headers={"Accept": accept}) as response:
            assert (response.status, await response.json()) == (503, expected)
    assert (await visitor.open("/transcript")).status == 200
    assert assistant.texts == ["سؤال"]
    await resume("web", site)
    assert (await visitor.open()).status == 200
    assert await visitor.send("id-of-it", "سؤال آخر") == (202, {"status": "accepted"})


async def test_a_stopped_chat_is_still_deleted(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    await visitor.post("/chat", text="سؤال")
    await stop("web", site)
    await visitor.open("/forget")
    csrf = visitor.html.split('name="csrf" value="')[1][:64]
    done = await visitor.post("/forget", csrf=csrf)
    assert done.url.query_string == "forgotten" and STOPPED in shown(visitor.html)
    await until(lambda: assistant.forgotten)
    assert [row.text for row in await site.inbox()] == [None, None]


async def test_an_open_stream_hears_of_banners_and_of_a_stop(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    events = await stream(visitor)
    assert await events.next("notices") == {"notices": [], "stopped": None}
    notice = await publish(site, channels=("web",))
    told = await asyncio.wait_for(events.next("notices"), 2)
    assert told == {"notices": [{"id": notice.id, "text": TEXT}], "stopped": None}
    await withdraw(notice, site)
    assert (await asyncio.wait_for(events.next("notices"), 2))["notices"] == []
    await stop("web", site)
    assert (await asyncio.wait_for(events.next("notices"), 2))["stopped"] == STOPPED
    await resume("web", site)
    assert (await asyncio.wait_for(events.next("notices"), 2))["stopped"] is None
    await visitor.send("after-all", "سؤال")
    assert (await events.next())["text"] == "الجواب: سؤال"
    events.response.close()


async def test_who_polls_hears_at_once(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)

    async def poll() -> dict:
        headers = {"Accept": "application/json"}
        async with visitor.session.get("/api/events?after=0&wait=20", headers=headers) as response:
            return await response.json()

    waiting = asyncio.create_task(poll())
    await asyncio.sleep(0.2)
    notice = await publish(site, channels=("web",))
    told = await asyncio.wait_for(waiting, 2)
    assert told == {"events": [], "notices": [{"id": notice.id, "text": TEXT}], "stopped": None}


async def test_an_answer_replaces_the_reply_on_the_page_too(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    await publish(site, text="توقفت الخدمة.", kind=Kind.ANSWER, channels=("web",))
    await visitor.post("/chat", text="سؤال")
    assert "توقفت الخدمة." in shown(visitor.html) and assistant.texts == []
    await visitor.post("/chat", text="إيقاف")
    assert wishes.STOPPED in shown(visitor.html)
