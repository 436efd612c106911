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


@dataclass(frozen=True)
class Match:
    """A judged service: its place in the index, its score (0..1) and the words that name it."""

    service: int
    score: float
    words: tuple[QueryWord, ...]


@dataclass(frozen=True)
class _Fit:
    """How the phrases of a service are filled.

    coverage: of the best phrase. complete: some name of two words or more, beside fillers, has all its words.
    whole: some name has all its words.
    """

    coverage: float
    complete: bool
    whole: bool


def score(service: int, words: Sequence[QueryWord], best: Floats, data: Compiled) -> Match:
    """Judge one service; `best` says how well each slot of the catalogue is filled by the query."""
    own = data.service_terms[service]
    read = {place: term for place, word in enumerate(words) if (term := _term(word, service, data)) is not None}
    named = {place: term for place, term in read.items() if own[term].level >= HINTED}
    content = {place: term for place, term in named.items() if data.term_class[term] != FILLER}
    if not content:
        return Match(service, 0.0, ())
    fit = _fit(service, words, best, data)
    if fit.complete or any(data.term_class[term] == WORD for term in content.values()):
        proof = max(own[term].proof * words[place].meanings[term] for place, term in content.items())
        base = max(fit.coverage, proof)
        if len(content) > 1 and fit.coverage >= _MOSTLY and _only(service, content.values(), data):
            base = max(base, _ONLY_ONE)
        if not fit.whole and all(own[term].owner for term in content.values()):
            base = min(base, _AUTHORITY)
    else:
        base = _generic(words, content, fit, data)
    base *= _said(words, read, service, data) * _strangers(words, content)
    base *= _beside(words, content, fit, data)
    base *= _PART_OF if _part_of(words, content, data) else 1.0
    return Match(service, min(1.0, base), tuple(words[place] for place in sorted(content)))


def prefer_specific(matches: Sequence[Match], data: Compiled) -> list[Match]:
    """Lower services beside one that has all their words and another that tells it apart (بطاقة شخصية + ذكية)."""
    possible = [match for match in matches if match.score >= POSSIBLE]
    return [
        replace(match, score=match.score * _LESS_SPECIFIC)
        if any(_more_specific(other, match, data) for other in possible)
        else match
        for match in matches
    ]


def _more_specific(other: Match, match: Match, data: Compiled) -> bool:
    more = set(other.words) - set(match.words)
    return set(match.words) < set(other.words) and any(
        data.term_class[term] >= CIRCUMSTANCE for word in more for term in word.meanings
    )


def _term(word: QueryWord, service: int, data: Compiled) -> int | None:
    """What the word is for this service."""
    own = data.service_terms[service]
    options = [(similarity * own[term].level, -term) for term, similarity in word.meanings.items() if term in own]
    return -max(options)[1] if options else None


def _fit(service: int, words: Sequence[QueryWord], best: Floats, data: Compiled) -> _Fit:
    coverage, complete, whole = 0.0, False, False
    for phrase in range(int(data.service_phrases[service]), int(data.service_phrases[service + 1])):
        run = slice(int(data.phrase_slots[phrase]), int(data.phrase_slots[phrase + 1]))
        share = float(data.phrase_share[phrase])
        filled = share * float(np.dot(best[run], data.slot_weight[run])) / float(data.phrase_weight[phrase])
        counted = np.flatnonzero(data.slot_counts[run]) + run.start
        if len(counted) > 1 and bool((best[counted] >= _FILLED).all()):
            together = _together(counted.tolist(), words, data)
            complete |= together and share >= NAME_SHARE
            filled *= 1.0 if together else _SCATTERED
        coverage = max(coverage, filled)
        whole |= share >= NAME_SHARE and bool((best[run] >= _FILLED).all())
    return _Fit(coverage, complete, whole or complete)


def _together(slots: Sequence[int], words: Sequence[QueryWord], data: Compiled) -> bool:
    """Whether the words that fill the slots stand side by side, in order; two may be turned round (الجواز ضاع)."""
    wanted = [frozenset(data.slot_terms.rows[data.slot_terms.run(slot)].tolist()) for slot in slots]
    said = [word.meanings.keys() for word in words if not word.filler]
    filling = [any(not terms.isdisjoint(slot) for slot in wanted) for terms in said]
    if sum(filling) < len(wanted):
        return True
    orders = [wanted, wanted[::-1]] if len(wanted) == 2 and not _noun(wanted[0], data) else [wanted]
    return any(
        all(not terms.isdisjoint(slot) for terms, slot in zip(said[place:], order, strict=False))
        for order in orders
        for place in range(len(said) - len(order) + 1)
    )


def _noun(slot: frozenset[int], data: Compiled) -> bool:
    return any(data.term_class[term] in (KIND, WORD) for term in slot)


def _only(service: int, terms: Iterable[int], data: Compiled) -> bool:
    """Whether no other service has all these terms in its names."""
    shared: set[int] | None = None
    for term in terms:
        run = data.services.run(term)
        having = set(data.services.rows[run][data.level[run] == NAMED].tolist())
        shared = having if shared is None else shared & having
    return shared == {service}


def _generic(words: Sequence[QueryWord], content: Mapping[int, int], fit: _Fit, data: Compiled) -> float:
    if all(data.term_class[term] in (OPERATION, CIRCUMSTANCE) for term in content.values()):
        return _UNSAID
    close = max(words[place].meanings[term] for place, term in content.items())
    return close * (_GENERIC if fit.whole else _GENERIC_PART)


def _said(words: Sequence[QueryWord], read: Mapping[int, int], service: int, data: Compiled) -> float:
    """How much of what the query says (in words of the catalogue) the service has: 0.5..1."""
    own = data.service_terms[service]
    weights = [word.weight for word in words]
    total = sum(weights)
    if not total:
        return 1.0
    said = sum(weights[place] * words[place].meanings[term] * own[term].level for place, term in read.items())
    return 0.5 + 0.5 * said / total


def _strangers(words: Sequence[QueryWord], content: Mapping[int, int]) -> float:
    strange = sum(word.unknown for word in words)
    return 1.0 - _STRANGE * strange / (strange + len(content))


def _beside(words: Sequence[QueryWord], content: Mapping[int, int], fit: _Fit, data: Compiled) -> float:
    """How far unknown nouns and adjectives beside the words of the name make it a name of something else."""
    share = 1.0
    for place, term in content.items():
        if data.term_class[term] in (CIRCUMSTANCE, CONDITION):
            continue
        following = words[place + 1] if place + 1 < len(words) else None
        if following and following.unknown and _narrows(words[place], following):
            share = min(share, _FOREIGN if following.foreign else _NARROWED)
        before = words[place - 1] if place else None
        if before and before.unknown and not words[place].led and (before.other or not fit.whole):
            share = min(share, _AFTER_STRANGER)
    return share


def _narrows(word: QueryWord, following: QueryWord) -> bool:
    """Whether the noun or adjective after a word belongs to it, as far as articles and endings tell."""
    return not following.led and (following.definite or not (word.definite or word.owned))


def _part_of(words: Sequence[QueryWord], content: Mapping[int, int], data: Compiled) -> bool:
    """Whether a word of other services stands right before the name and makes it theirs (معادلة شهادة, ضاع جوازي)."""
    for place in content:
        if not place or place - 1 in content:
            continue
        before, word = words[place - 1], words[place]
        if before.filler or before.definite or word.led:
            continue
        if any(data.term_class[term] >= ACT for term, close in before.meanings.items() if close >= SURELY):
            return True
    return False
