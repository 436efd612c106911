"""Being told when an application changes: who may ask for it, with which proof, and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.applications.inquiry import TELL_ME, TELL_ME_WHEN_BACK
from actions.conversation import ActionConversation
from integrations.exchange import desk
from integrations.exchange.followings.tables import Following
from integrations.exchange.simulator.faults import Fault
from tests.actions.citizens import NUMBER, PROOF, REFERENCE, Citizen

FOLLOW = {"intent": {"name": "follow"}}
PROMISED = "عندما تتغير حالة المعاملة PSP-2026-000104"


async def followed() -> list[tuple[str, str, str, str | None]]:
    counter = desk.shared()
    assert counter is not None
    assert counter.followings is not None
    query = select(Following.conversation, Following.channel, Following.reference, Following.word)
    live = query.where(Following.ended_at.is_(None))
    rows = await counter.followings.database.read(lambda connection: connection.execute(live).all())
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(("channel", "number", "proof"), [("telegram", None, PROOF), ("sms", NUMBER, None)])
async def test_after_an_answer_one_word_is_enough(
    citizen: Callable[..., Citizen],
    channel: str,
    number: str | None,
    proof: str | None,
) -> None:
    asking = citizen(channel, number)
    await asking.asks(REFERENCE, proof)
    assert [choice["title"] for choice in asking.choices] == [TELL_ME]
    assert PROMISED in await asking.asks(**FOLLOW)
    assert asking.kind == "follow"
    assert await followed() == [("c", channel, REFERENCE, "SENDBACK")]


async def test_asked_at_once_the_number_and_the_proof_are_asked_for(citizen: Callable[..., Citizen]) -> None:
    asking = citizen("telegram")
    assert "رقم المعاملة" in await asking.asks(**FOLLOW)
    # Number and proof come as messages that only answer: as questions for the state.
    assert "آخر أربعة أرقام" in await asking.asks(REFERENCE)
    assert "لم أجد" in await asking.asks(proof="0000")
    assert await followed() == []
    await asking.asks(REFERENCE)
    assert PROMISED in await asking.asks(proof=PROOF)
    assert await followed() == [("c", "telegram", REFERENCE, None)]
    # From then on a number is a question for the state again.
    assert "النواقص" in await asking.asks(REFERENCE, PROOF)


async def test_another_conversation_cannot_use_the_proof(citizen: Callable[..., Citizen]) -> None:
    await citizen("telegram").asks(REFERENCE, PROOF)
    stranger = citizen("sms", "+967771234567", conversation="d")
    assert PROMISED not in await stranger.asks(REFERENCE, **FOLLOW)
    assert await followed() == []


@pytest.mark.parametrize(
    ("channel", "reference", "proof", "says"),
    [
        ("web", REFERENCE, PROOF, "بعد إغلاق هذه الصفحة"),
        ("telegram", "CR2026-40001", "1401", "لا تخبرنا وزارة الاقتصاد"),
    ],
)
async def test_where_nobody_can_be_told_nothing_is_promised(
    citizen: Callable[..., Citizen],
    channel: str,
    reference: str,
    proof: str,
    says: str,
) -> None:
    asking = citizen(channel)
    await asking.asks(reference, proof)
    assert asking.choices == []
    assert says in await asking.asks(**FOLLOW)
    assert await followed() == []


async def test_a_finished_application_is_not_offered_to_be_followed(citizen: Callable[..., Citizen]) -> None:
    asking = citizen("telegram")
    await asking.asks("PSP-2026-000108", "1108")
    assert asking.choices == []


async def test_five_applications_at_most(citizen: Callable[..., Citizen]) -> None:
    asking = citizen("telegram")
    for number in range(1, 7):
        text = await asking.asks(f"PSP-2026-00010{number}", f"110{number}", **FOLLOW)
        assert ("وهذا أكثر ما نستطيع" in text) == (number == 6)
    assert len(await followed()) == 5


async def test_stop_ends_all_of_it(citizen: Callable[..., Citizen]) -> None:
    asking = citizen("telegram")
    await asking.asks(REFERENCE, PROOF)
    await asking.asks(**FOLLOW)
    latest: dict[str, Any] = {
        "intent": {"name": "stop"},
        "entities": [],
        "text": "",
        "metadata": {"channel": "telegram"},
    }
    tracker = Tracker("c", asking.slots, latest, [], False, None, {}, None)
    await ActionConversation().run(
        CollectingDispatcher(), tracker, {"responses": {"utter_stop": [{"text": "لن نرسل"}]}}
    )
    assert await followed() == []
    # What was proved before is forgotten too.
    assert PROMISED not in await asking.asks(**FOLLOW)


async def test_while_the_agency_is_down_one_can_wait_for_it(
    citizen: Callable[..., Citizen],
) -> None:
    asking = citizen("telegram")
    asking.agencies.faults["passports"] = Fault.AGENCY_DOWN
    await asking.asks(REFERENCE, PROOF)
    assert [choice["title"] for choice in asking.choices] == [TELL_ME_WHEN_BACK]
    await asking.asks(**FOLLOW)
    text = await asking.asks(proof=PROOF)
    assert "سنرسل إليك عندما يعود" in text
    assert await followed() == []
    web = citizen("web")
    await web.asks(REFERENCE, PROOF)
    assert web.choices == []
