"""Taking one of the offered choices, however the citizen says which."""

from __future__ import annotations

import pytest

from bot.engine.choices import LAST, beyond, is_list, parse_data, place_of, taken, within

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
        ("2️⃣", 2),
        ("رقم اثنين", 2),
        ("ثاني واحد", 2),
        ("الاولى", 1),
        ("التالت", 3),
        ("اشتي الثاني لو سمحت", 2),
        ("el thani", 2),
        ("الأخير", LAST),
        ("اخر واحد", LAST),
        ("واحد ثاني", None),
        ("شي ثاني", None),
        ("1 و 3", None),
        ("2.5", None),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الأخير", "c3"),
        ("حق الفاقد", None),
        ("بدل", "c2"),
        ("البدل حق البطاقة", "c2"),
        ("البطاقه الشخصيه", None),
        ("إصدار", "c1"),
        ("كم رسوم البدل", None),
        ("نعم", None),
        ("حق", None),
    ],
)
def test_a_part_of_a_name_is_taken_only_where_dalil_asked_which(text: str, expected: str | None) -> None:
    option = taken(OFFERED, text, None, which=True)
    assert (option["id"] if option else None) == expected
    if text != "الأخير":
        assert taken(OFFERED, text, None) is None


def test_yes_takes_the_only_one() -> None:
    assert taken(OFFERED[:1], "نعم", None, which=True) == OFFERED[0]
    assert taken(OFFERED[:1], "نعم", None) is None


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("كم رسوم الثاني؟", 2, "كم رسوم ؟"),
        ("الثاني وين", 2, "وين"),
        ("رقم 2 كم رسومه", 2, "كم رسومه"),
        ("ايش اوراق الاخير", 3, "ايش اوراق"),
    ],
)
def test_a_question_about_one_of_the_choices(text: str, place: int, rest: str) -> None:
    assert within(OFFERED, text) == (OFFERED[place - 1], rest)


@pytest.mark.parametrize("text", ["الثاني", "اوراق الطفل الثاني", "كم رسوم الخامس", "ايش اول شي", "كم رسوم الجواز", ""])
def test_a_question_about_none_of_the_choices(text: str) -> None:
    assert within(OFFERED, text) is None


@pytest.mark.parametrize("text", ["1 و 3", "1,2", "الاول والثاني", "كلها", "الكل"])
def test_several_choices_at_once(text: str) -> None:
    assert is_list(text)


@pytest.mark.parametrize("text", ["2", "الثاني", "كل الاوراق", "و", "", "الاول وكم رسومه"])
def test_not_several_choices_at_once(text: str) -> None:
    assert not is_list(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("9", True), ("العاشر", True), ("0", True), ("3", False), ("كم", False)]
)
def test_a_place_beyond_the_choices(text: str, expected: bool) -> None:
    assert beyond(OFFERED, text) is expected
    assert not beyond([], text)


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
