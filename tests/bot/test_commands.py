"""Commands work when they are the whole message, and only then."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.commands import CommandFinder, command


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("إلغاء", "cancel"),
        ("الغاء", "cancel"),
        ("إِلْغَاء!", "cancel"),
        ("الـــغاء", "cancel"),
        ("كنسل", "cancel"),
        ("CANCEL", "cancel"),
        ("مساعدة", "help"),
        ("مساعده؟", "help"),
        ("Help", "help"),
        ("القائمة", "start_over"),
        ("القائمه الرئيسيه", "start_over"),
        ("إيقاف", "stop"),
        ("ايقاف.", "stop"),
        ("STOP", "stop"),
        ("إلغاء الاشتراك", "stop"),
        ("اشتراك", "start"),
        ("ابدأ", "start"),
        ("ابدأ من جديد", "start_over"),
        ("موظف", "human"),
        ("ولا واحد منها", "deny"),
        ("غيرها", "deny"),
        ("مش منهم", "deny"),
        ("يا حمار", "out_of_scope"),
    ],
)
def test_a_command_alone(text: str, intent: str) -> None:
    assert command(text) == intent


@pytest.mark.parametrize(
    "text",
    [
        "كيف أوقف شريحتي",
        "أريد إلغاء الوكالة",
        "إلغاء الوكالة",
        "مساعدة في الجواز",
        "وقف خيري",
        "رسوم الاشتراك",
        "موظف الأحوال طلب مني مال",
        "stop the car",
        "قائمة الرسوم",
        "",
        "🙂",
    ],
)
def test_more_than_a_command_is_none(text: str) -> None:
    assert command(text) is None


def test_a_command_overrules_what_was_classified() -> None:
    message = Message({"text": "إلغاء", "intent": {"name": "fees", "confidence": 0.9}, "questions": [{}, {}]})
    (done,) = CommandFinder().process([message])
    assert done.get("intent") == {"name": "cancel", "confidence": 1.0}
    assert [question["kind"] for question in done.get("questions")] == ["cancel"]


def test_any_other_message_is_left_alone() -> None:
    message = Message({"text": "كم رسوم الجواز", "intent": {"name": "fees", "confidence": 0.9}})
    (done,) = CommandFinder().process([message])
    assert done.get("intent") == {"name": "fees", "confidence": 0.9}
