"""A citizen of web chat or Telegram proves an application by a code sent to the registered telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from actions.applications.wording import BY_TELEPHONE
from integrations.exchange import desk
from integrations.exchange.desk.codes import CodeLimit, CodeOver, CodesUnavailable, CodeWrong, NumberUnreachable
from tests.actions.citizens import ENVELOPES, NUMBER, PROOF, REFERENCE, Citizen

STATE = "معادة إليك لاستكمال النواقص"
CODE = "482913"
CHOSEN: dict[str, Any] = {"entities": [{"entity": "proof", "value": "registered-number"}]}


class Telephones:
    """Sends the one code; `refuses` is raised instead."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.refuses: Exception | None = None

    async def send(self, conversation: str, number: SecretStr) -> None:
        if self.refuses:
            raise self.refuses
        self.sent.append((conversation, number.get_secret_value()))

    async def check(self, conversation: str, code: SecretStr) -> SecretStr:
        if self.refuses:
            raise self.refuses
        if code.get_secret_value() != CODE:
            raise CodeWrong
        return SecretStr(ENVELOPES.seal(conversation, self.sent[-1][1]))


@pytest.fixture
def telephones(citizen: Callable[..., Citizen]) -> Telephones:
    telephones, counter = Telephones(), desk.shared()
    assert counter is not None
    counter.codes = telephones
    return telephones


@pytest.mark.parametrize(("number", "known"), [(NUMBER, True), ("+967771234567", False)])
async def test_the_number_then_the_code(
    citizen: Callable[..., Citizen], telephones: Telephones, number: str, known: bool
) -> None:
    asking = citizen("web")
    await asking.asks(REFERENCE)
    assert [choice["title"] for choice in asking.choices] == [BY_TELEPHONE]
    assert "اكتب رقم الهاتف الذي سجلته" in await asking.asks(**CHOSEN)
    assert "أرسلنا رمزا" in await asking.asks(proof=number)
    assert telephones.sent == [("c", number)]
    assert "ليس هذا الرمز" in await asking.asks(proof="111111")
    text = await asking.asks(proof=CODE)
    assert (STATE in text) == known
    assert ("لم أجد معاملة" in text) == (not known)


async def test_the_last_four_still_do(citizen: Callable[..., Citizen], telephones: Telephones) -> None:
    asking = citizen("telegram")
    await asking.asks(REFERENCE)
    assert STATE in await asking.asks(proof=PROOF)
    assert telephones.sent == []


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        (NumberUnreachable(), "لا نستطيع إرسال رمز"),
        (CodeLimit(), "أعد المحاولة غدا"),
        (CodesUnavailable(), "تعذر إرسال الرمز"),
    ],
)
async def test_a_code_that_cannot_be_sent(
    citizen: Callable[..., Citizen], telephones: Telephones, refusal: Exception, says: str
) -> None:
    asking = citizen("web")
    await asking.asks(REFERENCE)
    await asking.asks(**CHOSEN)
    telephones.refuses = refusal
    assert says in await asking.asks(proof=NUMBER)
    telephones.refuses = None
    assert "أرسلنا رمزا" in await asking.asks(proof=NUMBER)


async def test_a_code_that_is_over_asks_for_the_number_again(
    citizen: Callable[..., Citizen], telephones: Telephones
) -> None:
    asking = citizen("web")
    await asking.asks(REFERENCE)
    await asking.asks(**CHOSEN)
    await asking.asks(proof=NUMBER)
    telephones.refuses = CodeOver()
    assert "لم يعد الرمز صالحا" in await asking.asks(proof=CODE)
    telephones.refuses = None
    assert "أرسلنا رمزا" in await asking.asks(proof=NUMBER)
    assert STATE in await asking.asks(proof=CODE)


async def test_another_application_in_between_needs_its_own_proof(
    citizen: Callable[..., Citizen], telephones: Telephones
) -> None:
    asking = citizen("web")
    await asking.asks(REFERENCE)
    await asking.asks(**CHOSEN)
    await asking.asks(proof=NUMBER)
    assert "لم أجد" in await asking.asks("PSP-2026-000105", "0000")
    assert STATE not in await asking.asks(proof=CODE)


async def test_who_proved_it_so_can_follow_it(citizen: Callable[..., Citizen], telephones: Telephones) -> None:
    asking = citizen("telegram")
    await asking.asks(REFERENCE)
    await asking.asks(**CHOSEN)
    await asking.asks(proof=NUMBER)
    await asking.asks(proof=CODE)
    assert "عندما تتغير" in await asking.asks(intent={"name": "follow"})
    assert len(telephones.sent) == 1


async def test_without_anyone_who_sends_codes_it_is_not_offered(citizen: Callable[..., Citizen]) -> None:
    asking = citizen("web")
    await asking.asks(REFERENCE)
    assert asking.choices == []


@pytest.mark.parametrize(
    ("reference", "given", "says"),
    [
        (REFERENCE, CODE, STATE),
        (REFERENCE, PROOF, STATE),
        ("PSP-2026-000105", CODE, "آخر أربعة أرقام"),
        ("PSP-2026-000105", "1105", "تنتظر سداد الرسوم"),
        (REFERENCE, "12345678", "آخر أربعة أرقام"),
    ],
)
async def test_while_a_code_is_waited_for_a_number_may_come_with_it(
    citizen: Callable[..., Citizen], telephones: Telephones, reference: str, given: str, says: str
) -> None:
    asking = citizen("web")
    await asking.asks(REFERENCE)
    await asking.asks(**CHOSEN)
    await asking.asks(proof=NUMBER)
    assert says in await asking.asks(reference, given)


async def test_a_telephone_number_with_another_application_is_no_proof_of_that(
    citizen: Callable[..., Citizen], telephones: Telephones
) -> None:
    asking = citizen("web")
    await asking.asks(REFERENCE)
    await asking.asks(**CHOSEN)
    assert "آخر أربعة أرقام" in await asking.asks("PSP-2026-000105", NUMBER)
    assert telephones.sent == []
