"""Two buttons under an answer of facts: shown once, kept, taken away; through the real gateway and the Bot API."""

from __future__ import annotations

import pytest
from telegram.constants import InlineKeyboardButtonLimit

from channels.contract import BotMessage, Choice, RatingOutcome, Reply
from channels.quality.tables import RatingRow
from channels.telegram.rating import REFUSED, THANKS, row
from channels.telegram.render import payloads
from channels.telegram.simulator import Answer
from channels.telegram.updates import read_update
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import until
from tests.channels.telegram.test_end_to_end import CITIZEN, chat  # noqa: F401 - a fixture

MESSAGE = "0b7e" * 8
TITLES = ["👍", "👎"]


async def kept(gateway) -> list[bool]:
    return [rating.good for rating in await gateway._rows(RatingRow, RatingRow.at)]


async def test_the_buttons_go_when_one_is_pressed_and_the_others_stay(chat, assistant) -> None:  # noqa: F811
    assistant.script.append(Step(body=reply("أولًا", "الرسوم كذا", choices=[{"id": "c1", "title": "المدة"}])))
    await chat.api.write(CITIZEN, "كم رسوم الجواز؟")
    await chat.hears(2)
    first, second = (shown for shown in chat.api.chats[CITIZEN] if not shown.mine)
    assert first.buttons == []
    assert [title for title, _ in second.buttons] == ["المدة", *TITLES]
    await chat.api.press(CITIZEN, second.message_id, second.buttons[2][1])
    await until(lambda: [title for title, _ in second.buttons] == ["المدة"])
    await chat.api.until("answerCallbackQuery")
    [answered] = chat.api.sent("answerCallbackQuery")
    assert answered["text"] == THANKS
    assert await kept(chat.gateway) == [False]
    assert len(assistant.asked) == 1  # a word on an answer is no message


async def test_the_only_buttons_leave_no_keyboard(chat) -> None:  # noqa: F811
    await chat.api.write(CITIZEN, "كم رسوم الجواز؟")
    await chat.hears(1)
    shown = chat.api.chats[CITIZEN][-1]
    await chat.api.press(CITIZEN, shown.message_id, shown.buttons[0][1])
    await until(lambda: shown.buttons == [])
    assert await kept(chat.gateway) == [True]


async def test_someone_elses_answer_is_refused(chat) -> None:  # noqa: F811
    await chat.api.write(CITIZEN, "كم رسوم الجواز؟")
    await chat.hears(1)
    stolen = chat.api.chats[CITIZEN][-1].buttons[0][1]
    await chat.api.write(CITIZEN + 1, "أنا غيره")
    await until(lambda: [shown for shown in chat.api.chats[CITIZEN + 1] if not shown.mine])
    await chat.api.press(CITIZEN + 1, chat.api.chats[CITIZEN + 1][-1].message_id, stolen)
    await until(lambda: chat.api.sent("answerCallbackQuery"))
    assert chat.api.sent("answerCallbackQuery")[0]["text"] == REFUSED
    assert await kept(chat.gateway) == []


async def test_telegrams_refusal_to_edit_loses_nothing(chat) -> None:  # noqa: F811
    chat.api.script["editMessageReplyMarkup"].append(Answer(400, "Bad Request: message can't be edited"))
    await chat.api.write(CITIZEN, "كم رسوم الجواز؟")
    await chat.hears(1)
    shown = chat.api.chats[CITIZEN][-1]
    await chat.api.press(CITIZEN, shown.message_id, shown.buttons[1][1])
    await chat.api.until("editMessageReplyMarkup")
    assert await kept(chat.gateway) == [False]
    await chat.api.write(CITIZEN, "سؤال آخر")
    assert len(await chat.hears(2)) == 2


KINDS = [
    ("fees", True),
    ("faq", True),
    ("status", False),
    ("ambiguous", False),
    ("limited", False),
    ("fallback", False),
]


@pytest.mark.parametrize(("kind", "asks"), KINDS)
def test_only_facts_ask(kind: str, asks: bool) -> None:
    bodies = [one.body for one in payloads(Reply(MESSAGE, kind, (BotMessage("أ"), BotMessage("ب"))))]
    assert [body.get("rate") for body in bodies] == [None, MESSAGE if asks else None]


def test_a_long_answer_asks_under_its_end() -> None:
    choices = (Choice("c1", "المدة", "t"),)
    bodies = [one.body for one in payloads(Reply(MESSAGE, "fees", (BotMessage("سطر طويل\n" * 900, choices),)))]
    assert len(bodies) > 1
    assert ["rate" in body for body in bodies] == [False] * (len(bodies) - 1) + [True]


def test_what_a_button_sends_back_is_short_enough() -> None:
    for button in row(MESSAGE):
        assert len(str(button.callback_data).encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA


def pressed(data: str, **message: object) -> dict[str, object]:
    chat_ = {"id": CITIZEN, "type": "private"}
    shown = {"message_id": 7, "date": 1, "chat": chat_, **message}
    query = {"id": "1", "from": {"id": CITIZEN, "is_bot": False, "first_name": "م"}, "chat_instance": "1"}
    return {"update_id": 5, "callback_query": {**query, "message": shown, "data": data}}


NO_RATINGS = [f"r.{MESSAGE}.2", f"r.{MESSAGE[:-1]}.1", f"r.{MESSAGE}.1 ", f"r.{MESSAGE.upper()}.1", f"{MESSAGE}.c1"]


@pytest.mark.parametrize("data", NO_RATINGS)
def test_other_buttons_are_choices(data: str) -> None:
    received = read_update(pressed(data))
    assert received.rating is None
    assert received.message is not None and received.message.choice == data


def test_a_message_that_telegram_no_longer_shows_is_rated_and_left_alone() -> None:
    received = read_update(pressed(f"r.{MESSAGE}.1", date=0))
    assert received.message is None
    assert received.rating is not None
    assert (received.rating.good, received.rating.shown) == (True, None)


async def test_over_the_limit_the_buttons_stay(polling, api, gateway) -> None:
    gateway.rates = RatingOutcome.LIMITED
    await api.update({"callback_query": pressed(f"r.{MESSAGE}.0")["callback_query"]})
    await api.until("answerCallbackQuery")
    assert gateway.ratings == [("telegram", str(CITIZEN), MESSAGE, False)]
    assert api.sent("answerCallbackQuery")[0]["text"] == REFUSED
    assert api.sent("editMessageReplyMarkup") == []
