"""A linear model over sparse vectors, kept as arrays and JSON (no pickle)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.vectors import Floats, Vector

_FAR = 30.0
"""Beyond this a logit is certainty."""


@dataclass(frozen=True)
class LinearModel:
    """One linear support vector machine a label: `weights` (features x labels, half precision) and `bias` (labels)."""

    labels: tuple[str, ...]
    weights: NDArray[np.float16]
    bias: Floats

    def margins(self, vector: Vector) -> Floats:
        """The signed distance of a message to the border of each label, in the order of `labels`."""
        return np.asarray(vector.values @ self.weights[vector.places].astype(np.float32) + self.bias)


def softmax(margins: Floats, temperature: float) -> Floats:
    """Margins as probabilities that add up to one; the temperature is fitted on messages that were held out.

    Guo et al. 2017, "On Calibration of Modern Neural Networks".
    """
    scaled = margins / temperature
    odds = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True), dtype=np.float32)


def sigmoid(score: float) -> float:
    """The probability of a logit."""
    return 1 / (1 + math.exp(-min(max(score, -_FAR), _FAR)))
