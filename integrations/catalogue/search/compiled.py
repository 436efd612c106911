"""The catalogue's phrases as arrays, so that a query touches only what shares a word with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

FILLER, OPERATION, KIND, ACT, CIRCUMSTANCE, CONDITION, WORD = range(7)
CLASSES = ("filler", "operation", "kind", "act", "circumstance", "condition", "word")
"""The classes of the lexicon, the weakest first; a word that it does not have is a "word", or a "filler"."""

NAMED, HINTED, BESIDE, AROUND = 1.0, 0.85, 0.8, 0.3
"""How a service has a word: in a name, in a keyword, in brackets beside a name, in its description or authority."""


@dataclass(frozen=True)
class Own:
    """A term of one service: how the service has it, what it alone proves (0..1), whether its authority has it."""

    level: float
    proof: float
    owner: bool


@dataclass(frozen=True)
class Postings:
    """For each term (or slot), a run of rows: `start[number]` to `start[number + 1]`."""

    start: Ints
    rows: Ints

    def run(self, number: int) -> slice:
        """Where the rows of a term or slot are."""
        return slice(int(self.start[number]), int(self.start[number + 1]))


@dataclass(frozen=True)
class Compiled:
    """Arrays over terms, slots, phrases and services; services keep the order in which they were given.

    slots: term -> slots it fills. services: term -> services that have it, with `level` and `proof` (see Own).
    slot_terms: slot -> the terms that fill it.
    phrase_slots, service_phrases: where the slots of a phrase and the phrases of a service begin.
    """

    term_weight: Floats
    term_class: Sequence[int]
    slots: Postings
    services: Postings
    level: Floats
    proof: Floats
    slot_terms: Postings
    slot_phrase: Ints
    slot_weight: Floats
    slot_counts: Sequence[bool]
    phrase_weight: Floats
    phrase_share: Floats
    phrase_slots: Sequence[int]
    service_phrases: Ints
    service_terms: tuple[Mapping[int, Own], ...]

    def coverage(self, best: Floats) -> Floats:
        """For each phrase, the share of its weight that the query's words fill; `best` is over slots."""
        touched = np.flatnonzero(best)
        weights = best[touched] * self.slot_weight[touched]
        filled = np.bincount(self.slot_phrase[touched], weights=weights, minlength=len(self.phrase_weight))
        coverage: Floats = (filled / self.phrase_weight * self.phrase_share).astype(np.float32)
        return coverage
