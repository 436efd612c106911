"""Messages that leave out what both sides know: "والجواز؟", "طيب وحق السفارة؟", "وللعيال؟"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from arabic import stems, words
from integrations.catalogue.model import PublicService
from integrations.catalogue.search import MARGIN, SURE, SearchIndex

# "And the …", attached to the name; a bare و may belong to it (وكالة).
_AND_THE = ("وال", "ولل", "وبال", "وحق")
_GOING_ON = frozenset("طيب حق كمان ايضا بالنسبه وبالنسبه اما او تمام اوكي و لا بل مش مب قصدي اقصد".split())
_WHAT_IF = frozenset("ولو لو واذا اذا".split())
_AND_OF = frozenset("وحق حق وفي وعند ومن وبال تبع".split())
_OF = frozenset("حق حقت حقي تبع بتاع".split())
_PERSONS = frozenset(
    stems(
        "العيال الأولاد الأطفال الطفل الرضيع القاصر ابني بنتي اخي اختي زوجتي مرتي الزوجة ابي امي الوالد الوالدة"
        " النساء الحريم المرأة كبار المسنين المغترب المغتربين الأجنبي الأجانب الطلاب الأيتام العسكري المعاق المعاقين"
    )
)
_SHORT = 5
_LONGEST = 10
_BRACKETS = re.compile(r"\s*\([^)]*\)")


def goes_on(text: str) -> bool:
    """Whether a message that only names something goes on with the question before it."""
    said = words(text)
    return bool(said) and (said[0].startswith(_AND_THE) or said[0] in _GOING_ON or is_circumstance(text))


def is_circumstance(text: str) -> bool:
    """Whether a short message asks the same again for someone else, or for another case: "وللعيال؟", "ولو ضاع؟"."""
    said = [word for word in words(text) if word not in _GOING_ON]
    if not said or len(said) > _SHORT or "سمحت" in said:
        return False
    return said[0] in _WHAT_IF | _AND_OF or _is_for_someone(said[0]) or said[0].startswith(("وبال", "وحق"))


def is_own_case(text: str) -> bool:
    """Whether it is a case of the same service, whatever the catalogue says of it: for a person, or if …."""
    said = [word for word in words(text) if word not in _GOING_ON]
    return bool(said) and (said[0] in _WHAT_IF or _is_for_someone(said[0]))


def is_for_someone(text: str) -> bool:
    """Whether the message is nothing but for whom: "وللعيال؟", "طيب ولزوجتي"."""
    said = [word for word in words(text) if word not in _GOING_ON]
    return 0 < len(said) < _SHORT - 1 and _is_for_someone(said[0])


def _is_for_someone(word: str) -> bool:
    bare = word.removeprefix("و")
    return bare.startswith("ل") and any(stem in _PERSONS for stem in stems(bare) + stems(bare[1:]))


def names_one_of(text: str) -> bool:
    """Whether the text speaks of the one of somebody or something: "رسوم حق السفارة"."""
    return not _OF.isdisjoint(words(text))


def beside(service: PublicService, text: str, index: SearchIndex) -> str | None:
    """The service that the words mean when said of `service`: "بدل فاقد" of the passport; None when unclear."""
    if len(words(text)) > _LONGEST:
        return None
    name = _BRACKETS.sub("", service.name)
    hits = index.search(f"{name} {text}", limit=2)
    if not hits or hits[0].score < SURE or (len(hits) > 1 and hits[0].score - hits[1].score < MARGIN):
        return None
    said = any(end > len(name) for _, end in hits[0].spans)
    return hits[0].service if said else None


def one_of(services: Iterable[PublicService], text: str, index: SearchIndex) -> str | None:
    """The only one of `services` that the words, said of it, mean."""
    meant = {service.id for service in services if beside(service, text, index) == service.id}
    return meant.pop() if len(meant) == 1 else None
