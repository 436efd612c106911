"""Long messages that come in parts."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from channels.contract import InboundMessage
from channels.sms.inbound.joining import MISSING, WAIT, Joiner
from channels.sms.providers.base import Joint
from channels.sms.tables import InboundPartRow
from storage import utc_now
from tests.channels.sms.conftest import path_of

TEXTS = {1: "أشتي أعرف ايش الوثائق المطلوبة ", 2: "لاستخراج جواز سفر لأول مرة ", 3: "لابني القاصر؟"}


@pytest.fixture
def send(client):
    async def send(
        number: int, *, total: int = 3, reference: int = 9, sender: str = "771234567", text: str = ""
    ) -> int:
        fields = {"id": f"{sender}-{reference}-{number}", "from": sender, "to": "8000", "text": text or TEXTS[number]}
        fields["joint"] = [reference, total, number]
        return (await client.post(f"{path_of()}/inbound", json=fields)).status

    return send


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
async def test_parts_in_any_order_are_one_message(send, gateway, rows, order) -> None:
    for number in order[:-1]:
        assert await send(number) == 200
    assert gateway.messages == []
    assert await send(order[-1]) == 200
    [message] = gateway.messages
    assert message.text == "".join(TEXTS.values())
    assert (message.address, message.external_id) == ("+967771234567", "simulator:771234567-9-1")
    assert await rows(InboundPartRow) == [], "nothing personal is left"


async def test_a_whole_that_may_be_a_copy_says_so(database) -> None:
    accepted: list[InboundMessage] = []

    async def accept(message: InboundMessage) -> None:
        accepted.append(message)

    joiner = Joiner(database, "key", accept)
    for number in (1, 2):
        part = InboundMessage("sms", f"operator:{number}", "+967771234567", TEXTS[number], copy_within=120.0)
        await joiner.add("operator", part, Joint(9, 2, number))
    assert [(message.text, message.copy_within) for message in accepted] == [(TEXTS[1] + TEXTS[2], 120.0)]


async def test_repeated_parts_and_those_of_others_do_not_mix(send, gateway) -> None:
    for _ in range(2):
        assert await send(1) == await send(2) == 200
    assert await send(3, sender="773333333") == await send(3, reference=10) == 200
    assert gateway.messages == []
    await send(3)
    assert [message.text for message in gateway.messages] == ["".join(TEXTS.values())]


async def test_what_never_comes_is_not_waited_for(send, gateway, sms_channel, database, rows) -> None:
    await send(1)
    await send(3)
    assert await sms_channel._joiner.sweep() == 0
    old = update(InboundPartRow).values(received_at=utc_now() - WAIT - timedelta(seconds=1))
    await database.write(lambda connection: connection.execute(old))
    assert await sms_channel._joiner.sweep() == 1
    assert [message.text for message in gateway.messages] == [TEXTS[1] + MISSING + TEXTS[3]]
    assert await rows(InboundPartRow) == []
    assert await sms_channel._joiner.sweep() == 0


async def test_a_crash_after_the_message_was_accepted_does_not_make_two(
    send, gateway, rows, sms_channel, database
) -> None:
    async def die(_work: Any) -> None:
        raise RuntimeError("killed")

    await send(1)
    await send(2)
    write, writes = database.write, iter([database.write, die])
    database.write = lambda work: next(writes, write)(work)
    assert await send(3) == 500
    database.write = write
    # The provider repeats the part that was not acknowledged; the same id, so that the message log knows it.
    assert await send(3) == 200
    assert [message.external_id for message in gateway.messages] == ["simulator:771234567-9-1"] * 2
    assert await rows(InboundPartRow) == []


async def test_a_whole_flood_of_parts_is_not_kept(send, gateway) -> None:
    assert await send(1, total=200) == 200
    assert [message.text for message in gateway.messages] == [TEXTS[1]]


@pytest.mark.parametrize(
    "joint", [[1, 2], [1, 2, 3, 4], ["1", 2, 1], [1, 2, 0], [1, 2, 3], [-1, 2, 1], [1, 256, 1], "x"]
)
async def test_a_place_that_cannot_be(client, gateway, joint) -> None:
    fields = {"id": "1", "from": "771234567", "to": "8000", "text": "نص", "joint": joint}
    assert (await client.post(f"{path_of()}/inbound", json=fields)).status == 400
    assert gateway.messages == []


async def test_a_stop_word_in_parts_is_one(send, gateway) -> None:
    await send(1, total=2, text="إيقاف ")
    await send(2, total=2, text="الرسائل")
    assert [message.opted_out for message in gateway.messages] == [True]
