"""All sentences, indexed so that one more can be compared with them in a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from arabic import normalise, stem, words
from bot.data import sentence
from bot.data.blocks import Example
from bot.data.difference import Differences
from bot.data.faults import Fault
from bot.data.likeness import Groups, Index, Letters
from bot.data.words import FILLERS

_FEWEST_WORDS = 2
_SPELLED_ALIKE, _NEARLY_ALL = 0.7, 0.85
"""Least likeness of sentences whose words are the same but for their spelling, and of those with a word more.

Chosen by reading every pair of different labels from 0.6 up on nlu_data (18,000 sentences, 360 pairs). Where only
spelling differed the two were one question written twice ("الخميس دوام والا عطله", "طيب الخميس دوام ولا عطله"); one
wrong letter among four words leaves 0.74. A word more decides what is asked in nearly every pair, also where the lists
do not know it ("ارسل صوره قطه" 0.73, "لا بأس، أوافق" 0.70): those end at 0.73.
"""

Place = tuple[str, int]
"""A file and a line."""


@dataclass(frozen=True)
class Known:
    """What labels may name. `names` are stems of the words in services' names."""

    intents: Collection[str]
    services: Collection[str]
    entities: Collection[str] = frozenset()
    names: frozenset[str] = frozenset()


def stems_of(names: Iterable[str]) -> frozenset[str]:
    """The stems of the words in services' names, for `Known`."""
    return frozenset(stem(word) for name in names for word in words(name))


class _Reading(NamedTuple):
    """A sentence as it is compared."""

    same: str
    """Equal for sentences that are one text to the assistant."""
    words: list[str]
    """Without fillers, unless there is nothing else."""
    bag: tuple[str, ...]
    """Equal for sentences of the same words in any order and inflection."""


def _read(text: str) -> _Reading:
    text = sentence.plain(text)
    all_words = words(text)
    kept = [word for word in all_words if word not in FILLERS] or all_words
    return _Reading(" ".join(all_words) or normalise(text), kept, tuple(sorted(map(stem, kept))))


class Corpus:
    """Sentences with their labels, and what clashes among them."""

    def __init__(self, examples: Iterable[Example], known: Known) -> None:
        self.known = known
        self.clashes: list[Fault] = []
        self._examples = [example for example in examples if example.text]
        self._same: defaultdict[str, list[int]] = defaultdict(list)
        self._bags: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        self._readings = [_read(example.text) for example in self._examples]
        sentences = [reading.words for reading in self._readings]
        self._letters, self._differences = Letters(sentences), Differences(sentences, known.names)
        self._spelled_alike, self._nearly_all = Index(_SPELLED_ALIKE, shared=3), Index(_NEARLY_ALL, shared=2)
        for number, (example, reading) in enumerate(zip(self._examples, self._readings, strict=True)):
            letters = self._letters.sentences[number]
            self.clashes += self._compare(example, reading, letters)
            self._add(number, reading, letters)

    def __len__(self) -> int:
        return len(self._examples)

    def compare(self, example: Example, besides: Place | None = None) -> list[Fault]:
        """What one more sentence clashes with; `besides` is the place of the sentence that it replaces."""
        reading = _read(example.text)
        return list(self._compare(example, reading, self._letters.of(reading.words), besides))

    def _add(self, number: int, reading: _Reading, letters: Groups) -> None:
        self._same[reading.same].append(number)
        if len(reading.words) >= _FEWEST_WORDS:
            self._bags[reading.bag].append(number)
            self._spelled_alike.add(number, letters, len(reading.words))
            self._nearly_all.add(number, letters)

    def _compare(
        self, example: Example, reading: _Reading, letters: Groups, besides: Place | None = None
    ) -> Iterator[Fault]:
        """At most one fault: the same text, else the same words, else the likest sentence."""
        same = self._others(self._same.get(reading.same, ()), besides)
        if same:
            clash = next((other for other in same if _differ(example, other)), None)
            yield _fault("contradiction" if clash else "duplicate", example, clash or same[0])
        elif len(reading.words) >= _FEWEST_WORDS:
            others = self._others(self._bags.get(reading.bag, ()), besides)
            if twin := next((other for other in others if _differ(example, other)), None):
                yield _fault("same-words", example, twin)
            elif twin := self._likest(example, reading, letters, besides):
                yield _fault("alike", example, twin)

    def _others(self, numbers: Iterable[int], besides: Place | None) -> list[Example]:
        examples = (self._examples[number] for number in numbers)
        return [other for other in examples if (other.file, other.line) != besides]

    def _likest(self, example: Example, reading: _Reading, letters: Groups, besides: Place | None) -> Example | None:
        spelled_alike = self._spelled_alike.near(letters, len(reading.words))
        best, likest = 0.0, None
        for number, value in chain(spelled_alike, self._nearly_all.near(letters)):
            other = self._examples[number]
            if value > best and (other.file, other.line) != besides and _differ(example, other):
                apart = self._differences.between(reading.words, self._readings[number].words)
                if (not apart or value >= _NEARLY_ALL) and not any(map(self._differences.decides, apart)):
                    best, likest = value, other
        return likest


def _differ(one: Example, other: Example) -> bool:
    """Whether two sentences teach different things; a sentence without a service says nothing about services."""
    services = {one.service, other.service} - {None}
    return one.intent != other.intent or len(services) > 1


def _fault(code: str, example: Example, other: Example) -> Fault:
    values: dict[str, str | int] = {
        "label": _label(example),
        "other_label": _label(other),
        "other_text": other.text,
        "other_file": other.file,
        "other_line": other.line,
    }
    return Fault(code, example.file, example.line, values)


def _label(example: Example) -> str:
    return f"{example.intent} of {example.service}" if example.service else example.intent
