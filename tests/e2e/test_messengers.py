"""SMS and Telegram as their citizens meet them, through the simulated operator and the simulated Bot API."""

from __future__ import annotations

from channels.sms.inbound.words import STOPPED
from channels.sms.outbound.render import MORE, PARTS_PER_REPLY
from tests.e2e.citizens import Phone, TelegramCitizen, hears

UCS2_JOINED, UCS2_SINGLE = 67, 70


async def check_parts(phone: Phone) -> None:
    """Every SMS is short enough for the citizen's purse and for a handset."""
    for message in await phone.received():
        parts = message["parts"]
        assert message["encoding"] == "UCS2"
        assert len(parts) <= PARTS_PER_REPLY
        longest = UCS2_SINGLE if len(parts) == 1 else UCS2_JOINED
        assert all(len(part["text"].encode("utf-16-be")) // 2 <= longest for part in parts)


async def test_an_sms_is_answered_in_three_parts_and_more_on_request(phone) -> None:
    await phone.send("كم رسوم توثيق عقد الزواج؟")
    [first] = await hears(phone, 1)
    assert "500 ريال يمني" in first
    assert first.endswith(MORE)
    pages = [first]
    while pages[-1].endswith(MORE):
        await phone.send("٠" if len(pages) % 2 else "0")
        pages = await hears(phone, len(pages) + 1)
    assert "المصدر: قانون التوثيق رقم (7) لسنة 2010" in pages[-1]
    assert len(set(pages)) == len(pages) > 1
    await check_parts(phone)


async def test_a_choice_is_taken_by_its_number(phone) -> None:
    await phone.send("رخصة")
    [which] = await hears(phone, 1)
    offered = [line.removeprefix("2) ") for line in which.splitlines() if line.startswith("2) ")]
    assert len(offered) == 1, which
    await phone.send("2")
    taken = (await hears(phone, 2))[1]
    assert taken.startswith(offered[0])
    await phone.send("كم الرسوم")
    assert offered[0] in (await hears(phone, 3))[2]
    await check_parts(phone)


async def test_who_stops_messages_may_still_ask(phone) -> None:
    await phone.send("إيقاف")
    assert await hears(phone, 1) == [STOPPED]
    await phone.send("كم رسوم توثيق عقد الزواج؟")
    assert "500 ريال يمني" in (await hears(phone, 2))[1]


async def test_telegram(telegram: TelegramCitizen) -> None:
    await telegram.send("/start")
    [hello] = await hears(telegram, 1)
    assert "أهلا" in hello
    await telegram.send("كم رسوم توثيق عقد الزواج؟")
    fees = (await hears(telegram, 2))[1]
    assert "500" in fees
    assert "المصدر: قانون التوثيق" in fees
    await telegram.press("الأوراق والشروط")
    assert "وثائق إثبات شخصية الزوج والزوجة" in (await hears(telegram, 3))[2]
    await telegram.send("والمدة؟")
    assert "أيام" in (await hears(telegram, 4))[3]
