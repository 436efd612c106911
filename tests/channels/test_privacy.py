"""What the gateway keeps of what citizens write, and what it tells the assistant of them."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from channels.tables import InboxRow
from channels.text import masked
from settings.sealing import Envelopes
from tests.channels.fake_assistant import Step
from tests.channels.harness import RecordingChannel, until


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("حالة PSP-2026-000104 1104", "حالة PSP-••••"),
        ("رقمي الوطني ٠١٠١٠١٠١١٠٤ والرمز ۴۸۲۹", "رقمي الوطني •••• والرمز ••••"),
        ("اتصلوا على 771 234 567", "اتصلوا على ••••"),
        ("+967-77-1234567", "+••••"),
        ("1 1 0 4", "••••"),
        ("ق/2026/301", "ق/••••"),
        ("عندي 3 أولاد وعمري 45", "عندي 3 أولاد وعمري 45"),
        ("قانون رقم 23", "قانون رقم 23"),
        ("كم رسوم الجواز؟", "كم رسوم الجواز؟"),
        ("", ""),
    ],
)
def test_numbers_of_four_digits_and_more_are_not_kept(said: str, kept: str) -> None:
    assert masked(said) == kept


@pytest.mark.parametrize("status", [200, 400])
async def test_an_answered_message_is_kept_without_its_numbers(database_url, assistant, start_gateway, status) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    if status != 200:
        assistant.script.append(Step(status=status))
    await gateway.say("حالة 4471120 1104")
    await until(lambda: channel.sent)
    assert assistant.asked[0]["text"] == "حالة 4471120 1104"
    rows = await gateway.database.read(lambda connection: connection.scalars(select(InboxRow.text)).all())
    assert rows == ["حالة ••••"]


@pytest.mark.parametrize("proves_sender", [True, False])
async def test_an_address_that_the_operator_vouches_for_reaches_the_assistant_sealed(
    database_url, assistant, start_gateway, proves_sender
) -> None:
    channel = RecordingChannel()
    channel.proves_sender = proves_sender
    gateway = await start_gateway(database_url, channel)
    await gateway.say("حالة 4471120", "+967771234567")
    await until(lambda: channel.sent)
    question = assistant.asked[0]
    assert "967771234567" not in str(question)
    assert (question["sender"] is not None) == proves_sender
    if proves_sender:
        opened = Envelopes(SecretStr("development-only")).open(question["conversation"], question["sender"])
        assert opened is not None
        assert opened.get_secret_value() == "+967771234567"
