"""The search index: built once from the catalogue's services, asked with whole sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from integrations.catalogue.model import Hit, PublicService
from integrations.catalogue.search.compiled import Compiled, Floats
from integrations.catalogue.search.compiler import compile_services
from integrations.catalogue.search.lexicon import load_lexicon
from integrations.catalogue.search.query import QueryReader, QueryWord
from integrations.catalogue.search.scoring import Judge, Match
from integrations.catalogue.search.vocabulary import Vocabulary

_JUDGED = 20
"""How many of the likeliest services are judged closely, at least; twice as many as hits are wanted."""


class SearchIndex:
    """Finds services by the words of a message. Immutable once built, so that threads may share it."""

    def __init__(self, names: Sequence[tuple[str, str]], reader: QueryReader, compiled: Compiled) -> None:
        self._names = names
        self._reader = reader
        self._compiled = compiled

    @classmethod
    def build(cls, services: Iterable[PublicService]) -> SearchIndex:
        """Index the services; the order in which they come does not matter."""
        ordered = sorted(services, key=lambda service: service.id)
        lexicon = load_lexicon()
        vocabulary = Vocabulary(lexicon)
        compiled = compile_services(ordered, vocabulary, lexicon)
        reader = QueryReader(vocabulary, lexicon, compiled.term_weight)
        return cls([(service.id, service.name) for service in ordered], reader, compiled)

    def __len__(self) -> int:
        return len(self._names)

    def search(self, text: str, limit: int = 5) -> list[Hit]:
        """The services that the words of `text` may mean, the best first; then those with more of its words.

        Args:
            text: a citizen's message as typed; words beyond the 80th are not read.
            limit: how many hits at most.
        """
        if not self._names:
            return []
        words = self._reader.read(text)
        best, coverage, likely = self._recall(words)
        judge = Judge(words, best, coverage, self._compiled)
        judged = (judge.judge(int(service)) for service in _likeliest(likely, max(_JUDGED, 2 * limit)))
        matches = judge.prefer_specific([match for match in judged if match.score > 0])
        matches.sort(key=lambda match: (-round(match.score, 4), -match.shared, match.service))
        return [self._hit(match, text) for match in matches[:limit]]

    def _recall(self, words: Sequence[QueryWord]) -> tuple[Floats, Floats, Floats]:
        """How well each slot is filled, how much of each phrase, and a first score of each service."""
        data, services = self._compiled, len(self._names)
        best = np.zeros(len(data.slot_weight), dtype=np.float32)
        covered = np.zeros(services, dtype=np.float32)
        proof = np.zeros(services, dtype=np.float32)
        total = np.float32(sum(word.weight for word in words) or 1.0)
        for word in words:
            said = np.zeros(services if word.weight else 0, dtype=np.float32)
            for term, similarity in word.meanings.items():
                slots = data.slots.rows[data.slots.run(term)]
                best[slots] = np.maximum(best[slots], similarity)
                if word.weight:
                    run = data.services.run(term)
                    rows = data.services.rows[run]
                    said[rows] = np.maximum(said[rows], similarity * data.level[run])
                    proof[rows] = np.maximum(proof[rows], similarity * data.proof[run])
            if word.weight:
                covered += word.weight / total * said
        coverage = data.coverage(best)
        named = np.maximum.reduceat(coverage, data.service_phrases[:-1])
        likely: Floats = np.maximum(named, proof) * (0.5 + 0.5 * covered)
        return best, coverage, likely

    def _hit(self, match: Match, text: str) -> Hit:
        service, name = self._names[match.service]
        spans = tuple((word.start, word.end) for word in match.words)
        matched = tuple(text[start:end] for start, end in spans)
        return Hit(service, name, round(match.score, 4), matched, spans)


def _likeliest(likely: Floats, count: int) -> NDArray[np.int64]:
    """The services to judge, the likeliest first; equal ones in their order."""
    found = np.flatnonzero(likely > 0)
    if len(found) > count:
        least = np.partition(likely[found], -count)[-count]
        found = found[likely[found] >= least]
    likeliest: NDArray[np.int64] = found[np.argsort(-likely[found], kind="stable")[:count]]
    return likeliest
