"""What a message asks, about which service, and whether it is for us: the learnt part of the pipeline."""

from __future__ import annotations

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
from bot.components.services import SERVICES, search
from bot.nlu import files, questions
from bot.nlu.courtesies import without_courtesies
from bot.nlu.decision import Decision, decide, is_faq
from bot.nlu.examples import Example, services_of
from bot.nlu.features import REFERENCE
from bot.nlu.understanding import Understanding
from integrations.exchange.references import find_reference

QUESTIONS = "questions"
"""Message property: what is asked, in order: `[{"kind": intent, "confidence": 0..1, "span": [start, end],
"services": as SERVICES, "several": the probability that it fits several of these}, …]`."""

CONTEXT = "context"
"""Key of a message's metadata: the service that its conversation is about, or None."""

TOPIC = "topic"
"""Message property: the intent in full; for `faq` with its topic, as "faq/working-days"."""

NEARBY_TOPIC = "nearby_topic"
"""Message property: beside a question that the catalogue answers, the likeliest topic of the FAQ:
`{"topic": "faq/hijri-date", "confidence": 0..1, "margin": as Reading.topic_margin}`; else None."""

_NAMED = 0.5
"""Probability of a service from which a part of a message is about that one and no other."""

ANSWERED_FROM_CATALOGUE = frozenset(
    {"requirements", "fees", "steps", "duration", "location", "hours", "eligibility", "overview"}
)
ABOUT_AN_APPLICATION = frozenset({"status", "follow", "lost_reference"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MessageReader(GraphComponent, IntentClassifier):
    """Sets intent, services and questions of each message."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs words."""
        from bot.components.tokenizer import ArabicTokenizer

        return [ArabicTokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options: see config.yml, which says why each has its value."""
        return {"foreign": 0.5, "foreign_follow_up": 0.5, "follow_up_words": 6, "second_question": 0.5, "ranking": 5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageReader:
        """Rasa's constructor for training."""
        return cls(config, model_storage, resource)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        understanding: Understanding | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._understanding = understanding

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples and keep what was learnt in the model."""
        from bot.nlu.training import train

        examples = [_example(message) for message in training_data.intent_examples]
        self._understanding = train(examples, search)
        with self._model_storage.write_to(self._resource) as folder:
            files.save(self._understanding, folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> MessageReader:
        """Rasa's constructor for answering."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, files.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, services and questions of each message."""
        for message in messages:
            if message.get(TEXT):
                self._read(message)
        return messages

    def _read(self, message: Message) -> None:
        text, words = message.get(TEXT), _words(message)
        context = (message.get("metadata") or {}).get(CONTEXT)
        whole = self._decide(text, words, context)
        alone = _question(whole, words)
        asked = self._questions(text, words, context)
        if len(asked) == 1 and (_names_a_service(alone) or alone["kind"] not in ANSWERED_FROM_CATALOGUE):
            asked = []
        kinds = list(whole.kinds)
        if asked:
            kinds.insert(0, (asked[0]["kind"], asked[0]["confidence"]))
        asked = asked or [alone]
        top = [
            {INTENT_NAME_KEY: name.partition("/")[0], PREDICTED_CONFIDENCE_KEY: confidence}
            for name, confidence in kinds[: self._config["ranking"]]
        ]
        message.set(TOPIC, kinds[0][0], add_to_output=True)
        message.set(NEARBY_TOPIC, _nearby(kinds, whole.topic_margin), add_to_output=True)
        message.set(INTENT, top[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, top, add_to_output=True)
        message.set(SERVICES, _services(whole), add_to_output=True)
        message.set(QUESTIONS, asked, add_to_output=True)

    def _decide(self, text: str, words: Sequence[Word], context: str | None) -> Decision:
        if self._understanding is None:
            raise RuntimeError("the model has not been trained")
        said = said_words([word.text for word in words], text)
        # In the middle of a conversation few words are enough to be understood.
        follows = context is not None and len(words) <= self._config["follow_up_words"]
        foreign = self._config["foreign_follow_up" if follows else "foreign"]
        return decide(self._understanding.read(said, search(text)), foreign)

    def _questions(self, text: str, words: Sequence[Word], context: str | None) -> list[dict[str, Any]]:
        """The questions of a message that asks several different things; empty when it asks one.

        One, where whatever else is asked is of the application that it is about ("where is it, and what is to pay").
        """
        parts = questions.split(text, words)
        if len(parts) < 2:
            return []
        asked = []
        for part in parts:
            chosen = [words[place] for place in part]
            own = text[chosen[0].start : chosen[-1].end]
            decision = self._decide(own, chosen, context)
            kind, confidence = decision.kinds[0]
            if confidence >= self._config["second_question"] and kind in ANSWERED_FROM_CATALOGUE | ABOUT_AN_APPLICATION:
                asked.append(_question(decision, chosen))
        asked = _with_one_application(asked)
        for question in asked[1:]:
            # "وكم رسومه" is about the service of the question before, whatever faint names are in its words.
            if question["services"] and question["services"][0]["score"] < _NAMED:
                question["services"] = []
        kinds = {question["kind"] for question in asked}
        named = {question["services"][0]["service"] for question in asked if _names_a_service(question)}
        several = len(kinds) > 1 or len(named) > 1
        return asked if several or any(question["kind"] in ABOUT_AN_APPLICATION for question in asked) else []


def _nearby(kinds: Sequence[tuple[str, float]], margin: float) -> dict[str, Any] | None:
    if kinds[0][0] not in ANSWERED_FROM_CATALOGUE:
        return None
    topics = ({"topic": kind[0], "confidence": kind[1], "margin": margin} for kind in kinds if is_faq(kind))
    return next(topics, None)


def _with_one_application(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what else is said of an application: "when is it ready" after "where is it" asks nothing of its own."""
    about = [question for question in asked if question["kind"] in ABOUT_AN_APPLICATION]
    if not about:
        return asked
    return [one for one in asked if one is about[0] or (one not in about and _names_a_service(one))]


def _names_a_service(question: dict[str, Any]) -> bool:
    return bool(question["services"]) and question["services"][0]["score"] >= _NAMED


def said_words(words: Sequence[str], text: str) -> tuple[str, ...]:
    """The words of a message for the model: without courtesies, with a mark when it has an application number."""
    said = without_courtesies(words)
    return (*said, REFERENCE) if find_reference(text) else tuple(said)


def _words(message: Message) -> list[Word]:
    return [Word(token.text, token.start, token.end) for token in message.get(TOKENS_NAMES[TEXT]) or []]


def _example(message: Message) -> Example:
    text, label = message.get(TEXT), message.get("intent_response_key") or message.get(INTENT)
    metadata = (message.get("metadata") or {}).get("intent") or {}
    return Example(text, said_words([word.text for word in _words(message)], text), label, services_of(label, metadata))


def _question(decision: Decision, words: Sequence[Word]) -> dict[str, Any]:
    kind, confidence = decision.kinds[0]
    return {
        "kind": kind.partition("/")[0],
        "confidence": round(confidence, 4),
        "span": [words[0].start, words[-1].end] if words else [0, 0],
        "services": _services(decision),
        "several": round(decision.several, 4),
    }


def _services(decision: Decision) -> list[dict[str, Any]]:
    return [{"service": service, "score": round(score, 4)} for service, score in decision.services]
