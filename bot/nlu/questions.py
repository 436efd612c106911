"""Several questions in one message: "كم رسوم الجواز؟ وفين اروح" asks two things.

A part is a question only if something in it asks: "ضاع جوازي، كيف اطلع بدله" is one question with its story. Before
"and how much" what does not seem to ask may be a question all the same ("المحبوس يقدر يوكل وكم الرسوم").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from arabic import Word

_MARK = re.compile("[؟?]")
_END = re.compile(r"[؟?!.;؛\n]|[،,](?=\s)")
# Words that ask wherever they stand.
_ASKING = frozenset(
    "كم بكم قديش ايش اش وش ويش شو ماهي ماهو ماذا كيف كيفه وين فين اين منين متي ايحين ايمتي هل ليش ينفع يحق يجوز".split()
)
# Words that ask at the head of a part, and tell elsewhere ("انتهت اوراقه").
_HEADS = frozenset(
    "مين رسوم رسومه رسومها الرسوم تكلفته تكلفتها اوراق اوراقه اوراقها الاوراق المطلوب متطلبات متطلباته متطلباتها"
    " المتطلبات شروط شروطه شروطها الشروط مده مدته مدتها المده مكانه مكانها المكان عنوانه عنوانها اقدر نقدر يقع يصير"
    " ممكن".split()
)
# "What": "not" in "ما ادري", unless a thing follows.
_WHAT = frozenset({"ما", "مو"})
_THINGS = frozenset("هي هو يشتوا يشتو يطلبوا يطلبو يبغون يبون لازم".split())
_PREPOSITIONS = frozenset("من علي عند في الي لمن عن".split())
_LINKS = frozenset({"وكمان", "كمان", "وايضا", "ايضا", "وبعدين", "وبرضه", "وبرضو", "وكذلك", "كذلك", "وبالنسبه", "و"})
# What follows them was asked by others: "قالوا اين الكرت".
_SAYING = frozenset("قال قالت قالوا قالو يقول تقول يقولوا يقولو يقولون سالوني سالني".split())
_TO_WHOM = frozenset("لي لنا له لها لهم".split())


def split(text: str, words: Sequence[Word]) -> list[list[int]]:
    """Positions of the words of each question in the message, in order; one list when it asks once or not at all."""
    parts: list[list[int]] = []
    for segment in _segments(text, words):
        # What does not ask belongs to the question after it, at the end to the one before.
        if parts and not (_asks(parts[-1], text, words) or _goes_on(segment, words)):
            parts[-1].extend(segment)
        else:
            parts.append(segment)
    if len(parts) > 1 and not _asks(parts[-1], text, words):
        parts[-2].extend(parts.pop())
    return parts


def _segments(text: str, words: Sequence[Word]) -> Iterator[list[int]]:
    segment: list[int] = []
    for place, word in enumerate(words):
        ended = place > 0 and _END.search(text[words[place - 1].end : word.start])
        if segment and (ended or word.text in _LINKS or _goes_on(range(place, len(words)), words)):
            yield segment
            segment = []
        segment.append(place)
    if segment:
        yield segment


def _goes_on(part: Sequence[int], words: Sequence[Word]) -> bool:
    """Whether a part begins with "and" joined to a word that asks, or to a preposition before one ("ومن وين")."""
    first, following = words[part[0]].text, _following(words, part[0])
    if first[:1] != "و":
        return False
    return _asks_at_head(first[1:], following) or (first[1:] in _PREPOSITIONS and following in _ASKING)


def _asks(part: Sequence[int], text: str, words: Sequence[Word]) -> bool:
    """Whether a part of the message is a question: by its mark, by a word that asks, or by its head."""
    last = part[-1]
    until = words[last + 1].start if last + 1 < len(words) else len(text)
    if _MARK.search(text[words[last].end : until]):
        return True
    own = (place for place in part if not _is_reported(place, words))
    if not _ASKING.isdisjoint(form for place in own for form in _forms(words[place].text)):
        return True
    head = next((place for place in part if words[place].text not in _LINKS), last)
    return any(_asks_at_head(form, _following(words, head)) for form in _forms(words[head].text))


def _is_reported(place: int, words: Sequence[Word]) -> bool:
    """Whether a word is the first of what somebody else said."""
    if place and words[place - 1].text in _TO_WHOM:
        place -= 1
    return place > 0 and words[place - 1].text in _SAYING


def _forms(word: str) -> tuple[str, str]:
    """The word as it is, and without an "and" that may be joined to it."""
    return word, word.removeprefix("و")


def _asks_at_head(word: str, following: str) -> bool:
    if word in _WHAT:
        return following.startswith("ال") or following in _HEADS or following in _THINGS
    return word in _ASKING or word in _HEADS


def _following(words: Sequence[Word], place: int) -> str:
    return words[place + 1].text if place + 1 < len(words) else ""
