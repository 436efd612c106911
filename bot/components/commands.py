"""Commands: messages that are nothing but one of a few words, understood with certainty everywhere.

Stopping and starting count only so: "كيف أوقف شريحتي" is no wish to be left alone.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from arabic import words
from bot.components.kinds import QUESTIONS, TOPIC

_COMMANDS = {
    "cancel": ("إلغاء", "الغ", "ألغي", "الغي", "كنسل", "بطلت", "خلاص بطلت", "cancel"),
    "help": ("مساعدة", "ساعدني", "المساعدة", "تعليمات", "help", "؟"),
    "start_over": ("القائمة", "قائمة", "القائمة الرئيسية", "من جديد", "ابدأ من جديد", "menu"),
    "stop": ("إيقاف", "أوقف", "وقف", "توقف", "إلغاء الاشتراك", "stop", "unsubscribe", "end"),
    "start": ("ابدأ", "بدء", "اشتراك", "start", "subscribe"),
    "human": ("موظف", "انسان", "بشر", "خدمة العملاء"),
}
_MEANING = {tuple(words(spelling)): intent for intent, spellings in _COMMANDS.items() for spelling in spellings}


def command(text: str) -> str | None:
    """The intent of a message that is one command and nothing else, or None."""
    said = tuple(words(text))
    return _MEANING.get(said) if said else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CommandFinder(GraphComponent):
    """Overrules the classifier for commands."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CommandFinder:
        """Rasa's constructor of graph components."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message that is a command."""
        for message in messages:
            intent = command(message.get(TEXT) or "")
            if intent:
                sure = {"name": intent, "confidence": 1.0}
                message.set(INTENT, sure, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [sure], add_to_output=True)
                message.set(TOPIC, intent, add_to_output=True)
                message.set(QUESTIONS, [{"kind": intent, "confidence": 1.0, "span": [0, 0]}], add_to_output=True)
        return messages
