"""Sparse features of a message: its words and their stems, neighbouring words, and letters inside words.

Words that name a service are replaced by one placeholder, so that what is learnt about "كم رسوم جواز السفر" holds for
a service that was added to the catalogue yesterday. Letters stay useful where spelling varies (typos, dialect forms).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from arabic import stem

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


def features(words: Sequence[str], named: Iterable[str] = (), extra: Iterable[str] = ()) -> Counter[str]:
    """Counts of the features of one message.

    Args:
        words: normalised words with placeholders.
        named: the words that the placeholders stand for; their stems stay, because some of them also ask ("ضاعت
            بطاقتي" names the replacement of a card and asks what to do).
        extra: names of further facts about the message, such as "reference".
    """
    counts: Counter[str] = Counter()
    framed = ["^", *words, "$"]
    counts.update("w:" + word for word in words)
    counts.update(f"b:{left} {right}" for left, right in pairwise(framed))
    counts.update(f"k:{left} {right}" for left, right in zip(words, words[2:], strict=False))
    for word in words:
        if word not in (SERVICE, NUMBER):
            counts["s:" + stem(word)] += 1
            counts.update(_characters(word))
    counts.update("u:" + stem(word) for word in named)
    counts.update("x:" + name for name in extra)
    return counts
