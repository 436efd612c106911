"""Several questions in one message: "كم رسوم الجواز؟ وفين اروح" asks two things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from arabic import Word

_END = re.compile(r"[؟?!.;؛\n]|[،,](?=\s)")
# Words that can begin a second question after "and".
_ASKING = (
    "كم بكم ايش اش ما ماهي ماهو وش ويش كيف وين فين اين متي هل ليش مين من شو ايمتي قديش وما المطلوب الرسوم الاوراق المده"
).split()
_JOINED = frozenset("و" + word for word in _ASKING)
_LINKS = frozenset({"وكمان", "كمان", "وايضا", "ايضا", "وبعدين", "وبرضه", "وبرضو"})


def split(text: str, words: Sequence[Word]) -> list[list[int]]:
    """Positions of the words of each part of the message that may be a question of its own, in order."""
    parts: list[list[int]] = [[]]
    for place, word in enumerate(words):
        between = text[words[place - 1].end : word.start] if place else ""
        begins = word.text in _JOINED or word.text in _LINKS or (_END.search(between) is not None)
        if begins and parts[-1]:
            parts.append([])
        parts[-1].append(place)
    return [part for part in parts if part]
