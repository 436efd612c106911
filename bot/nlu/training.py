"""Fitting the linear classifier; needs scikit-learn and scipy, which serving processes run without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.linear import LinearClassifier, documents_with, vector

_FOLDS = 4
_SEED = 20_261_122


def train(examples: Sequence[Counter[str]], labels: Sequence[str], *, strength: float = 1.0) -> LinearClassifier:
    """Fit a classifier.

    Args:
        examples: features of each example.
        labels: the label of each example; at least two labels.
        strength: inverse regularisation (scikit-learn's C).
    """
    frequency = documents_with(examples)
    # A letter sequence seen once says nothing that another example could share.
    names = sorted(name for name, count in frequency.items() if count > 1 or name[0] != "c")
    vocabulary = {name: index for index, name in enumerate(names)}
    seen = np.array([frequency[name] for name in names], dtype=np.float32)
    idf = (np.log((1 + len(examples)) / (1 + seen)) + 1).astype(np.float32)
    matrix = _matrix(examples, vocabulary, idf)
    classes = tuple(sorted(set(labels)))
    target = np.array([classes.index(label) for label in labels])
    fitted = _fit(matrix, target, strength)
    return LinearClassifier(
        labels=classes,
        vocabulary=vocabulary,
        idf=idf,
        weights=fitted.coef_.T.astype(np.float32),
        bias=fitted.intercept_.astype(np.float32),
        temperature=_temperature(matrix, target, strength),
    )


def _matrix(examples: Sequence[Counter[str]], vocabulary: dict[str, int], idf: NDArray[np.float32]) -> csr_matrix:
    rows = [vector(counts, vocabulary, idf) for counts in examples]
    pointers = np.concatenate([[0], np.cumsum([len(indices) for indices, _ in rows])])
    indices = np.concatenate([indices for indices, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, indices, pointers), shape=(len(rows), len(vocabulary)))


def _fit(matrix: csr_matrix, target: NDArray[np.int64], strength: float) -> LinearSVC:
    return LinearSVC(C=strength, random_state=_SEED).fit(matrix, target)


def _temperature(matrix: csr_matrix, target: NDArray[np.int64], strength: float) -> float:
    """The divisor of the logits that makes held-out examples most likely; 1 where a label is too rare to hold out."""
    if np.bincount(target).min() < _FOLDS:
        return 1.0
    logits = np.zeros((matrix.shape[0], int(target.max()) + 1))
    for inside, outside in StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(matrix, target):
        logits[outside] = _fit(matrix[inside], target[inside], strength).decision_function(matrix[outside])

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        normaliser = np.logaddexp.reduce(scaled, axis=1)
        return float((normaliser - scaled[np.arange(len(target)), target]).mean())

    return float(minimize_scalar(loss, bounds=(0.02, 5.0), method="bounded").x)
