"""Receipts: in any order, repeated, of single parts and of whole messages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from channels.sms.outbound.ledger import Ledger
from channels.sms.providers.base import DeliveryState, Receipt
from storage import Transactions
from tests.channels.sms.conftest import SECRET, ScriptedProvider, addresses, path_of
from tests.channels.sms.outbound.test_sending import THREE, make_sender

A, D, F, E, U = (
    DeliveryState.ACCEPTED,
    DeliveryState.DELIVERED,
    DeliveryState.FAILED,
    DeliveryState.EXPIRED,
    DeliveryState.UNKNOWN,
)
ORDERS = [
    # (part, state) as they come in, and what the message is in the end
    ([(1, A), (1, D), (2, D), (3, D)], "delivered"),
    ([(1, D), (1, A), (3, D), (2, D), (2, D)], "delivered"),
    ([(1, D), (2, D)], "accepted"),
    ([(1, D), (2, F), (3, D)], "failed"),
    ([(2, F), (2, D), (1, D), (3, D)], "failed"),
    ([(1, D), (2, E), (3, D)], "expired"),
    ([(1, U), (2, U)], "accepted"),
    ([], "accepted"),
]


@pytest.fixture
async def database(database_url: str):
    """On both databases here."""
    database = Transactions(database_url)
    yield database
    await database.close()


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(("receipts", "end"), ORDERS)
async def test_a_message_is_as_far_as_its_parts(database, say, messages, parts, receipts, end, together) -> None:
    message = await say(THREE)
    await make_sender(database, (ScriptedProvider(), {})).send(message)
    ledger = Ledger(database)
    told = [Receipt(state, submission_id=f"{message.id}-{number}", code="x") for number, state in receipts]
    if together:  # with some of nothing that we sent, and of another provider, among them
        nothing, elsewhere = Receipt(D, submission_id="nothing-1"), Receipt(D, provider_id="mt-1")
        others = [ledger.receive("simulator", nothing), ledger.receive("other", elsewhere)]
        known = await asyncio.gather(*(ledger.receive("simulator", receipt) for receipt in told), *others)
        assert known == [True] * len(told) + [False, False]
    else:
        for receipt in told:
            assert await ledger.receive("simulator", receipt)
    [row] = await messages()
    assert row.state == end
    assert (row.done_at is not None) is (end != "accepted")


async def test_receipts_of_two_parts_at_once(database, say, messages) -> None:
    message = await say(THREE)
    await make_sender(database, (ScriptedProvider(), {})).send(message)
    ledger = Ledger(database)
    told = [Receipt(D, submission_id=f"{message.id}-{number}") for number in (1, 2, 3)]
    assert all(await asyncio.gather(*(ledger.receive("simulator", receipt) for receipt in told)))
    assert [row.state for row in await messages()] == ["delivered"]


async def test_a_receipt_of_the_whole(database, say, messages, parts) -> None:
    message = await say(THREE)
    await make_sender(database, (ScriptedProvider(whole=True), {})).send(message)
    ledger = Ledger(database)
    assert await ledger.receive("simulator", Receipt(A, provider_id="mt-1"))
    assert await ledger.receive("simulator", Receipt(D, submission_id=message.id))
    assert {row.state for row in await parts()} == {"delivered"}
    assert [row.state for row in await messages()] == ["delivered"]


class Quick(ScriptedProvider):
    """Its receipt comes before its answer."""

    ledger: Any = None

    async def submit(self, submission):
        outcome = await super().submit(submission)
        assert await self.ledger.receive("simulator", Receipt(D, submission_id=submission.id))
        return outcome


async def test_a_receipt_that_overtakes_the_answer(database, say, messages, parts) -> None:
    provider = Quick()
    provider.ledger = Ledger(database)
    await make_sender(database, (provider, {})).send(await say(THREE))
    assert [(row.state, row.provider_id is not None, row.cost) for row in await parts()] == [
        ("delivered", True, 8.5)
    ] * 3
    assert [row.state for row in await messages()] == ["delivered"]


STRANGE = [
    Receipt(D),
    Receipt(D, submission_id="nobody's"),
    Receipt(D, submission_id="{id}-4"),
    Receipt(D, submission_id="{id}-x"),
    Receipt(D, submission_id="{id}-99999999999999999999"),
    Receipt(D, submission_id="{id}-١"),
    Receipt(D, provider_id="nobody's"),
]


@pytest.mark.parametrize("receipt", STRANGE, ids=range(len(STRANGE)))
async def test_receipts_of_nothing_we_sent(database, say, messages, receipt) -> None:
    message = await say("نص")
    await make_sender(database, (ScriptedProvider(), {})).send(message)
    named = receipt.submission_id.replace("{id}", message.id) if receipt.submission_id else None
    receipt = Receipt(receipt.state, named, receipt.provider_id)
    assert not await Ledger(database).receive("simulator", receipt)
    assert not await Ledger(database).receive("another", Receipt(D, submission_id=message.id))
    assert [row.state for row in await messages()] == ["accepted"]


async def test_a_receipts_address_is_signed(client, sms_channel, say, messages) -> None:
    message = await say("نص")
    await sms_channel.send(message)
    right = addresses().receipt(message.id).removeprefix("http://127.0.0.1:8080")
    body = {"id": "mt-1", "state": "DELIVRD"}
    for wrong in (right[:-1], right.replace("&s=", "&s=0"), right.replace(message.id, "0" * 32)):
        assert (await client.post(wrong, json=body)).status == 403
    assert (await client.post(right.replace(path_of(), path_of("another")), json=body)).status == 404
    assert [row.state for row in await messages()] == ["accepted"]
    assert SECRET not in right
    assert (await client.post(right, json=body)).status == 200
    assert [row.state for row in await messages()] == ["delivered"]


async def test_an_unknown_code_is_an_alarm_and_not_a_guess(client, sms_channel, say, messages, caplog) -> None:
    message = await say("نص")
    await sms_channel.send(message)
    right = addresses().receipt(message.id).removeprefix("http://127.0.0.1:8080")
    assert (await client.post(right, json={"id": "mt-1", "state": "NEW\nCODE"})).status == 200
    assert [row.state for row in await messages()] == ["accepted"]
    [alarm] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert (alarm.msg, alarm.code) == ("sms receipt with an unknown code", "NEW?CODE")
