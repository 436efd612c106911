"""Dalil's learner without services and scope, the variants of it that are tried, and scikit-learn's as a peer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from arabic import from_latin, stem, tokenise
from benchmarks.nlu_rows import Row
from bot.nlu import training, vectors
from bot.nlu.features import FAMILIES
from bot.nlu.linear import LinearModel
from bot.nlu.noise import disturb
from bot.nlu.vectors import Vector, Vectorizer

Words = Sequence[str]
MB = 1024 * 1024
_SEED = 20_261_125


class Learner(Protocol):
    """What learns labels from rows and then tells the label of a text."""

    name: str

    def train(self, rows: Sequence[Row]) -> None:
        """Learn."""
        ...

    def label(self, text: str) -> str:
        """The likeliest label."""
        ...

    def megabytes(self) -> float:
        """What was learnt, as arrays and the names of the features."""
        ...

    def notes(self) -> dict[str, float]:
        """Other figures of this learner, by what they are."""
        ...


@dataclass(frozen=True)
class Variant:
    """A way to learn.

    Attributes:
        slips: whether some examples are learnt once more with a slip of the thumb, as in the product.
        jointly: one machine for all labels, where the product has one for each (Crammer and Singer 2001, "On the
            Algorithmic Implementation of Multiclass Kernel-based Vector Machines").
        distant: beside the product's features, pairs of stems that are up to `_REACH` words apart.
    """

    name: str
    slips: bool = False
    jointly: bool = False
    distant: bool = False


PRODUCT = Variant("as the product", slips=True)
VARIANTS = (
    PRODUCT,
    Variant("without slips"),
    Variant("jointly", jointly=True),
    Variant("jointly, with slips", slips=True, jointly=True),
    Variant("jointly, with distant pairs", jointly=True, distant=True),
)
JOINT_STRENGTH, _JOINT_TOLERANCE, _JOINT_ROUNDS = 1.5, 0.1, 300
_REACH = 4


def words_of(text: str) -> tuple[str, ...]:
    """The words as bot/components/tokenizer.py makes them."""
    return tuple(from_latin(word.text) or word.text for word in tokenise(text))


_stem = lru_cache(maxsize=65_536)(stem)


@dataclass
class DistantPairs:
    """Pairs of stems with words between them, seen in more than one message; sublinear TF, smoothed IDF, length one."""

    known: dict[tuple[str, str], int]
    idf: NDArray[np.float64]

    @classmethod
    def fit(cls, messages: Sequence[Words]) -> DistantPairs:
        """The vocabulary of the messages."""
        seen = Counter(pair for words in messages for pair in set(_distant(words)))
        kept = sorted(pair for pair, count in seen.items() if count > 1)
        frequency = np.array([seen[pair] for pair in kept])
        return cls({pair: place for place, pair in enumerate(kept)}, np.log((1 + len(messages)) / (1 + frequency)) + 1)

    def vector(self, words: Words) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Places in the vocabulary, each once, with their values."""
        found = [place for place in (self.known.get(pair) for pair in _distant(words)) if place is not None]
        places, counts = np.unique(np.array(found, dtype=np.int64), return_counts=True)
        values = (1 + np.log(counts)) * self.idf[places]
        return places, values / max(float(np.sqrt(np.square(values).sum())), 1e-9)

    def matrix(self, messages: Sequence[Words]) -> csr_matrix:
        """The vectors of messages, one a row."""
        found = [self.vector(words) for words in messages]
        starts = np.cumsum([0, *(len(places) for places, _ in found)])
        places, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return csr_matrix((values, places, starts), shape=(len(found), len(self.idf)))


def _distant(words: Words) -> list[tuple[str, str]]:
    stems = [_stem(word) for word in words]
    return [(left, right) for place, left in enumerate(stems) for right in stems[place + 2 : place + _REACH + 1]]


@dataclass
class Features:
    """The product's features, and with `distant` those pairs as one more family of equal weight."""

    vectorizer: Vectorizer
    distant: DistantPairs | None

    @classmethod
    def fit(cls, messages: Sequence[Words], variant: Variant) -> Features:
        """The vocabularies of the messages."""
        return cls(vectors.fit(messages), DistantPairs.fit(messages) if variant.distant else None)

    @property
    def _shares(self) -> tuple[float, float]:
        """What the product's families and the distant pairs are multiplied with, so that all have length one."""
        families = len(FAMILIES)
        return (families / (families + 1)) ** 0.5, (1 / (families + 1)) ** 0.5

    def vector(self, words: Words) -> Vector:
        """One message."""
        product = self.vectorizer.vector(words)
        if self.distant is None:
            return product
        (near, far), (places, values) = self._shares, self.distant.vector(words)
        return Vector(
            np.concatenate([product.places, places + self.vectorizer.size]),
            np.concatenate([product.values * near, values * far]).astype(np.float32),
        )

    def matrix(self, messages: Sequence[Words]) -> csr_matrix:
        """Messages, one a row."""
        product = training.as_matrix(self.vectorizer, messages)
        if self.distant is None:
            return product
        near, far = self._shares
        return hstack([product * near, self.distant.matrix(messages) * far]).tocsr()

    def bytes(self) -> int:
        """The names and IDF of all features."""
        names = sum(len(name.encode()) for family in self.vectorizer.names for name in family)
        if self.distant is None:
            return names + self.vectorizer.idf.nbytes
        pairs = sum(len(" ".join(pair).encode()) for pair in self.distant.known)
        return names + pairs + self.vectorizer.idf.nbytes + self.distant.idf.nbytes


@dataclass
class Dalil:
    """The product's learner in one variant: words, features, slips of the thumb, support vector machines."""

    name: str
    variant: Variant = PRODUCT
    features: Features = field(init=False)
    model: LinearModel = field(init=False)

    def train(self, rows: Sequence[Row]) -> None:
        """Learn."""
        messages = [words_of(row.text) for row in rows]
        self.features = Features.fit(messages, self.variant)
        matrix, labels = self.features.matrix(messages), [row.label for row in rows]
        if self.variant.slips:
            again, slipped = with_slips(messages)
            matrix = vstack([matrix, self.features.matrix(slipped)]).tocsr()
            labels += [labels[place] for place in again]
        self.model = learn(matrix, labels, jointly=self.variant.jointly)

    def label(self, text: str) -> str:
        """The likeliest label."""
        return self.model.labels[int(self.model.margins(self.features.vector(words_of(text))).argmax())]

    def megabytes(self) -> float:
        """The model."""
        return (self.features.bytes() + self.model.weights.nbytes + self.model.bias.nbytes) / MB

    def notes(self) -> dict[str, float]:
        """None."""
        return {}


def with_slips(messages: Sequence[Words]) -> tuple[list[int], list[Words]]:
    """The messages that the product would learn once more: their places, and the words with slips."""
    chance = random.Random(training._SEED)
    again = [int(place) for place in training._chosen(len(messages), int(training._DISTURBED * len(messages)))]
    return again, [disturb(messages[place], chance) for place in again]


def learn(matrix: csr_matrix, labels: Sequence[str], *, jointly: bool) -> LinearModel:
    """A machine for each label, or one for all."""
    # Of two labels there is but one border, either way.
    if not jointly or len(set(labels)) == 2:
        return training.fit(matrix, list(enumerate(labels)))
    machine = LinearSVC(
        C=JOINT_STRENGTH,
        multi_class="crammer_singer",
        tol=_JOINT_TOLERANCE,
        max_iter=_JOINT_ROUNDS,
        random_state=_SEED,
    ).fit(matrix, np.array(labels))
    weights, bias = machine.coef_.T.astype(np.float16), machine.intercept_.astype(np.float32)
    return LinearModel(tuple(map(str, machine.classes_)), weights, bias)


@dataclass
class Peer:
    """TF-IDF of words, pairs of words and letters (2 to 5) with a linear SVM, all of scikit-learn, normalised text."""

    name: str

    def train(self, rows: Sequence[Row]) -> None:
        """Learn."""
        texts = [" ".join(words_of(row.text)) for row in rows]
        self._vectorizers = (
            TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\S+", sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        )
        matrix = hstack([one.fit_transform(texts) for one in self._vectorizers]).tocsr()
        self._machine = LinearSVC(random_state=_SEED).fit(matrix, [row.label for row in rows])

    def label(self, text: str) -> str:
        """The likeliest label."""
        words = [" ".join(words_of(text))]
        return str(self._machine.predict(hstack([one.transform(words) for one in self._vectorizers]))[0])

    def megabytes(self) -> float:
        """The model."""
        names = sum(len(name.encode()) for one in self._vectorizers for name in one.vocabulary_)
        return (names + sum(one.idf_.nbytes for one in self._vectorizers) + self._machine.coef_.nbytes) / MB

    def notes(self) -> dict[str, float]:
        """None."""
        return {}
