"""The script's calls: idempotent messages, the stream of events, and polling."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import until


async def test_a_message_and_its_answer(database_url, assistant, start_site, visit) -> None:
    site = await start_site(database_url)
    visitor = await visit(site.url)
    choices = [{"id": "c1", "title": "رقم 12-A"}]
    assistant.script.append(Step(body=reply("أول", "ثان", choices=choices)))
    assert await visitor.send("my-own-id", "سؤال عن SAN-7") == (202, {"status": "accepted"})
    first, second = await visitor.events()
    assert (first["text"], second["text"]) == ("أول", "ثان")
    assert second["choices"][0]["title"] == "رقم \u206812-A\u2069"
    assert first["in_reply_to"] == second["in_reply_to"] == "my-own-id"
    assert first["question"] == "سؤال عن \u2068SAN-7\u2069"
    assert await visitor.events(after=second["id"], wait=0) == []


async def test_a_retry_with_the_same_id_is_one_message(database_url, assistant, start_site, visit) -> None:
    site = await start_site(database_url)
    visitor, other = await visit(site.url), await visit(site.url)
    assert (await visitor.send("same-id-1", "سؤال"))[0] == 202
    assert await visitor.send("same-id-1", "سؤال") == (200, {"status": "duplicate"})
    assert (await other.send("same-id-1", "سؤال غيره"))[0] == 202  # ids are each page's own
    await visitor.events()
    await other.events()
    assert assistant.texts == ["سؤال", "سؤال غيره"]


MALFORMED = [
    b"",
    b"[]",
    b"{}",
    b'{"id": 7, "text": "x"}',
    b'{"id": "12345678", "text": null}',
    b'{"id": "12345678", "text": "x", "choice": {}}',
    b"[" * 5000,
    b"\xff\xfe",
]


@pytest.mark.parametrize("body", MALFORMED)
async def test_malformed_bodies_are_refused(sqlite_url, assistant, start_site, visit, body) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    headers = {"X-CSRF-Token": visitor.csrf, "Content-Type": "application/json"}
    async with visitor.session.post("/api/messages", data=body, headers=headers) as response:
        assert (response.status, await response.json()) == (400, {"status": "malformed"})


async def test_too_large_a_body_is_refused(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    headers = {"X-CSRF-Token": visitor.csrf}
    async with visitor.session.post("/api/messages", data=b"x" * 100_000, headers=headers) as response:
        assert response.status == 413


class Stream:
    """Reads server-sent events."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self, name: str = "message") -> dict:
        """The data of the next event of this name."""
        event = "message"
        async for line in self.response.content:
            if line.startswith(b"event: "):
                event = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                if event == name:
                    return json.loads(line[6:])
            elif line == b"\n":
                event = "message"
        raise AssertionError("the stream ended")


async def stream(visitor, **headers: str) -> Stream:
    response = await visitor.session.get("/api/events", headers={"Accept": "text/event-stream"} | headers)
    assert response.status == 200
    assert response.content_type == "text/event-stream"
    return Stream(response)


async def test_the_stream_tells_at_once_and_goes_on_where_it_was_cut(
    database_url, assistant, start_site, visit
) -> None:
    site = await start_site(database_url)
    visitor = await visit(site.url)
    events = await stream(visitor)
    await visitor.send("first-message", "أول")
    first = await events.next()
    assert first["text"] == "الجواب: أول"
    events.response.close()
    await visitor.send("second-message", "ثان")
    again = await stream(visitor, **{"Last-Event-ID": str(first["id"])})
    assert (await again.next())["text"] == "الجواب: ثان"
    again.response.close()


async def test_an_answer_given_by_another_gateway_is_told_here(database_url, assistant, start_site, visit) -> None:
    here = await start_site(database_url, assistant_budget_seconds=30.0)
    there = await start_site(database_url, assistant_budget_seconds=30.0)
    visitor, elsewhere = await visit(here.url), await visit(there.url)
    elsewhere.wear(visitor.cookie())
    elsewhere.csrf = visitor.csrf
    events = await stream(visitor)
    assert (await elsewhere.send("sent-there", "سؤال"))[0] == 202
    assert (await asyncio.wait_for(events.next(), 20))["text"] == "الجواب: سؤال"
    events.response.close()


async def test_streams_are_few_and_end_with_the_gateway(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    streams = [await stream(visitor) for _ in range(4)]
    fifth = await visitor.session.get("/api/events", headers={"Accept": "text/event-stream"})
    assert fifth.status == 429
    await until(lambda: site.core.signals.watched)
    await site.stop()
    for one in streams:
        await one.response.read()


async def test_nobody_hears_somebody_elses_answers(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor, other = await visit(site.url), await visit(site.url)
    await visitor.send("12345678", "سؤال")
    await visitor.events()
    assert await other.events(wait=0) == []
