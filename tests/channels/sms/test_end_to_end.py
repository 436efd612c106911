"""An SMS through the real gateway: operator, inbox, a fake assistant, outbox, parts on the handset, receipts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from channels.sms.inbound.words import STARTED, STOPPED
from channels.sms.outbound.render import MORE
from channels.sms.providers.simulator import Fault
from channels.sms.tables import PartRow
from channels.tables import OutboxRow, OutboxState
from settings.quiet import QuietHours
from storage import utc_now
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import until
from tests.channels.pushing import NEWS, post, push, wait_for
from tests.channels.sms.phone import CITIZEN, Phone


@pytest.fixture
async def phone(start_phone, sqlite_url) -> Phone:
    return await start_phone(sqlite_url)


async def test_a_question_is_answered_with_numbered_choices(phone, assistant) -> None:
    choices = [{"id": "c1", "title": "المدة"}, {"id": "c2", "title": "المكان"}]
    assistant.script.append(Step(body=reply("الرسوم 3,500 ريال.\nالمصدر 2026-01-05.", choices=choices)))
    await phone.text("كم رسوم الجواز؟")
    assert await phone.hears(1) == ["الرسوم 3,500 ريال.\nالمصدر 2026/01/05.\n1) المدة\n2) المكان"]
    [question] = assistant.asked
    assert (question["channel"], question["text"], question["choice"]) == ("sms", "كم رسوم الجواز؟", None)
    assert "771234567" not in str(question)


async def test_parts_cost_and_delivery_are_recorded(start_phone, database_url, assistant) -> None:
    phone = await start_phone(database_url)
    assistant.script.append(Step(body=reply("س" * 140)))
    phone.operator.faults.append(Fault.LATE_ACCEPTED)
    await phone.text("كم رسوم الجواز؟")

    async def delivered():
        [row] = await phone.gateway.outbox() or [None]
        return row is not None and row.state == "delivered"

    await until(delivered)
    await phone.operator.settle()
    [row] = await phone.gateway.outbox()
    # The late "accepted" does not take the "delivered" back.
    assert (row.state, row.parts, row.cost, row.error) == ("delivered", 3, 25.5, None)
    parts = await phone.gateway._rows(PartRow)
    assert [(part.number, part.total, part.state, part.cost) for part in parts] == [
        (number, 3, "delivered", 8.5) for number in (1, 2, 3)
    ]


async def test_more_gives_the_rest_and_a_new_question_drops_it(phone, assistant) -> None:
    lines = "\n".join(f"{number}- وثيقة مطلوبة رقمها {number} مع صورتها" for number in range(1, 30))
    assistant.script.append(Step(body=reply(lines)))
    await phone.text("متطلبات الجواز")
    [first] = await phone.hears(1)
    assert first.endswith(MORE)
    await phone.text("٠")
    second = (await phone.hears(2))[1]
    assert second.startswith(lines[len(first.removesuffix(MORE)) :][:20])
    await phone.text("كم الرسوم؟")
    assert (await phone.hears(3))[2] == "الجواب: كم الرسوم؟"
    await phone.text("0")
    assert (await phone.hears(4))[3] == "الجواب: 0"
    assert assistant.texts == ["متطلبات الجواز", "كم الرسوم؟", "0"]


async def test_the_rest_is_kept_for_a_day(start_phone, database_url, assistant) -> None:
    phone = await start_phone(database_url)
    assistant.script.append(Step(body=reply("وثيقة مطلوبة مع صورتها " * 40)))
    await phone.text("متطلبات الجواز")
    await phone.hears(1)
    hours = update(OutboxRow).where(OutboxRow.state == OutboxState.HELD)
    for age, answer in ((23, "وثيقة"), (25, "الجواب: 0")):
        made = utc_now() - timedelta(hours=age)
        await phone.gateway.database.write(lambda connection: connection.execute(hours.values(created_at=made)))  # noqa: B023
        heard = len(phone.heard())
        await phone.text("0")
        assert answer in (await phone.hears(heard + 1))[-1]


async def test_opting_out_is_confirmed_once_and_questions_are_still_answered(
    start_phone, database_url, assistant
) -> None:
    phone = await start_phone(database_url)
    for text in ("إيقاف", "STOP", "كم رسوم الجواز؟"):
        await phone.text(text)
    assert await phone.hears(2) == [STOPPED, "الجواب: كم رسوم الجواز؟"]
    await phone.text("اشتراك")
    assert (await phone.hears(3))[2] == STARTED
    await phone.text("start")
    assert (await phone.hears(4))[3] == "الجواب: start"
    assert assistant.texts == ["كم رسوم الجواز؟", "start"]


async def test_opting_out_works_while_the_assistant_is_down(phone, assistant) -> None:
    await assistant.stop()
    await phone.text("إيقاف")
    assert await phone.hears(1) == [STOPPED]


async def test_a_repeated_callback_is_answered_once(phone, assistant) -> None:
    for _ in range(3):
        await phone.operator._call(
            phone.operator._callback + "/inbound",
            {"id": "mo-1", "from": CITIZEN, "to": "8000", "text": "كم رسوم الجواز؟"},
        )
    await phone.text("سؤال آخر")
    assert await phone.hears(2) == ["الجواب: كم رسوم الجواز؟", "الجواب: سؤال آخر"]


async def test_a_lost_answer_of_the_provider_is_not_a_second_sms(phone) -> None:
    phone.operator.faults.append(Fault.HANGS_UP)
    await phone.text("كم رسوم الجواز؟")

    async def sent():
        [row] = await phone.gateway.outbox() or [None]
        return row is not None and row.state in ("accepted", "delivered")

    await until(sent)
    assert phone.heard() == ["الجواب: كم رسوم الجواز؟"]


async def test_a_busy_provider_only_delays_the_answer(phone) -> None:
    phone.operator.faults.extend([Fault.THROTTLED, Fault.UNAVAILABLE])
    await phone.text("كم رسوم الجواز؟")
    assert await phone.hears(1) == ["الجواب: كم رسوم الجواز؟"]


async def test_a_short_code_is_not_answered(phone, assistant) -> None:
    await phone.text("عرض خاص! أرسل 5", number="8000")
    await phone.text("كم رسوم الجواز؟")
    await phone.hears(1)
    assert assistant.texts == ["كم رسوم الجواز؟"]
    assert phone.heard("8000") == []


async def test_hostile_text_is_answered_like_any_other(start_phone, database_url, assistant) -> None:
    phone = await start_phone(database_url)
    await phone.text("رسوم\x00\u202e الجواز")
    [answer] = await phone.hears(1)
    assert answer == f"الجواب: {assistant.texts[0]}"
    assert "\x00" not in answer and "\u202e" not in answer


async def test_news_come_unasked_until_the_citizen_says_stop(start_phone, database_url, assistant) -> None:
    phone = await start_phone(database_url)
    gateway = phone.gateway
    gateway.core._quiet = QuietHours("")
    await phone.text("كم رسوم الجواز؟")
    await phone.hears(1)
    assert await post(gateway, push("p-1", CITIZEN, "sms")) == (200, {"status": "queued"})
    assert (await phone.hears(2))[1] == NEWS
    gateway.core._quiet = QuietHours("00:00-23:59")
    assert await post(gateway, push("p-2", CITIZEN, "sms")) == (200, {"status": "queued"})
    await wait_for(gateway, ("delivered", None), ("queued", "quiet_hours"))
    await phone.text("إيقاف")
    assert (await phone.hears(3))[2] == STOPPED
    assert await post(gateway, push("p-3", CITIZEN, "sms")) == (409, {"error": "opted-out"})
    due = update(OutboxRow).where(OutboxRow.push, OutboxRow.state == "queued").values(due_at=utc_now())
    await gateway.database.write(lambda connection: connection.execute(due))
    await wait_for(gateway, ("delivered", None), ("failed", "opted_out"))
    assert len(phone.heard()) == 3


async def test_news_wait_when_the_days_money_is_nearly_spent(start_phone, sqlite_url, assistant) -> None:
    phone = await start_phone(sqlite_url, sms_daily_budget=10.0, quiet_hours="")
    await phone.text("كم رسوم الجواز؟")
    await phone.hears(1)
    await post(phone.gateway, push("p-1", CITIZEN, "sms"))
    await wait_for(phone.gateway, ("queued", "budget"))
    await phone.text("كم رسوم البطاقة؟")
    assert len(await phone.hears(2)) == 2  # what is asked for is paid to the end, and does not wait behind the news
