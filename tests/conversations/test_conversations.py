"""Conversations that staff can read and write (README.md), each held with the engine."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.engine.engine import Engine
from bot.engine.messages import CHANNELS, Reply, Request
from integrations.catalogue import live
from tests.conversations.checking import faults, mismatches, said, titles
from tests.conversations.reading import Conversation, Turn, Unreadable, read, read_all

HERE = Path(__file__).parent
CONVERSATIONS = read_all(HERE)
TOPICS = {
    "follow_ups",
    "corrections",
    "choices",
    "two_questions",
    "greeting_with_question",
    "faq_beside",
    "interruptions",
    "cancelling",
    "insults",
    "commands_typed",
    "applications",
    "long_and_strange",
}
LONGEST_TURN = 3.0


class Unexpected(AssertionError):
    """A reply is not what the conversation expects."""


def _cases() -> list[Any]:
    pending = pytest.mark.xfail(raises=Unexpected, strict=True, reason="understanding: pending")
    return [
        pytest.param(one, id=f"{one.topic}: {one.name}", marks=[pending] if one.pending else [])
        for one in CONVERSATIONS
    ]


@pytest.mark.parametrize("conversation", _cases())
async def test_conversation(engine: Engine, conversation: Conversation) -> None:
    transcript: list[str] = []
    before: dict[str, Any] = {"messages": []}
    offered: list[str] = []
    for number, turn in enumerate(conversation.turns, start=1):
        request = _request(turn, number, conversation.channel, before)
        started = time.monotonic()
        given = await engine.reply(request)
        slow = ["الرد تأخر"] if time.monotonic() - started > LONGEST_TURN else []
        reply = given.to_json() if isinstance(given, Reply) else given
        wrong = [
            *mismatches(turn.dalil, reply, offered),
            *faults(reply, conversation.channel, live.shared().snapshot),
            *slow,
        ]
        transcript += [f"{number}. المواطن: {turn.said()[:200]}", _shown(reply)]
        if wrong:
            told = "\n".join([*transcript, f"المتوقع في الدور {number}، ولم يكن:", *(f"   {line}" for line in wrong)])
            raise Unexpected(f"{conversation.topic}.yml: {conversation.name}\n{told}")
        before, offered = reply, reply["options"] or offered


def _request(turn: Turn, number: int, channel: str, before: dict[str, Any]) -> Request:
    if turn.press is None:
        return Request(f"m{number}", "c", channel, (turn.citizen or "") * turn.times)
    offered = [choice for message in before["messages"] for choice in message["choices"]]
    if turn.press > len(offered):
        raise Unexpected(f"لا زر رقم {turn.press} في الجواب السابق، فأزراره {len(offered)}")
    pressed = offered[turn.press - 1]
    return Request(f"m{number}", "c", channel, pressed["title"], pressed["id"])


def _shown(reply: dict[str, Any]) -> str:
    about = {name: value for name, value in reply.items() if name not in ("messages", "confidence") and value}
    choices = [f"      ({place}) {title}" for place, title in enumerate(titles(reply), start=1)]
    lines = [f"      {line}" for line in said(reply).splitlines()]
    return "\n".join([f"   دليل: {about}", *lines, *choices])


def test_every_topic_and_every_channel_has_conversations() -> None:
    assert {one.topic for one in CONVERSATIONS} == TOPICS
    assert len(CONVERSATIONS) >= 70
    channels = Counter(one.channel for one in CONVERSATIONS)
    assert all(channels[channel] >= 10 for channel in CHANNELS), channels


@pytest.mark.parametrize(
    "written",
    [
        "- {name: a, turns: [{citizen: b, dalil: {kid: fees}}]}",
        "- {name: a, turns: [{citizen: b, press: 1, dalil: {kind: fees}}]}",
        "- {name: a, turns: [{citizen: b}]}",
        "- {name: a, channel: fax, turns: [{citizen: b, dalil: {kind: fees}}]}",
        "- {name: a, understanding: pending, turns: [{citizen: b, dalil: {kind: fees}}]}",
        "- {name: a, chanel: sms, turns: [{citizen: b, dalil: {kind: fees}}]}",
    ],
)
def test_a_slip_of_the_pen_is_named(tmp_path: Path, written: str) -> None:
    file = tmp_path / "slip.yml"
    file.write_text(written, "utf-8")
    with pytest.raises(Unreadable, match=r"slip\.yml: a"):
        list(read(file))
