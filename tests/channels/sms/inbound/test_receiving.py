"""The provider's callbacks at the door, and what goes out."""

import json
import logging
from pathlib import Path

import pytest

from channels.sms.inbound.words import STARTED, STOPPED
from tests.channels.sms.conftest import path_of

FIXTURES = Path(__file__).parents[1] / "fixtures" / "simulator"
INBOUND = json.loads((FIXTURES / "inbound.json").read_text("utf-8"))
RECEIPT = json.loads((FIXTURES / "receipt.json").read_text("utf-8"))
SECRET = path_of().rpartition("/")[2]
INBOUND_URL, RECEIPT_URL = f"{path_of()}/inbound", f"{path_of()}/receipt"


async def test_a_message_is_stored_and_acknowledged(client, gateway) -> None:
    response = await client.post(INBOUND_URL, json=INBOUND)
    assert (response.status, await response.text()) == (200, "")
    [message] = gateway.messages
    assert (message.channel, message.external_id) == ("sms", "simulator:mo-5f0c1a2b-17")
    assert (message.address, message.text) == ("+967771234567", "كم رسوم الجواز؟")
    assert (message.more, message.answer, message.opted_out) == (False, None, None)


MEANINGS = [
    ("0", {"more": True}),
    (" ٠ ", {"more": True}),
    ("2", {"more": False, "answer": None}),
    ("00", {"more": False}),
    ("إيقاف", {"answer": STOPPED, "opted_out": True}),
    ("STOP", {"answer": STOPPED, "opted_out": True}),
    ("اشتراك", {"answer": STARTED, "opted_out": False}),
    ("إلغاء", {"answer": None, "opted_out": None}),
]


@pytest.mark.parametrize(("text", "fields"), MEANINGS)
async def test_keywords(client, gateway, text: str, fields: dict) -> None:
    await client.post(INBOUND_URL, json=INBOUND | {"text": text})
    [message] = gateway.messages
    assert {name: getattr(message, name) for name in fields} == fields
    assert message.text == text


@pytest.mark.parametrize("sender", ["8000", "GOVYE", "01234567", "+12025550123", "777000000", "", "x" * 100])
async def test_senders_that_are_not_citizens_are_acknowledged_and_not_answered(client, gateway, sender: str) -> None:
    response = await client.post(INBOUND_URL, json=INBOUND | {"from": sender})
    assert response.status == 200
    assert gateway.messages == []


async def test_a_country_that_the_settings_name_is_answered(client, gateway) -> None:
    await client.post(INBOUND_URL, json=INBOUND | {"from": "966501234567"})
    assert gateway.messages[0].address == "+966501234567"


@pytest.mark.parametrize("path", ["inbound", "receipt"])
@pytest.mark.parametrize("secret", ["wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "%D9%85", "%00", "%ED%A0%80"])
async def test_a_wrong_secret_has_no_effect_and_is_refused_before_parsing(
    client, gateway, path: str, secret: str
) -> None:
    for body in (json.dumps(INBOUND), "not json"):
        assert (await client.post(f"/sms/simulator/{secret}/{path}", data=body)).status == 403
    assert gateway.messages == []


async def test_another_providers_address_does_not_exist(client) -> None:
    assert (await client.post(f"/sms/kannel/{SECRET}/inbound", json=INBOUND)).status == 404


async def test_another_providers_secret_opens_nothing(client, gateway) -> None:
    other = path_of("another").rpartition("/")[2]
    assert (await client.post(f"/sms/simulator/{other}/inbound", json=INBOUND)).status == 403
    assert gateway.messages == []


HOSTILE = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"\xff\xfe",
    b"[" * 60_000,
    b'{"id": "1"}',
    json.dumps(INBOUND | {"text": 5}).encode(),
    json.dumps(INBOUND | {"from": None}).encode(),
    json.dumps(INBOUND | {"id": ["x"]}).encode(),
    json.dumps(INBOUND | {"id": ""}).encode(),
    json.dumps(INBOUND | {"id": "a\x00b"}).encode(),
    json.dumps(INBOUND | {"id": "\ud800"}).encode(),
    json.dumps(INBOUND | {"id": "x" * 151}).encode(),
    json.dumps(RECEIPT | {"state": 2}).encode(),
    json.dumps(RECEIPT | {"id": "\x00"}).encode(),
]


@pytest.mark.parametrize("path", ["inbound", "receipt"])
@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
async def test_what_cannot_be_read_is_a_400_and_nothing_else(client, gateway, path: str, body: bytes) -> None:
    response = await client.post(f"/sms/simulator/{SECRET}/{path}", data=body)
    assert response.status == 400
    assert gateway.messages == []


async def test_a_huge_body_is_refused(client, gateway) -> None:
    assert (await client.post(INBOUND_URL, data=b"x" * 70_000)).status == 413

    async def endless():
        for _ in range(100):
            yield b"x" * 1000

    assert (await client.post(INBOUND_URL, data=endless())).status == 413
    assert gateway.messages == []


async def test_a_machine_is_not_answered_for_ever_but_may_always_stop(client, gateway) -> None:
    for number in range(8):
        await client.post(INBOUND_URL, json=INBOUND | {"id": f"mo-{number}", "text": "I am away, call me later"})
    assert len(gateway.messages) == 4
    for number in range(8):
        await client.post(INBOUND_URL, json=INBOUND | {"id": f"stop-{number}", "text": "STOP"})
    assert len(gateway.messages) == 12


class NoIds:
    """A provider that gives its messages no ids."""

    def __init__(self, provider) -> None:
        self._provider = provider

    def __getattr__(self, name: str):
        return getattr(self._provider, name)

    def parse_inbound(self, request):
        from dataclasses import replace

        return replace(self._provider.parse_inbound(request), provider_id=None)


async def test_without_ids_the_content_tells_copies_apart_until_we_answer(
    client, sms_channel, gateway, provider, say
) -> None:
    sms_channel._receivers["simulator"]._provider = NoIds(provider)
    await client.post(INBOUND_URL, json=INBOUND | {"text": "1"})
    await client.post(INBOUND_URL, json=INBOUND | {"text": "1"})
    await sms_channel.send(await say("والآن؟\n1) الرسوم"))
    await client.post(INBOUND_URL, json=INBOUND | {"text": "1"})
    first, copy, second = (message.external_id for message in gateway.messages)
    assert first == copy != second


async def test_logs_hold_no_number_and_no_text(client, gateway, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    await client.post(INBOUND_URL, json=INBOUND)
    await client.post(INBOUND_URL, json=INBOUND | {"from": "01234567"})
    await client.post(INBOUND_URL, json=INBOUND | {"text": 5})
    await client.post(RECEIPT_URL, json=RECEIPT)
    said = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("channels"))
    assert "not answered" in said
    for secret in ("771234567", "01234567", "رسوم", SECRET):
        assert secret not in said
