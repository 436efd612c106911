"""Whether a message fits several services, so that the citizen has to be asked which: "بدل فاقد", "كم رسوم الرخصة".

How probable the first two services are says much; how such messages are worded, learnt from examples that carry several
services, says more; and what the search finds alone and far ahead is not ambiguous ("كم رسوم الجواز").
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.linear import sigmoid
from bot.nlu.ranking import SEVERAL, Evidence
from bot.nlu.vectors import Floats


def signals(evidence: Evidence, services: Sequence[tuple[str, float]]) -> tuple[float, ...]:
    """What speaks for several services: the margin of such wordings, the first two probabilities, the search's lead."""
    first, second = (*(probability for _, probability in services[:2]), 0.0, 0.0)[:2]
    best, next_best = (*heapq.nlargest(2, evidence.scores.values()), 0.0, 0.0)[:2]
    return evidence.margins[SEVERAL], first, second, second / (first + 0.01), best, best - next_best


@dataclass(frozen=True)
class Ambiguity:
    """Weights of the signals and the bias of a logistic regression."""

    weights: Floats
    bias: float

    def probability(self, evidence: Evidence, services: Sequence[tuple[str, float]]) -> float:
        """The probability that the message, with its services ranked, fits several of them."""
        return sigmoid(float(np.dot(self.weights, signals(evidence, services))) + self.bias)
