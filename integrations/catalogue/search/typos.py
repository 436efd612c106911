"""How far a mistyped word is from a word of the catalogue.

An optimal-string-alignment distance whose edits cost less where people slip: letters that differ by a dot, sound
alike or lie beside each other on the Arabic keyboard, letters doubled, swapped or long vowels left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

_ALIKE = (
    "بتثني",
    "جحخ",
    "دذ",
    "رز",
    "سش",
    "صض",
    "طظ",
    "عغ",
    "فق",
    "هة",
    "ضظ",
    "ثسص",
    "دذزظ",
    "قكغج",
    "تط",
    "اعه",
    "حه",
    "لا",
)
_KEYBOARD = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرلاىهوزظ")
_VOWELS = frozenset("اوي")
_MIN_SIMILARITY = 0.72
# Three letters are guessed at only when a long vowel was left out (جوز for جواز).
_MIN_SHORT = 0.85
_CANDIDATES = 10
_MIN_OVERLAP = 0.4


def similarity(typed: str, word: str) -> float:
    """0..1; 0.0 when more edits lie between them than a word of this length allows (one from 4 letters, two from 7)."""
    length = max(len(typed), len(word))
    edits = 0 if min(len(typed), len(word)) < 3 or length < 4 else 1 if length < 7 else 2
    if not edits or abs(len(typed) - len(word)) > edits:
        return 1.0 if typed == word else 0.0
    count, cost = _distance(typed, word)
    close = 1.0 - 1.2 * cost / length
    least = _MIN_SIMILARITY if len(typed) > 3 else _MIN_SHORT
    return close if count <= edits and close >= least else 0.0


def _distance(typed: str, word: str) -> tuple[int, float]:
    """Number of edits and their cost along the cheapest alignment."""
    before: list[tuple[float, int]] = []
    row: list[tuple[float, int]] = [(0.0, 0)]
    for j, letter in enumerate(word):
        row.append(_plus(row[j], _loose(letter, word[j - 1 : j])))
    for i, letter in enumerate(typed):
        current = [_plus(row[0], _loose(letter, typed[i - 1 : i] if i else "") + 0.3 * (i == 0))]
        for j, other in enumerate(word):
            best = min(
                row[j] if letter == other else _plus(row[j], _swap(letter, other) + 0.3 * (i == j == 0)),
                _plus(row[j + 1], _loose(letter, typed[i - 1 : i] if i else "")),
                _plus(current[j], _loose(other, word[j - 1 : j] if j else "")),
            )
            if i and j and letter == word[j - 1] and typed[i - 1] == other and letter != other:
                best = min(best, _plus(before[j - 1], 0.5))
            current.append(best)
        before, row = row, current
    return row[-1][1], row[-1][0]


def _plus(cell: tuple[float, int], cost: float) -> tuple[float, int]:
    return cell[0] + cost, cell[1] + 1


def _loose(letter: str, previous: str) -> float:
    """The cost of a letter too many or too few."""
    if letter == previous:
        return 0.3
    return 0.5 if letter in _VOWELS else 0.7


@lru_cache(maxsize=4096)
def _swap(one: str, other: str) -> float:
    """The cost of one letter in place of another."""
    if any(one in group and other in group for group in _ALIKE):
        return 0.4
    if any(abs(keys.find(one) - keys.find(other)) == 1 for keys in _KEYBOARD if one in keys and other in keys):
        return 0.6
    return 1.0


class SpellingIndex:
    """Finds the words that a mistyped word may have been, by shared letter pairs, then by edits."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._words = list(vocabulary)
        pairs: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words):
            for pair in _pairs(word):
                pairs[pair].append(place)
        self._pairs = {pair: np.array(places, dtype=np.int32) for pair, places in pairs.items()}
        self._sizes = np.array([len(_pairs(word)) for word in self._words], dtype=np.float32)
        # The words of a dialect that no catalogue has recur in every second message.
        self.nearest = lru_cache(maxsize=16_384)(self._nearest)

    def _nearest(self, typed: str) -> tuple[tuple[str, float], ...]:
        """Words with their similarity to `typed`, only those within the allowed edits."""
        grams = _pairs(typed)
        postings = [self._pairs[pair] for pair in grams if pair in self._pairs]
        if len(typed) < 3 or not postings:
            return ()
        shared = np.bincount(np.concatenate(postings), minlength=len(self._words))
        overlap = 2 * shared / (self._sizes + len(grams))
        places = np.flatnonzero(overlap >= _MIN_OVERLAP)
        places = places[np.argsort(-overlap[places], kind="stable")[:_CANDIDATES]]
        found = ((self._words[place], similarity(typed, self._words[place])) for place in places)
        return tuple((word, close) for word, close in found if close > 0)


def _pairs(word: str) -> set[str]:
    framed = f"^{word}$"
    return {framed[place : place + 2] for place in range(len(framed) - 1)}
