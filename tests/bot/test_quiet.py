"""Logs hold ids and never what a citizen wrote, whatever happens and however much is logged."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.components.understanding import MessageReader
from tests.bot.assistant import AUTHORISED, Assistant

NAME, PHONE, REFERENCE = "زعفرانة", "771234567", "PSP2026009876"
MESSAGES = (
    f"اسمي {NAME} وهاتفي {PHONE} كم رسوم توثيق عقد الزواج",
    f"وين وصلت معاملتي {REFERENCE}",
    f"{NAME} كم الرسوم؟ وكم المدة؟",
    f"/restart {NAME}",
    f"{NAME} {PHONE} " * 100,
    f"{NAME}\u0000\ud83d",
)


def assert_silent(output: str) -> None:
    for secret in (NAME, PHONE, REFERENCE, NAME.encode("unicode_escape").decode()):
        assert secret not in output


async def test_no_message_shows_in_the_logs_at_debug_level(
    assistant: Assistant, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        for number, text in enumerate(MESSAGES):
            assert (await assistant.post(text, id=f"m{number}")).status == 200
            assert (await assistant.post(text, id=f"m{number}")).status == 200
        assert (await assistant.post(NAME, conversation=PHONE + " ")).status == 400
        assert (await assistant.post(NAME, channel=NAME)).status == 400
        await assistant.client.post("/v1/messages", data=NAME.encode(), headers=AUTHORISED)
        logging.getLogger("rasa.core.processor").error("failed on %s", NAME)
        assert caplog.records, "at this level something is always logged"
    assert_silent(caplog.text + "".join(capfd.readouterr()))


async def test_a_failure_is_logged_with_its_place_and_without_the_message(
    assistant: Assistant,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(_dispatcher: Any, tracker: Any, _domain: Any) -> Any:
        raise KeyError(tracker.latest_message["text"])

    def confused(_self: object, message: Any) -> None:
        raise ValueError(f"cannot read {message.get('text')}")

    def lost(*_arguments: object) -> None:
        raise RuntimeError(f"no conversation for {NAME}")

    with caplog.at_level(logging.DEBUG):
        assistant.executor.actions["action_service_information"] = broken
        assert (await assistant.post(MESSAGES[0])).status == 500
        monkeypatch.setattr(MessageReader, "_read", confused)
        assert (await assistant.post(MESSAGES[0])).status == 500
        monkeypatch.setattr(assistant.engine, "_answer", lost)
        response = await assistant.post(MESSAGES[0])
        assert response.status == 500
        assert_silent(await response.text())
    output = caplog.text + "".join(capfd.readouterr())
    assert_silent(output)
    assert "KeyError" in output
    assert "ValueError" in output
    assert "RuntimeError" in output
    assert "test_quiet.py" in output, "where it failed"
