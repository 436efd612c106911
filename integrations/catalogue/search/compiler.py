"""From the catalogue's services to the arrays of the index."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from integrations.catalogue.model import PublicService
from integrations.catalogue.search.compiled import (
    AROUND,
    BESIDE,
    CLASSES,
    FILLER,
    HINTED,
    NAMED,
    WORD,
    Compiled,
    Own,
    Postings,
)
from integrations.catalogue.search.lexicon import Lexicon
from integrations.catalogue.search.phrases import NAME_SHARE, Phrase, around, authority, beside, phrases_of
from integrations.catalogue.search.vocabulary import Vocabulary

# How much of a name a word of each class is. Fillers within a name ("رقم") count a little, so that they are not needed.
_CLASS_WEIGHT = (0.25, 0.4, 0.55, 0.55, 1.0, 1.0, 1.0)
# The first word that is a service's own ("معادلة" in معادلة الشهادات الجامعية) says more than those after it.
_HEAD = 1.2
# What a word alone proves: nearly all for a head word that one service has, less when several share it.
_HEAD_PROOF, _WORD_PROOF = 0.72, 0.5
_LEAST_RARE = 0.25

Slot = tuple[int, ...]
Named = list[tuple[tuple[Slot, ...], float]]
"""The phrases of one service: their slots as terms, and the phrase's share."""


def compile_services(services: Sequence[PublicService], vocabulary: Vocabulary, lexicon: Lexicon) -> Compiled:
    """Compile; the vocabulary gets all words of the catalogue and is closed."""
    named = [_named(service, vocabulary) for service in services]
    other = [
        tuple({vocabulary.add(word) for word in words(service)} for words in (beside, around, authority))
        for service in services
    ]
    vocabulary.close()
    compiler = _Compiler(named, vocabulary.terms, lexicon)
    for phrases, (near, far, owner) in zip(named, other, strict=True):
        compiler.add(phrases, near, far, owner)
    return compiler.compiled()


def _named(service: PublicService, vocabulary: Vocabulary) -> Named:
    phrases = list(phrases_of(service)) or [Phrase(((service.id,),), 1.0)]
    seen: dict[tuple[Slot, ...], float] = {}
    for phrase in phrases:
        slots = dict.fromkeys(tuple(vocabulary.add(word) for word in slot) for slot in phrase.slots)
        seen.setdefault(tuple(slots), phrase.share)
    return list(seen.items())


class _Compiler:
    def __init__(self, named: Sequence[Named], terms: Sequence[str], lexicon: Lexicon) -> None:
        self._frequency = Counter(term for phrases in named for term in _named_terms(phrases))
        self._class = [_class_of(term, lexicon) for term in terms]
        self._weight = [
            _CLASS_WEIGHT[kind] * _rarity(self._frequency[term], len(named)) for term, kind in enumerate(self._class)
        ]
        self._slot_rows: list[tuple[int, int]] = []
        self._service_rows: list[tuple[int, int, float, float]] = []
        self._slot_phrase: list[int] = []
        self._slot_weight: list[float] = []
        self._slot_counts: list[bool] = []
        self._share: list[float] = []
        self._phrase_slots = [0]
        self._service_phrases = [0]
        self._own: list[dict[int, Own]] = []

    def add(self, phrases: Named, near: set[int], far: set[int], owner: set[int]) -> None:
        """Add the next service, with the terms beside its names, of its description and of its authority's name."""
        own: dict[int, Own] = {}
        for slots, share in phrases:
            self._phrase(slots, share, own, owner)
        for term in near:
            own.setdefault(term, Own(BESIDE, 0.0, term in owner))
        for term in far | owner:
            own.setdefault(term, Own(AROUND, 0.0, term in owner))
        self._service_rows += [(term, len(self._own), has.level, has.proof) for term, has in own.items()]
        self._own.append(own)
        self._service_phrases.append(len(self._share))

    def _phrase(self, slots: tuple[Slot, ...], share: float, own: dict[int, Own], owner: set[int]) -> None:
        level = NAMED if share >= NAME_SHARE else HINTED
        head = next((place for place, slot in enumerate(slots) if self._plain(slot)), -1)
        for place, slot in enumerate(slots):
            for term in slot:
                self._slot_rows.append((term, len(self._slot_phrase)))
                proof = self._proof(term, place == head) * share
                before = own.get(term, Own(0.0, 0.0, False))
                own[term] = Own(max(level, before.level), max(proof, before.proof), term in owner)
            self._slot_phrase.append(len(self._share))
            self._slot_weight.append((_HEAD if place == head else 1.0) * max(self._weight[term] for term in slot))
            self._slot_counts.append(any(self._class[term] != FILLER for term in slot))
        self._share.append(share)
        self._phrase_slots.append(len(self._slot_phrase))

    def _plain(self, slot: Slot) -> bool:
        return any(self._class[term] == WORD for term in slot)

    def _proof(self, term: int, head: bool) -> float:
        if self._class[term] != WORD:
            return 0.0
        return (_HEAD_PROOF if head else _WORD_PROOF) / math.sqrt(max(1, self._frequency[term]))

    def compiled(self) -> Compiled:
        """The arrays."""
        slots, slot_order = _postings([term for term, _ in self._slot_rows], len(self._weight))
        by_slot, _ = _postings([slot for _, slot in self._slot_rows], len(self._slot_weight))
        services, order = _postings([row[0] for row in self._service_rows], len(self._weight))
        weights = np.array(self._slot_weight, dtype=np.float32)
        rows = np.array([row[1:] for row in self._service_rows], dtype=np.float64).reshape(-1, 3)[order]
        return Compiled(
            term_weight=np.array(self._weight, dtype=np.float32),
            term_class=self._class,
            slots=Postings(slots, np.array([slot for _, slot in self._slot_rows], dtype=np.int32)[slot_order]),
            services=Postings(services, rows[:, 0].astype(np.int32)),
            level=rows[:, 1].astype(np.float32),
            proof=rows[:, 2].astype(np.float32),
            slot_terms=Postings(by_slot, np.array([term for term, _ in self._slot_rows], dtype=np.int32)),
            slot_phrase=np.array(self._slot_phrase, dtype=np.int32),
            slot_weight=weights,
            slot_counts=self._slot_counts,
            phrase_weight=np.add.reduceat(weights, np.array(self._phrase_slots[:-1], dtype=np.int64)),
            phrase_share=np.array(self._share, dtype=np.float32),
            phrase_slots=self._phrase_slots,
            service_phrases=np.array(self._service_phrases, dtype=np.int32),
            service_terms=tuple(self._own),
        )


def _postings(terms: Sequence[int], count: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    numbers = np.array(terms, dtype=np.int64)
    start = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(numbers, minlength=count), out=start[1:])
    return start, np.argsort(numbers, kind="stable")


def _named_terms(phrases: Named) -> set[int]:
    return {term for slots, share in phrases if share >= NAME_SHARE for slot in slots for term in slot}


def _class_of(term: str, lexicon: Lexicon) -> int:
    if term in lexicon.classes:
        return CLASSES.index(lexicon.classes[term])
    return FILLER if term in lexicon.fillers else WORD


def _rarity(count: int, services: int) -> float:
    """Inverse document frequency, 1 for a word of one service."""
    return max(_LEAST_RARE, math.log1p(services / max(count, 1)) / math.log1p(services))
