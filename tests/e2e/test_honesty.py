"""What citizens are told when something is not known, is broken, or has just been changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from channels.text import FALLBACK
from tests.e2e.citizens import WebCitizen, hears
from tests.e2e.installation import SAMPLE, Installation, wait_for

FEES = "كم رسوم توثيق عقد الزواج؟"

# Each with the amount of a source that is too weak to be told, where the catalogue has one.
UNVERIFIED = [
    ("رخصة القيادة رسوم", "رخصة القيادة", "الإدارة العامة لشرطة المرور", None),
    ("كم رسوم البطاقة الشخصية؟", "البطاقة الشخصية", "مصلحة الأحوال المدنية والسجل المدني", "3500"),
    ("بكم حجز اسم تجاري؟", "حجز اسم تجاري", "وزارة الاقتصاد والصناعة والاستثمار", "17020"),
]


@pytest.mark.parametrize(("question", "service", "authority", "amount"), UNVERIFIED)
async def test_an_amount_that_is_not_verified_is_not_told(
    system, phone, telegram, question, service, authority, amount
) -> None:
    if amount:
        assert any(f"amount: {amount}\n" in file.read_text("utf-8") for file in SAMPLE.glob("*.yml"))
    async with WebCitizen(system) as web:
        answers = [await web.ask(question)]
    for citizen in (phone, telegram):
        await citizen.send(question)
        answers += await hears(citizen, 1)
    for answer in answers:
        assert service in answer
        assert authority in answer
        assert "ليس لدينا معلومات مؤكدة عن الرسوم" in answer
        assert re.search(r"\d", answer) is None


async def test_a_killed_assistant_means_neither_silence_nor_two_answers(system, phone, telegram) -> None:
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(WebCitizen(system)) for _ in range(4)]
        citizens = [*visitors, phone, telegram]
        await asyncio.gather(*(citizen.send(FEES) for citizen in citizens))
        system.kill("bot", "serve")
        await asyncio.gather(*(citizen.send("كم رسوم توثيق وكالة؟") for citizen in citizens))
        for citizen in citizens:
            for answer in await hears(citizen, 2):
                assert answer == FALLBACK or "500" in answer
        system.wait_until_ready()
        for citizen in citizens:
            await citizen.send(FEES)
            assert "500" in (await hears(citizen, 3))[2]


@pytest.fixture
def justice(system: Installation) -> Iterator[Path]:
    """The file of the Ministry of Justice, put back as it was afterwards."""
    file = system.catalogue / "justice.yml"
    before = file.read_text("utf-8")
    yield file
    file.write_text(before, "utf-8")
    assert system.run("integrations.catalogue", "import").returncode == 0


NOTARISING = "text: رسم توثيق عقد الزواج\n          amount: 500\n          base: 400\n          surcharge: 100\n"
NEW_SERVICE = """
  - id: ferry-licence
    name: ترخيص عبارة ركاب
    description: الإذن بتشغيل عبارة تنقل الركاب.
    grade: A
    jurisdiction: SAN
    costs:
      complete: true
      items:
        - id: issue
          text: رسم الترخيص
          amount: 8200
          source: notarisation-law
"""


async def test_a_catalogue_edit_changes_the_answer_without_a_restart(system, justice) -> None:
    async with WebCitizen(system) as citizen:
        assert "رسم توثيق عقد الزواج: 500 ريال يمني" in await citizen.ask(FEES)
        before, text = system.catalogue_version(), justice.read_text("utf-8")
        assert text.count(NOTARISING) == 1

        wrong = NOTARISING.replace("amount: 500", "amount: كثير")
        justice.write_text(text.replace(NOTARISING, wrong), "utf-8")
        refused = system.run("integrations.catalogue", "import")
        assert refused.returncode == 1
        line = justice.read_text("utf-8").splitlines().index("          amount: كثير") + 1
        [fault] = refused.stdout.splitlines()
        assert f"justice.yml:{line}" in fault
        assert "رسم توثيق عقد الزواج: 500 ريال يمني" in await citizen.ask(FEES)
        assert system.catalogue_version() == before

        right = NOTARISING.replace("500", "750").replace("400", "600").replace("100", "150")
        justice.write_text(text.replace(NOTARISING, right) + NEW_SERVICE, "utf-8")
        taken = system.run("integrations.catalogue", "import")
        assert taken.returncode == 0, taken.stdout
        wait_for(lambda: system.catalogue_version() != before)
        answer = await citizen.ask(FEES)
        assert "رسم توثيق عقد الزواج: 750 ريال يمني" in answer
        assert "رسم إنشاء (كتابة) عقد الزواج: 500 ريال يمني" in answer
        assert "8,200" in await citizen.ask("كم رسوم ترخيص عبارة ركاب؟")
