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

from actions.insults import is_insult
from arabic import words
from bot.components.understanding import QUESTIONS, TOPIC
from bot.nlu.scope import OUT_OF_SCOPE

# fmt: off
_COMMANDS = {
    "cancel": ("إلغاء", "الغ", "ألغي", "الغي", "كنسل", "بطلت", "خلاص بطلت", "cancel"),
    "help": ("مساعدة", "ساعدني", "المساعدة", "تعليمات", "help", "؟"),
    "start_over": ("القائمة", "قائمة", "القائمة الرئيسية", "من جديد", "ابدأ من جديد", "menu"),
    "stop": ("إيقاف", "أوقف", "وقف", "توقف", "قف", "إلغاء الاشتراك", "الغ الاشتراك", "إلغاء اشتراكي", "إيقاف الاشتراك",
             "أوقف الاشتراك", "أوقفوا الرسائل", "وقفوا الرسائل", "إيقاف الرسائل", "أوقف الرسائل", "وقف الرسائل",
             "لا ترسلوا", "stop", "stop all", "unsubscribe", "end", "quit", "ايقاف stop"),
    "start": ("ابدأ", "بدء", "اشتراك", "اشترك", "بدء الاشتراك", "ابدأ الاشتراك", "تفعيل الاشتراك", "تفعيل الرسائل",
              "ابدأ الرسائل", "تفعيل", "start", "subscribe"),
    "status": ("حالة", "الحالة", "حالة طلب", "حالة معاملة", "حالة المعاملة", "حالة الطلب", "حالة طلبي", "حالة معاملتي",
               "متابعة", "متابعة معاملة", "استعلام", "استعلام عن معاملة", "status"),
    "human": ("موظف", "انسان", "بشر", "خدمة العملاء"),
    "deny": ("ولا واحد", "ولا واحد منهم", "ولا واحد منها", "ولا وحدة", "ولا شي", "غيرها", "غيرهم", "غير هذا", "غير هذه",
             "مش منهم", "مش منها", "مش هذا", "مش هذي", "مش هذه", "ليس منها", "لا شيء منها", "شي ثاني", "واحد ثاني",
             "لا هذا ولا ذاك", "مش موجود", "مش موجودة", "مش بينهم"),
}
# fmt: on
_MEANING = {tuple(words(spelling)): intent for intent, spellings in _COMMANDS.items() for spelling in spellings}


def command(text: str) -> str | None:
    """The intent of a message that is one command (or insult) and nothing else, or None."""
    said = tuple(words(text))
    if not said:
        return None
    return OUT_OF_SCOPE if is_insult(text) else _MEANING.get(said)


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
