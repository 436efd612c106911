"""Codes to a telephone, from the private listener to the handset and back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from channels.sms import codes
from channels.sms.codes import A_DAY, TRIES, CodeRow, Codes, CodeSentRow
from settings.model import DEVELOPMENT_SECRET
from settings.sealing import Envelopes
from storage import utc_now
from tests.channels.harness import Gateway, RecordingChannel, until
from tests.channels.pushing import post

ASKING, OTHER = "a" * 64, "b" * 64
NUMBER = "+967771234567"


@pytest.fixture
def sms() -> RecordingChannel:
    return RecordingChannel("sms")


@pytest.fixture
async def gateway(database_url: str, start_gateway: Any, sms: RecordingChannel) -> AsyncIterator[Gateway]:
    def wiring(settings: Any, core: Any, database: Any) -> list[Codes]:
        return [Codes(settings, sms, database, core.signals, core.board)]

    return await start_gateway(database_url, sms, wiring=wiring)


async def ask(gateway: Gateway, conversation: str = ASKING, number: str = NUMBER) -> tuple[int, Any]:
    return await post(gateway, {"conversation": conversation, "number": number}, path="/v1/codes")


async def say(gateway: Gateway, code: str, conversation: str = ASKING) -> tuple[int, Any]:
    return await post(gateway, {"conversation": conversation, "code": code}, path="/v1/codes/check")


async def received(sms: RecordingChannel, count: int = 1) -> str:
    """The code in the newest SMS, once there are so many."""
    await until(lambda: len(sms.sent) == count)
    return re.findall(r"\d{6}", sms.texts[-1])[0]


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    def then() -> datetime:
        return utc_now() + by

    monkeypatch.setattr(codes, "utc_now", then)


@pytest.mark.parametrize("written", [NUMBER, "771234567", "00967 771 234 567", "٧٧١٢٣٤٥٦٧", "+967-77-1234567"])
async def test_the_right_code_gives_the_number_sealed_and_once(gateway, sms, written: str) -> None:
    assert await ask(gateway, number=written) == (200, {"status": "sent"})
    code = await received(sms)
    assert sms.sent[0].address == NUMBER
    assert not sms.sent[0].push
    status, answer = await say(gateway, code)
    assert status == 200
    opened = Envelopes(SecretStr(DEVELOPMENT_SECRET)).open(ASKING, answer["sender"])
    assert opened is not None
    assert opened.get_secret_value() == NUMBER
    assert await say(gateway, code) == (410, {"error": "over"})


async def test_a_code_is_of_the_conversation_that_asked(gateway, sms) -> None:
    await ask(gateway)
    assert await say(gateway, await received(sms), OTHER) == (410, {"error": "over"})


async def test_a_code_may_be_said_wrong_a_few_times(gateway, sms) -> None:
    await ask(gateway)
    code = await received(sms)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(TRIES):
        assert await say(gateway, wrong) == (404, {"error": "wrong"})
    assert await say(gateway, code) == (410, {"error": "over"})


async def test_a_code_is_good_for_ten_minutes(gateway, sms, monkeypatch) -> None:
    await ask(gateway)
    code = await received(sms)
    later(monkeypatch, timedelta(minutes=11))
    assert await say(gateway, code) == (410, {"error": "over"})


async def test_a_new_code_takes_the_place_of_the_old_one(gateway, sms) -> None:
    await ask(gateway)
    old = await received(sms)
    await ask(gateway)
    new = await received(sms, 2)
    if old != new:
        assert await say(gateway, old) == (404, {"error": "wrong"})
    assert (await say(gateway, new))[0] == 200


@pytest.mark.parametrize(
    "number", ["119", "Dalil", "+14155550100", "01234567", "+96717654321", "7712345678901", "", "9" * 41]
)
async def test_only_mobiles_that_are_answered_get_one(gateway, sms, number: str) -> None:
    status, answer = await ask(gateway, number=number)
    assert (status, answer) in ((422, {"error": "number"}), (400, {"error": "malformed"}))
    assert sms.sent == []


async def test_who_wants_no_messages_gets_no_code(gateway, sms) -> None:
    await gateway.say("إيقاف", NUMBER, opted_out=True)
    assert await ask(gateway) == (409, {"error": "opted-out"})


@pytest.mark.parametrize("same", ["conversation", "number"])
async def test_three_codes_a_day(gateway, sms, monkeypatch, same: str) -> None:
    for number in range(A_DAY + 1):
        conversation = ASKING if same == "conversation" else f"{number:064}"
        to = NUMBER if same == "number" else f"+96777123456{number}"
        status, _ = await ask(gateway, conversation, to)
        assert status == (200 if number < A_DAY else 429)
    later(monkeypatch, timedelta(hours=25))
    assert (await ask(gateway))[0] == 200


@pytest.mark.parametrize("path", ["/v1/codes", "/v1/codes/check"])
async def test_only_the_assistant_may_ask(gateway, sms, path: str) -> None:
    assert await post(gateway, {}, path=path, Authorization="Bearer x") == (401, {"error": "token"})
    assert (await post(gateway, {}, gateway.url, path=path))[0] == 404
    assert await post(gateway, b"{", path=path) == (400, {"error": "malformed"})


async def test_what_is_kept_is_neither_the_code_nor_for_long(gateway, sms, monkeypatch, caplog) -> None:
    caplog.set_level("DEBUG")
    await ask(gateway)
    code = await received(sms)

    async def rows(table: Any) -> list[str]:
        found = await gateway.database.read(lambda connection: connection.execute(select(table.__table__)).all())
        return [str(row) for row in found]

    assert not any(code in row for row in [*await rows(CodeRow), *await rows(CodeSentRow)])
    assert not any("771234567" in row for row in await rows(CodeSentRow))
    later(monkeypatch, timedelta(days=3))
    await gateway.database.write(codes._clear)
    assert (await rows(CodeRow), await rows(CodeSentRow)) == ([], [])
    assert not [one for one in caplog.records if code in str(vars(one)) or "771234567" in str(vars(one))]
