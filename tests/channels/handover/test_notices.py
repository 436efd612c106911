"""Notices and stopped channels beside a person who has the conversation."""

from __future__ import annotations

import pytest

from channels.handover import desk, says
from channels.notices.limits import Kind
from channels.notices.switches import SAID
from channels.notices.wishes import STOPPED
from tests.channels.handover.people import Office, done, wants_a_person
from tests.channels.harness import RecordingChannel, until
from tests.channels.noticing import TEXT, publish, resume, stop

MARK = f"موظف {desk.OFFICE}:\n"
TAKEN = says.taken(desk.OFFICE)


@pytest.fixture
async def begun(database_url, assistant, start_gateway):
    """A gateway, its channel, its office, and a request in the queue."""
    channel = RecordingChannel("telegram")
    channel.pages = 10
    gateway = await start_gateway(database_url, channel)
    office = await Office(gateway).opens()
    return gateway, channel, office


async def asks(gateway, channel, assistant) -> None:
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: len(channel.sent) == 1)


async def test_a_banner_waits_for_an_answer_of_the_assistants(begun, assistant) -> None:
    gateway, channel, _ = begun
    await publish(gateway)
    await asks(gateway, channel, assistant)
    await gateway.say("كم رسوم الجواز؟")
    await until(lambda: len(channel.sent) == 3)
    assert TEXT not in channel.texts[0]
    assert channel.texts[1:] == [TEXT, "الجواب: كم رسوم الجواز؟"]


async def test_an_answer_does_not_stand_between_a_citizen_and_a_person(begun, assistant) -> None:
    gateway, channel, office = begun
    await asks(gateway, channel, assistant)
    mine = await office.take()
    await until(lambda: len(channel.sent) == 2)
    await publish(gateway, text="توقفت الخدمة.", kind=Kind.ANSWER)
    await gateway.say("هل أنت هنا؟")
    await done(gateway, 2)
    await office.reply(mine, "نعم.")
    await until(lambda: len(channel.sent) == 3)
    await office.release(mine)
    await until(lambda: len(channel.sent) == 4)
    await gateway.say("وكم المدة؟")
    await until(lambda: len(channel.sent) == 5)
    assert channel.texts[1:] == [TAKEN, f"{MARK}نعم.", says.RELEASED, "توقفت الخدمة."]


async def test_while_stopped_what_staff_write_waits_its_turn(begun, assistant) -> None:
    gateway, channel, office = begun
    await asks(gateway, channel, assistant)
    mine = await office.take()
    await until(lambda: len(channel.sent) == 2)
    await stop("telegram", gateway)
    await office.reply(mine, "أهلا بك.")
    await gateway.say("هل أنت هنا؟")
    await until(lambda: len(channel.sent) == 3)
    assert channel.texts[1:] == [TAKEN, SAID["telegram"]]
    await resume("telegram", gateway)
    await done(gateway, 2)
    await until(lambda: len(channel.sent) == 4)
    assert channel.texts[3] == f"{MARK}أهلا بك."
    assert assistant.texts == ["موظف"]


async def test_a_stop_word_ends_the_request_while_stopped(begun, assistant) -> None:
    gateway, channel, office = begun
    await asks(gateway, channel, assistant)
    await stop("telegram", gateway)
    await gateway.say("لا ترسلوا")
    await until(lambda: len(channel.sent) == 2)
    assert channel.texts[1] == STOPPED
    assert [(row.state, row.reason) for row in await office.rows()] == [("closed", "opted_out")]
