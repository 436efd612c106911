"""Sparse features of a message: its words, neighbouring words, and letters inside words.

Words that name a service are replaced by one placeholder, so that what is learnt about "كم رسوم جواز السفر" holds for
a service that was added to the catalogue yesterday. Letters stay useful where spelling varies (typos, dialect forms).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

SERVICE = "⟨خدمة⟩"
NUMBER = "⟨رقم⟩"
_CHARACTER_SIZES = (2, 3, 4, 5)


def placeholders(words: Sequence[str], named: frozenset[int]) -> list[str]:
    """The words with runs of service words (positions in `named`) and numbers replaced by placeholders."""
    masked: list[str] = []
    for place, word in enumerate(words):
        if place in named:
            if not masked or masked[-1] != SERVICE:
                masked.append(SERVICE)
        elif word.isdigit() and len(word) > 2:
            masked.append(NUMBER)
        else:
            masked.append(word)
    return masked


def _characters(word: str) -> Iterator[str]:
    framed = f" {word} "
    for size in _CHARACTER_SIZES:
        for start in range(len(framed) - size + 1):
            yield "c:" + framed[start : start + size]


def features(words: Sequence[str], extra: Iterable[str] = ()) -> Counter[str]:
    """Counts of the features of one message.

    Args:
        words: normalised words with placeholders.
        extra: names of further facts about the message, such as "named:1".
    """
    counts: Counter[str] = Counter()
    counts.update("w:" + word for word in words)
    framed = ["^", *words, "$"]
    counts.update(f"b:{left} {right}" for left, right in pairwise(framed))
    for word in words:
        if word not in (SERVICE, NUMBER):
            counts.update(_characters(word))
    counts.update("x:" + name for name in extra)
    return counts
