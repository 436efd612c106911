"""Asking for updates where Telegram cannot call."""

import asyncio

import pytest

from channels.telegram.channel import TelegramChannel
from channels.telegram.simulator import Answer, FakeBotApi
from channels.telegram.updates import COMMANDS
from tests.channels.telegram.test_updates import fixture

CITIZEN = 5550001


async def called(api: FakeBotApi, method: str, count: int = 1) -> None:
    await asyncio.wait_for(api.until(method, count), 20)


async def test_messages_and_presses_arrive(polling, api, gateway) -> None:
    await api.write(CITIZEN, "كم رسوم الجواز؟")
    await api.write(CITIZEN, "/help")
    shown = api.chats[CITIZEN][0]
    await api.press(CITIZEN, shown.message_id, "token.c1")
    messages = await gateway.until(3)
    assert [(message.text, message.choice) for message in messages] == [
        ("كم رسوم الجواز؟", None),
        (COMMANDS["help"], None),
        ("", "token.c1"),
    ]
    await called(api, "answerCallbackQuery")


async def test_an_update_is_confirmed_only_after_it_is_stored(polling, api, gateway) -> None:
    gateway.failures = [OSError("the database is away")] * 2
    first = await api.write(CITIZEN, "الأولى")
    await api.write(CITIZEN, "الثانية")
    messages = await gateway.until(2)
    assert [message.text for message in messages] == ["الأولى", "الثانية"]
    offsets = [fields.get("offset") for fields in api.sent("getUpdates")]
    assert offsets[:3] == [None] * 3
    assert all(int(offset) > first["update_id"] for offset in offsets if offset is not None)


async def test_a_malformed_update_does_not_hold_back_the_others(polling, api, gateway) -> None:
    await api.update({"message": {"text": 5}})
    await api.update(fixture("edited"))
    await api.write(CITIZEN, "كم رسوم الجواز؟")
    [message] = await gateway.until(1)
    assert message.text == "كم رسوم الجواز؟"


async def test_polling_takes_the_webhook_away_and_asks_for_what_we_read(polling, api) -> None:
    await called(api, "getUpdates")
    assert [name for name, _ in api.calls][:3] == ["getMe", "setMyCommands", "deleteWebhook"]
    assert api.sent("getUpdates")[0]["allowed_updates"] == ["message", "callback_query"]
    commands = {command["command"] for command in api.sent("setMyCommands")[0]["commands"]}
    assert commands == set(COMMANDS)


DOWN = [Answer(502, "Bad Gateway"), Answer(hang=True), Answer(401, "Unauthorized"), Answer(429, "Too Many", 1)]


@pytest.mark.parametrize("answer", DOWN, ids=lambda answer: answer.description or "hangs up")
async def test_starting_survives_telegram_being_down(api, gateway, make_settings, answer: Answer) -> None:
    api.script["getMe"].append(answer)
    channel = TelegramChannel(make_settings(), gateway)
    await channel.start()
    try:
        await api.write(CITIZEN, "كم رسوم الجواز؟")
        assert [message.text for message in await gateway.until(1)] == ["كم رسوم الجواز؟"]
    finally:
        await channel.stop()


@pytest.mark.parametrize("answer", DOWN, ids=lambda answer: answer.description or "hangs up")
async def test_polling_goes_on_after_an_error(polling, api, gateway, answer: Answer) -> None:
    api.script["getUpdates"].append(answer)
    await called(api, "getUpdates")
    await api.write(CITIZEN, "كم رسوم الجواز؟")
    assert len(await gateway.until(1)) == 1


async def test_webhook_mode_registers_its_address_and_secret(api, gateway, make_settings) -> None:
    channel = TelegramChannel(make_settings(telegram_mode="webhook", public_url="https://dalil.example/"), gateway)
    await channel.start()
    try:
        await called(api, "setWebhook")
        assert api.webhook == ("https://dalil.example/telegram/webhook", "a-secret-of-the-tests")
        assert api.sent("getUpdates") == []
    finally:
        await channel.stop()


async def test_stopping_does_not_wait_for_telegram(gateway, make_settings) -> None:
    channel = TelegramChannel(make_settings(telegram_api="http://127.0.0.1:9"), gateway)
    await channel.start()
    await asyncio.wait_for(channel.stop(), 5)
