"""The parts of search that read single words."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import pytest
from ruamel.yaml import YAML

from arabic import normalise
from integrations.catalogue.search.forms import readings
from integrations.catalogue.search.latin import consonants, skeletons
from integrations.catalogue.search.lexicon import load_lexicon
from integrations.catalogue.search.typos import SpellingIndex, similarity


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("والبطاقه", "بطاقه"),
        ("بالجواز", "جواز"),
        ("للجواز", "جواز"),
        ("وبالجواز", "جواز"),
        ("جوازي", "جواز"),
        ("جوازها", "جواز"),
        ("بطاقتي", "بطاقه"),
        ("بطاقتكم", "بطاقه"),
        ("لشهادتها", "شهاده"),
        ("شهادات", "شهاده"),
        ("شهاداتي", "شهاده"),
        ("جوازين", "جواز"),
        ("بطاقتين", "بطاقه"),
        ("عالجواز", "جواز"),
        ("حجي", "حج"),
    ],
)
def test_readings(typed: str, form: str) -> None:
    found = dict(readings(typed))
    assert found[typed] == 1.0
    assert 0.8 < found[form] < 1.0


@pytest.mark.parametrize("word", ["بطاقه", "وكاله", "كرت", "لوحه", "فرع"])
def test_a_word_itself_is_its_likeliest_reading(word: str) -> None:
    assert readings(word)[0] == (word, 1.0)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("جوار", "جواز"),
        ("جوازز", "جواز"),
        ("بطقه", "بطاقه"),
        ("بطاقعه", "بطاقه"),
        ("شهده", "شهاده"),
        ("رحصه", "رخصه"),
        ("قياده", "قيادده"),
        ("الكترنيه", "الكترونيه"),
        ("استثمر", "استثمار"),
        ("جوز", "جواز"),
    ],
)
def test_slips_of_the_finger_are_near(typed: str, word: str) -> None:
    assert 0.7 < similarity(typed, word) < 1.0


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("عياده", "قياده"),
        ("كرت", "كره"),
        ("زواج", "دجاج"),
        ("بناء", "نبات"),
        ("سعر", "سفر"),
        ("شركه", "حركات"),
        ("بيت", "بنت"),
    ],
)
def test_other_words_are_not(typed: str, word: str) -> None:
    assert similarity(normalise(typed), word) == 0.0


def test_a_common_slip_is_nearer_than_an_odd_one() -> None:
    assert similarity("جوار", "جواز") > similarity("جوام", "جواز")
    assert similarity("تسسجيل", "تسجيل") > similarity("تسعجيل", "تسجيل")


def test_spelling_index_finds_the_word_among_many() -> None:
    words = ["جواز", "جوهر", "بطاقه", "بطاله", "شهاده", "شهيد"]
    assert dict(SpellingIndex(words).nearest("بطاقاه")).keys() == {"بطاقه"}
    assert SpellingIndex(words).nearest("قطار") == ()
    assert SpellingIndex([]).nearest("جواز") == ()


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("tajdid", "تجديد"),
        ("tagdeed", "تجديد"),
        ("qiyada", "قياده"),
        ("rukhsa", "رخصه"),
        ("ro5sa", "رخصه"),
        ("zawaj", "زواج"),
        ("hajj", "حج"),
        ("7ajj", "حج"),
        ("wakala", "وكاله"),
        ("milad", "ميلاد"),
        ("thakiya", "ذكيه"),
        ("thanawiya", "ثانويه"),
        ("shahada", "شهاده"),
    ],
)
def test_latin_letters_by_their_consonants(typed: str, word: str) -> None:
    assert consonants(typed) & skeletons(word)


def test_data_files_say_each_thing_once() -> None:
    data = resources.files("integrations.catalogue.search").joinpath("data")
    tables = YAML(typ="safe").load(data.joinpath("lexicon.yml").read_text("utf-8"))
    concepts = Counter(normalise(word) for name, table in tables.items() if name != "near" for word in table)
    assert [word for word, count in concepts.items() if count > 1] == []
    assert all(0 < similar <= 1 for _, _, similar in tables["near"])
    lexicon = load_lexicon()
    assert lexicon.fillers & lexicon.others == set()
    assert lexicon.fillers & lexicon.classes.keys() == set()
