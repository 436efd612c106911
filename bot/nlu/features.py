"""Sparse features of a message, in three families: its words, the letters inside them, and how they sound.

Words and neighbouring words carry the question; letters reach what was mistyped or inflected; sounds (arabic.sound)
join the spellings of dialects and of Latin letters. What can be told of one word alone is worked out once a word and
remembered, because words recur and sentences do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from arabic import sound

FAMILIES = ("word", "letters", "sound")
WHOLE_WORDS = "wp"
"""First letters of the features that stand for one whole word, as spelled or as it sounds."""

NUMBER, REFERENCE = "⟨رقم⟩", "⟨معاملة⟩"
"""Stand for any long number, and for an application's number; they have no letters."""

_LETTER_RUNS = (2, 3, 4, 5)
_LONG_NUMBER = 3


def mask(word: str) -> str:
    """The word, or one placeholder for every number too long to mean something by itself."""
    return NUMBER if len(word) >= _LONG_NUMBER and word.isdigit() else word


@lru_cache(maxsize=65_536)
def of_word(word: str) -> tuple[tuple[str, ...], ...]:
    """The features of one word by itself, by family."""
    framed = f" {word} "
    letters = tuple(
        "c" + framed[start : start + size] for size in _LETTER_RUNS for start in range(len(framed) - size + 1)
    )
    return ("w" + word,), () if word in (NUMBER, REFERENCE) else letters, ("p" + sound(word),)


def of_pairs(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The features of neighbouring words, with the ends of the message: of the words, and of their sounds."""
    pairs = [f"b{left} {right}" for left, right in pairwise(("^", *words, "$"))]
    return pairs, [f"q{left} {right}" for left, right in pairwise(map(sound, words))]
