"""Two edits of one file: sentences that were added and taken out by either, and fields that only one changed.

As `git merge` does with lines, but over what the file means, so that two people who add sentences in the same place
do not clash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from console.errors import ConsoleError
from console.knowledge.document import Answer, Document

Value = TypeVar("Value")


@dataclass(frozen=True)
class Difference:
    """A field that both changed: what the other made of it, and what the person who saves now made of it."""

    field: str
    theirs: str
    mine: str


class Clash(ConsoleError):
    """Two edits changed the same thing in two ways."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        super().__init__(", ".join(one.field for one in differences))
        self.differences = differences


def merge(base: str, theirs: str, mine: str) -> str:
    """The file with both edits, written over `theirs`.

    Raises:
        Clash: they cannot both be kept.
    """
    if not base or theirs == mine:
        if theirs == mine:
            return mine
        raise Clash([Difference("file", theirs, mine)])
    old, other, own = Document(base), Document(theirs), Document(mine)
    if len({len(document.sections) for document in (old, other, own)}) != 1:
        raise Clash([Difference("file", theirs, mine)])
    clashes: list[Difference] = []
    for before, there, here in zip(old.sections, other.sections, own.sections, strict=True):
        other.set_examples(there.place, merge_sentences(before.examples, there.examples, here.examples))
        chosen = _choose("metadata", old.metadata(before.place), other.metadata(there.place), own.metadata(here.place))
        _take(chosen, lambda value, place=there.place: other.set_metadata(value, place), clashes)
    _take(_answers(old.answers, other.answers, own.answers), other.set_answers, clashes)
    if clashes:
        raise Clash(clashes)
    return other.text


def merge_sentences(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[str]:
    """Theirs, without what I took out and with what I added, in my order at the end."""
    gone, new = set(base) - set(mine), [one for one in mine if one not in base]
    return [one for one in theirs if one not in gone] + [one for one in new if one not in theirs]


def _answers(base: Sequence[Answer], theirs: Sequence[Answer], mine: Sequence[Answer]) -> list[Answer] | Difference:
    whole = _choose("answers", list(base), list(theirs), list(mine))
    if not isinstance(whole, Difference) or len({len(base), len(theirs), len(mine)}) != 1:
        return whole
    each = [_choose("answers", *three) for three in zip(base, theirs, mine, strict=True)]
    clash = next((one for one in each if isinstance(one, Difference)), None)
    return clash or [one for one in each if isinstance(one, Answer)]


def _choose(field: str, base: Value, theirs: Value, mine: Value) -> Value | Difference:
    """The one that changed; a difference when both did, in two ways."""
    if mine in (base, theirs):
        return theirs
    return mine if theirs == base else Difference(field, _shown(theirs), _shown(mine))


def _shown(value: object) -> str:
    if isinstance(value, Answer):
        return value.text
    if isinstance(value, list):
        return "\n\n".join(map(_shown, value))
    return "\n".join(f"{name}: {one}" for name, one in value.items()) if isinstance(value, dict) else str(value)


def _take(chosen: Any, use: Any, clashes: list[Difference]) -> None:
    if isinstance(chosen, Difference):
        clashes.append(chosen)
    else:
        use(chosen)
