"""Whether a message is for a guide to Yemen's services at all.

The classifier of kinds knows messages like those it was given as foreign, but the world outside is larger than any
list. What it thinks is weighed together with whether anything in the message is a service: "كيف نسوي المندي" has the
words of a question about steps, and no service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.linear import sigmoid
from bot.nlu.ranking import NONE, Evidence
from bot.nlu.vectors import Floats

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class ScopeSigns:
    """What tells a foreign message.

    Attributes:
        foreign: the margin of out_of_scope above that of the best other kind.
        nameless: the margin of "no service" above that of the best service.
        service: the probability of the best service.
        score: the best score of the catalogue's search.
        known: share of the words that the training data has.
    """

    foreign: float
    nameless: float
    service: float
    score: float
    known: float

    @classmethod
    def of(
        cls,
        kinds: Sequence[str],
        margins: Floats,
        evidence: Evidence,
        services: Sequence[tuple[str, float]],
        known: float,
    ) -> ScopeSigns:
        """From the margins of the kinds, and the services ranked by the evidence."""
        outside = kinds.index(OUT_OF_SCOPE)
        return cls(
            foreign=float(margins[outside] - np.delete(margins, outside).max()),
            nameless=evidence.margins[NONE] - evidence.best(),
            service=services[0][1] if services else 0.0,
            score=max(evidence.scores.values(), default=0.0),
            known=known,
        )

    def values(self) -> tuple[float, ...]:
        """The signs as numbers, with their products where one means more beside another."""
        plain = (self.foreign, self.nameless, self.service, self.score, self.known)
        return (*plain, self.foreign * self.service, self.nameless * (1 - self.service))


@dataclass(frozen=True)
class Scope:
    """Weights of `ScopeSigns.values` and the bias of a logistic regression."""

    weights: Floats
    bias: float

    def foreign(self, signs: ScopeSigns) -> float:
        """The probability that the message is out of scope."""
        return sigmoid(float(np.dot(self.weights, signs.values())) + self.bias)
