"""Nothing fits: say so, offer what is nearest, never guess."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, Choice, is_short, say
from integrations.catalogue import live
from integrations.catalogue.search import POSSIBLE

_TEXT = (
    "لم أجد جوابا مؤكدا لهذا، فأنا أجيب عن الخدمات الحكومية في اليمن فقط. "
    "اكتب اسم الخدمة وما تريد معرفته عنها، مثل: «أوراق البطاقة الشخصية»، أو اكتب «مساعدة»."
)
_SMS = "لا نعرف جوابا لهذا. دليل للخدمات الحكومية في اليمن فقط. أرسل اسم الخدمة وما تريد معرفته، أو مساعدة."
_NEAREST = "إن كنت تقصد إحدى هذه الخدمات فاخترها:"
_MOST = 3


class ActionNotUnderstood(Action):
    """Admits it, with the nearest services as choices."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_not_understood"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Say so."""
        services = live.shared().snapshot.services
        found = tracker.latest_message.get("services") or []
        near = [
            services[item["service"]] for item in found if item["score"] >= POSSIBLE and item["service"] in services
        ]
        choices = [Choice(service.name, "overview", service.id) for service in near[:_MOST]]
        text = _SMS if is_short(tracker) else _TEXT
        say(dispatcher, Answer("out_of_scope", [f"{text}\n{_NEAREST}" if choices else text], choices=choices))
        return []
