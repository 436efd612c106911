"""Arabic typed in Latin letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic import from_latin


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("kam rosoom el jawaz", "كم رسوم الجواز"),
        ("Kam RUSUM al-bitaqa", "كم رسوم البطاقه"),
        ("aljawaz", "الجواز"),
        ("wain a7jez", "وين احجز"),
        ("ro5sa", "رخصه"),
        ("7'arej", "خارج"),
        ("sho3’l", "شوغل"),
        ("7aq", "حق"),
        ("3an", "عن"),
        ("mo3amala", "معامله"),
        ("sharika", "شاريكا"),
        ("zawaj", "زواج"),
        ("khadamat", "خادامات"),
        ("6ab3", "طابع"),
        ("shahada ميلاد", "شهاده ميلاد"),
        ("كم رسوم", "كم رسوم"),
        ("2026", "2026"),
        ("٣ أيام", "٣ أيام"),
        ("", ""),
    ],
)
def test_readings(latin: str, arabic: str) -> None:
    assert from_latin(latin) == arabic


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40))
def test_no_latin_letter_is_left(text: str) -> None:
    assert not any("a" <= character <= "z" for character in from_latin(text).lower())


@given(st.text(st.characters(min_codepoint=0x600, max_codepoint=0x6FF) | st.sampled_from(" ؟\n"), max_size=40))
def test_arabic_stays_as_it_is(text: str) -> None:
    assert from_latin(text) == text
