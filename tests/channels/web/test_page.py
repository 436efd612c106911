"""The page without its script: forms, transcript, deletion, and everything written in it is escaped."""

from __future__ import annotations

import asyncio
import gzip
import html
import re

import pytest

from channels.text import FALLBACK, TOO_LONG
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import until

CHOICES = [{"id": "c1", "title": "الرسوم"}, {"id": "c2", "title": "المدة"}]


def shown(page: str) -> str:
    """The page's text, without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


async def test_a_question_and_its_answer_by_form_alone(database_url, assistant, start_site, visit) -> None:
    site = await start_site(database_url)
    visitor = await visit(site.url)
    assert "برنامج يجيب آليًّا" in visitor.html
    assistant.script.append(Step(body=reply("الرسوم 3,500 ريال.", choices=CHOICES)))
    response = await visitor.post("/chat", text="كم رسوم الجواز؟")
    assert [step.status for step in response.history] == [303]
    assert response.url.path == "/"
    assert "كم رسوم الجواز؟" in shown(visitor.html)
    assert "الرسوم <bdi>3,500</bdi> ريال." in visitor.html
    button = re.search(r'name="choice" value="([0-9a-f]{32}\.c2)">المدة</button>', visitor.html)
    assert button
    await visitor.post("/chat", choice=button.group(1))
    assert assistant.asked[1]["choice"] == "c2"
    assert shown(visitor.html).count("المدة") == 3  # the button, what the citizen said, the answer's echo


async def test_a_form_sent_twice_is_one_message(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    await asyncio.gather(*(visitor.post("/chat", text="مرة واحدة") for _ in range(3)))
    await visitor.post("/chat", text="مرة أخرى من الصفحة نفسها")
    assert assistant.texts == ["مرة واحدة", "مرة أخرى من الصفحة نفسها"]


async def test_the_conversation_is_there_after_a_reload_and_only_for_its_browser(
    sqlite_url, assistant, start_site, visit
) -> None:
    site = await start_site(sqlite_url)
    visitor, other = await visit(site.url), await visit(site.url)
    await visitor.post("/chat", text="سؤالي")
    await visitor.open()
    assert "الجواب: سؤالي" in shown(visitor.html)
    await other.open()
    assert "سؤالي" not in other.html
    assert visitor.cookie() != other.cookie()


async def test_an_answer_that_takes_long_is_waited_for(sqlite_url, assistant, start_site, visit, monkeypatch) -> None:
    monkeypatch.setattr("channels.web.page._PATIENCE", 0.05)
    site = await start_site(sqlite_url, assistant_budget_seconds=30.0)
    visitor = await visit(site.url)
    hold = asyncio.Event()
    assistant.script.append(Step(hold=hold))
    await visitor.post("/chat", text="سؤال")
    assert '<noscript><meta http-equiv="refresh"' in visitor.html
    hold.set()

    async def answered() -> bool:
        await visitor.open()
        return "الجواب: سؤال" in shown(visitor.html)

    await until(answered)
    assert "http-equiv" not in visitor.html


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "\u202egnp.exe\u202c",
    "👩‍👩‍👧‍👦🇾🇪",
    "a\x00b\x1bc",
    "</p></div></main><style>*{display:none}</style>",
]


@pytest.mark.parametrize("said", HOSTILE)
async def test_hostile_text_is_only_text(sqlite_url, assistant, start_site, visit, said) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    clean_page = visitor.html
    title = [{"id": "c1", "title": said.replace("\x00", "")}]
    assistant.script.append(Step(body=reply(said, choices=title)))
    await visitor.post("/chat", text=said)
    for tag in ("script", "img", "style", "main"):
        assert visitor.html.count(f"<{tag}") == clean_page.count(f"<{tag}")
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069]", visitor.html)


async def test_a_long_message_is_told_so(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    await visitor.post("/chat", text="س" * 1001)
    assert TOO_LONG.format(limit=1000).replace("1000", "1000") in shown(visitor.html)
    response = await visitor.post("/chat", text="س" * 100_000)
    assert response.status == 413
    assert "رسالتك طويلة جدًّا" in visitor.html
    assert "Content-Security-Policy" in response.headers
    assert assistant.asked == []


async def test_a_failing_assistant_is_told(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    assistant.script.append(Step(status=422))
    await visitor.post("/chat", text="سؤال")
    assert FALLBACK in visitor.html


async def test_the_transcript(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    assistant.script.append(Step(body=reply("المرجع SAN-12/3", choices=CHOICES)))
    await visitor.post("/chat", text="أين معاملتي SAN-12/3؟")
    response = await visitor.open("/transcript")
    assert response.content_type == "text/plain"
    assert re.fullmatch(r'attachment; filename="dalil-\d{4}-\d\d-\d\d\.txt"', response.headers["Content-Disposition"])
    lines = visitor.html.splitlines()
    assert lines[0].startswith("محادثة مع دليل")
    assert "أين معاملتي SAN-12/3؟" in lines
    assert "المرجع SAN-12/3" in lines
    assert "- الرسوم" in lines


async def test_deleting_the_conversation(database_url, assistant, start_site, visit) -> None:
    site = await start_site(database_url)
    visitor = await visit(site.url)
    await visitor.post("/chat", text="سر من أسراري")
    before = visitor.cookie()
    await visitor.open("/forget")
    assert "نعم، احذفها" in visitor.html
    await visitor.post("/forget")
    assert "حُذفت محادثتك" in visitor.html
    assert visitor.cookie() != before
    assert "سر من أسراري" not in visitor.html
    await until(lambda: assistant.forgotten)
    assert {row.text for row in await site.inbox()} == {None}
    visitor.wear(before)
    await visitor.open()
    assert "سر من أسراري" not in visitor.html


async def test_a_switched_off_channel_says_so(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url, web_enabled=False)
    visitor = await visit(site.url)
    response = await visitor.open()
    assert response.status == 503
    assert "متوقفة الآن" in visitor.html
    assert (await visitor.open("/api/events")).status == 404


async def test_everything_a_first_visit_loads_is_small_and_ours(sqlite_url, assistant, start_site, visit) -> None:
    """Transfer sizes as a browser counts them: headers and compressed bodies."""
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    total = 0
    addresses = ["/", *re.findall(r'(?:href|src)="(/static/[^"]+)"', visitor.html)]
    assert len(addresses) == 4
    for address in addresses:
        async with visitor.session.get(address, headers={"Accept-Encoding": "gzip"}, auto_decompress=False) as response:
            body = await response.read()
            assert response.status == 200
            assert response.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(body)
            total += len(body) + sum(len(name) + len(value) + 4 for name, value in response.raw_headers)
            if address != "/":
                assert "immutable" in response.headers["Cache-Control"]
    assert total < 25_000, total
    everything = visitor.html + "".join([await (await visitor.session.get(one)).text() for one in addresses[1:]])
    elsewhere = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", everything)) - {"http://www.w3.org"}
    assert elsewhere == set()
