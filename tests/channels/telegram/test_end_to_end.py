"""Telegram through the real gateway, by polling the Bot API in memory, as in development without an account."""

from __future__ import annotations

import aiohttp
import pytest

from channels.telegram.simulator import Answer, FakeBotApi, TelegramSimulator
from channels.wiring import wire
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import until

CITIZEN = 5550001


class Chat:
    def __init__(self, gateway, api: FakeBotApi) -> None:
        self.gateway, self.api = gateway, api

    def heard(self) -> list[str]:
        return [shown.text for shown in self.api.chats[CITIZEN] if not shown.mine]

    async def hears(self, count: int) -> list[str]:
        await until(lambda: len(self.heard()) >= count)
        return self.heard()


@pytest.fixture
async def chat(start_gateway, sqlite_url):
    found: list[TelegramSimulator] = []

    def wiring(settings, core, database):
        parts = wire(settings, core, database)
        found.extend(part for part in parts if isinstance(part, TelegramSimulator))
        return parts

    gateway = await start_gateway(sqlite_url, wiring=wiring, web_enabled=False, telegram_mode="off")
    return Chat(gateway, found[0].api)


async def test_a_question_is_answered_with_buttons_that_work(chat, assistant) -> None:
    choices = [{"id": "c1", "title": "المدة"}, {"id": "c2", "title": "المكان"}]
    assistant.script.append(Step(body=reply("الرسوم 3,500 ريال <المصدر & التاريخ>", choices=choices)))
    await chat.api.write(CITIZEN, "كم رسوم الجواز؟")
    assert await chat.hears(1) == ["الرسوم \u20683,500\u2069 ريال <المصدر & التاريخ>"]
    shown = chat.api.chats[CITIZEN][-1]
    assert [title for title, _ in shown.buttons] == ["المدة", "المكان", "👍", "👎"]
    await chat.api.press(CITIZEN, shown.message_id, shown.buttons[1][1])
    await chat.hears(2)
    await chat.api.until("answerCallbackQuery")
    question, press = assistant.asked
    assert (question["channel"], question["text"], question["choice"]) == ("telegram", "كم رسوم الجواز؟", None)
    assert (press["text"], press["choice"]) == ("المكان", "c2")
    assert str(CITIZEN) not in str(assistant.asked)


async def test_start_is_said_in_words(chat, assistant) -> None:
    await chat.api.write(CITIZEN, "/start")
    await chat.hears(1)
    assert assistant.texts == ["ابدأ"]


async def test_a_photo_gets_an_answer_without_the_assistant(chat, assistant) -> None:
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    await chat.api.write(CITIZEN, "", photo=photo)
    [answer] = await chat.hears(1)
    assert "الصور" in answer
    assert assistant.asked == []


async def test_updates_that_come_again_are_answered_once(chat, assistant) -> None:
    update = await chat.api.write(CITIZEN, "كم رسوم الجواز؟")
    await chat.hears(1)
    chat.api._updates.append(update)  # as after a lost confirmation
    await chat.api.write(CITIZEN, "سؤال آخر")
    assert len(await chat.hears(2)) == 2
    assert assistant.texts == ["كم رسوم الجواز؟", "سؤال آخر"]


async def test_a_lost_answer_is_not_sent_twice(chat) -> None:
    chat.api.script["sendMessage"].append(Answer(hang=True, after_work=True))
    await chat.api.write(CITIZEN, "الأول")

    async def settled():
        return [row.state for row in await chat.gateway.outbox()] == ["unknown"]

    await until(settled)
    await chat.api.write(CITIZEN, "الثاني")
    assert await chat.hears(2) == ["الجواب: الأول", "الجواب: الثاني"]


async def test_throttling_delays_and_blocking_stops(chat) -> None:
    chat.api.script["sendMessage"].append(Answer(429, "Too Many Requests", 1))
    await chat.api.write(CITIZEN, "الأول")
    assert await chat.hears(1) == ["الجواب: الأول"]
    chat.api.blocked_by.add(CITIZEN)
    await chat.api.write(CITIZEN, "الثاني")

    async def failed():
        rows = await chat.gateway.outbox()
        return [(row.state, row.error) for row in rows] == [("accepted", None), ("failed", "blocked")]

    await until(failed)


async def test_the_page_writes_and_presses(chat, assistant) -> None:
    assistant.script.append(Step(body=reply("ماذا تريد؟", choices=[{"id": "c1", "title": "الرسوم"}])))
    base = f"{chat.gateway.url}/simulator/telegram"
    async with aiohttp.ClientSession() as session:
        async with session.get(base) as page:
            assert "unsafe" not in page.headers["Content-Security-Policy"]
            assert 'dir="rtl"' in await page.text()
        async with session.post(f"{base}/chats/{CITIZEN}/messages", json={"text": "جواز"}) as sent:
            assert sent.status == 204
        await chat.hears(1)
        async with session.get(f"{base}/chats/{CITIZEN}") as response:
            question, answer = (await response.json())["messages"]
        assert (question["mine"], question["text"]) == (True, "جواز")
        button, *_ratings = answer["buttons"]
        async with session.post(f"{base}/chats/{CITIZEN}/presses", json={"data": button["data"]}) as pressed:
            assert pressed.status == 204
        assert (await chat.hears(2))[1] == "الجواب: الرسوم"
        for path, fields in (("presses", {"data": "unknown"}), ("messages", {"text": ""}), ("messages", {"text": 5})):
            async with session.post(f"{base}/chats/{CITIZEN}/{path}", json=fields) as refused:
                assert refused.status in (400, 404)
        async with session.get(f"{base}/chats/abc") as refused:
            assert refused.status == 404
