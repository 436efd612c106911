"""Words by how they sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic import from_latin, normalise, sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ضهر", "ظهر"),
        ("رسم", "رسوم"),
        ("جواز", "جوازه"),
        ("دلحين", "ذلحين"),
        ("شهادات", "شهادت"),
        ("معمده", "معماده"),
    ],
)
def test_spellings_of_one_word_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


@pytest.mark.parametrize(("one", "other"), [("قلم", "علم"), ("كم", "هم"), ("جواز", "زواج"), ("شرط", "سرد")])
def test_different_words_do_not(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize("latin", ["rusoom", "rosom", "rosoum", "rsoom"])
def test_latin_spellings_meet_the_arabic_word(latin: str) -> None:
    assert sound(normalise(from_latin(latin))) == sound("رسوم")


@given(st.text(max_size=40))
def test_anything_has_a_sound(text: str) -> None:
    assert len(sound(text)) <= len(text)
