"""Asking for a person: the queue, opening hours, an empty desk, and the way out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from channels.handover import desk, says, turns
from channels.handover.hours import Holiday, Shift
from channels.handover.tables import PresenceRow
from channels.identity import conversation_id
from storage import utc_now
from tests.channels.fake_assistant import Step, reply
from tests.channels.handover.people import ALWAYS, AMAL, CITIZEN, UTTER_HUMAN, Office, done, wants_a_person, yemen
from tests.channels.harness import RecordingChannel, until


async def test_without_hours_the_desk_is_off(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: channel.sent)
    assert channel.texts == [UTTER_HUMAN]
    assert await Office(gateway).rows() == []


async def test_switched_off_the_hours_are_kept(sqlite_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel)
    office = await Office(gateway).opens()
    await office.do(desk.set_desk, AMAL, enabled=False, office="المكتب")
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: channel.sent)
    assert channel.texts == [UTTER_HUMAN]
    found = await office.do(desk.desk)
    assert (found.on, found.office, len(found.timetable.shifts)) == (False, "المكتب", 7)


async def test_who_asks_hears_how_many_are_before_them(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    office = await Office(gateway).opens()
    for number in range(4):
        wants_a_person(assistant, "passport")
        await gateway.say("أريد موظفا", f"citizen-{number}")
        await until(lambda number=number: len(channel.sent) == number + 1)
    assert [text.splitlines()[0] for text in channel.texts] == [
        f"طلبك للتحدث إلى موظف في قائمة الانتظار. {before}"
        for before in ("أنت التالي.", "قبلك شخص واحد.", "قبلك شخصان.", "قبلك 3 أشخاص.")
    ]
    assert all(text.endswith("للإلغاء أرسل: إلغاء") for text in channel.texts)
    entries = await office.queue()
    assert [entry.handover.conversation for entry in entries] == [
        conversation_id("development-only", "test", f"citizen-{number}") for number in range(4)
    ]
    assert {(entry.handover.state.value, entry.handover.service, entry.said) for entry in entries} == {
        ("waiting", "passport", "أريد موظفا")
    }


async def test_asking_again_is_the_same_request(sqlite_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel)
    office = await Office(gateway).opens()
    for number in range(3):
        wants_a_person(assistant)
        await gateway.say("موظف")
        await until(lambda number=number: len(channel.sent) == number + 1)
    assert len(await office.rows()) == 1
    assert len(set(channel.texts)) == 1


async def test_while_waiting_dalil_answers(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    office = await Office(gateway).opens()
    wants_a_person(assistant)
    await gateway.say("موظف")
    await gateway.say("كم رسوم الجواز؟")
    await until(lambda: len(channel.sent) == 2)
    assistant.script.append(Step(body=reply("لا أعرف", kind="out_of_scope")))
    await gateway.say("مشكلتي مع الموظف فلان")
    await until(lambda: len(channel.sent) == 3)
    assert channel.texts[1:] == ["الجواب: كم رسوم الجواز؟", says.NOTED]
    [entry] = await office.queue()
    assert (entry.said, entry.unanswered, entry.reachable) == ("مشكلتي مع الموظف فلان", True, True)


@pytest.mark.parametrize("word", ["إلغاء", "الغاء", "cancel", "إلغاء."])
async def test_cancel_alone_leaves_the_queue(sqlite_url, assistant, start_gateway, word) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel)
    office = await Office(gateway).opens()
    wants_a_person(assistant)
    await gateway.say("موظف")
    await gateway.say("كيف يتم إلغاء الجواز")
    await gateway.say(word)
    await until(lambda: len(channel.sent) == 3)
    assert channel.texts[1:] == ["الجواب: كيف يتم إلغاء الجواز", says.CANCELLED]
    assert [(row.state, row.reason) for row in await office.rows()] == [("closed", "cancelled")]
    # The assistant heard it too: whatever it was asking for is over.
    assert assistant.texts[-1] == word


async def test_cancel_works_when_the_assistant_is_down(sqlite_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel)
    await Office(gateway).opens()
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: channel.sent)
    await assistant.stop()
    await gateway.say("إلغاء")
    await until(lambda: len(channel.sent) == 2)
    assert channel.texts[1] == says.CANCELLED


async def test_an_empty_desk_is_said(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    office = await Office(gateway).opens()
    long_ago = utc_now() - desk.PRESENT - timedelta(seconds=1)
    await office.do(lambda connection: connection.execute(update(PresenceRow).values(seen_at=long_ago)))
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: channel.sent)
    assert channel.texts[0].startswith("لا يوجد موظف على المكتب في هذه اللحظة. طلبك محفوظ")
    await office.do(desk.present, AMAL)
    await office.do(desk.present, AMAL)
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: len(channel.sent) == 2)
    assert channel.texts[1].startswith("طلبك للتحدث إلى موظف في قائمة الانتظار. أنت التالي.")
    assert [row.state for row in await office.rows()] == ["waiting"]


SPLIT = tuple(Shift(day, opens * 60, closes * 60) for day in (6, 0, 1, 2, 3) for opens, closes in ((8, 12), (16, 18)))
MOMENTS = [
    ("2026-11-22T09:00", "waiting", "طلبك للتحدث إلى موظف في قائمة الانتظار."),
    ("2026-11-22T12:00", "left", "المكتب مغلق الآن، ويفتح اليوم الساعة 16:00."),
    ("2026-11-26T23:59:59", "left", "المكتب مغلق الآن، ويفتح يوم الأحد 29 نوفمبر الساعة 08:00."),
    ("2026-11-30T10:00", "left", "المكتب مغلق الآن (عيد الجلاء)، ويفتح غدا الثلاثاء الساعة 08:00."),
]


@pytest.mark.parametrize(("now", "state", "told"), MOMENTS)
async def test_out_of_hours_the_request_is_left(
    database_url, assistant, start_gateway, monkeypatch, now, state, told
) -> None:
    monkeypatch.setattr(turns, "utc_now", lambda: yemen(now))
    monkeypatch.setattr("channels.handover.attendant.utc_now", lambda: yemen(now))
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    office = await Office(gateway).opens(SPLIT)
    evacuation = Holiday(date(2026, 11, 30), date(2026, 11, 30), "عيد الجلاء")
    await office.do(desk.add_holiday, evacuation)
    monkeypatch.setattr(desk, "at_desk", lambda connection, now: True)
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: channel.sent)
    assert channel.texts[0].splitlines()[0].startswith(told)
    [entry] = await office.queue()
    assert entry.handover.state.value == state


async def test_at_closing_time_who_waits_is_told(database_url, assistant, start_gateway, monkeypatch) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    office = await Office(gateway).opens()
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: channel.sent)
    holiday = Holiday(utc_now().date() - timedelta(days=1), utc_now().date() + timedelta(days=1), "إجازة")
    await office.do(desk.add_holiday, holiday)
    await until(lambda: len(channel.sent) == 2)
    assert channel.texts[1].startswith("المكتب مغلق الآن (إجازة)، ويفتح ")
    assert [row.state for row in await office.rows()] == ["left"]
    # Left, they can be taken all the same; and when it opens nothing is said by itself.
    await office.take()
    await until(lambda: len(channel.sent) == 3)
    assert channel.texts[2] == says.taken(desk.OFFICE)


async def test_a_stop_ends_the_request(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    office = await Office(gateway).opens()
    for address in ("by-channel", "by-assistant"):
        wants_a_person(assistant)
        await gateway.say("موظف", address)
        await done(gateway, 1)
    await gateway.say("إيقاف", "by-channel", opted_out=True, answer="أوقفنا الرسائل.")
    assistant.script.append(Step(body=reply("لن نرسل", kind="stop")))
    await gateway.say("أوقفوا الرسائل", "by-assistant")
    await until(lambda: len(channel.sent) == 4)
    assert sorted(channel.texts[2:]) == ["أوقفنا الرسائل.", "لن نرسل"]
    assert [(row.state, row.reason) for row in await office.rows()] == [("closed", "opted_out")] * 2


async def test_holidays_and_names_are_checked(sqlite_url, assistant, start_gateway) -> None:
    gateway = await start_gateway(sqlite_url, RecordingChannel())
    office = Office(gateway)
    await office.do(desk.set_hours, ALWAYS)
    first = await office.do(desk.add_holiday, Holiday(date(2026, 5, 1), date(2026, 5, 3), " عيد  العمال "))
    with pytest.raises(desk.WrongHours):
        await office.do(desk.add_holiday, Holiday(date(2026, 5, 3), date(2026, 5, 3), "آخر"))
    with pytest.raises(desk.WrongHours):
        await office.do(desk.set_desk, AMAL, enabled=True, office=" " * 5)
    assert [(holiday.name, holiday.id) for holiday in await office.do(desk.holidays)] == [("عيد العمال", first)]
    assert await office.do(desk.remove_holiday, first)
    assert not await office.do(desk.remove_holiday, first)
    await office.do(desk.set_hours, ())
    assert not (await office.do(desk.desk)).on


async def test_a_citizen_who_left_for_good_leaves_the_queue(sqlite_url, assistant, start_gateway) -> None:
    channel = RecordingChannel("web")
    gateway = await start_gateway(sqlite_url, channel, web_session_hours=1)
    office = await Office(gateway).opens()
    wants_a_person(assistant)
    await gateway.say("موظف", CITIZEN)
    await until(lambda: channel.sent)
    await office.do(
        lambda connection: connection.exec_driver_sql("UPDATE contacts SET started_at = '2020-01-01 00:00:00'")
    )

    async def gone():
        return [(row.state, row.reason) for row in await office.rows()] == [("closed", "gone")]

    await until(gone)
    assert await office.queue() == []
