"""Sentences as a hurried thumb types them, so that one slip does not make a word unknown.

Only the letters of examples are disturbed, as on the Arabic keyboard of a phone; no sentence is made here.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

_ROWS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ذءورىةوزظ")
_SHORTEST = 4
_MOST = 3


def _neighbours() -> dict[str, str]:
    near: dict[str, str] = {}
    for row in _ROWS:
        for place, letter in enumerate(row):
            near[letter] = row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    return near


_NEAR = _neighbours()


def disturb(words: Sequence[str], chance: random.Random) -> tuple[str, ...]:
    """The words with one to three slips: a wrong, lost, doubled or swapped letter, or a lost space.

    Words of three letters and fewer stay: a slip there makes another word.
    """
    disturbed = list(words)
    for _ in range(chance.randint(1, min(1 + len(words) // 4, _MOST))):
        places = [place for place, word in enumerate(disturbed) if len(word) >= _SHORTEST and word.isalpha()]
        if not places:
            break
        place = chance.choice(places)
        if place and chance.random() < 0.15:
            disturbed[place - 1 : place + 1] = [disturbed[place - 1] + disturbed[place]]
        else:
            disturbed[place] = _slip(disturbed[place], chance)
    return tuple(disturbed)


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    kind = chance.random()
    if kind < 0.45:
        return before + chance.choice(_NEAR.get(letter) or letter) + after
    if kind < 0.7:
        return before + after
    if kind < 0.8:
        return before + letter + letter + after
    return before + after[:1] + letter + after[1:]
