"""Notices and the switch on SMS, where each part is money: as parts on the handset, through the real gateway."""

from __future__ import annotations

import asyncio

from channels.notices.limits import SMS_BANNER
from channels.notices.switches import SAID
from channels.sms.inbound.words import STOPPED
from channels.sms.outbound.render import MORE
from channels.sms.outbound.segments import split
from tests.channels.fake_assistant import Step, reply
from tests.channels.noticing import TEXT, publish, resume, stop
from tests.channels.pushing import post
from tests.channels.sms.phone import CITIZEN


async def test_a_banner_goes_once_and_only_with_an_answer(start_phone, database_url, assistant) -> None:
    phone = await start_phone(database_url)
    await publish(phone.gateway)
    await asyncio.sleep(1.0)
    assert phone.heard() == []
    await phone.text("إيقاف")
    await phone.hears(1)
    await phone.text("كم رسوم الجواز؟")
    await phone.hears(2)
    await phone.text("كم رسوم البطاقة؟")
    assert await phone.hears(3) == [STOPPED, f"{TEXT}\nالجواب: كم رسوم الجواز؟", "الجواب: كم رسوم البطاقة؟"]


async def test_with_the_longest_banner_a_page_is_three_parts_and_nothing_is_lost(
    start_phone, sqlite_url, assistant
) -> None:
    phone = await start_phone(sqlite_url)
    banner = "و" * SMS_BANNER
    await publish(phone.gateway, text=banner)
    lines = "\n".join(f"{number}- وثيقة مطلوبة رقمها {number}" for number in range(1, 10))
    assert len(split(lines).parts) == 3 or len(split(lines).parts) == 4
    assistant.script.append(Step(body=reply(lines)))
    await phone.text("متطلبات الجواز")
    [first] = await phone.hears(1)
    assert first.startswith(f"{banner}\n1- ") and first.endswith(MORE)
    assert len(split(first).parts) <= 3
    await phone.text("0")
    second = (await phone.hears(2))[1]
    shown = first.removeprefix(f"{banner}\n").removesuffix(MORE).strip() + "\n" + second
    assert shown.split() == lines.split()


async def test_of_two_banners_each_reply_carries_one(start_phone, sqlite_url, assistant) -> None:
    phone = await start_phone(sqlite_url)
    await publish(phone.gateway)
    await publish(phone.gateway, text="مكتب عدن مفتوح.")
    await phone.text("سؤال أول")
    await phone.hears(1)
    await phone.text("سؤال ثان")
    assert await phone.hears(2) == [f"{TEXT}\nالجواب: سؤال أول", "مكتب عدن مفتوح.\nالجواب: سؤال ثان"]


async def test_while_stopped_one_answer_a_citizen_is_paid(start_phone, database_url, assistant) -> None:
    phone = await start_phone(database_url)
    await stop("sms", phone.gateway)
    for text in ("كم رسوم الجواز؟", "وكم مدته؟", "إيقاف", "0"):
        await phone.text(text)
    await phone.hears(2)
    await asyncio.sleep(2.1)
    assert phone.heard() == [SAID["sms"], STOPPED]
    assert [row.parts for row in await phone.gateway.outbox()] == [1, 1]
    await resume("sms", phone.gateway)
    await phone.hears(5)
    assert phone.heard()[2:] == ["الجواب: كم رسوم الجواز؟", "الجواب: وكم مدته؟", "الجواب: 0"]


async def test_a_code_is_refused_while_sms_is_stopped(start_phone, sqlite_url) -> None:
    phone = await start_phone(sqlite_url)
    await stop("sms", phone.gateway)
    body = {"conversation": "a" * 64, "number": CITIZEN}
    assert await post(phone.gateway, body, path="/v1/codes") == (503, {"error": "stopped"})
    assert await phone.gateway.outbox() == []
