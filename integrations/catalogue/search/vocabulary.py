"""The words of the catalogue, and which of them a typed word may be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from arabic import from_latin, normalise
from integrations.catalogue.search.forms import article, readings, root
from integrations.catalogue.search.latin import consonants, skeletons
from integrations.catalogue.search.lexicon import Lexicon
from integrations.catalogue.search.typos import SpellingIndex

Meanings = dict[int, float]
"""Numbers of terms with the similarity (0..1) of the typed word to each."""

_LATIN = re.compile(r"[a-z]")
_ROOT_LIKELIHOOD = 0.9
_JOINED_LIKELIHOOD = 0.95
_LATIN_LIKELIHOOD, _SHORT_LATIN_LIKELIHOOD = 0.9, 0.75
_CLEAR_LEAD = 0.06
_GUESSED_READINGS = 5


class Vocabulary:
    """Terms: the words of the catalogue, one number for all forms of a word."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._numbers: dict[str, int] = {}
        self._spelled: dict[str, int] = {}
        self._aliases: defaultdict[str, Meanings] = defaultdict(dict)
        self._skeletons: defaultdict[str, list[int]] = defaultdict(list)
        self._spelling = SpellingIndex(())
        self.terms: list[str] = []

    def add(self, word: str) -> int:
        """The term of a normalised word that the catalogue uses."""
        if word not in self._spelled:
            term = self._canonical(word)
            if term not in self._numbers:
                self._numbers[term] = len(self.terms)
                self.terms.append(term)
            self._spelled[word] = self._numbers[term]
        return self._spelled[word]

    def close(self) -> None:
        """Prepare for `meanings`, once all words are added."""
        for word, number in self._spelled.items():
            self._alias(word, number, 1.0)
        for term, number in self._numbers.items():
            self._alias(term, number, 1.0)
            self._alias(root(term), number, 1.0)
            if term.endswith("ه") and len(term) > 3:
                self._alias(term[:-1], number, 0.95)
            for skeleton in skeletons(term):
                self._skeletons[skeleton].append(number)
        words = set(self._numbers)
        words.update(word for word in self._lexicon.written if self._lexicon.concept(word) in self._numbers)
        self._spelling = SpellingIndex(sorted(words))

    def term(self, concept: str) -> Meanings:
        """The meaning of a concept of the lexicon."""
        return self._similar(concept, 1.0)

    def exact(self, word: str) -> Meanings:
        """The terms of which `word` is a form, without guessing at its spelling."""
        found: Meanings = {}
        for form, likelihood in (*readings(word), (root(word), _ROOT_LIKELIHOOD)):
            for number, similarity in self._aliases.get(form, {}).items():
                _keep(found, number, likelihood * similarity)
            for number, similarity in self._similar(form, likelihood).items():
                _keep(found, number, similarity)
        return found

    def meanings(self, word: str) -> Meanings:
        """The terms that a typed word may be; empty when it is no word of the catalogue, however spelled."""
        if _LATIN.search(word):
            return self._latin(word)
        return self.exact(word) or self._joined(word) or self._misspelled(word)

    def _canonical(self, word: str) -> str:
        bare = article(word) or word
        for form in (word, bare):
            concept = self._lexicon.concept(form)
            if concept:
                return concept
        if bare == word and word[:1] in "لبو" and len(word) > 4:
            rest = word[1:]
            if self._lexicon.concept(rest) or rest in self._numbers:
                return self._lexicon.concept(rest) or rest
        return bare

    def _alias(self, form: str, number: int, similarity: float) -> None:
        _keep(self._aliases[form], number, similarity)

    def _similar(self, word: str, likelihood: float) -> Meanings:
        near = self._lexicon.similar.get(word, ())
        return {self._numbers[concept]: likelihood * close for concept, close in near if concept in self._numbers}

    def _joined(self, word: str) -> Meanings:
        """Two words typed without a space (جوازالسفر)."""
        best: Meanings = {}
        for place in range(3, len(word) - 2):
            first, second = self.exact(word[:place]), self.exact(word[place:])
            if first and second and max(first.values()) + max(second.values()) > 1.9:
                both = {**first, **second}
                if not best or sum(both.values()) > sum(best.values()):
                    best = {number: likelihood * _JOINED_LIKELIHOOD for number, likelihood in both.items()}
        return best

    def _misspelled(self, word: str) -> Meanings:
        found: Meanings = {}
        likeliest = [reading for reading in readings(word) if len(reading[0]) >= 3][:_GUESSED_READINGS]
        for form, likelihood in likeliest:
            for near, similarity in self._spelling.nearest(form):
                for number, close in self.exact(near).items():
                    if close >= 1.0:
                        _keep(found, number, likelihood * similarity)
        best = max(found.values(), default=0.0)
        return {number: likelihood for number, likelihood in found.items() if likelihood >= best - _CLEAR_LEAD}

    def _latin(self, word: str) -> Meanings:
        direct = self.exact(word)
        if direct:
            return direct
        found = self.exact(normalise(from_latin(word)))
        if found:
            return found
        typed = {word, *_without_latin_affixes(word)}
        for skeleton in {skeleton for form in typed for skeleton in consonants(form) if len(skeleton) > 1}:
            for number in self._skeletons.get(skeleton, ()):
                _keep(found, number, _LATIN_LIKELIHOOD if len(skeleton) > 2 else _SHORT_LATIN_LIKELIHOOD)
        return found


def _without_latin_affixes(word: str) -> Iterable[str]:
    bare = re.sub(r"^(al|el|il|l)(?=[a-z0-9]{3})", "", word)
    yield bare
    yield re.sub(r"(t?i|ty|tak|at|t)$", "", bare)


def _keep(found: Meanings, number: int, likelihood: float) -> None:
    if likelihood > found.get(number, 0.0):
        found[number] = likelihood
