"""What staff read, what becomes of it, and canned answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from channels.contract import BotMessage, Reply
from channels.handover import canned, desk, says, thread
from channels.handover.canned import Canned
from channels.handover.errors import WrongAnswer
from channels.handover.tables import LineRow
from channels.handover.thread import plain
from channels.sms.outbound.render import reply_text
from channels.sms.outbound.segments import split
from channels.tables import InboxRow, OutboxRow
from channels.telegram.render import payloads
from storage import utc_now
from tests.channels.handover.people import AMAL, CITIZEN, Office, done, long_talk, wants_a_person
from tests.channels.harness import RecordingChannel, until

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} '; DROP TABLE handovers; --"


async def begun(start_gateway, assistant, database_url):
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    office = await Office(gateway).opens()
    await gateway.say("حالة معاملتي 4471120")
    await until(lambda: len(channel.sent) == 1)
    wants_a_person(assistant)
    await gateway.say("أريد موظفا")
    await until(lambda: len(channel.sent) == 2)
    return gateway, channel, office, await office.take()


async def texts(gateway) -> list[str | None]:
    return [row.text for row in await gateway.inbox()]


async def test_numbers_are_masked_unless_asked_for_and_gone_at_the_end(database_url, assistant, start_gateway) -> None:
    gateway, _, office, mine = await begun(start_gateway, assistant, database_url)
    await gateway.say("رقم معاملتي ٤٤٧١١٢٠ وهاتفي 771234567")
    await done(gateway, 3)
    masked = ("citizen", "رقم معاملتي •••• وهاتفي ••••")
    assert (await office.thread(mine)).hidden
    assert masked in await office.words(mine)
    shown = await office.thread(mine, numbers=True)
    assert "رقم معاملتي ٤٤٧١١٢٠ وهاتفي 771234567" in [said.text for said in shown.said]
    assert "الجواب: حالة معاملتي 4471120" in [said.text for said in shown.said]
    assert not shown.hidden
    assert [entry.said for entry in await office.queue()] == [masked[1]]
    await office.release(mine)
    assert await texts(gateway) == ["حالة معاملتي ••••", "أريد موظفا", masked[1]]
    assert not (await office.thread(mine)).hidden


async def test_the_thread_has_both_sides_in_order(database_url, assistant, start_gateway) -> None:
    gateway, channel, office, mine = await begun(start_gateway, assistant, database_url)
    await until(lambda: len(channel.sent) == 3)
    await gateway.say(HOSTILE)
    await done(gateway, 3)
    await office.reply(mine, "أهلا")
    await until(lambda: len(channel.sent) == 4)
    await office.release(mine)
    await until(lambda: len(channel.sent) == 5)
    await gateway.say("بعد ذلك")
    await until(lambda: len(channel.sent) == 6)
    assert await office.words(mine) == [
        ("citizen", "حالة معاملتي ••••"),
        ("dalil", "الجواب: حالة معاملتي ••••"),
        ("citizen", "أريد موظفا"),
        ("dalil", channel.texts[1]),
        ("office", says.taken(desk.OFFICE)),
        ("citizen", HOSTILE),
        ("staff", "أهلا"),
        ("office", says.RELEASED),
    ]
    states = [said.state for said in (await office.thread(mine)).said if said.who.value in ("staff", "office")]
    assert states == ["accepted"] * 3
    assert [said.staff for said in (await office.thread(mine)).said if said.who.value == "staff"] == [AMAL]


async def test_a_reply_that_no_gateway_has_yet_is_unsaid(sqlite_url, assistant, start_gateway) -> None:
    gateway, _, office, mine = await begun(start_gateway, assistant, sqlite_url)
    await gateway.core.attendant.stop()
    await office.reply(mine, "أهلا")
    assert (await office.thread(mine)).said[-1].state == "unsaid"
    assert gateway.core.faults() == ["handover"]
    await gateway.core.attendant.attend()
    assert (await office.thread(mine)).said[-1].state != "unsaid"


def places(said) -> list[tuple[str, int]]:
    return [(one.who.value, one.id) for one in said]


async def test_a_long_thread_is_read_page_by_page_and_each_message_once(
    database_url, assistant, start_gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, channel, office, mine = await begun(start_gateway, assistant, database_url)
    await until(lambda: len(channel.sent) == 3)
    await office.do(long_talk, mine, 70)
    with monkeypatch.context() as patch:
        patch.setattr(thread, "PAGE", 10_000)
        whole = await office.thread(mine)
    assert (len(whole.said), whole.earlier) == (3 * 70 + 5, None)
    for size in (1, 7, 20, 200):
        monkeypatch.setattr(thread, "PAGE", size)
        pages, before = [], None
        while not pages or before is not None:
            page = await office.thread(mine, before=before)
            pages.append(places(page.said))
            before = page.earlier and thread.place(str(page.earlier))
        assert [said for page in reversed(pages) for said in page] == places(whole.said)
        assert {len(page) for page in pages[:-1]} <= {size}


@pytest.mark.parametrize("text", ["", "x", "1.3.1", "1.0", "-1.0.1", "1.0.1 ", "9" * 30 + ".0.1"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert thread.place(text) is None


async def test_forgotten_nothing_is_left_of_it(database_url, assistant, start_gateway) -> None:
    gateway, channel, office, mine = await begun(start_gateway, assistant, database_url)
    await gateway.say("اسمي فلان")
    await done(gateway, 3)
    await office.reply(mine, "أهلا يا فلان")
    await until(lambda: len(channel.sent) == 4)
    await gateway.core.attendant.stop()
    await office.reply(mine, "لن يصل")
    await gateway.core.forget("test", CITIZEN)
    await until(lambda: assistant.forgotten)
    await gateway.core.attendant.attend()
    assert {said.text for said in (await office.thread(mine)).said} == {None}
    assert [(row.state, row.reason) for row in await office.rows()] == [("closed", "forgotten")]
    lines = await gateway.database.read(lambda connection: connection.scalars(select(LineRow.text)).all())
    assert set(lines) == {None}
    assert len(channel.sent) == 4
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: len(channel.sent) == 5)
    assert [row.state for row in await office.rows()] == ["closed", "waiting"]


async def test_old_threads_are_cleared(database_url, assistant, start_gateway) -> None:
    gateway, channel, office, mine = await begun(start_gateway, assistant, database_url)
    await office.reply(mine, "أهلا")
    await office.release(mine)
    await until(lambda: len(channel.sent) == 5)
    long_ago = utc_now() - timedelta(days=31)
    for statement in (
        update(InboxRow).values(received_at=long_ago),
        update(OutboxRow).values(created_at=long_ago),
        update(LineRow).values(at=long_ago),
    ):
        await gateway.database.write(lambda connection, statement=statement: connection.execute(statement))
    await gateway.core._erasure.retire()
    assert {said.text for said in (await office.thread(mine)).said} == {None}


def test_words_of_any_channel_areplain() -> None:
    [payload] = payloads(Reply("id", "fees", (BotMessage("رقم PSP-2026-000104 <b> و & 5"),)))
    assert plain(payload.body) == "رقم PSP-2026-000104 <b> و & 5"
    assert plain({"text": "نص", "choices": []}) == "نص"
    assert plain(None) is None


NOTICES = [
    says.CANCELLED,
    says.ENDED_BY_CITIZEN,
    says.STOPPED,
    says.RELEASED,
    says.IDLE,
    says.BACK_UNANSWERED,
    says.BACK,
    says.CLOSED,
    says.NO_FILES,
    says.NOTED,
    says.taken("م" * desk.OFFICE_LONGEST),
    says.taken_over("م" * desk.OFFICE_LONGEST),
    says.queued(11, anybody=True, pushed=True),
    says.queued(11, anybody=False, pushed=True),
]


@pytest.mark.parametrize("notice", NOTICES)
def test_what_the_citizen_is_told_fits_one_sms(notice) -> None:
    assert len(split(reply_text([(notice, ())])).parts) <= 3


async def test_canned_answers(sqlite_url, assistant, start_gateway) -> None:
    office = Office(await start_gateway(sqlite_url, RecordingChannel()))
    everybody = await office.do(canned.save, Canned("تحية", "أهلا بك، كيف أخدمك؟"), AMAL)
    own = await office.do(canned.save, Canned(" أوراق  الجواز ", "صورتان", "passports"), AMAL)
    await office.do(canned.save, Canned("مرور", "راجع الفرع", "traffic"), AMAL)
    assert [(one.title, one.id) for one in await office.do(canned.answers, "passports")] == [
        ("أوراق الجواز", own),
        ("تحية", everybody),
    ]
    assert await office.do(canned.save, Canned("تحية", "أهلا", None, everybody), AMAL) == everybody
    assert len(await office.do(canned.answers)) == 3
    for wrong in (Canned("", "نص"), Canned("عنوان", " "), Canned("ع" * 81, "نص"), Canned("عنوان", "نص", None, 10**6)):
        with pytest.raises(WrongAnswer):
            await office.do(canned.save, wrong, AMAL)
    assert await office.do(canned.remove, own)
    assert not await office.do(canned.remove, own)
