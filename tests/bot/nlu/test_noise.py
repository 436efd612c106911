"""Slips of the thumb: always near the word, never in short words or numbers, the same for the same seed."""

from __future__ import annotations

import random

import pytest

from bot.nlu.noise import disturb

SENTENCE = ("كم", "رسوم", "تجديد", "الجواز", "2026")


@pytest.mark.parametrize("seed", range(50))
def test_a_slip_changes_little(seed: int) -> None:
    slipped = disturb(SENTENCE, random.Random(seed))
    assert "كم" in "".join(slipped)
    assert slipped[-1] == "2026"
    assert abs(len("".join(slipped)) - len("".join(SENTENCE))) <= 2
    assert len(slipped) >= len(SENTENCE) - 2


def test_slips_differ_and_can_be_repeated() -> None:
    made = {disturb(SENTENCE, random.Random(seed)) for seed in range(50)}
    assert len(made) > 20
    assert disturb(SENTENCE, random.Random(7)) == disturb(SENTENCE, random.Random(7))


def test_short_words_stay() -> None:
    assert disturb(("كم", "من", "123"), random.Random(1)) == ("كم", "من", "123")
