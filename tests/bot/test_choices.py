"""Taking one of the offered choices, however the citizen says which."""

from __future__ import annotations

import pytest

from bot.engine.choices import parse_data, place_of, taken

OFFERED = [
    {"id": "c1", "title": "البطاقة الشخصية (إصدار)", "payload": '/fees{"service": "id-card"}'},
    {"id": "c2", "title": "بدل البطاقة الشخصية", "payload": '/fees{"service": "id-card-replacement"}'},
    {"id": "c3", "title": "القائمة", "payload": "/list_services"},
]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2", 2),
        ("٢", 2),
        ("۲", 2),
        (" 2 ", 2),
        ("2)", 2),
        ("(٢)", 2),
        ("2.", 2),
        ("2-", 2),
        ("رقم 2", 2),
        ("رقم ٢", 2),
        ("خيار 2", 2),
        ("رقم الخيار 2", 2),
        ("12", 12),
        ("\u200f2", 2),
        ("الثاني", 2),
        ("الثانية", 2),
        ("الثانيه", 2),
        ("ثاني", 2),
        ("اثنين", 2),
        ("الأول", 1),
        ("الأولى", 1),
        ("أول", 1),
        ("واحد", 1),
        ("ثلاثة", 3),
        ("الرابع", 4),
        ("خمسة", 5),
        ("2026", None),
        ("2 يوم", None),
        ("كم 2", None),
        ("الثاني من فضلك هل له رسوم", None),
        ("", None),
        ("نعم", None),
    ],
)
def test_the_place_that_a_message_names(text: str, place: int | None) -> None:
    assert place_of(text) == place


@pytest.mark.parametrize(
    ("text", "choice", "expected"),
    [
        ("2", None, "c2"),
        ("الأولى", None, "c1"),
        ("3", None, "c3"),
        ("بدل البطاقة الشخصية", None, "c2"),
        ("بدل البطاقه الشخصيه", None, "c2"),
        ("  بَدَل  البطاقة الشخصية ", None, "c2"),
        ("بدل البطاقة الشخصية", "c2", "c2"),
        ("القائمة", "c3", "c3"),
        ("4", None, None),
        ("0", None, None),
        ("البطاقة", None, None),
        ("كم الرسوم", None, None),
        ("كم الرسوم", "c9", None),
        ("2", "c9", None),
    ],
)
def test_what_is_taken(text: str, choice: str | None, expected: str | None) -> None:
    option = taken(OFFERED, text, choice)
    assert (option["id"] if option else None) == expected


@pytest.mark.parametrize(("text", "choice"), [("1", None), ("الأول", "c1")])
def test_nothing_is_taken_where_nothing_was_offered(text: str, choice: str | None) -> None:
    assert taken([], text, choice) is None


def test_a_taken_choice_is_what_nlu_would_have_understood() -> None:
    data = parse_data(OFFERED[1], "2")
    assert data["text"] == "2"
    assert data["intent"] == {"name": "fees", "confidence": 1.0}
    assert data["entities"] == [{"entity": "service", "value": "id-card-replacement"}]
    assert parse_data(OFFERED[2], "3")["entities"] == []
    assert parse_data(OFFERED[2], "3")["intent"]["name"] == "list_services"
