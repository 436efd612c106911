"""Messages as sparse TF-IDF vectors over a fixed vocabulary.

Sublinear TF and smoothed IDF as in Manning, Raghavan, Schütze, "Introduction to Information Retrieval", 6.4. Each
family of features is scaled to length one by itself, so that the many letters of a long message do not drown its few
words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.nlu.features import FAMILIES, WHOLE_WORDS, mask, of_pairs, of_word

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
_WORDS_REMEMBERED = 65_536


@dataclass(frozen=True)
class Vector:
    """One message: `places` in the vocabulary, ascending and unique, with their `values`."""

    places: Places
    values: Floats


@dataclass
class Vectorizer:
    """The vocabulary: for each family its feature names, and the IDF of all features, families one after another."""

    names: tuple[tuple[str, ...], ...]
    idf: Floats
    _known: dict[str, int] = field(init=False, repr=False)
    _starts: Places = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._known = {name: place for place, name in enumerate(name for names in self.names for name in names)}
        self._starts = np.cumsum([0, *map(len, self.names)])
        # Words recur in every second message, so their features are looked up once.
        self._of_word = lru_cache(maxsize=_WORDS_REMEMBERED)(self._places_of_word)

    @property
    def size(self) -> int:
        """The number of features."""
        return len(self.idf)

    def vector(self, words: Sequence[str]) -> Vector:
        """The vector of a message's normalised words; features outside the vocabulary are left out."""
        places, counts = np.unique(self.places(words), return_counts=True)
        values = (1 + np.log(counts)) * self.idf[places]
        bounds = np.searchsorted(places, self._starts)
        for start, end in pairwise(bounds):
            if end > start:
                values[start:end] /= np.sqrt(np.square(values[start:end]).sum())
        return Vector(places, (values / np.sqrt(len(FAMILIES))).astype(np.float32))

    def places(self, words: Sequence[str]) -> Places:
        """Where the features of a message stand in the vocabulary, one place for every time a feature occurs."""
        masked = [mask(word) for word in words]
        pairs = [self._known.get(name, -1) for names in of_pairs(masked) for name in names]
        found = np.concatenate([np.array(pairs, dtype=np.int64), *map(self._of_word, masked)])
        return np.asarray(found[found >= 0])

    def families(self, places: Places) -> Places:
        """The number of the family that each place of the vocabulary belongs to."""
        return np.searchsorted(self._starts, places, side="right") - 1

    def share_known(self, words: Sequence[str]) -> float:
        """The share of the words that the training data has, as they are spelled or as they sound."""
        known = sum("w" + word in self._known or of_word(word)[2][0] in self._known for word in map(mask, words))
        return known / max(len(words), 1)

    def _places_of_word(self, word: str) -> Places:
        found = (self._known.get(name) for names in of_word(word) for name in names)
        return np.array([place for place in found if place is not None], dtype=np.int64)


def fit(messages: Sequence[Sequence[str]]) -> Vectorizer:
    """The vocabulary of the messages (each a sequence of normalised words).

    Letters and neighbours seen in one message only say nothing that another message could share, and are left out.
    """
    seen: tuple[Counter[str], ...] = tuple(Counter() for _ in FAMILIES)
    for words in messages:
        for counts, names in zip(seen, _by_family([mask(word) for word in words]), strict=True):
            counts.update(names)
    kept = [sorted(name for name, n in counts.items() if n > 1 or name[0] in WHOLE_WORDS) for counts in seen]
    frequency = np.array([seen[at][name] for at, names in enumerate(kept) for name in names], dtype=np.float64)
    idf = np.log((1 + len(messages)) / (1 + frequency)) + 1
    return Vectorizer(tuple(map(tuple, kept)), idf.astype(np.float32))


def _by_family(words: Sequence[str]) -> Iterator[set[str]]:
    """The distinct features of one message, family by family."""
    pairs, sounds = of_pairs(words)
    alone = [of_word(word) for word in dict.fromkeys(words)]
    together: tuple[Sequence[str], ...] = (pairs, (), sounds)
    for family, names in enumerate(together):
        yield set(names).union(*(features[family] for features in alone))
