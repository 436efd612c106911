"""What a message asks: the intent, and every further question in the same message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from arabic import Word
from bot.components.references import find_reference
from bot.components.services import SERVICES
from bot.nlu import questions
from bot.nlu.features import features, placeholders
from bot.nlu.linear import LinearClassifier, probabilities_by_label
from integrations.catalogue.search import POSSIBLE, SURE

QUESTIONS = "questions"
"""Message property: `[{"kind": intent, "confidence": 0..1, "span": [start, end]}, …]`, in the order asked."""

TOPIC = "topic"
"""Message property: the intent in full; for `faq` with its topic, as "faq/working-days"."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KindClassifier(GraphComponent, IntentClassifier):
    """A linear classifier of intents that sees services as one placeholder."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs words and services."""
        from bot.components.services import ServiceFinder
        from bot.components.tokenizer import ArabicTokenizer

        return [ArabicTokenizer, ServiceFinder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options: see config.yml, which says why each has its value."""
        return {
            "strength": 1.0,
            "named": 0.6,
            "second_question": 0.6,
            "sure": 0.35,
            "foreign": 0.9,
            "doubtful": 0.6,
            "ranking": 5,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KindClassifier:
        """Rasa's constructor for training."""
        return cls(config, model_storage, resource)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classifier: LinearClassifier | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier on the intent examples and keep it in the model."""
        from bot.nlu.training import train

        examples = training_data.intent_examples
        counts = [self._features(*_words_and_services(message)) for message in examples]
        labels = [message.get("intent_response_key") or message.get(INTENT) for message in examples]
        self._classifier = train(counts, labels, strength=self._config["strength"])
        with self._model_storage.write_to(self._resource) as folder:
            self._classifier.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> KindClassifier:
        """Rasa's constructor for answering."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearClassifier.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and questions of each message."""
        for message in messages:
            if message.get(TEXT):
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        words, services = _words_and_services(message)
        ranking = self._ranking(words, services)
        found = self._questions(message.get(TEXT), words, services) or [_question(ranking[0], words)]
        if len(found) > 1:
            ranking = [(found[0]["kind"], found[0]["confidence"]), *ranking]
        top = [
            {INTENT_NAME_KEY: name.partition("/")[0], PREDICTED_CONFIDENCE_KEY: confidence}
            for name, confidence in ranking[: self._config["ranking"]]
        ]
        message.set(TOPIC, ranking[0][0], add_to_output=True)
        message.set(INTENT, top[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, top, add_to_output=True)
        message.set(QUESTIONS, found, add_to_output=True)

    def _ranking(self, words: Sequence[Word], services: Sequence[dict[str, Any]]) -> list[tuple[str, float]]:
        if self._classifier is None:
            raise RuntimeError("the classifier has not been trained")
        counts = self._features(words, services)
        ranking = [item for item in probabilities_by_label(self._classifier, counts) if item[0] not in WHOLE_MESSAGE]
        best, confidence = ranking[0]
        score = services[0]["score"] if services else 0.0
        if score < POSSIBLE and (not self._classifier.knows(counts) or confidence < self._config["sure"]):
            return [(OUT_OF_SCOPE, 1 - confidence), *ranking]
        foreign = self._config["foreign"] if score >= SURE else self._config["doubtful"]
        if best == OUT_OF_SCOPE and score >= POSSIBLE and confidence < foreign:
            return [item for item in ranking if item[0] != OUT_OF_SCOPE]
        return ranking

    def _questions(self, text: str, words: Sequence[Word], services: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The questions of a message that asks several different things; empty when it asks one."""
        parts = questions.split(text, words)
        if len(parts) < 2:
            return []
        asked = []
        for part in parts:
            chosen = [words[place] for place in part]
            best = self._ranking(chosen, services)[0]
            if best[1] >= self._config["second_question"] and best[0] in ANSWERED_FROM_CATALOGUE:
                asked.append(_question(best, chosen))
        kinds = {question["kind"] for question in asked}
        return asked if len(kinds) > 1 else []

    def _features(self, words: Sequence[Word], services: Sequence[dict[str, Any]]) -> Counter[str]:
        named = [service for service in services[:1] if service["score"] >= self._config["named"]]
        covered = frozenset(
            place
            for place, word in enumerate(words)
            if any(start < word.end and word.start < end for service in named for start, end in service["spans"])
        )
        texts = [word.text for word in words]
        extra = ["named" if named else "unnamed", f"length:{min(len(words), 4)}"]
        if find_reference(" ".join(texts)):
            extra.append("reference")
        return features(placeholders(texts, covered), (texts[place] for place in covered), extra)


OUT_OF_SCOPE = "out_of_scope"
# Words that end or begin what Dalil sends by itself count only alone; bot/components/commands.py finds them.
WHOLE_MESSAGE = frozenset({"stop", "start"})
ANSWERED_FROM_CATALOGUE = frozenset(
    {"requirements", "fees", "steps", "duration", "location", "hours", "eligibility", "overview"}
)


def _words_and_services(message: Message) -> tuple[list[Word], list[dict[str, Any]]]:
    tokens = message.get(TOKENS_NAMES[TEXT]) or []
    return [Word(token.text, token.start, token.end) for token in tokens], message.get(SERVICES) or []


def _question(best: tuple[str, float], words: Sequence[Word]) -> dict[str, Any]:
    span = [words[0].start, words[-1].end] if words else [0, 0]
    return {"kind": best[0], "confidence": round(best[1], 4), "span": span}
