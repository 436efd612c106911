"""One question about several services: "رسوم الجواز والبطاقة", "ضاعت بطاقتي وجوازي"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from arabic import Word, stem, stems, tokenise, words
from integrations.catalogue.model import Hit
from integrations.catalogue.search import MARGIN, POSSIBLE, SURE, SearchIndex, shortlist

Found = Sequence[Mapping[str, Any]]
"""Services that may be meant, best first: `{"service", "score"}`, the score a probability."""

Span = tuple[int, int]
_MOST_SERVICES = 3
_LONGEST_LIST, _SHORT = 10, 6
# Words of an item that are no part of the service's name: the question before or after the list.
_LONGEST_QUESTION, _LONGEST_AFTER = 4, 2
_COMMA = re.compile(r"[،,؛;/+&]")
_OR = "او"
# A "ورقة طلاق" is a service, "والأوراق" a question.
_ASKING = frozenset(stems("أوراق وثائق مستندات شروط رسوم"))
_LIKELY, _RATHER, _SPELLING = 0.5, 0.6, 0.05
_CANDIDATES = 6
_NO_ITEM = frozenset(
    "والا ولا وبس وما وانا وهو وهي وهم وكل وكيف وين ووين وفين واحد وقد ولو واذا ومن وفي وعلي ولما ولي ومعي ومعه"
    " وعندي وصوره".split()
)


def several(text: str, index: SearchIndex) -> list[tuple[str, Found]]:
    """The items of a short list that each name another service, with what is found for each; else nothing."""
    spoken = tokenise(text)
    items = _items(text, spoken)
    if len(items) < 2 or len(spoken) > _LONGEST_LIST:
        return []
    named: list[list[Hit]] = []
    for place, (start, end) in enumerate(items):
        hits = index.search(text[start:end], limit=_CANDIDATES)
        if not _is_item(text[start:end], hits, place, len(items), index):
            return []
        named.append(list(hits))
    whole = index.search(text, limit=_CANDIDATES)
    if whole and whole[0].score >= SURE and sum(_touches(whole[0], item) for item in items) > 1:
        # One service explains it all ("فيش وتشبيه"): each item must name its own beyond doubt, and none with "or".
        if any(word.text == _OR for word in spoken) or any(hits[0].score < SURE for hits in named):
            return []
    first = named[0][0].service
    listed: dict[str, tuple[str, Found]] = {}
    for (start, end), hits in zip(items, named, strict=True):
        meant = (listed and _sharing((start, end), hits, whole, first)) or shortlist(hits)
        listed.setdefault(meant[0].service, (text[start:end], _found(meant)))
    return list(listed.values()) if 1 < len(listed) <= _MOST_SERVICES else []


def _found(hits: Sequence[Hit]) -> Found:
    """Hits of the search as what actions/resolution.py reads: one beyond doubt, one that is likely, or several."""
    score = 1.0 if len(hits) == 1 and hits[0].score >= SURE else _LIKELY
    return [{"service": hit.service, "score": score} for hit in hits]


def _items(text: str, spoken: Sequence[Word]) -> list[Span]:
    """Where the items are, cut before each "and …" and at commas before a word with the article."""
    starts = [word.start for before, word in pairwise(spoken) if _begins(text, before, word)]
    return list(pairwise([0, *starts, len(text)]))


def _begins(text: str, before: Word, word: Word) -> bool:
    if word.text == _OR or (word.text.startswith("و") and word.text not in _NO_ITEM):
        return True
    listed = word.text.startswith("ال") and len(words(text)) <= _SHORT
    return listed and _COMMA.search(text[before.end : word.start]) is not None


def _is_item(said: str, hits: Sequence[Hit], place: int, count: int, index: SearchIndex) -> bool:
    """Whether the words are the name of a service, with at most a short question before or after the list."""
    if not hits or hits[0].score < POSSIBLE:
        return False
    hit, spoken = hits[0], tokenise(said)
    own = [word for word in spoken if any(start < word.end and word.start < end for start, end in hit.spans)]
    if all(stem(word.text) in _ASKING for word in own):
        return False
    other = len(spoken) - len(own)
    allowed = _LONGEST_QUESTION if place == 0 else _LONGEST_AFTER if place == count - 1 else 0
    return other <= allowed and (place == 0 or _is_definite(said) or _is_joined(said, hit, index))


def _is_definite(said: str) -> bool:
    return tokenise(said)[0].text.startswith(("ال", "وال", "ولل", "وبال", "وحق", "وكم", "ورسوم"))


def _is_joined(said: str, hit: Hit, index: SearchIndex) -> bool:
    """Whether the first letter is "and", and no part of the word (وظائف, وثيقة)."""
    rest = index.search(said.strip().removeprefix("و"), limit=1)
    return bool(rest) and rest[0].service == hit.service and rest[0].score >= max(_RATHER, hit.score - _SPELLING)


def _touches(hit: Hit, item: Span) -> bool:
    return any(first < item[1] and item[0] < last for first, last in hit.spans)


def _sharing(item: Span, own: Sequence[Hit], whole: Sequence[Hit], first: str) -> list[Hit]:
    """What fits the item better together with some of the words of the first service ("ضاعت بطاقتي وجوازي")."""
    alone = next((hit.score for hit in whole if hit.service == own[0].service), 0.0)
    common = next((_places(hit, before=item) for hit in whole if hit.service == first), frozenset())
    return [
        hit
        for hit in whole
        if hit.score >= max(POSSIBLE, alone + MARGIN)
        and _touches(hit, item)
        and frozenset() < _places(hit, before=item) < common
    ][:1]


def _places(hit: Hit, *, before: Span) -> frozenset[Span]:
    """Where the words of a service are before an item."""
    return frozenset((first, last) for first, last in hit.spans if last <= before[0])
