"""Spellings that citizens use for the same text become one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic import normalise, strip_marks, to_ascii_digits

# What phones and keyboards of this region produce, and what hides inside copied text.
LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيٱپچڤگکیھہەې"
MARKS = "ًٌٍَُِّْٰـٕٓٔۖ"
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202e\u2066\u2067\u2069\ufeff\u00ad\u061c"
typed = st.text(
    st.sampled_from(LETTERS + MARKS + INVISIBLE + "ﻻﷲﺭﺳﻮﻡ ٠١٢٣٩۰۴۵0123 \n\tabEYéقققههه؟?،,.!-/()«»٪🙂❤️_")
    | st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
    max_size=60,
)


@pytest.mark.parametrize(
    ("spelling", "one"),
    [
        ("أحوال", "احوال"),
        ("إلغاء", "الغا"),
        ("آثار", "اثار"),
        ("ٱلجواز", "الجواز"),
        ("شؤون", "شوون"),
        ("وثائق", "وثايق"),
        ("على", "علي"),
        ("بطاقة", "بطاقه"),
        ("رُسُومُ", "رسوم"),
        ("شَهَادَةٌ", "شهاده"),
        ("هٰذا", "هذا"),
        ("رســـوم", "رسوم"),
        ("ﺭﺳﻮﻡ", "رسوم"),
        ("ﻻ", "لا"),
        ("الاوراق", "الاوراق"),
        ("کم رسوم", "كم رسوم"),
        ("شهادی", "شهادي"),
        ("ہویە", "هويه"),
        ("پطاقة", "بطاقه"),
        ("چواز", "جواز"),
        ("گات", "قات"),
        ("١٢٣", "123"),
        ("۴۵۶", "456"),
        ("كمممممم", "كم"),
        ("ياااارجل", "يارجل"),
        ("هههههه", "ه"),
        ("الله", "الله"),
        ("7711111", "7711111"),
        ("Jawaz", "jawaz"),
        ("JAWAAAAZ", "jawaz"),
        ("كم\u00a0 رسوم\n\nالجواز ", "كم رسوم الجواز"),
        ("\u202bكم\u202c رس\u200cوم", "كم رسوم"),
        ("\ufeffكم", "كم"),
        ("", ""),
        (" \u200f\n", ""),
    ],
)
def test_one_spelling(spelling: str, one: str) -> None:
    assert normalise(spelling) == one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كم رسوم البطاقة؟", "كم رسوم البطاقه؟"),
        ("أين أُسَجِّل المَولود", "اين اسجل المولود"),
        ("إصدار هوية", "اصدار هويه"),
        ("مكتبى", "مكتبي"),
        ("مسؤول", "مسوول"),
        ("الأجراءات", "الإجراءات"),
    ],
)
def test_people_meet_who_spell_differently(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"), [("قلب", "كلب"), ("سعر", "شعر"), ("رسم", "رسوم"), ("12", "21"), ("ظل", "ضل")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(typed)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(typed, st.integers(0, 60), st.sampled_from(INVISIBLE + "ـ"))
def test_what_cannot_be_seen_makes_no_difference(text: str, place: int, mark: str) -> None:
    assert normalise(text[:place] + mark + text[place:]) == normalise(text)


@given(st.text())
def test_any_text_has_a_spelling_without_needless_spaces(text: str) -> None:
    one = normalise(text)
    assert one == " ".join(one.split())


@pytest.mark.parametrize(
    ("digits", "ascii_digits"),
    [("٠١٢٣٤٥٦٧٨٩", "0123456789"), ("۰۱۲۳۴۵۶۷۸۹", "0123456789"), ("رقم ٧ و۷ و7", "رقم 7 و7 و7"), ("", "")],
)
def test_digits_of_every_keyboard(digits: str, ascii_digits: str) -> None:
    assert to_ascii_digits(digits) == ascii_digits


@given(typed)
def test_only_digits_become_digits(text: str) -> None:
    changed = to_ascii_digits(text)
    assert len(changed) == len(text)
    assert to_ascii_digits(changed) == changed
    assert all(old == new or (new.isascii() and new.isdigit()) for old, new in zip(text, changed, strict=True))


@given(typed)
def test_strip_marks_leaves_nothing_invisible_and_all_else(text: str) -> None:
    assert strip_marks(text) == "".join(character for character in text if character not in INVISIBLE)
