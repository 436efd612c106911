"""Telegram's calls at the door."""

import json
import logging

import pytest

from channels.telegram.channel import WEBHOOK
from tests.channels.telegram.conftest import SECRET, TOKEN
from tests.channels.telegram.test_updates import fixture

HEADER = "X-Telegram-Bot-Api-Secret-Token"
RIGHT = {HEADER: SECRET}


async def test_an_update_is_stored_and_acknowledged(webhook, gateway) -> None:
    response = await webhook.post(WEBHOOK, json=fixture("message"), headers=RIGHT)
    assert (response.status, await response.read()) == (200, b"")
    [message] = gateway.messages
    assert (message.external_id, message.address, message.text) == ("862145001", "5550001", "كم رسوم الجواز؟")


WRONG = [{}, {HEADER: ""}, {HEADER: "wrong"}, {HEADER: SECRET + "x"}, {HEADER: SECRET.upper()}, {HEADER: "سر"}]


@pytest.mark.parametrize("headers", WRONG, ids=range(len(WRONG)))
async def test_without_the_secret_nothing_is_read(webhook, gateway, headers: dict[str, str]) -> None:
    for body in (json.dumps(fixture("message")), "not json"):
        assert (await webhook.post(WEBHOOK, data=body, headers=headers)).status == 403
    assert gateway.messages == []


BAD = [b"", b"null", b"5", b"{", b"[" * 100_000, b"\xff\xfe", b'{"update_id": 5, "message": 5}', b'{"update_id": {}}']


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
async def test_a_malformed_update_is_acknowledged_so_that_it_is_not_sent_for_ever(
    webhook, gateway, caplog, body: bytes
) -> None:
    assert (await webhook.post(WEBHOOK, data=body, headers=RIGHT)).status == 200
    assert gateway.messages == []
    assert [record.levelname for record in caplog.records if record.name == "channels.telegram.channel"] == ["ERROR"]


async def test_a_huge_update_is_refused(webhook, gateway) -> None:
    assert (await webhook.post(WEBHOOK, data=b"x" * 600_000, headers=RIGHT)).status == 413
    assert gateway.messages == []


async def test_what_is_not_stored_is_not_acknowledged(webhook, gateway) -> None:
    gateway.failures = [OSError("the database is away")]
    assert (await webhook.post(WEBHOOK, json=fixture("message"), headers=RIGHT)).status == 500
    assert (await webhook.post(WEBHOOK, json=fixture("message"), headers=RIGHT)).status == 200
    assert len(gateway.messages) == 1


async def test_logs_hold_no_text_no_chat_and_no_token(webhook, gateway, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("message", "callback", "group"):
        await webhook.post(WEBHOOK, json=fixture(name), headers=RIGHT)
    await webhook.post(WEBHOOK, json={"update_id": 9, "message": {"text": "رسوم", "chat": 5550001}}, headers=RIGHT)
    said = " ".join(str(vars(record)) for record in caplog.records if not record.name.startswith("aiohttp.access"))
    assert "'update': 9" in said
    for private in ("5550001", "رسوم", TOKEN, SECRET):
        assert private not in said
