"""Forgetting: a conversation on request, texts after their retention; counts stay."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import update

from channels.identity import conversation_id
from channels.tables import Address, Contact, InboxRow, OutboxRow
from storage import utc_now
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import RecordingChannel, until

CITIZEN = "967771234567"


async def addresses(gateway) -> list[str]:
    return [row.address for row in await gateway._rows(Address, Address.address)]


async def test_a_forgotten_conversation_leaves_no_word(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    assistant.script.append(Step(body=reply("جواب", choices=[{"id": "c1", "title": "خيار"}])))
    await gateway.say("سؤال خاص")
    await gateway.say("سؤال غيري", "someone-else")
    await until(lambda: len(channel.sent) == 2)
    await gateway.core.forget("test", CITIZEN)
    await until(lambda: assistant.forgotten)
    mine = conversation_id("development-only", "test", CITIZEN)
    assert assistant.forgotten == [mine]
    inbox = [row for row in await gateway.inbox() if row.conversation == mine]
    assert [(row.text, row.choices) for row in inbox] == [(None, None), (None, None)]
    assert [row.body for row in await gateway.outbox() if row.conversation == mine] == [None]
    assert [row.body["text"] for row in await gateway.outbox() if row.conversation != mine] == ["الجواب: سؤال غيري"]
    assert await addresses(gateway) == ["someone-else"]


async def test_an_answer_under_way_is_forgotten_too(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel, assistant_budget_seconds=30.0)
    hold = asyncio.Event()
    assistant.script.append(Step(hold=hold))
    await gateway.say("سؤال خاص")
    await gateway.say("ينتظر")
    await until(lambda: assistant.asked)
    await gateway.core.forget("test", CITIZEN)
    assert assistant.forgotten == []
    hold.set()
    await until(lambda: assistant.forgotten)

    async def done():
        return {row.state for row in await gateway.inbox()} == {"done"}

    await until(done)
    assert [row.text for row in await gateway.inbox()] == [None, None, None]
    assert [row.body for row in await gateway.outbox()] == [None]
    assert assistant.texts == ["سؤال خاص"]


async def test_forgetting_waits_for_the_assistant_but_nobody_waits_for_it(
    sqlite_url, assistant, start_gateway, monkeypatch
) -> None:
    monkeypatch.setattr("channels.gateway._FORGET_AGAIN", 1.5)
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel)
    await gateway.say("سؤال")
    await until(lambda: channel.sent)
    assistant.forget_status = 503
    await gateway.core.forget("test", CITIZEN)

    async def tried():
        return any(row.task == "forget" and row.attempts and row.state == "received" for row in await gateway.inbox())

    await until(tried)
    await gateway.say("سؤال جديد")
    await until(lambda: len(channel.sent) == 2)
    assert channel.sent[1].address == CITIZEN
    assistant.forget_status = 204
    await until(lambda: assistant.forgotten)


async def test_a_stranger_has_nothing_to_forget(sqlite_url, assistant, start_gateway) -> None:
    gateway = await start_gateway(sqlite_url, RecordingChannel())
    await gateway.core.forget("test", "nobody")
    assert await gateway.inbox() == []


async def test_texts_are_cleared_after_their_retention(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel, message_retention_days=30)
    await gateway.say("قديم", "old")
    await until(lambda: channel.sent)
    long_ago = utc_now() - timedelta(days=31)
    for statement in (
        update(InboxRow).values(received_at=long_ago),
        update(OutboxRow).values(created_at=long_ago),
        update(Contact).values(last_message_at=long_ago),
    ):
        await gateway.database.write(lambda connection, statement=statement: connection.execute(statement))
    await gateway.say("جديد", "new")
    await until(lambda: len(channel.sent) == 2)
    assert await gateway.core._erasure.retire() == 3
    assert [row.text for row in await gateway.inbox()] == [None, "جديد"]
    assert [row.body and row.body["text"] for row in await gateway.outbox()] == [None, "الجواب: جديد"]
    assert await addresses(gateway) == ["new"]
    assert [row.outcome for row in await gateway.inbox()] == ["answered", "answered"]
