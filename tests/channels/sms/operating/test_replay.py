"""Replaying stuck messages: what may go again goes, what a provider has does not, twice is harmless."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from channels.contract import Accepted, Rejected, SendError, Unknown
from channels.sms.operating import report
from channels.sms.operating.replay import STUCK, replay
from channels.sms.operating.trace import trace
from channels.tables import OutboxRow, OutboxState
from storage import utc_now
from tests.channels.sms.conftest import CITIZEN, provider_settings

LONG = "س" * 150
FAILED = [OutboxState.FAILED, OutboxState.EXPIRED]


async def put_back(database: Any, states: Any, **changes: Any) -> list[str]:
    since = utc_now() - timedelta(hours=1)
    return await database.write(lambda connection: replay(connection, states, since, **changes))


async def test_a_refused_message_goes_again_once(sms_channel, provider, database, say, again, messages) -> None:
    provider.outcomes = [Rejected(SendError.RECIPIENT_REJECTED, "11")]
    message = await say("الرسوم 3,500 ريال")
    await sms_channel.send(message)
    assert [row.state for row in await messages()] == ["failed"]
    assert await put_back(database, FAILED) == [message.id]
    assert await put_back(database, FAILED) == []
    assert isinstance(await sms_channel.send(await again()), Accepted)
    assert [row.id for row in provider.submissions] == [message.id, message.id]


async def test_only_the_lost_part_of_an_unknown_message_goes_again(database, say, again, parts, sms_channel) -> None:
    provider = sms_channel.router.routes["simulator"].provider
    provider.idempotent = False
    provider.outcomes = [Accepted("mt-1"), Unknown(SendError.UNAVAILABLE, "timeout"), Accepted("mt-3")]
    message = await say(LONG)
    await sms_channel.send(message)
    assert [row.state for row in await parts()] == ["accepted", "unknown", "accepted"]
    assert await put_back(database, FAILED) == []
    assert await put_back(database, STUCK) == [message.id]
    await sms_channel.send(await again())
    assert [row.id[-2:] for row in provider.submissions] == ["-1", "-2", "-3", "-2"]
    assert [row.state for row in await parts()] == ["accepted"] * 3


async def test_an_erased_text_and_an_old_message_stay(sms_channel, provider, database, say) -> None:
    provider.outcomes = [Rejected(SendError.RECIPIENT_REJECTED)]
    message = await say("الرسوم 3,500 ريال")
    await sms_channel.send(message)
    assert await put_back(database, FAILED, only=["another"]) == []
    await database.write(lambda connection: connection.execute(update(OutboxRow).values(body=None)))
    assert await put_back(database, FAILED, only=[message.id]) == []


async def test_the_report_counts_parts_codes_and_riyals(sms_channel, provider, database, say) -> None:
    provider.outcomes = [Accepted("mt-1"), Rejected(SendError.RECIPIENT_REJECTED, "11")]
    message = await say(LONG)
    await sms_channel.send(message)
    since = utc_now() - timedelta(hours=1)
    [one] = await database.read(lambda connection: report.providers(connection, since))
    assert (one.provider, one.parts, one.states) == ("simulator", 3, {"accepted": 1, "failed": 2})
    assert (one.codes, one.cost) == ({"11": 2}, provider_settings().part_cost)
    way = await database.read(lambda connection: trace(connection, message.id))
    assert way is not None
    assert [(part["number"], part["total"]) for part in way.parts] == [(1, 3), (2, 3), (3, 3)]
    assert CITIZEN[4:] not in str(way) and "س" not in str(way)
