"""Which words tell two sentences apart, and whether one of them makes another question of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from arabic import stem
from bot.data.words import DECIDING

_COMMON = 3
_SHORTEST, _SHORTEST_WITH_MEANING = 4, 5


class Differences:
    """Compares sentences of a corpus word by word."""

    def __init__(self, sentences: Iterable[Sequence[str]], names: Collection[str]) -> None:
        """Learn which words are common; `names` are stems of the words in services' names."""
        counts = Counter(chain.from_iterable(sentences))
        self._common = frozenset(word for word, times in counts.items() if times >= _COMMON)
        self._names = names

    def decides(self, word: str) -> bool:
        """Whether a word may make another question of a sentence: it asks, it counts, or it names a service."""
        return word.isdigit() or word in DECIDING or stem(word) in DECIDING or stem(word) in self._names

    def between(self, one: Sequence[str], other: Sequence[str]) -> list[str]:
        """The words of either sentence that the other does not have in any spelling."""
        here = list((Counter(one) - Counter(other)).elements())
        there = list((Counter(other) - Counter(one)).elements())
        for word in tuple(here):
            twin = next((candidate for candidate in there if self._is_spelling(word, candidate)), None)
            if twin is not None:
                here.remove(word)
                there.remove(twin)
        return here + there

    def _is_spelling(self, one: str, other: str) -> bool:
        """The same word with another ending or article, or with one letter more, less or changed.

        Where it asks or names a service, one letter makes another word (قيادة, عيادة), unless hardly anybody writes it.
        """
        if stem(one) == stem(other):
            return True
        meaning = self.decides(one) or self.decides(other)
        if meaning and one in self._common and other in self._common:
            return False
        return _one_letter_apart(one, other, _SHORTEST_WITH_MEANING if meaning else _SHORTEST)


def _one_letter_apart(one: str, other: str, shortest: int) -> bool:
    short, long = sorted((one, other), key=len)
    if len(long) < shortest or len(long) - len(short) > 1 or long.isdigit():
        return False
    place = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    return short[place:] == long[place + 1 :] or short[place + 1 :] == long[place + 1 :]
