"""Banners and answers in conversations, through the real gateway."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from channels.notices import board, wishes
from channels.notices.limits import Kind
from channels.notices.publishing import forget_told
from channels.notices.tables import NoticeRow, NoticeToldRow
from channels.tables import Contact, Outcome
from storage import utc_now
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import RecordingChannel, until
from tests.channels.noticing import TEXT, publish, withdraw

EMERGENCY = "توقفت الخدمة بسبب السيول. اتصل بالدفاع المدني."
OTHER = "967770000000"


@pytest.fixture
def channel() -> RecordingChannel:
    made = RecordingChannel("telegram")
    made.pages = 10
    return made


async def heard(channel: RecordingChannel, count: int) -> list[str]:
    await until(lambda: len(channel.sent) >= count)
    return channel.texts


async def test_a_banner_is_in_front_of_one_reply_of_each_citizen(database_url, start_gateway, channel) -> None:
    gateway = await start_gateway(database_url, channel)
    await publish(gateway)
    await gateway.say("أول")
    assert await heard(channel, 2) == [TEXT, "الجواب: أول"]
    await gateway.say("ثان")
    await gateway.say("أول", OTHER)
    await heard(channel, 5)
    texts = {address: [str(one.body["text"]) for one in channel.sent if one.address == address] for address in (OTHER,)}
    assert texts[OTHER] == [TEXT, "الجواب: أول"]
    assert channel.texts.count(TEXT) == 2


async def test_two_gateways_say_it_once_and_a_new_one_again(database_url, start_gateway) -> None:
    channels = [RecordingChannel("telegram"), RecordingChannel("telegram")]
    for channel in channels:
        channel.pages = 10
    gateways = [await start_gateway(database_url, channel) for channel in channels]
    await publish(*gateways)
    for number in range(6):
        await gateways[number % 2].say(f"سؤال {number}", id=f"m-{number}")
    await until(lambda: sum(len(channel.sent) for channel in channels) == 7)
    await publish(*gateways, text="المكتب مفتوح.")
    await gateways[0].say("سؤال بعدها", id="after")
    await until(lambda: sum(len(channel.sent) for channel in channels) == 9)
    texts = [text for channel in channels for text in channel.texts]
    assert (texts.count(TEXT), texts.count("المكتب مفتوح.")) == (1, 1)


async def test_it_begins_and_ends_by_itself(sqlite_url, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    now = utc_now()
    await publish(gateway, starts_at=now + timedelta(seconds=1.5), ends_at=now + timedelta(seconds=3))
    await gateway.say("قبله", "a")
    await heard(channel, 1)
    await asyncio.sleep((now + timedelta(seconds=1.6) - utc_now()).total_seconds())
    await gateway.say("معه", "b")
    await heard(channel, 3)
    await asyncio.sleep((now + timedelta(seconds=3.1) - utc_now()).total_seconds())
    await gateway.say("بعده", "c")
    assert await heard(channel, 4) == ["الجواب: قبله", TEXT, "الجواب: معه", "الجواب: بعده"]


async def test_no_banner_without_an_answer_to_a_question(sqlite_url, assistant, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    await publish(gateway)
    assistant.script += [Step(status=422), Step(body=reply("لن نرسل.", kind="stop"))]
    await gateway.say("سؤال")
    await gateway.say("")
    await gateway.say("إيقاف")
    await heard(channel, 3)
    assert TEXT not in channel.texts
    await gateway.say("سؤال ثان")
    assert (await heard(channel, 5))[3:] == [TEXT, "الجواب: سؤال ثان"]


async def test_another_channels_banner_and_a_withdrawn_one_are_not_shown(sqlite_url, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    await publish(gateway, channels=("web", "sms"))
    await withdraw(await publish(gateway, text="عطلة"), gateway)
    await gateway.say("سؤال")
    assert await heard(channel, 1) == ["الجواب: سؤال"]


async def test_choices_below_a_banner_work(sqlite_url, assistant, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    await publish(gateway)
    assistant.script.append(Step(body=reply("أي خدمة؟", choices=[{"id": "c1", "title": "جواز"}])))
    await gateway.say("رسوم")
    await heard(channel, 2)
    await gateway.say("", choice=channel.sent[1].body["tokens"][0])
    await heard(channel, 3)
    assert (assistant.asked[1]["text"], assistant.asked[1]["choice"]) == ("جواز", "c1")


async def test_who_was_told_is_forgotten_when_it_is_over(database_url, start_gateway, channel) -> None:
    gateway = await start_gateway(database_url, channel)
    notice = await publish(gateway)
    await gateway.say("سؤال")
    await heard(channel, 2)

    async def rows() -> int:
        count = select(func.count()).select_from(NoticeToldRow)
        return int(await gateway.database.read(lambda connection: connection.scalar(count)))

    await gateway.database.write(forget_told)
    assert await rows() == 1
    over = update(NoticeRow).where(NoticeRow.id == notice.id).values(ends_at=utc_now() - timedelta(days=2))
    await gateway.database.write(lambda connection: connection.execute(over))
    await gateway.database.write(forget_told)
    assert await rows() == 0


async def test_an_answer_replaces_every_reply_while_it_runs(database_url, assistant, start_gateway, channel) -> None:
    gateway = await start_gateway(database_url, channel)
    channel.pages = 1
    assistant.script.append(Step(body=reply("أول", "بقية")))
    await gateway.say("متطلبات")
    await heard(channel, 1)
    notice = await publish(gateway, text=EMERGENCY, kind=Kind.ANSWER)
    await publish(gateway)
    await gateway.say("سؤال")
    await gateway.say("0", more=True)
    await gateway.say("")
    assert (await heard(channel, 4))[1:] == [EMERGENCY] * 3
    assert assistant.texts == ["متطلبات"]
    assert [row.outcome for row in await gateway.inbox()][1:] == [Outcome.NOTICE] * 3
    channel.pages = 10
    await withdraw(notice, gateway)
    await gateway.say("سؤال آخر")
    assert (await heard(channel, 6))[4:] == [TEXT, "الجواب: سؤال آخر"]


@pytest.mark.parametrize("said", ["إيقاف", "لا ترسلوا", "STOP"])
async def test_stop_words_are_heard_while_an_answer_runs(
    database_url, assistant, start_gateway, channel, said: str
) -> None:
    gateway = await start_gateway(database_url, channel)
    await publish(gateway, text=EMERGENCY, kind=Kind.ANSWER)
    await gateway.say(said)
    assert await heard(channel, 1) == [wishes.STOPPED]
    wish = select(Contact.opted_out)
    assert await gateway.database.read(lambda connection: connection.scalar(wish)) is True
    await gateway.say(said)
    await gateway.say("سؤال")
    assert await heard(channel, 2) == [wishes.STOPPED, EMERGENCY]
    assert assistant.texts == []


async def test_deletion_works_while_an_answer_runs(sqlite_url, assistant, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    await publish(gateway, text=EMERGENCY, kind=Kind.ANSWER)
    await gateway.say("سؤال")
    await heard(channel, 1)
    await gateway.core.forget("telegram", "967771234567")
    await until(lambda: assistant.forgotten)
    assert [row.text for row in await gateway.inbox()] == [None, None]


async def test_the_answer_published_last_holds(sqlite_url, start_gateway, channel) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    await publish(gateway, text="قديم", kind=Kind.ANSWER)
    await publish(gateway, text="جديد", kind=Kind.ANSWER)
    await gateway.say("سؤال")
    assert await heard(channel, 1) == ["جديد"]


async def test_a_database_that_is_away_changes_nothing_and_is_logged_once(
    sqlite_url, start_gateway, channel, monkeypatch, caplog
) -> None:
    gateway = await start_gateway(sqlite_url, channel)
    await publish(gateway)
    short = await publish(gateway, text="قصير", ends_at=utc_now() + timedelta(seconds=4))
    monkeypatch.setattr(board, "EVERY", 0.05)
    reading = []

    def away(connection: object) -> None:
        reading.append(1)
        raise OSError("away")

    monkeypatch.setattr(board, "read", away)
    await until(lambda: len(reading) > 3)
    assert {notice.text for notice in gateway.core.board.view.banners("telegram")} == {TEXT, short.text}
    assert len([one for one in caplog.records if "last known" in one.msg]) == 1
    await until(lambda: [one.text for one in gateway.core.board.view.banners("telegram")] == [TEXT])
