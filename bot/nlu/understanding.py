"""What one message says: its kind, its service, whether it is for us at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.ambiguity import Ambiguity
from bot.nlu.linear import LinearModel, softmax
from bot.nlu.ranking import Evidence, Ranking
from bot.nlu.scope import Scope, ScopeSigns
from bot.nlu.vectors import Vectorizer

FAQ = "faq"
"""The kind of all questions of the FAQ together."""


@dataclass(frozen=True)
class Reading:
    """One message understood.

    Attributes:
        kinds: intents with probabilities that add up to one, best first; FAQ with the likeliest topic
            ("faq/hijri-date").
        services: services with the probability of each, best first.
        several: the probability that it fits several of them.
        foreign: the probability that the message is out of scope.
        topic_margin: how clearly the likeliest topic of the FAQ is the one among all of them; above 0 the message has
            its words, whatever its kind.
    """

    kinds: tuple[tuple[str, float], ...]
    services: tuple[tuple[str, float], ...]
    several: float
    foreign: float
    topic_margin: float


@dataclass(frozen=True)
class Understanding:
    """Everything learnt: one vocabulary, linear models over it, and what weighs them.

    `topics` tells the questions of the FAQ apart, once a message is known to ask one.
    """

    vectorizer: Vectorizer
    kinds: LinearModel
    temperature: float
    topics: LinearModel
    services: LinearModel
    ranking: Ranking
    ambiguity: Ambiguity
    scope: Scope

    def read(self, words: Sequence[str], scores: Mapping[str, float]) -> Reading:
        """Understand normalised words; `scores` are the services that the catalogue's search finds in them."""
        vector = self.vectorizer.vector(words)
        margins = self.kinds.margins(vector)
        evidence = Evidence.of(self.services.labels, self.services.margins(vector), scores)
        services = self.ranking.rank(evidence)
        known = self.vectorizer.share_known(words)
        signs = ScopeSigns.of(self.kinds.labels, margins, evidence, services, known)
        odds = softmax(margins, self.temperature)
        topics = self.topics.margins(vector)
        topic = self.topics.labels[int(topics.argmax())]
        named = [topic if label == FAQ else label for label in self.kinds.labels]
        kinds = tuple((named[place], float(odds[place])) for place in np.argsort(-odds))
        several = self.ambiguity.probability(evidence, services)
        return Reading(kinds, tuple(services), several, self.scope.foreign(signs), float(topics.max()))
