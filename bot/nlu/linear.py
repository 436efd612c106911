"""A linear classifier over sparse features, kept as arrays and JSON (no pickle).

Two families of features, each scaled to length one, so that the many letters of a long message do not drown its few
words; sublinear TF and smoothed IDF as in Manning, Raghavan, Schütze, "Introduction to Information Retrieval", 6.4.
Trained as one linear support vector machine a label (scikit-learn's LinearSVC); the margins become probabilities by a
softmax whose temperature is fitted on cross-validated margins (Guo et al. 2017, "On Calibration of Modern Neural
Networks"), so that a confidence means what it says.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_FAMILIES = 2
FORMAT = 1


class ModelFormatError(ValueError):
    """A persisted classifier is not of a format that this version reads."""


@dataclass(frozen=True)
class LinearClassifier:
    """Weights (features x labels), bias (labels), idf (features), one vocabulary, one temperature."""

    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Floats
    weights: Floats
    bias: Floats
    temperature: float

    def probabilities(self, counts: Counter[str]) -> Floats:
        """The probability of each label, in the order of `labels`; they add up to one."""
        indices, values = vector(counts, self.vocabulary, self.idf)
        logits = (values @ self.weights[indices] + self.bias) / self.temperature
        odds = np.exp(logits - logits.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32)

    def knows(self, counts: Counter[str]) -> int:
        """How many of the message's words (their stems) occur in the training data."""
        return sum(1 for name in counts if name[0] == "s" and name in self.vocabulary)

    def save(self, folder: Path) -> None:
        """Write `arrays.npz` and `vocabulary.json` into `folder`."""
        np.savez_compressed(
            folder / "arrays.npz", idf=self.idf, weights=self.weights.astype(np.float16), bias=self.bias
        )
        content = {
            "format": FORMAT,
            "labels": self.labels,
            "temperature": self.temperature,
            "vocabulary": list(self.vocabulary),
        }
        (folder / "vocabulary.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearClassifier:
        """Read what `save` wrote.

        Raises:
            ModelFormatError: written by another version.
        """
        content = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        if content.get("format") != FORMAT:
            raise ModelFormatError(f"classifier format {content.get('format')}, expected {FORMAT}: train again")
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            return cls(
                labels=tuple(content["labels"]),
                vocabulary={name: index for index, name in enumerate(content["vocabulary"])},
                idf=arrays["idf"],
                weights=arrays["weights"].astype(np.float32),
                bias=arrays["bias"],
                temperature=content["temperature"],
            )


def vector(counts: Counter[str], vocabulary: dict[str, int], idf: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Indices and TF-IDF values of the known features, each family (letters, all others) of length one."""
    known = [(vocabulary[name], count, name[0] == "c") for name, count in counts.items() if name in vocabulary]
    if not known:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    indices = np.array([index for index, _, _ in known], dtype=np.int64)
    values = (1 + np.log(np.array([count for _, count, _ in known], dtype=np.float32))) * idf[indices]
    letters = np.array([letter for _, _, letter in known])
    for family in (letters, ~letters):
        length = np.sqrt(np.square(values[family]).sum())
        if length:
            values[family] /= length
    return indices, (values / np.sqrt(_FAMILIES)).astype(np.float32)


def probabilities_by_label(classifier: LinearClassifier, counts: Counter[str]) -> list[tuple[str, float]]:
    """Labels with their probabilities, most probable first."""
    values = classifier.probabilities(counts)
    return [(classifier.labels[place], float(values[place])) for place in np.argsort(-values)]


def documents_with(examples: Sequence[Counter[str]]) -> Counter[str]:
    """In how many examples each feature occurs."""
    frequency: Counter[str] = Counter()
    for counts in examples:
        frequency.update(counts.keys())
    return frequency
