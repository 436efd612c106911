"""The HTTP contract's values: what is refused, and what a reply looks like."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.engine import clean
from bot.engine.messages import BotMessage, Choice, Question, Reply, Request
from bot.errors import BadRequest

GOOD = {"id": "m-1", "conversation": "a1" * 32, "channel": "web", "text": "كم رسوم الجواز؟", "choice": None}


@pytest.mark.parametrize("channel", ["web", "telegram", "sms"])
@pytest.mark.parametrize(("choice", "text"), [(None, "كم"), ("c2", "الثاني"), (None, ""), (None, "س" * 20_000)])
def test_a_good_request(channel: str, choice: str | None, text: str) -> None:
    request = Request.from_json({**GOOD, "channel": channel, "choice": choice, "text": text})
    assert request == Request("m-1", "a1" * 32, channel, text, choice)


def test_a_request_without_choice_and_with_fields_of_a_later_contract_is_read() -> None:
    body = {name: value for name, value in GOOD.items() if name != "choice"}
    assert Request.from_json({**body, "locale": "ar"}) == Request.from_json(GOOD)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"id": None}, "id"),
        ({"id": "m" * 201}, "id"),
        ({"id": "m\u0000"}, "id"),
        ({"id": "m\ud800"}, "id"),
        ({"conversation": ""}, "conversation"),
        ({"conversation": "a b"}, "conversation"),
        ({"conversation": "../x"}, "conversation"),
        ({"conversation": "a\n"}, "conversation"),
        ({"conversation": "+967771234567"}, "conversation"),
        ({"conversation": "a" * 129}, "conversation"),
        ({"channel": "fax"}, "channel"),
        ({"channel": "WEB"}, "channel"),
        ({"text": None}, "text"),
        ({"text": ["كم"]}, "text"),
        ({"text": "س" * 20_001}, "text"),
        ({"choice": ""}, "choice"),
        ({"choice": 2}, "choice"),
        ({"choice": "c" * 21}, "choice"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], names: str) -> None:
    with pytest.raises(BadRequest, match=f"^{names} "):
        Request.from_json({**GOOD, **changes})


@pytest.mark.parametrize("name", ["id", "conversation", "channel", "text"])
def test_a_missing_field_is_named(name: str) -> None:
    with pytest.raises(BadRequest, match=f"^{name} "):
        Request.from_json({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize("body", [None, [], "كم", 7, [GOOD]])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(BadRequest, match="object"):
        Request.from_json(body)


def test_a_reply_as_json() -> None:
    reply = Reply(
        "fees",
        (BotMessage("500", (Choice("c1", "الأوراق"),)), BotMessage("غدا")),
        service="id-card",
        confidence=0.97654321,
        also=(Question("duration", None),),
    )
    assert reply.to_json() == {
        "kind": "fees",
        "service": "id-card",
        "options": [],
        "reference": None,
        "confidence": 0.9765,
        "messages": [
            {"text": "500", "choices": [{"id": "c1", "title": "الأوراق"}]},
            {"text": "غدا", "choices": []},
        ],
        "also": [{"kind": "duration", "service": None}],
    }
    assert "also" not in Reply("help", (BotMessage("؟"),)).to_json()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("كم الرسوم", "كم الرسوم"),
        ("/fees", "fees"),
        ('//fees{"service": "x"}', 'fees{"service": "x"}'),
        (" / /restart", "restart"),
        ("كم\u0000الرسوم\u0007", "كم الرسوم"),
        ("سطر\nآخر\t.", "سطر آخر ."),
        ("\u0000\u0001", ""),
        ("1/2", "1/2"),
    ],
)
def test_text_is_cleaned(text: str, kept: str) -> None:
    assert clean(text) == kept
