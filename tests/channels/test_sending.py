"""What becomes of an outbox row: each outcome, receipts, and that nothing goes out twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from channels.contract import (
    Accepted,
    Rejected,
    Retry,
    SendError,
    Unknown,
)
from channels.tables import Contact, OutboxRow
from storage import utc_now
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import RecordingChannel, until

OUTCOMES = [
    (False, [Accepted("p-1", parts=3, cost=25.5)], 1, ("accepted", None)),
    (False, [Retry(SendError.THROTTLED, after=0.01), Accepted()], 2, ("accepted", None)),
    (False, [Rejected(SendError.RECIPIENT_REJECTED)], 1, ("failed", "recipient_rejected")),
    (False, [Unknown(SendError.UNAVAILABLE)], 1, ("unknown", "unavailable")),
    (True, [Unknown(SendError.UNAVAILABLE), Accepted()], 2, ("accepted", None)),
]


@pytest.mark.parametrize(("idempotent", "outcomes", "attempts", "end"), OUTCOMES)
async def test_outcomes(database_url, assistant, start_gateway, idempotent, outcomes, attempts, end) -> None:
    channel = RecordingChannel(idempotent=idempotent)
    channel.outcomes.extend(outcomes)
    gateway = await start_gateway(database_url, channel)
    await gateway.say("سؤال")

    async def ended():
        [row] = await gateway.outbox() or [None]
        return row if row is not None and row.state == end[0] else None

    row = await until(ended)
    assert (row.state, row.error) == end
    assert len(channel.sent) == attempts == row.attempts
    assert len({message.id for message in channel.sent}) == 1
    if isinstance(outcomes[0], Accepted):
        assert (row.provider_id, row.parts, row.cost) == ("p-1", 3, 25.5)


async def test_messages_of_one_reply_keep_their_order_through_a_retry(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    channel.pages = 3
    channel.outcomes.extend([Accepted(), Retry(SendError.UNAVAILABLE, after=0.05)])
    gateway = await start_gateway(database_url, channel)
    assistant.script.append(Step(body=reply("أول", "ثان", "ثالث")))
    await gateway.say("سؤال")
    await until(lambda: len(channel.sent) == 4)
    assert channel.texts == ["أول", "ثان", "ثان", "ثالث"]


async def test_a_blocked_bot_is_an_opt_out(sqlite_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    channel.outcomes.append(Rejected(SendError.BLOCKED))
    gateway = await start_gateway(sqlite_url, channel)
    await gateway.say("سؤال")

    async def opted_out():
        return [row.opted_out for row in await gateway._rows(Contact, Contact.started_at)] == [True]

    await until(opted_out)


async def test_a_message_that_never_goes_out_expires(sqlite_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    channel.outcomes.append(Retry(SendError.UNAVAILABLE, after=0.2))
    channel.outcomes.append(Retry(SendError.UNAVAILABLE))
    gateway = await start_gateway(sqlite_url, channel)
    await gateway.say("سؤال")
    await until(lambda: channel.sent)
    old = update(OutboxRow).values(expires_at=utc_now() - timedelta(minutes=1))
    await gateway.database.write(lambda connection: connection.execute(old))

    async def expired():
        [row] = await gateway.outbox()
        return row.state == "expired" and row.error == "unavailable" and row.done_at

    await until(expired)
    assert len(channel.sent) == 1


async def test_a_slow_channel_does_not_hold_up_another(sqlite_url, assistant, start_gateway) -> None:
    slow, quick = RecordingChannel("slow"), RecordingChannel("quick")
    slow.hold = asyncio.Event()
    gateway = await start_gateway(sqlite_url, slow, quick)
    for number in range(10):
        await gateway.say(f"سؤال {number}", f"citizen-{number}")
    await gateway.say("سؤال", "other", channel="quick")
    await until(lambda: quick.sent)
    assert not slow.sent
    slow.hold.set()
    await until(lambda: len(slow.sent) == 10)
