"""How probable each service is: what was learnt from examples and what the catalogue's search finds, weighed together.

The search knows every service of the catalogue, also one that was added a minute ago; the examples know how people
ask for services without naming them ("ابي توفى ونشتي نقسم البيت"). One logistic regression over pairs of message and
service weighs both. It has no weight for any service by itself: a service without examples is judged by the search
alone, with weights that were learnt by hiding from each example the service it asks for.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter, mul

from bot.nlu.linear import sigmoid
from bot.nlu.vectors import Floats

NONE = ""
"""The label of messages that are about no service."""

SEVERAL = "*"
"""The label, beside those of the services, of messages that fit several."""

_NO_SERVICE = frozenset({NONE, SEVERAL})

SIGNALS = 9
_FROM_EXAMPLES = 5
Signals = tuple[float, ...]


@dataclass(frozen=True)
class Evidence:
    """What speaks for services in one message: margins by label (NONE among them), search scores by service."""

    margins: Mapping[str, float]
    scores: Mapping[str, float]

    @classmethod
    def of(cls, labels: Sequence[str], margins: Floats, scores: Mapping[str, float]) -> Evidence:
        """From a model's labels and the margins of a message in the same order."""
        return cls(dict(zip(labels, map(float, margins), strict=True)), scores)

    def without(self, service: str) -> Evidence:
        """The same message, had nobody ever given an example of the service."""
        return Evidence({name: margin for name, margin in self.margins.items() if name != service}, self.scores)

    def candidates(self) -> list[str]:
        """The services that something speaks for."""
        known = sorted(self.margins.keys() - _NO_SERVICE)
        return list(dict.fromkeys((*self.scores, *heapq.nlargest(_FROM_EXAMPLES, known, key=self.margins.__getitem__))))

    @cached_property
    def _first_two(self) -> list[tuple[str, float]]:
        """The two labels that examples speak for most, NONE among them, with their margins."""
        labels = ((name, margin) for name, margin in self.margins.items() if name != SEVERAL)
        return heapq.nlargest(2, labels, key=itemgetter(1))

    def best(self) -> float:
        """The margin of the service that examples speak for most."""
        return max(margin for name, margin in self.margins.items() if name not in _NO_SERVICE)

    def signals(self, service: str) -> Signals:
        """The numbers by which a service is judged, `SIGNALS` of them."""
        score = self.scores.get(service, 0.0)
        ahead = score - max((other for name, other in self.scores.items() if name != service), default=0.0)
        first = float(score > 0 and ahead >= 0)
        best = next(margin for name, margin in self._first_two if name != service)
        none = self.margins[NONE]
        if service in self.margins:
            own = self.margins[service]
            return own, own - best, none, score, ahead, first, 0.0, 0.0, 0.0
        return 0.0, 0.0, none, 0.0, 0.0, 0.0, 1.0 + best, score, ahead


@dataclass(frozen=True)
class Ranking:
    """Weights of the signals and the bias of the logistic regression."""

    weights: Floats
    bias: float

    def rank(self, evidence: Evidence) -> list[tuple[str, float]]:
        """Services with the probability that the message is about them, most probable first.

        They need not add up to one: a message may fit several services, or none.
        """
        judged = [(service, self.probability(evidence.signals(service))) for service in evidence.candidates()]
        return sorted(judged, key=lambda item: -item[1])

    def probability(self, signals: Signals) -> float:
        """The probability that the signals are those of the service meant."""
        return sigmoid(sum(map(mul, self._weights, signals)) + self.bias)

    @cached_property
    def _weights(self) -> list[float]:
        # Nine numbers are multiplied faster in Python than by numpy.
        return [float(weight) for weight in self.weights]
