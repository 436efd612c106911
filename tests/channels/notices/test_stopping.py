"""The switch of a channel: nothing is lost, each citizen is told once, and all goes on in order."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from channels.notices import board, wishes
from channels.notices.switches import SAID
from channels.tables import Contact, InboxRow, OutboxRow
from storage import utc_now
from tests.channels.fake_assistant import Step
from tests.channels.harness import Gateway, RecordingChannel, until
from tests.channels.noticing import known, resume, stop
from tests.channels.pushing import CITIZEN, NEWS, post, push, wait_for

OTHER = "967770000000"
TOLD = SAID["telegram"]


@pytest.fixture
def channel() -> RecordingChannel:
    return RecordingChannel("telegram")


async def heard(channel: RecordingChannel, count: int) -> list[str]:
    await until(lambda: len(channel.sent) >= count)
    return channel.texts


async def quiet(channel: RecordingChannel, count: int) -> None:
    """Nothing more comes, for two looks of every loop."""
    await asyncio.sleep(2.1)
    assert len(channel.sent) == count, channel.texts


async def test_messages_are_kept_told_once_and_answered_in_order(
    database_url, assistant, start_gateway, channel
) -> None:
    gateway = await start_gateway(database_url, channel)
    await stop("telegram", gateway)
    for number in range(3):
        await gateway.say(f"سؤال {number}")
    await gateway.say("غيره", OTHER)
    await heard(channel, 2)
    await quiet(channel, 2)
    assert channel.texts == [TOLD, TOLD]
    assert {message.address for message in channel.sent} == {CITIZEN, OTHER}
    assert assistant.texts == []
    await resume("telegram", gateway)
    await heard(channel, 6)
    mine = [str(message.body["text"]) for message in channel.sent if message.address == CITIZEN]
    assert mine == [TOLD, "الجواب: سؤال 0", "الجواب: سؤال 1", "الجواب: سؤال 2"]
    await stop("telegram", gateway, said="نعود مساء.")
    await gateway.say("بعد توقف ثان")
    assert (await heard(channel, 7))[6] == "نعود مساء."


async def test_a_changed_text_of_the_same_stop_is_not_said_again(sqlite_url, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    await stop("telegram", gateway)
    await gateway.say("سؤال")
    await heard(channel, 1)
    await stop("telegram", gateway, said="نعود مساء.")
    await gateway.say("سؤال ثان")
    await gateway.say("سؤال", OTHER)
    assert await heard(channel, 2) == [TOLD, "نعود مساء."]
    await quiet(channel, 2)


async def test_other_channels_go_on(sqlite_url, start_gateway, channel) -> None:
    other = RecordingChannel("sms")
    gateway = await start_gateway(sqlite_url, channel, other)
    await stop("telegram", gateway)
    await gateway.say("سؤال", channel="telegram")
    await gateway.say("سؤال", channel="sms")
    await until(lambda: other.texts == ["الجواب: سؤال"] and channel.texts == [TOLD])


async def test_what_waited_already_is_told_too_and_what_was_said_waits(
    database_url, assistant, start_gateway, channel
) -> None:
    """A question being answered, one behind it, and a reply that is not out when the stop comes."""
    gateway = await start_gateway(database_url, channel, assistant_budget_seconds=30.0)
    hold = asyncio.Event()
    assistant.by_text["بطيء"].append(Step(hold=hold))
    await gateway.say("بطيء")
    await until(lambda: assistant.texts == ["بطيء"])
    await gateway.say("بعده")
    await stop("telegram", gateway)
    hold.set()
    assert await heard(channel, 1) == [TOLD]

    async def answered() -> bool:
        return [row.state for row in await gateway.outbox()] == ["accepted", "queued"]

    await until(answered)
    await quiet(channel, 1)
    await resume("telegram", gateway)
    assert await heard(channel, 3) == [TOLD, "الجواب: بطيء", "الجواب: بعده"]


async def test_news_wait_or_expire(database_url, start_gateway, channel) -> None:
    gateway = await start_gateway(database_url, channel, quiet_hours="")
    await gateway.say("سؤال")
    await heard(channel, 1)
    await stop("telegram", gateway)
    assert await post(gateway, push("p-1", channel="telegram")) == (200, {"status": "queued"})
    assert await post(gateway, push("p-2", channel="telegram")) == (200, {"status": "queued"})
    await quiet(channel, 1)
    late = update(OutboxRow).where(OutboxRow.push).values(expires_at=utc_now() - timedelta(seconds=1))
    first = select(OutboxRow.id).where(OutboxRow.push).order_by(OutboxRow.id).limit(1).scalar_subquery()
    await gateway.database.write(lambda connection: connection.execute(late.where(OutboxRow.id == first)))
    await resume("telegram", gateway)
    await wait_for(gateway, ("expired", None), ("accepted", None))
    assert channel.texts[1:] == [NEWS]


@pytest.mark.parametrize("said", ["إيقاف", "لا ترسلوا"])
async def test_stop_words_work_while_stopped(database_url, assistant, start_gateway, channel, said: str) -> None:
    gateway = await start_gateway(database_url, channel)
    await stop("telegram", gateway)
    await gateway.say("سؤال")
    await heard(channel, 1)
    await gateway.say(said)
    await gateway.say(said)
    await quiet(channel, 2)
    assert channel.texts == [TOLD, wishes.STOPPED]
    wish = select(Contact.opted_out)
    assert await gateway.database.read(lambda connection: connection.scalar(wish)) is True
    await resume("telegram", gateway)
    assert await heard(channel, 3) == [TOLD, wishes.STOPPED, "الجواب: سؤال"]


async def test_deletion_works_while_stopped(database_url, assistant, start_gateway, channel) -> None:
    gateway = await start_gateway(database_url, channel)
    await stop("telegram", gateway)
    await gateway.say("سؤال")
    await heard(channel, 1)
    await gateway.core.forget("telegram", CITIZEN)
    await until(lambda: assistant.forgotten)

    async def forgotten() -> bool:
        return [row.outcome for row in await gateway.inbox()] == ["forgotten", "forgotten"]

    await until(forgotten)
    await resume("telegram", gateway)
    await quiet(channel, 1)
    assert assistant.texts == []


async def test_two_gateways_on_one_database(database_url, assistant, start_gateway) -> None:
    """Both stop within two seconds of the act, tell once between them, and lose nothing."""
    channels = [RecordingChannel("telegram"), RecordingChannel("telegram")]
    gateways: list[Gateway] = [await start_gateway(database_url, channel) for channel in channels]
    began = utc_now()
    made = await stop("telegram", gateways[0], wait=False)
    ended = await known(lambda view: view.stop("telegram") == made, *gateways)
    assert ended - began < timedelta(seconds=2)
    for number in range(20):
        await gateways[number % 2].say(f"سؤال {number}", f"citizen-{number % 5}", id=f"m-{number}")
    sent = lambda: [message for channel in channels for message in channel.sent]  # noqa: E731
    await until(lambda: len(sent()) == 5)
    await asyncio.sleep(2.1)
    assert len(sent()) == 5 and assistant.texts == []
    await resume("telegram", *gateways)
    await until(lambda: len(sent()) == 25)
    assert sorted(assistant.texts) == sorted(f"سؤال {number}" for number in range(20))
    for citizen in range(5):
        asked = [text for text in assistant.texts if int(text.split()[1]) % 5 == citizen]
        assert asked == sorted(asked, key=lambda text: int(text.split()[1]))


async def test_a_gateway_that_starts_during_a_stop_keeps_to_it(sqlite_url, start_gateway, channel) -> None:
    first = await start_gateway(sqlite_url, RecordingChannel("telegram"))
    await stop("telegram", first)
    await first.stop()
    gateway = await start_gateway(sqlite_url, channel)
    await gateway.say("سؤال")
    assert await heard(channel, 1) == [TOLD]
    await quiet(channel, 1)


async def test_before_the_switches_are_known_nothing_is_worked_on(
    sqlite_url, assistant, start_gateway, channel, monkeypatch
) -> None:
    read = board.read

    def away(connection: object) -> None:
        raise OperationalError("SELECT", {}, OSError("away"))

    monkeypatch.setattr(board, "read", away)
    gateway = await start_gateway(sqlite_url, channel)
    with pytest.raises(OperationalError):  # the provider hears 503 and repeats it
        await gateway.say("سؤال")
    assert not gateway.core.board.known
    monkeypatch.setattr(board, "read", read)
    await gateway.say("سؤال")
    assert await heard(channel, 1) == ["الجواب: سؤال"]


async def test_a_database_that_is_away_resumes_nothing(sqlite_url, start_gateway, channel, monkeypatch) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    await stop("telegram", gateway)
    monkeypatch.setattr(board, "EVERY", 0.02)
    looks = []

    def away(connection: object) -> None:
        looks.append(1)
        raise OSError("away")

    monkeypatch.setattr(board, "read", away)
    await until(lambda: len(looks) > 3)
    await gateway.say("سؤال")
    await heard(channel, 1)
    await quiet(channel, 1)
    states = select(InboxRow.state)
    assert await gateway.database.read(lambda connection: connection.scalars(states).all()) == ["received"]
