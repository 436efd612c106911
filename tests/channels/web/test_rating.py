"""Did an answer help? By the form alone, by the script's call, and by those who should not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from channels.quality.tables import RatingRow
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import until

RATED = re.compile(r'name="message" value="([0-9a-f]{32})"')


def pressed(page: str) -> list[str]:
    """What the two buttons of the only answer say of themselves."""
    return re.findall(r'name="helped" value="(?:yes|no)" aria-pressed="(true|false)"', page)


async def kept(site) -> list[bool]:
    return [rating.good for rating in await site._rows(RatingRow, RatingRow.at)]


async def asked(site, visit) -> tuple[Any, str]:
    """A visitor with an answer, and what their buttons are about."""
    visitor = await visit(site.url)
    await visitor.post("/chat", text="كم رسوم الجواز؟")
    return visitor, RATED.search(visitor.html).group(1)


async def test_without_a_script(database_url, start_site, visit) -> None:
    site = await start_site(database_url)
    visitor, message = await asked(site, visit)
    assert pressed(visitor.html) == ["false", "false"]
    for word, good, shown in [("yes", True, ["true", "false"]), ("no", False, ["false", "true"])]:
        response = await visitor.post("/rate", message=message, helped=word)
        assert [step.status for step in response.history] == [303]
        assert response.history[0].headers["Location"] == f"/#rated-{message}"
        assert await kept(site) == [good]
        assert pressed(visitor.html) == shown
        assert f'id="rated-{message}"' in visitor.html
        assert "شكرًا لك." in visitor.html


async def call(visitor, body: Any, **headers: str) -> tuple[int, Any]:
    headers = {"X-CSRF-Token": visitor.csrf} | headers
    async with visitor.session.post("/api/ratings", json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_with_the_script(database_url, start_site, visit) -> None:
    site = await start_site(database_url)
    visitor = await visit(site.url)
    await visitor.send("a-message-1", "كم رسوم الجواز؟")
    [event] = await visitor.events()
    assert event["good"] is None
    assert await call(visitor, {"message": event["rate"], "helped": "yes"}) == (200, {"status": "kept"})
    assert await kept(site) == [True]
    [event] = await visitor.events()
    assert event["good"] is True


KINDS = [("faq", 1), ("status", 0), ("greeting", 0), ("ambiguous", 0), ("unavailable", 0)]


@pytest.mark.parametrize(("kind", "forms"), KINDS)
async def test_only_facts_ask_and_once(sqlite_url, assistant, start_site, visit, kind, forms) -> None:
    site = await start_site(sqlite_url)
    assistant.script.append(Step(body=reply("أولًا", "ثانيًا", kind=kind)))
    visitor = await visit(site.url)
    await visitor.post("/chat", text="سؤال")
    assert visitor.html.count('action="/rate"') == forms


async def test_someone_elses_answer(database_url, start_site, visit) -> None:
    site = await start_site(database_url)
    _, message = await asked(site, visit)
    other, _ = await asked(site, visit)
    response = await other.post("/rate", message=message, helped="no")
    assert response.status == 404
    assert "لا يمكن تقييم هذا الجواب" in other.html
    assert await call(other, {"message": message, "helped": "no"}) == (404, {"status": "refused"})
    assert await kept(site) == []


async def test_from_another_site_or_without_a_session(sqlite_url, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor, message = await asked(site, visit)
    rated = {"message": message, "helped": "yes"}
    assert (await call(visitor, rated, **{"X-CSRF-Token": "0" * 64}))[0] == 403
    assert (await call(visitor, rated, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
    assert (await visitor.post("/rate", origin="https://evil.example", **rated)).status == 403
    stranger = await visit(site.url)
    stranger.session.cookie_jar.clear()
    assert (await call(stranger, rated))[0] == 401
    assert (await stranger.post("/rate", **rated)).status == 401
    assert await kept(site) == []


HOSTILE: list[Any] = [
    None, [], "x", {}, {"message": "a"}, {"message": 1, "helped": "yes"}, {"message": None, "helped": None},
    {"message": ["a"], "helped": {"a": 1}},
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
async def test_malformed_calls(sqlite_url, start_site, visit, body) -> None:
    site = await start_site(sqlite_url)
    visitor, _ = await asked(site, visit)
    assert await call(visitor, body) == (400, {"status": "malformed"})


async def test_hostile_words(sqlite_url, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor, message = await asked(site, visit)
    for helped in ("", "maybe", "YES", "1", "\x00", "نعم"):
        assert (await visitor.post("/rate", message=message, helped=helped)).status == 404
    for strange in ("<script>alert(1)</script>", "../" * 50, "a\r\nSet-Cookie: x=1", "\x00" * 32):
        response = await visitor.post("/rate", message=strange, helped="yes")
        assert (response.status, "alert(1)" in visitor.html) == (404, False)
    async with visitor.session.post(
        "/api/ratings", data=b"[" * 60_000, headers={"X-CSRF-Token": visitor.csrf}
    ) as response:
        assert response.status == 400
    assert await kept(site) == []


async def test_presses_without_end(sqlite_url, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor, message = await asked(site, visit)
    statuses = [(await call(visitor, {"message": message, "helped": "yes"}))[0] for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    assert (await visitor.post("/rate", message=message, helped="no")).status == 429
    assert await kept(site) == [True]


async def test_whoever_forgot_the_conversation_has_nothing_to_rate(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor, message = await asked(site, visit)
    await visitor.post("/rate", message=message, helped="yes")
    await visitor.post("/forget")
    await until(lambda: assistant.forgotten)
    assert await kept(site) == []
    await visitor.open()
    assert (await visitor.post("/rate", message=message, helped="no")).status == 404
