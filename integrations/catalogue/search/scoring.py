"""The score of one service for one query.

A service is as likely as its best phrase is covered by the query's words, less what the query says besides:
- words that the catalogue knows and this service does not have;
- words nobody knows, most of all one that narrows the name (بطاقة ائتمان, رخصة قيادة الطائرات);
- a word before the name that makes it part of something else (تصديق شهادة ميلاد).
Words such as "card" or "lost" alone name many services, so each of those gets about the same middling score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from integrations.catalogue.search.choice import POSSIBLE
from integrations.catalogue.search.compiled import (
    ACT,
    CIRCUMSTANCE,
    CONDITION,
    FILLER,
    HINTED,
    KIND,
    NAMED,
    OPERATION,
    WORD,
    Compiled,
    Floats,
    Own,
)
from integrations.catalogue.search.phrases import NAME_SHARE
from integrations.catalogue.search.query import SURELY, QueryWord

_FILLED = 0.75
_SCATTERED = 0.85
_MOSTLY = 0.5
_ONLY_ONE = 0.8
_GENERIC, _GENERIC_PART, _UNSAID = 0.64, 0.6, 0.2
# Words of the authority's name alone ask for the authority.
_AUTHORITY = 0.5
_NARROWED, _FOREIGN, _AFTER_STRANGER = 0.62, 0.4, 0.7
_PART_OF = 0.7
_LESS_SPECIFIC = 0.75
_STRANGE = 0.25

Read = Mapping[int, int]
"""Which words of the query are which terms of the service: place in the query -> term."""


@dataclass(frozen=True)
class Match:
    """A judged service: its place in the index, its score (0..1), the words that name it.

    shared: how many words of the query, fillers too, the service has; it decides between equal scores.
    """

    service: int
    score: float
    words: tuple[QueryWord, ...]
    shared: int


@dataclass(frozen=True)
class _Fit:
    """How the phrases of a service are filled.

    coverage: of the best phrase. complete: some name of two words or more, beside fillers, has all its words.
    whole: some name has all its words.
    """

    coverage: float
    complete: bool
    whole: bool


class Judge:
    """Judges services for one query.

    best: how well each slot of the catalogue is filled. coverage: how much of each phrase is.
    """

    def __init__(self, words: Sequence[QueryWord], best: Floats, coverage: Floats, data: Compiled) -> None:
        self._words = words
        self._best = best
        self._coverage = coverage
        self._data = data
        self._class = data.term_class
        self._total = sum(word.weight for word in words)
        self._strange = sum(word.unknown for word in words)
        self._said = [word.meanings.keys() for word in words if not word.filler]
        self._known = [(place, word) for place, word in enumerate(words) if word.meanings]
        self._alone: dict[frozenset[int], bool] = {}

    def judge(self, service: int) -> Match:
        """The service's score."""
        own = self._data.service_terms[service]
        read = {place: term for place, word in self._known if (term := _term(word, own)) is not None}
        content = {
            place: term for place, term in read.items() if own[term].level >= HINTED and self._class[term] != FILLER
        }
        if not content:
            return Match(service, 0.0, (), 0)
        fit = self._fit(service)
        score = self._base(own, content, fit) * self._support(own, read)
        score *= 1.0 - _STRANGE * self._strange / (self._strange + len(content))
        score *= self._beside(content, fit)
        score *= _PART_OF if self._part_of(content) else 1.0
        named = tuple(self._words[place] for place in sorted(content))
        return Match(service, min(1.0, score), named, len(read))

    def prefer_specific(self, matches: Sequence[Match]) -> list[Match]:
        """Lower services beside one that has all their words and another that tells it apart (بطاقة شخصية + ذكية)."""
        possible = [(match, frozenset(match.words)) for match in matches if match.score >= POSSIBLE]
        return [
            replace(match, score=match.score * _LESS_SPECIFIC)
            if any(self._more_specific(words, match) for other, words in possible if other is not match)
            else match
            for match in matches
        ]

    def _more_specific(self, words: frozenset[QueryWord], match: Match) -> bool:
        more = words.difference(match.words)
        return len(words) - len(more) == len(match.words) and any(
            self._class[term] >= CIRCUMSTANCE for word in more for term in word.meanings
        )

    def _base(self, own: Mapping[int, Own], content: Read, fit: _Fit) -> float:
        """The score of the words that name the service, before anything else is looked at."""
        if not (fit.complete or any(self._class[term] == WORD for term in content.values())):
            return self._generic(content, fit)
        proof = max(own[term].proof * self._words[place].meanings[term] for place, term in content.items())
        base = max(fit.coverage, proof)
        if base < _ONLY_ONE and len(content) > 1 and fit.coverage >= _MOSTLY and self._only_one(content.values()):
            base = _ONLY_ONE
        if not fit.whole and all(own[term].owner for term in content.values()):
            base = min(base, _AUTHORITY)
        return base

    def _generic(self, content: Read, fit: _Fit) -> float:
        if all(self._class[term] in (OPERATION, CIRCUMSTANCE) for term in content.values()):
            return _UNSAID
        close = max(self._words[place].meanings[term] for place, term in content.items())
        return close * (_GENERIC if fit.whole else _GENERIC_PART)

    def _fit(self, service: int) -> _Fit:
        data = self._data
        best, complete, whole = 0.0, False, False
        first, last = int(data.service_phrases[service]), int(data.service_phrases[service + 1])
        for phrase, coverage in enumerate(self._coverage[first:last].tolist(), first):
            share = float(data.phrase_share[phrase])
            if coverage >= _MOSTLY * share:
                slots = range(data.phrase_slots[phrase], data.phrase_slots[phrase + 1])
                filled = [slot for slot in slots if self._best[slot] >= _FILLED]
                counted = [slot for slot in slots if data.slot_counts[slot]]
                if len(counted) > 1 and set(counted) <= set(filled):
                    together = self._together(counted)
                    complete |= together and share >= NAME_SHARE
                    coverage *= 1.0 if together else _SCATTERED
                whole |= share >= NAME_SHARE and len(filled) == len(slots)
            best = max(best, coverage)
        return _Fit(best, complete, whole or complete)

    def _together(self, slots: Sequence[int]) -> bool:
        """Whether the words that fill the slots stand side by side, in order; two may be turned round (الجواز ضاع)."""
        by_slot = self._data.slot_terms
        wanted = [frozenset(by_slot.rows[by_slot.run(slot)].tolist()) for slot in slots]
        filling = [any(not slot.isdisjoint(terms) for slot in wanted) for terms in self._said]
        if sum(filling) < len(wanted):
            # One word was typed for two.
            return True
        noun_first = any(self._class[term] in (KIND, WORD) for term in wanted[0])
        orders = [wanted] if noun_first or len(wanted) > 2 else [wanted, wanted[::-1]]
        return any(
            all(not slot.isdisjoint(terms) for terms, slot in zip(self._said[place:], order, strict=False))
            for order in orders
            for place in range(len(self._said) - len(order) + 1)
        )

    def _only_one(self, terms: Iterable[int]) -> bool:
        """Whether a single service has all these terms in its names."""
        wanted = frozenset(terms)
        if wanted not in self._alone:
            services = self._data.services
            runs = sorted((services.run(term) for term in wanted), key=lambda run: run.stop - run.start)
            having = services.rows[runs[0]][self._data.level[runs[0]] == NAMED]
            for run in runs[1:]:
                having = having[np.isin(having, services.rows[run][self._data.level[run] == NAMED])]
            self._alone[wanted] = len(having) == 1
        return self._alone[wanted]

    def _support(self, own: Mapping[int, Own], read: Read) -> float:
        """How much of what the query says (in words of the catalogue) the service has: 0.5..1."""
        if not self._total:
            return 1.0
        words = self._words
        said = sum(words[place].weight * words[place].meanings[term] * own[term].level for place, term in read.items())
        return 0.5 + 0.5 * said / self._total

    def _beside(self, content: Read, fit: _Fit) -> float:
        """How far unknown nouns and adjectives beside the words of the name make it a name of something else."""
        if not self._strange:
            return 1.0
        share = 1.0
        for place, term in content.items():
            if self._class[term] in (CIRCUMSTANCE, CONDITION):
                continue
            word = self._words[place]
            following = self._words[place + 1] if place + 1 < len(self._words) else None
            if following and following.unknown and _narrows(word, following):
                share = min(share, _FOREIGN if following.foreign else _NARROWED)
            before = self._words[place - 1] if place else None
            if before and before.unknown and not word.led and (before.other or not fit.whole):
                share = min(share, _AFTER_STRANGER)
        return share

    def _part_of(self, content: Read) -> bool:
        """Whether a word of other services right before the name makes it theirs (معادلة شهادة, ضاع جوازي)."""
        for place in content:
            if not place or place - 1 in content:
                continue
            before, word = self._words[place - 1], self._words[place]
            if before.filler or before.definite or word.led:
                continue
            if any(self._class[term] >= ACT for term, close in before.meanings.items() if close >= SURELY):
                return True
        return False


def _term(word: QueryWord, own: Mapping[int, Own]) -> int | None:
    """What the word is for a service."""
    best, found = 0.0, None
    for term, similarity in word.meanings.items():
        has = own.get(term)
        if has and similarity * has.level > best:
            best, found = similarity * has.level, term
    return found


def _narrows(word: QueryWord, following: QueryWord) -> bool:
    """Whether the noun or adjective after a word belongs to it, as far as articles and endings tell."""
    return not following.led and (following.definite or not (word.definite or word.owned))
