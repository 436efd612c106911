"""Where an application stands, asked on all three channels; and that nothing of it is kept that need not be."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import MetaData, create_engine, inspect, select

from tests.e2e.citizens import Phone, TelegramCitizen, WebCitizen, hears
from tests.e2e.installation import Installation, told_in

REFERENCE, PROOF, NAME, REGISTERED = "PSP-2026-000104", "1104", "نادية", "+967770000104"
STATE = "معادة إليك لاستكمال النواقص"


async def test_on_the_web_number_then_proof(system: Installation) -> None:
    async with WebCitizen(system) as citizen:
        assert "رقم المعاملة" in await citizen.ask("وين وصلت معاملة الجواز حقي")
        assert "آخر أربعة أرقام" in await citizen.ask("psp 2026 000104")
        assert "500 ريال" in await citizen.ask("كم رسوم توثيق عقد الزواج؟")
        assert STATE in await citizen.ask("١١٠٤")
        assert "لم أجد معاملة" in await citizen.ask(f"{REFERENCE} 9999")


async def test_by_a_code_to_the_registered_telephone(telegram: TelegramCitizen, system, provider) -> None:
    own = Phone(system, provider, "+967770000105")
    await telegram.send("حالة PSP-2026-000105")
    await hears(telegram, 1)
    await telegram.press("أثبت برقم هاتفي")
    assert "رقم الهاتف الذي سجلته" in (await hears(telegram, 2))[1]
    await telegram.send("770 000 105")
    assert "أرسلنا رمزا" in (await hears(telegram, 3))[2]
    [sms] = await hears(own, 1)
    await telegram.send(re.findall(r"\d{6}", sms)[0])
    assert "تنتظر سداد الرسوم" in (await hears(telegram, 4))[3]


async def test_on_telegram_in_one_message(telegram: TelegramCitizen) -> None:
    await telegram.send(f"حالة {REFERENCE} {PROOF}")
    assert STATE in (await hears(telegram, 1))[0]


async def test_on_sms_the_registered_telephone_is_the_proof(system: Installation, provider, phone: Phone) -> None:
    own = Phone(system, provider, REGISTERED)
    await own.send(f"حالة {REFERENCE}")
    [text] = await hears(own, 1)
    assert STATE in text
    assert "أحضر صورة شخصية حديثة" in text
    await phone.send(f"حالة {REFERENCE}")
    [text] = await hears(phone, 1)
    assert "مسجلة برقم هذا الهاتف" in text
    assert STATE not in text


async def test_who_follows_is_told_once_when_it_changes(system: Installation, provider, telegram) -> None:
    own = Phone(system, provider, "+967770000103")
    await own.send("حالة PSP-2026-000103")
    assert "1) أخبرني عندما تتغير" in (await hears(own, 1))[0]
    await own.send("1")
    assert "سنرسل إليك عندما تتغير" in (await hears(own, 2))[1]
    await telegram.send("حالة PSP-2026-000103 1103")
    await hears(telegram, 1)
    await telegram.press("أخبرني عندما تتغير")
    assert "سأخبرك هنا عندما تتغير" in (await hears(telegram, 2))[1]
    system.move("PSP-2026-000103", "READY_FOR_COLLECTION")
    assert "جاهزة للاستلام" in (await hears(own, 3))[2]
    assert "جاهزة للاستلام" in (await hears(telegram, 3))[2]
    # A second change on the same day waits for the next, and who has had enough hears nothing more.
    system.move("PSP-2026-000103", "COMPLETED")
    await own.send("إيقاف")
    await hears(own, 4)
    await telegram.send("إيقاف")
    await hears(telegram, 4)


async def test_an_agency_that_does_not_answer_is_said_to_be_so_in_time(system: Installation) -> None:
    async with WebCitizen(system) as citizen:
        assert "لا يجيب الآن" in await citizen.ask("PSP-2026-000902 1902")
        assert "500 ريال" in await citizen.ask("كم رسوم توثيق عقد الزواج؟")


@pytest.mark.parametrize("private", [PROOF, "١١٠٤", "9999", "1902", NAME, REGISTERED, REGISTERED[1:]])
def test_no_store_and_no_log_has_a_proof_or_a_name(system: Installation, private: str) -> None:
    """After all the tests above; the one place of telephone numbers is the gateway's table of addresses."""
    rows = dict(_rows(system.database_url))
    assert any("PSP-••••" in row for row in rows["inbox"])
    # A part of a longer number, or of an identifier, is chance.
    alone = re.compile(rf"(?<![\w.]){re.escape(private)}(?!\w)")
    assert [table for table in rows if any(alone.search(row) for row in rows[table]) and table != "addresses"] == []
    assert told_in(system.process_logs(), {private}) == set()


def _rows(url: str) -> list[tuple[str, list[str]]]:
    engine = create_engine(url)
    found = []
    with engine.connect() as connection:
        for name in inspect(engine).get_table_names():
            table = MetaData()
            table.reflect(engine, only=[name])
            found.append((name, [str(row) for row in connection.execute(select(table.tables[name])).all()]))
    engine.dispose()
    return found
