"""Forms of one word share a stem; other words do not."""

from __future__ import annotations

import pytest

from arabic import normalise, stem, stems


@pytest.mark.parametrize(
    "forms",
    [
        "جواز الجواز والجواز بالجواز للجواز وبالجواز جوازي جوازك جوازها جوازات الجوازات بجواز",
        "بطاقة البطاقة بطاقتي بطاقته بطاقتها بطائق البطائق وبطاقتي للبطاقة",
        "وكالة الوكالة وكالات بالوكالة وكالتي",
        "شهادة شهادات الشهادة شهادتي للشهادة والشهادات",
        "رسم رسوم الرسوم رسومها برسوم والرسوم للرسوم",
        "ورقة أوراق الأوراق ورق والأوراق أوراقي",
        "رخصة رخص الرخص رخصتي الرخصة",
        "عقد عقود العقود للعقد عقدي",
        "مكتب مكاتب المكاتب مكاتبكم",
        "معاملة معاملتي المعاملة معاملات",
        "قانون القانون قوانين القوانين",
        "وارث الورثة ورثة",
        "مولود مواليد المواليد المولود مولودي",
    ],
)
def test_forms_of_one_word(forms: str) -> None:
    assert len({stem(normalise(form)) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("وكالة", "كالة"),
        ("جواز", "زواج"),
        ("رسم", "اسم"),
        ("ولد", "لد"),
        ("بيت", "يت"),
        ("فرع", "رع"),
        ("كتاب", "تاب"),
        ("وصول", "صول"),
        ("لوحة", "وحة"),
        ("مدة", "مدينة"),
        ("شهادة", "شهيد"),
    ],
)
def test_letters_that_belong_to_the_word_stay(one: str, other: str) -> None:
    assert stem(normalise(one)) != stem(normalise(other))


@pytest.mark.parametrize("word", ["كم", "في", "هل", "من", "انا", "حق", "id", "2026", "و", ""])
def test_short_words_are_left_alone(word: str) -> None:
    assert stem(word) == word


def test_stems_of_a_text_are_in_order() -> None:
    assert stems("كم رسومُ البطاقات؟") == ["كم", stem("رسم"), stem("بطاقه")]
