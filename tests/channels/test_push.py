"""The door for what nobody asked for at this moment: who may use it, what it keeps, and when that goes out."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp
import pytest
from sqlalchemy import delete, update

from channels import gateway as core
from channels import outbox
from channels.contract import Payload, Retry, SendError
from channels.push import BODY_LIMIT, VALID_SECONDS
from channels.tables import Address, Contact, OutboxRow
from settings.model import DEVELOPMENT_SECRET
from storage import utc_now
from tests.channels.harness import Gateway, RecordingChannel, until
from tests.channels.pushing import AUTHORIZATION, CITIZEN, NEWS, post, push, states, wait_for


@pytest.fixture
def channel() -> RecordingChannel:
    return RecordingChannel()


@pytest.fixture
async def gateway(database_url: str, start_gateway, channel: RecordingChannel) -> Gateway:
    """One whose citizen has been answered once, and no quiet hours."""
    started: Gateway = await start_gateway(database_url, channel, quiet_hours="")
    await started.say("سؤال", CITIZEN)
    await until(lambda: channel.sent)
    return started


async def test_it_is_sent_by_the_conversations_channel_and_expires_after_three_days(gateway, channel) -> None:
    assert await post(gateway, push(texts=[NEWS, "أحضر صورة."])) == (200, {"status": "queued"})
    await until(lambda: len(channel.sent) == 2)
    message = channel.sent[-1]
    assert (message.body["text"], message.address, message.push) == (NEWS, CITIZEN, True)
    assert abs((message.expires_at - utc_now()).total_seconds() - VALID_SECONDS) < 60
    assert (await gateway.outbox())[-1].inbox_id is None


async def test_a_repeated_id_is_one_message(gateway, channel) -> None:
    answers = await asyncio.gather(*(post(gateway, push()) for _ in range(8)))
    await until(lambda: len(channel.sent) == 2)
    await gateway.database.write(lambda connection: connection.execute(delete(Address)))
    assert [*answers, await post(gateway, push(texts=["نص آخر"]))] == [(200, {"status": "queued"})] * 9
    await wait_for(gateway, ("accepted", None))
    assert channel.texts[1:] == [NEWS]


async def test_two_gateways_take_one_id_once(database_url, start_gateway, gateway, channel) -> None:
    other_channel = RecordingChannel()
    other = await start_gateway(database_url, other_channel, quiet_hours="")
    ids = [f"p-{number}" for number in range(10)]
    answers = await asyncio.gather(*(post(where, push(one)) for one in ids for where in (gateway, other)))
    assert answers == [(200, {"status": "queued"})] * 20
    await until(lambda: len(channel.sent) + len(other_channel.sent) == 11)
    assert len(await states(gateway)) == 10


async def test_an_id_that_another_gateway_took_at_this_moment_is_the_databases_to_find(gateway, monkeypatch) -> None:
    await post(gateway, push())
    seen, looked = outbox.pushed_to, []

    def too_early(connection: Any, key: str) -> str | None:
        looked.append(key)
        return None if len(looked) == 1 else seen(connection, key)

    monkeypatch.setattr(outbox, "pushed_to", too_early)
    assert await post(gateway, push()) == (200, {"status": "queued"})
    assert looked == ["p-1", "p-1"] and len(await states(gateway)) == 1


async def test_the_same_id_for_somebody_else_is_refused(gateway, channel) -> None:
    await gateway.say("سؤال", "967770000000")
    await post(gateway, push())
    assert await post(gateway, push(address="967770000000")) == (400, {"error": "id-of-another-conversation"})
    await until(lambda: len(channel.sent) == 3)
    assert len(await states(gateway)) == 1


async def test_who_cannot_be_pushed_to(sqlite_url, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel, PullOnly())
    await gateway.say("سؤال", "here", channel="page")
    assert await post(gateway, push(address="nobody")) == (404, {"error": "unknown"})
    assert await post(gateway, push(address="here", channel="page")) == (422, {"error": "no-push"})
    await gateway.say("سؤال", "a")
    switched_off = update(Contact).where(Contact.channel == "test").values(channel="telegram")
    await gateway.database.write(lambda connection: connection.execute(switched_off))
    assert await post(gateway, push(address="a")) == (422, {"error": "no-push"})
    assert await states(gateway) == []


class PullOnly:
    """As the web: its citizens fetch their messages."""

    name = "page"
    limits = ()

    def routes(self) -> list[Any]:
        return []

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def render(self, reply: Any) -> list[Payload]:
        return [Payload({"text": message.text}) for message in reply.messages]


async def test_an_erased_conversation_is_unknown_and_what_waited_never_goes(gateway, channel) -> None:
    channel.outcomes.append(Retry(SendError.UNAVAILABLE, after=3600))
    await post(gateway, push())
    await wait_for(gateway, ("queued", "unavailable"))
    await gateway.core.forget("test", CITIZEN)
    await wait_for(gateway, ("dropped", "unavailable"))
    assert await post(gateway, push("p-2")) == (404, {"error": "unknown"})
    assert all(row.body is None for row in await gateway.outbox())


async def test_opted_out_is_said_at_the_door_and_heeded_later(gateway, channel) -> None:
    channel.outcomes.append(Retry(SendError.UNAVAILABLE, after=0.3))
    await post(gateway, push())
    await wait_for(gateway, ("queued", "unavailable"))
    await gateway.say("إيقاف", CITIZEN, opted_out=True, answer="حسنًا")
    assert await post(gateway, push("p-2")) == (409, {"error": "opted-out"})
    await wait_for(gateway, ("failed", "opted_out"))
    assert channel.texts.count(NEWS) == 1 and channel.texts[-1] == "حسنًا"  # the one that was tried before
    await gateway.say("ابدأ", CITIZEN, opted_out=False, answer="أهلا")
    assert await post(gateway, push("p-3")) == (200, {"status": "queued"})
    await until(lambda: channel.texts[-1] == NEWS)


async def test_at_night_it_waits_and_what_the_citizen_asks_does_not(gateway, channel, monkeypatch) -> None:
    now = datetime(2026, 11, 28, 22, 0, tzinfo=timezone.utc)
    gateway.core._quiet = core.QuietHours("21:00-07:00")
    monkeypatch.setattr(core, "utc_now", lambda: now)
    await post(gateway, push())
    await wait_for(gateway, ("queued", "quiet_hours"))
    [row] = [row for row in await gateway.outbox() if row.push]
    assert abs(row.due_at - utc_now() - timedelta(hours=6)) < timedelta(minutes=1)  # 01:00 to 07:00 in Yemen
    await gateway.say("سؤال بالليل", CITIZEN)
    await until(lambda: len(channel.sent) == 2)
    assert NEWS not in channel.texts
    monkeypatch.setattr(core, "utc_now", lambda: now + timedelta(hours=7))
    await _due(gateway)
    await until(lambda: channel.texts[-1] == NEWS)


async def _due(gateway: Gateway) -> None:
    due = update(OutboxRow).where(OutboxRow.push).values(due_at=utc_now())
    await gateway.database.write(lambda connection: connection.execute(due))
    gateway.core.signals.outbox["test"].set()


async def test_pushes_of_one_conversation_keep_their_order(gateway, channel) -> None:
    channel.outcomes.append(Retry(SendError.UNAVAILABLE, after=0.2))
    await post(gateway, push("p-1", texts=["أول"]))
    await wait_for(gateway, ("queued", "unavailable"))
    await post(gateway, push("p-2", texts=["ثان"]))
    await until(lambda: len(channel.sent) == 4)
    assert channel.texts[1:] == ["أول", "أول", "ثان"]


async def test_one_that_is_too_old_is_not_sent(gateway, channel) -> None:
    channel.outcomes.append(Retry(SendError.UNAVAILABLE, after=0.3))
    await post(gateway, push(valid_seconds=60))
    await wait_for(gateway, ("queued", "unavailable"))
    old = update(OutboxRow).where(OutboxRow.push).values(expires_at=utc_now() - timedelta(seconds=1))
    await gateway.database.write(lambda connection: connection.execute(old))
    await wait_for(gateway, ("expired", "unavailable"))
    assert len(channel.sent) == 2


async def test_the_rest_of_a_long_one_is_an_answer_when_it_is_asked_for(gateway, channel) -> None:
    await post(gateway, push(texts=[NEWS, "البقية"]))
    await until(lambda: len(channel.sent) == 2)
    gateway.core._quiet = core.QuietHours("00:00-23:59")
    await gateway.say("0", CITIZEN, more=True)
    await until(lambda: len(channel.sent) == 3)
    assert channel.sent[-1].body["text"] == "البقية" and not channel.sent[-1].push


MALFORMED = [
    b"",
    b"{",
    b"\xff",
    b"[" * 10_000,
    b"[]",
    {**push(), "name": "x"},
    push(id=""),
    push(id="x" * 65),
    push(id="a b"),
    push(id="ا"),
    push(id=7),
    push(conversation="A" * 64),
    push(conversation="a" * 63),
    push(conversation="a" * 64 + "\n"),
    push(kind="Kind"),
    push(kind="x" * 41),
    push(texts=[]),
    push(texts=["x"] * 6),
    push(texts=[" \n"]),
    push(texts=["\x00"]),
    push(texts=["x" * 2001]),
    push(texts="x"),
    push(valid_seconds=59),
    push(valid_seconds=700_000),
    push(texts=None),
]


async def test_what_is_malformed(sqlite_url, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    for body in MALFORMED:
        assert await post(gateway, body) == (400, {"error": "malformed"}), body


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer x", DEVELOPMENT_SECRET, f"bearer {DEVELOPMENT_SECRET}", f"{AUTHORIZATION} "[:-2]]
)
async def test_without_the_token_nothing_is_read(sqlite_url, start_gateway, channel, monkeypatch, given: str) -> None:
    async def read(*_arguments: object) -> bytes:
        pytest.fail("read before the token was looked at")

    gateway = await start_gateway(sqlite_url, channel)
    monkeypatch.setattr("channels.push.read_body", read)
    assert await post(gateway, push(), Authorization=given) == (401, {"error": "token"})


async def test_a_body_too_long_is_not_read_to_its_end(sqlite_url, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    assert (await post(gateway, b" " * (BODY_LIMIT + 1)))[0] == 413


async def test_the_public_port_has_no_such_door(sqlite_url, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    assert (await post(gateway, push(), gateway.url))[0] == 404
    async with aiohttp.ClientSession() as session, session.get(f"{gateway.push_url}/health/ready") as response:
        assert response.status == 401


async def test_the_log_has_its_kind_and_nothing_of_the_citizen(gateway, caplog) -> None:
    caplog.set_level("DEBUG")
    await post(gateway, push(texts=["اسمي صالح ورقمي 771234567"]))
    [record] = [record for record in caplog.records if record.msg == "push"]
    assert (record.kind, record.channel, record.outcome) == ("application-changed", "test", "queued")
    assert not [one for one in caplog.records if "صالح" in str(vars(one)) or CITIZEN in str(vars(one))]
