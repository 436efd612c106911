"""What becomes of an outgoing message."""

import asyncio
import logging

import httpx
import pytest
from telegram.error import NetworkError, TelegramError, TimedOut

from channels.contract import Accepted, OutboundMessage, Rejected, Retry, SendError, Unknown
from channels.telegram.bot import outcome_of
from channels.telegram.channel import TelegramChannel
from channels.telegram.pace import ChatPace
from channels.telegram.simulator import Answer
from tests.channels.telegram.conftest import TOKEN

CITIZEN = 5550001
BODY = {"html": "الرسوم \u2068<code>PSP-2026-001234</code>\u2069 &amp; المدة", "buttons": []}


@pytest.fixture
async def chat(api):
    await api.write(CITIZEN, "السلام عليكم")
    return api.chats[CITIZEN]


def message(**body) -> OutboundMessage:
    return OutboundMessage("m1", str(CITIZEN), BODY | body)


async def test_text_and_buttons_arrive_as_meant(silent, api, chat) -> None:
    buttons = [{"title": "الرسوم", "token": "t.c1"}, {"title": "المدة", "token": "t.c2"}]
    outcome = await silent.send(message(buttons=buttons))
    shown = chat[-1]
    assert outcome == Accepted(str(shown.message_id))
    assert shown.text == "الرسوم \u2068PSP-2026-001234\u2069 & المدة"
    assert shown.buttons == [("الرسوم", "t.c1"), ("المدة", "t.c2")]
    [call] = api.sent("sendMessage")
    assert [len(row) for row in call["reply_markup"]["inline_keyboard"]] == [1, 1]
    assert call["link_preview_options"] == {"is_disabled": True}


ANSWERS = [
    (Answer(429, "Too Many Requests: retry after 7", 7), Retry(SendError.THROTTLED, 7.0)),
    (Answer(403, "Forbidden: bot was blocked by the user"), Rejected(SendError.BLOCKED)),
    (Answer(403, "Forbidden: user is deactivated"), Rejected(SendError.BLOCKED)),
    (Answer(400, "Bad Request: chat not found"), Rejected(SendError.RECIPIENT_REJECTED)),
    (Answer(400, "Bad Request: can't parse entities"), Rejected(SendError.CONTENT_REJECTED)),
    (Answer(401, "Unauthorized"), Retry(SendError.NOT_CONFIGURED, 60.0)),
    (Answer(500, "Internal Server Error"), Retry(SendError.UNAVAILABLE)),
    (Answer(502, "Bad Gateway"), Retry(SendError.UNAVAILABLE)),
    (Answer(hang=True), Unknown(SendError.UNAVAILABLE)),
    (Answer(hang=True, after_work=True), Unknown(SendError.UNAVAILABLE)),
]


@pytest.mark.parametrize(("answer", "outcome"), ANSWERS, ids=range(len(ANSWERS)))
async def test_what_telegram_answers(silent, api, chat, answer: Answer, outcome: object) -> None:
    api.script["sendMessage"].append(answer)
    assert await silent.send(message()) == outcome
    # A lost answer is the reason why an unknown outcome is never sent again.
    assert len(chat) == (2 if answer.after_work else 1)
    assert len(api.sent("sendMessage")) == 1


CAUSES = [
    (httpx.ConnectError("x"), Retry(SendError.UNAVAILABLE)),
    (httpx.ConnectTimeout("x"), Retry(SendError.UNAVAILABLE)),
    (httpx.PoolTimeout("x"), Retry(SendError.UNAVAILABLE)),
    (httpx.ReadTimeout("x"), Unknown(SendError.UNAVAILABLE)),
    (httpx.WriteTimeout("x"), Unknown(SendError.UNAVAILABLE)),
    (httpx.ReadError("x"), Unknown(SendError.UNAVAILABLE)),
    (httpx.RemoteProtocolError("x"), Unknown(SendError.UNAVAILABLE)),
    (TelegramError("Invalid server response"), Unknown(SendError.RESPONSE_UNPARSEABLE)),
]


@pytest.mark.parametrize(("cause", "outcome"), CAUSES, ids=lambda value: type(value).__name__)
def test_only_what_was_certainly_not_sent_is_tried_again(cause: Exception, outcome: object) -> None:
    error = TimedOut() if isinstance(cause, httpx.TimeoutException) else NetworkError("x")
    error.__cause__ = cause
    assert outcome_of(error) == outcome


async def test_telegram_away_is_tried_again(gateway, make_settings) -> None:
    channel = TelegramChannel(make_settings(telegram_api="http://127.0.0.1:9"), gateway)
    try:
        assert await channel.send(message()) == Retry(SendError.UNAVAILABLE)
    finally:
        await channel.stop()


async def test_a_blocked_or_unknown_citizen_is_told_from_a_throttled_one(silent, api, chat) -> None:
    api.blocked_by.add(CITIZEN)
    assert await silent.send(message()) == Rejected(SendError.BLOCKED)
    stranger = OutboundMessage("m2", "42", BODY)
    assert await silent.send(stranger) == Rejected(SendError.RECIPIENT_REJECTED)


async def test_texts_and_the_token_stay_out_of_the_logs(silent, api, chat, caplog) -> None:
    caplog.set_level(logging.DEBUG, logger="channels")
    api.script["sendMessage"].extend([Answer(429, "Too Many", 1), Answer(502, "Bad Gateway")])
    for _ in range(3):
        await silent.send(message())
    said = " ".join(
        str(vars(record)) for record in caplog.records if not record.name.startswith(("aiohttp", "asyncio"))
    )
    for private in (str(CITIZEN), "الرسوم", "PSP-2026", TOKEN):
        assert private not in said


class Time:
    """A clock that moves only while someone sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_one_message_a_second_in_one_chat() -> None:
    time = Time()
    pace = ChatPace(1.0, time.clock, time.sleep)
    sent = []
    for chat in ("a", "a", "b", "a", "b"):
        await pace.turn(chat)
        sent.append((chat, time.now))
    assert sent == [("a", 100.0), ("a", 101.0), ("b", 101.0), ("a", 102.0), ("b", 102.0)]


async def test_turns_that_wait_together_come_one_after_the_other() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    pace = ChatPace(1.0, lambda: 0.0, sleep)
    await asyncio.gather(*(pace.turn("a") for _ in range(4)))
    assert waits == [1.0, 2.0, 3.0]
