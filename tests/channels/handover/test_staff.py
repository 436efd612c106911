"""A person has the conversation: silence of Dalil, order, ends, two who take at once, what is refused."""

from __future__ import annotations

import asyncio
import threading

import pytest

from channels import text
from channels.handover import desk, says, staff
from channels.handover.errors import AlreadyHeld, NotHeld, ReplyRefused, UnknownHandover
from channels.handover.measure import LONGEST, measure
from channels.tables import Outcome
from storage import SyncDatabase
from tests.channels.fake_assistant import Step, reply
from tests.channels.handover.people import AMAL, BASHIR, CITIZEN, Office, done, wants_a_person
from tests.channels.harness import RecordingChannel, until

MARK = f"موظف {desk.OFFICE}:\n"
TAKEN = says.taken(desk.OFFICE)


async def begun(start_gateway, assistant, database_url, **settings):
    """A gateway, its channel, its office, and a request in the queue."""
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel, **settings)
    office = await Office(gateway).opens()
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: len(channel.sent) == 1)
    return gateway, channel, office


async def test_while_a_person_has_it_dalil_is_silent(database_url, assistant, start_gateway) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, database_url)
    mine = await office.take()
    await until(lambda: len(channel.sent) == 2)
    await gateway.say("كم رسوم الجواز؟")
    await gateway.say("0", more=True)
    await done(gateway, 3)
    await office.reply(mine, "أهلا بك.\nسأنظر في طلبك.")
    await until(lambda: len(channel.sent) == 3)
    await gateway.say("شكرا")
    await done(gateway, 4)
    await office.reply(mine, "العفو")
    await office.release(mine)
    await until(lambda: len(channel.sent) == 5)
    await gateway.say("وكم المدة؟")
    await until(lambda: len(channel.sent) == 6)
    assert channel.texts[1:] == [
        TAKEN,
        f"{MARK}أهلا بك.\nسأنظر في طلبك.",
        f"{MARK}العفو",
        says.RELEASED,
        "الجواب: وكم المدة؟",
    ]
    assert assistant.texts == ["موظف", "وكم المدة؟"]
    outcomes = [row.outcome for row in await gateway.inbox()]
    assert outcomes == [Outcome.ANSWERED, *[Outcome.HANDOVER] * 3, Outcome.ANSWERED]
    assert [(row.state, row.reason, row.holder) for row in await office.rows()] == [("released", "staff", AMAL)]
    assert not any(AMAL in said for said in channel.texts)


async def test_an_answer_that_was_under_way_is_not_given(database_url, assistant, start_gateway) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, database_url, assistant_budget_seconds=30.0)
    hold = asyncio.Event()
    assistant.script.append(Step(hold=hold))
    await gateway.say("سؤال بطيء")
    await until(lambda: len(assistant.asked) == 2)
    mine = await office.take()
    hold.set()
    await done(gateway, 2)
    await until(lambda: len(channel.sent) == 2)
    await office.reply(mine, "نعم")
    await until(lambda: len(channel.sent) == 3)
    assert channel.texts[1:] == [TAKEN, f"{MARK}نعم"]
    assert ("citizen", "سؤال بطيء") in await office.words(mine)


async def test_a_message_for_a_person_who_has_left_is_answered_by_dalil(sqlite_url, assistant, start_gateway) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, sqlite_url)
    mine = await office.take()
    answer = gateway.core._conversations.answer

    async def released_meanwhile(work, channel):
        result = await answer(work, channel)
        if work.held:
            await office.release(mine)
        return result

    gateway.core._conversations.answer = released_meanwhile
    await gateway.say("ما زلت هنا؟")
    await until(lambda: len(channel.sent) == 4)
    assert channel.texts[1:] == [TAKEN, says.RELEASED, "الجواب: ما زلت هنا؟"]


async def test_held_pages_of_dalil_are_not_said(sqlite_url, assistant, start_gateway) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, sqlite_url)
    assistant.script.append(Step(body=reply("أول", "ثان")))
    await gateway.say("طويل")
    await until(lambda: len(channel.sent) == 2)
    mine = await office.take()
    await gateway.say("0", more=True)
    await done(gateway, 3)
    await office.release(mine)
    await gateway.say("0", more=True)
    await until(lambda: len(channel.sent) == 5)
    assert channel.texts[1:] == ["أول", TAKEN, says.RELEASED, "الجواب: 0"]


async def test_cancel_alone_ends_it(database_url, assistant, start_gateway) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, database_url)
    mine = await office.take()
    await office.reply(mine, "أهلا")
    await gateway.say("إلغاء")  # what was said before it comes before it, whoever is faster
    await gateway.say("كم الرسوم؟")
    await until(lambda: len(channel.sent) == 5)
    assert channel.texts[1:] == [TAKEN, f"{MARK}أهلا", says.ENDED_BY_CITIZEN, "الجواب: كم الرسوم؟"]
    assert [(row.state, row.reason) for row in await office.rows()] == [("closed", "cancelled")]
    assert "إلغاء" not in assistant.texts
    with pytest.raises(NotHeld) as refused:
        await office.reply(mine, "هل ما زلت هنا؟")
    assert (refused.value.state, refused.value.reason) == ("closed", "cancelled")


STOPS = [
    ({"opted_out": True, "answer": "أوقفنا الرسائل."}, "أوقفنا الرسائل."),  # as SMS reads it
    ({}, says.STOPPED),
]


@pytest.mark.parametrize(("fields", "answer"), STOPS)
async def test_a_stop_works_while_a_person_has_it(database_url, assistant, start_gateway, fields, answer) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, database_url)
    mine = await office.take()
    await until(lambda: len(channel.sent) == 2)
    await gateway.say("إيقاف", **fields)
    await until(lambda: len(channel.sent) == 3)
    with pytest.raises(NotHeld):
        await office.reply(mine, "لحظة")
    assert channel.texts[2] == answer
    assert [(row.state, row.reason) for row in await office.rows()] == [("closed", "opted_out")]
    rows = await gateway.database.read(
        lambda connection: connection.exec_driver_sql("SELECT opted_out FROM contacts").all()
    )
    assert [bool(row[0]) for row in rows] == [True]


async def test_what_a_person_cannot_be_told_is_said(sqlite_url, assistant, start_gateway) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, sqlite_url, max_message_chars=50)
    await office.take()
    await gateway.say("")
    await gateway.say("س" * 60)
    await until(lambda: len(channel.sent) == 4)
    assert sorted(channel.texts[1:]) == sorted([TAKEN, says.NO_FILES, text.TOO_LONG.format(limit=50)])


async def test_two_take_at_once_and_one_has_it(database_url, assistant, start_gateway) -> None:
    _, channel, office = await begun(start_gateway, assistant, database_url)
    [entry] = await office.queue()
    outcomes: list[object] = []
    together = threading.Barrier(4)

    def take(who: str) -> None:
        database = SyncDatabase(database_url)
        together.wait(20)
        try:
            with database.write() as session:
                outcomes.append(staff.take(session.connection(), entry.handover.id, who).holder)
        except AlreadyHeld as refused:
            outcomes.append((who, refused.holder))
        finally:
            database.close()

    await asyncio.gather(*(asyncio.to_thread(take, f"staff-{number}") for number in range(4)))
    [winner] = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(outcomes) == 4
    assert {outcome for outcome in outcomes if not isinstance(outcome, str)} == {
        (f"staff-{number}", winner) for number in range(4) if f"staff-{number}" != winner
    }
    await until(lambda: len(channel.sent) == 2)
    await asyncio.sleep(1.0)
    assert channel.texts[1:] == [TAKEN]
    await office.do(staff.take, entry.handover.id, winner)  # again: nothing new


async def test_a_form_sent_twice_is_one_reply(database_url, assistant, start_gateway) -> None:
    _, channel, office = await begun(start_gateway, assistant, database_url)
    mine = await office.take()
    first = await office.reply(mine, "أهلا", key="form-1")
    again = await office.reply(mine, "أهلا", key="form-1")
    await office.reply(mine, "أهلا", key="form-2")
    await until(lambda: len(channel.sent) == 4)
    await asyncio.sleep(1.0)
    assert first == again
    assert channel.texts[1:] == [TAKEN, f"{MARK}أهلا", f"{MARK}أهلا"]


async def test_what_staff_may_not_do(sqlite_url, assistant, start_gateway) -> None:
    _, channel, office = await begun(start_gateway, assistant, sqlite_url)
    [entry] = await office.queue()
    mine = entry.handover.id
    for act in (staff.release, staff.hand_back):
        with pytest.raises(NotHeld):
            await office.do(act, mine, AMAL)
    with pytest.raises(NotHeld):
        await office.reply(mine, "أهلا")
    for act, arguments in ((staff.take, (AMAL,)), (staff.close, ()), (staff.assign, ("moi",))):
        with pytest.raises(UnknownHandover):
            await office.do(act, 10**6, *arguments)
    await office.take()
    for act, arguments in ((staff.take, (BASHIR,)), (staff.release, (BASHIR,)), (staff.close, ())):
        with pytest.raises(AlreadyHeld) as refused:
            await office.do(act, mine, *arguments)
        assert refused.value.holder == AMAL
    for words in ("", " \n ", "\u202e\x00", "س" * (LONGEST + 1)):
        with pytest.raises(ReplyRefused):
            await office.reply(mine, words)
    for act, arguments in ((staff.take_over, (BASHIR, AMAL)), (staff.hand_back, (BASHIR,))):
        with pytest.raises(AlreadyHeld):
            await office.do(act, mine, *arguments)
    await office.do(staff.release, mine, AMAL)
    with pytest.raises(NotHeld):
        await office.do(staff.take, mine, AMAL)
    await until(lambda: len(channel.sent) == 3)
    assert channel.texts[1:] == [TAKEN, says.RELEASED]


async def test_handed_back_it_is_where_it_was(sqlite_url, assistant, start_gateway) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, sqlite_url)
    wants_a_person(assistant)
    await gateway.say("موظف", "second")
    await until(lambda: len(channel.sent) == 2)
    mine = await office.take()
    await office.do(staff.hand_back, mine, AMAL)
    assert [(entry.handover.id, entry.handover.state.value) for entry in await office.queue()] == [
        (mine, "waiting"),
        (mine + 1, "waiting"),
    ]
    await gateway.say("كم الرسوم؟")
    await until(lambda: len(channel.sent) == 5)
    to_first = [sent.body["text"] for sent in channel.sent if sent.address == CITIZEN]
    assert to_first[1:] == [TAKEN, says.BACK, "الجواب: كم الرسوم؟"]
    assert await office.take(BASHIR) == mine


async def test_closed_unanswered_the_citizen_is_told(sqlite_url, assistant, start_gateway) -> None:
    _, channel, office = await begun(start_gateway, assistant, sqlite_url)
    [entry] = await office.queue()
    await office.do(staff.close, entry.handover.id)
    await until(lambda: len(channel.sent) == 2)
    assert channel.texts[1] == says.CLOSED
    assert await office.queue() == []


async def test_the_office_is_the_one_that_answers(sqlite_url, assistant, start_gateway) -> None:
    _, channel, office = await begun(start_gateway, assistant, sqlite_url)
    [entry] = await office.queue()
    await office.do(staff.take, entry.handover.id, AMAL, "مصلحة الهجرة والجوازات")
    await office.reply(entry.handover.id, "تفضل")
    await until(lambda: len(channel.sent) == 3)
    assert channel.texts[2] == "موظف مصلحة الهجرة والجوازات:\nتفضل"


SILENT = [
    # what the citizen and staff say, state afterwards, what the citizen is told
    ([], "waiting", says.BACK_UNANSWERED),
    (["staff"], "released", says.IDLE),
    (["staff", "citizen"], "waiting", says.BACK_UNANSWERED),
    (["citizen", "staff"], "released", says.IDLE),
]


@pytest.mark.parametrize(("said", "state", "told"), SILENT)
async def test_a_person_who_does_not_write_loses_it(database_url, assistant, start_gateway, said, state, told) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, database_url, handover_idle_minutes=0.02)
    mine = await office.take()
    for place, who in enumerate(said):
        if who == "staff":
            await office.reply(mine, "لحظة")
        else:
            await gateway.say("نعم", id=f"silent-{place}")
            await done(gateway, 2)
    await until(lambda: told in channel.texts)
    [row] = await office.rows()
    assert (row.state, row.reason) == (state, "idle" if state == "released" else None)
    await gateway.say("كم الرسوم؟")
    await until(lambda: channel.texts[-1] == "الجواب: كم الرسوم؟")
    with pytest.raises(NotHeld):
        await office.reply(mine, "أنا هنا")


MEASURES = [
    ("sms", "نعم", 1, True),
    ("sms", "س" * 60, 2, True),
    ("sms", "نعم " * 44, 3, True),
    ("sms", "نعم " * 50, 4, False),
    ("sms", " ", 1, False),
    ("telegram", "س" * LONGEST, 1, True),
    ("telegram", "س" * (LONGEST + 1), 1, False),
    ("web", "", 1, False),
]


@pytest.mark.parametrize(("channel", "typed", "parts", "fits"), MEASURES, ids=range(len(MEASURES)))
def test_a_reply_is_measured_before_it_is_sent(channel, typed, parts, fits) -> None:
    found = measure(channel, "المكتب", typed)
    assert (found.parts, found.fits) == (parts, fits)


async def test_taken_over_the_conversation_goes_on_with_another_person(database_url, assistant, start_gateway) -> None:
    gateway, channel, office = await begun(start_gateway, assistant, database_url)
    mine = await office.take()
    await office.reply(mine, "أهلا")
    taken = await office.do(staff.take_over, mine, AMAL, BASHIR, "مكتب الجوازات")
    assert (taken.holder, taken.state.value, taken.unanswered) == (BASHIR, "held", False)
    with pytest.raises(AlreadyHeld):
        await office.reply(mine, "ما زلت هنا")
    await gateway.say("من معي؟")
    await done(gateway, 2)
    await office.reply(mine, "بشير", BASHIR)
    await until(lambda: len(channel.sent) == 5)
    assert channel.texts[1:] == [
        TAKEN,
        f"{MARK}أهلا",
        says.taken_over("مكتب الجوازات"),
        "موظف مكتب الجوازات:\nبشير",
    ]
    assert assistant.texts == ["موظف"]
