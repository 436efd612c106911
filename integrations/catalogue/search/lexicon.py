"""The general words of search, read from `data/`: fillers, and words that mean the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from arabic import normalise, words

Similar = tuple[tuple[str, float], ...]

_VERB_PREFIXES = (
    "",
    "ا",
    "ت",
    "ي",
    "ن",
    "ب",
    "بي",
    "بت",
    "ش",
    "شا",
    "شي",
    "شت",
    "سا",
    "سي",
    "ست",
    "عا",
    "عي",
    "با",
    "ما",
)
_VERB_ENDINGS = ("", "ت", "نا", "وا", "و", "تو", "تي", "ش", "تش")
_CLASSES = ("operation", "kind", "act", "circumstance", "condition", "word")


@dataclass(frozen=True)
class Lexicon:
    """General words.

    similar: normalised word to the concepts it may stand for, each with its similarity (1.0: the same).
    classes: concept to operation, kind, act, circumstance, condition or word.
    phrases: several words in order that stand for one concept.
    fillers: words that name no service. others: words that are never taken for a misspelling.
    foreign: adjectives of other countries.
    written: the forms that stand in the file, without those that a verb's endings add.
    """

    similar: Mapping[str, Similar]
    classes: Mapping[str, str]
    phrases: Mapping[tuple[str, ...], str]
    fillers: frozenset[str]
    others: frozenset[str]
    foreign: frozenset[str]
    written: frozenset[str]
    longest_phrase: int

    def concept(self, word: str) -> str | None:
        """The concept that a word is simply another form of."""
        similar = self.similar.get(word, ())
        return similar[0][0] if similar and similar[0][1] == 1.0 else None


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read the data files of this package."""
    data = resources.files(__package__).joinpath("data")
    tables = YAML(typ="safe", pure=True).load(data.joinpath("lexicon.yml").read_text("utf-8"))
    lists = [data.joinpath(f"{name}.txt").read_text("utf-8") for name in ("fillers", "others", "foreign")]
    fillers, others, foreign = map(_listed, lists)
    similar, phrases = _similar(tables)
    classes = {normalise(concept): name for name in _CLASSES for concept in tables[name]}
    written = frozenset(word for name in _CLASSES for entry in tables[name].values() for word in _written(entry))
    longest = max(map(len, phrases), default=1)
    return Lexicon(similar, classes, phrases, fillers, others, foreign, written, longest)


def _listed(text: str) -> frozenset[str]:
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in words(line))


def _similar(tables: Mapping[str, Any]) -> tuple[dict[str, Similar], dict[tuple[str, ...], str]]:
    similar: defaultdict[str, dict[str, float]] = defaultdict(dict)
    phrases: dict[tuple[str, ...], str] = {}
    for name in _CLASSES:
        for written, entry in tables[name].items():
            concept = normalise(written)
            similar[concept][concept] = 1.0
            for form in _forms(entry):
                if len(form) > 1:
                    phrases[form] = concept
                else:
                    similar[form[0]].setdefault(concept, 1.0)
    for one, other, similarity in tables["near"]:
        _near(similar, normalise(one), normalise(other), float(similarity))
    return {word: tuple(sorted(found.items(), key=lambda item: -item[1])) for word, found in similar.items()}, phrases


def _near(similar: Mapping[str, dict[str, float]], one: str, other: str, similarity: float) -> None:
    """Each form of either word may stand for the other."""
    similar[one].setdefault(one, 1.0)
    similar[other].setdefault(other, 1.0)
    forms = [(found, other) for found in similar.values() if found.get(one) == 1.0]
    forms += [(found, one) for found in similar.values() if found.get(other) == 1.0]
    for found, concept in forms:
        found.setdefault(concept, similarity)


def _written(entry: Mapping[str, Any]) -> Iterable[str]:
    for written in (*entry.get("words", ()), *entry.get("verbs", ())):
        yield normalise(str(written))


def _forms(entry: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    for written in entry.get("words", ()):
        yield tuple(words(str(written)))
    for verb in entry.get("verbs", ()):
        base = normalise(verb)
        yield from ((prefix + base + ending,) for prefix in _VERB_PREFIXES for ending in _VERB_ENDINGS)
