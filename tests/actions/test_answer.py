"""How an answer is handed to Rasa: texts, choices, and what it is."""

from __future__ import annotations

import json

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, Choice, say


@pytest.mark.parametrize(
    ("choice", "payload"),
    [
        (Choice("الرسوم", "fees", "id-card"), '/fees{"service": "id-card"}'),
        (Choice("مساعدة", "help"), "/help"),
    ],
)
def test_a_choice_is_a_payload_that_rasa_shell_understands(choice: Choice, payload: str) -> None:
    assert choice.payload() == payload


def test_what_it_is_goes_with_the_first_text_and_choices_with_the_last() -> None:
    dispatcher = CollectingDispatcher()
    choices = [Choice("البطاقة", "fees", "id-card"), Choice("الجواز", "fees", "passport")]
    say(dispatcher, Answer("ambiguous", ["أولا", "ثانيا"], options=["id-card", "passport"], choices=choices))
    first, last = dispatcher.messages
    assert (first["text"], last["text"]) == ("أولا", "ثانيا")
    assert first["buttons"] == []
    assert [button["title"] for button in last["buttons"]] == ["البطاقة", "الجواز"]
    assert [json.loads(button["payload"].removeprefix("/fees")) for button in last["buttons"]] == [
        {"service": "id-card"},
        {"service": "passport"},
    ]
    about = first["answer"]
    assert about == {"kind": "ambiguous", "service": None, "options": ["id-card", "passport"], "reference": None}
    assert "answer" not in last
