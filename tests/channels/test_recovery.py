"""Gateways that stop, die, or share one database: nothing accepted is lost, and no reply is said twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from channels.tables import InboxRow, OutboxRow
from storage import utc_now
from tests.channels.fake_assistant import Step
from tests.channels.harness import RecordingChannel, until


async def test_two_gateways_share_one_database(database_url, assistant, start_gateway) -> None:
    channels = [RecordingChannel(), RecordingChannel()]
    gateways = [await start_gateway(database_url, channel) for channel in channels]
    for number in range(30):
        gateway = gateways[number % 2]
        await gateway.say(f"سؤال {number // 5}", f"citizen-{number % 5}", id=f"m{number}")
        await gateways[1 - number % 2].say("مكرر", f"citizen-{number % 5}", id=f"m{number}")

    async def all_sent():
        return [row.state for row in await gateways[0].outbox()] == ["accepted"] * 30

    await until(all_sent)
    sent = [message for channel in channels for message in channel.sent]
    assert len({message.id for message in sent}) == len(sent) == 30
    asked = [(question["conversation"], question["text"]) for question in assistant.asked]
    for conversation in {conversation for conversation, _ in asked}:
        mine = [said for where, said in asked if where == conversation]
        assert mine == [f"سؤال {number}" for number in range(6)]
    assert assistant.most_at_once == 1


async def test_a_stopped_gateway_gives_its_work_to_the_next(database_url, assistant, start_gateway) -> None:
    first, second = RecordingChannel(), RecordingChannel()
    gateway = await start_gateway(database_url, first, assistant_budget_seconds=30.0)
    hold = asyncio.Event()
    assistant.script.append(Step(hold=hold))
    await gateway.say("سؤال")
    await until(lambda: assistant.asked)
    await gateway.core.stop()
    assert [(row.state, row.lease) for row in await gateway.inbox()] == [("received", None)]
    hold.set()
    await start_gateway(database_url, second)
    await until(lambda: second.sent)
    assert (first.texts, second.texts) == ([], ["الجواب: سؤال"])
    assert len({question["id"] for question in assistant.asked}) == 1


async def test_a_stopping_gateway_finishes_what_is_quick(sqlite_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel, assistant_budget_seconds=30.0)
    hold = asyncio.Event()
    assistant.script.append(Step(hold=hold))
    await gateway.say("سؤال")
    await until(lambda: assistant.asked)
    gateway.core.grace = 20.0
    stopping = asyncio.create_task(gateway.core.stop())
    hold.set()
    await stopping
    assert [row.state for row in await gateway.inbox()] == ["done"]


async def test_who_lost_the_lease_says_nothing(database_url, assistant, start_gateway) -> None:
    """A gateway that was asleep for longer than its lease, while another did its work."""
    sleepy, quick = RecordingChannel("test"), RecordingChannel("test")
    gateway = await start_gateway(database_url, sleepy, assistant_budget_seconds=30.0)
    hold = asyncio.Event()
    assistant.script.append(Step(hold=hold))
    await gateway.say("سؤال")
    await until(lambda: assistant.asked)
    expired = update(InboxRow).values(due_at=utc_now() - timedelta(seconds=1))
    await gateway.database.write(lambda connection: connection.execute(expired))
    other = await start_gateway(database_url, quick)
    other.core.signals.inbox.set()
    await until(lambda: len(assistant.asked) == 2)
    hold.set()
    await until(lambda: quick.sent or sleepy.sent)
    await gateway.core.stop()
    await other.core.stop()
    assert len(await other.outbox()) == 1
    assert len(quick.sent) + len(sleepy.sent) == 1


async def test_a_message_that_kills_gateways_is_given_up(sqlite_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel, assistant_budget_seconds=30.0)
    assistant.script.append(Step(hold=asyncio.Event()))
    await gateway.say("سؤال")
    await until(lambda: assistant.asked)
    dead = update(InboxRow).values(due_at=utc_now() - timedelta(seconds=1), attempts=3)
    await gateway.database.write(lambda connection: connection.execute(dead))
    other = RecordingChannel()
    await start_gateway(sqlite_url, other)
    await until(lambda: other.sent or channel.sent)
    assert len(assistant.asked) == 1
    assert (other.texts + channel.texts)[0].startswith("عذرًا")


@pytest.mark.parametrize(("idempotent", "end", "times"), [(False, "unknown", 0), (True, "accepted", 1)])
async def test_a_message_whose_sender_died(database_url, assistant, start_gateway, idempotent, end, times) -> None:
    channel = RecordingChannel(idempotent=idempotent)
    channel.hold = asyncio.Event()
    gateway = await start_gateway(database_url, channel)
    await gateway.say("سؤال")

    async def on_its_way():
        return [row.state for row in await gateway.outbox()] == ["sending"]

    await until(on_its_way)
    gateway.core.signals.inbox.clear()
    expired = update(OutboxRow).values(due_at=utc_now() - timedelta(seconds=1), lease="of the dead")
    await gateway.database.write(lambda connection: connection.execute(expired))
    heir = RecordingChannel(idempotent=idempotent)
    await start_gateway(database_url, heir)

    async def ended():
        return [row.state for row in await gateway.outbox()] == [end]

    await until(ended)
    assert len(heir.sent) == times
