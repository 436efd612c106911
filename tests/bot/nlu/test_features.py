"""Messages as vectors: what makes two spellings alike, what is masked, and that one and many vectors agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu import vectors
from bot.nlu.features import NUMBER, REFERENCE, mask, of_pairs, of_word
from bot.nlu.training import as_matrix

MESSAGES = [("كم", "رسوم", "الجواز"), ("وين", "مكتب", "الجواز"), ("كم", "رسوم", "البطاقه"), ("رقم", "1234567")]
LETTERS = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي0123456789", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("word", "seen"),
    [("رسوم", "رسوم"), ("12", "12"), ("123", NUMBER), ("2026001234", NUMBER), ("", "")],
)
def test_long_numbers_are_all_one(word: str, seen: str) -> None:
    assert mask(word) == seen


@pytest.mark.parametrize("placeholder", [NUMBER, REFERENCE])
def test_placeholders_have_no_letters(placeholder: str) -> None:
    assert of_word(placeholder)[1] == ()


def test_the_ends_of_a_message_are_features() -> None:
    pairs, _ = of_pairs(("كم", "رسوم"))
    assert pairs == ["b^ كم", "bكم رسوم", "bرسوم $"]


@pytest.mark.parametrize(("one", "other"), [("ظهر", "ضهر"), ("ذلحين", "دلحين"), ("رسوم", "رسم")])
def test_spellings_that_sound_alike_share_a_feature(one: str, other: str) -> None:
    assert of_word(one)[2] == of_word(other)[2]


def test_each_family_has_the_same_weight_whatever_the_length() -> None:
    vectorizer = vectors.fit(MESSAGES * 2)
    for words in (MESSAGES[0], MESSAGES[0] * 5):
        vector = vectorizer.vector(words)
        squares = np.bincount(vectorizer.families(vector.places), np.square(vector.values))
        np.testing.assert_allclose(squares, 1 / 3, rtol=1e-5)


def test_what_was_never_seen_is_nothing() -> None:
    vectorizer = vectors.fit(MESSAGES)
    assert len(vectorizer.vector(("زقزقه",)).places) == 0
    assert (vectorizer.share_known(("زقزقه",)), vectorizer.share_known(())) == (0.0, 0.0)
    assert vectorizer.share_known(("رسوم", "زقزقه")) == 0.5


@given(st.lists(st.lists(LETTERS, max_size=6), min_size=1, max_size=5))
def test_all_vectors_at_once_are_those_one_by_one(messages: list[list[str]]) -> None:
    vectorizer = vectors.fit(MESSAGES + [tuple(message) for message in messages])
    rows = as_matrix(vectorizer, messages).toarray()
    for row, message in zip(rows, messages, strict=True):
        vector = vectorizer.vector(message)
        np.testing.assert_allclose(row[vector.places], vector.values, rtol=1e-5)
        assert np.count_nonzero(row) == len(vector.places)
