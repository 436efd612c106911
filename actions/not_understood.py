"""Nothing fits: say so, offer what is nearest, never guess."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import ellipsis
from actions.answer import Answer, Choice, is_short, say
from actions.applications.case import Case, Waits
from actions.faq import response
from actions.insults import is_insult
from actions.memory import Memory, asking
from actions.resolution import POSSIBLE
from actions.service_information import answer_all
from integrations.catalogue import live

_TEXT = (
    "لم أجد جوابا مؤكدا لهذا، فأنا أجيب عن الخدمات الحكومية في اليمن فقط. "
    "اكتب اسم الخدمة وما تريد معرفته عنها، مثل: «أوراق البطاقة الشخصية»، أو اكتب «مساعدة»."
)
_SMS = "لا نعرف جوابا لهذا. دليل للخدمات الحكومية في اليمن فقط. أرسل اسم الخدمة وما تريد معرفته، أو مساعدة."
_NEAREST = "إن كنت تقصد إحدى هذه الخدمات فاخترها:"
_AWAITED = {
    Waits.REFERENCE: "رقم المعاملة كما في سند التقديم. إن لم يكن معك فاكتب: ضاع رقم معاملتي",
    Waits.PROOF: "ما يثبت أن المعاملة لك",
    Waits.CODE: "الرمز الذي أرسلناه برسالة SMS",
}
_MOST = 3


class ActionNotUnderstood(Action):
    """Admits it, with the nearest services as choices."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_not_understood"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Say so; what only makes sense beside the question before it ("وللعيال؟") is answered with that."""
        if is_insult(tracker.latest_message.get("text") or ""):
            say(dispatcher, Answer("out_of_scope", [response("utter_insult", tracker, domain)]))
            return []
        if _continues(tracker):
            return answer_all(dispatcher, tracker, domain)
        return _admit(dispatcher, tracker)


def _continues(tracker: Tracker) -> bool:
    """Whether the message asks the last question again for a case that the conversation's service may have."""
    snapshot, memory = live.shared().snapshot, Memory.of(tracker)
    service = snapshot.services.get(memory.service or "")
    text = tracker.latest_message.get("text") or ""
    if service is None or memory.question is None or not ellipsis.is_circumstance(text):
        return False
    return ellipsis.is_own_case(text) or ellipsis.beside(service, text, snapshot.index) is not None


def _admit(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[Any]:
    services = live.shared().snapshot.services
    found = tracker.latest_message.get("services") or []
    near = [services[item["service"]] for item in found if item["score"] >= POSSIBLE and item["service"] in services]
    choices = [Choice(service.name, "overview", service.id) for service in near[:_MOST]]
    text = _SMS if is_short(tracker) else _TEXT
    waits = Case.of(tracker).waits
    if waits in _AWAITED and not choices:
        text = f"لم أفهم هذا. ما زلت أنتظر {_AWAITED[waits]}، أو اكتب: إلغاء."
    say(dispatcher, Answer("out_of_scope", [f"{text}\n{_NEAREST}" if choices else text], choices=choices))
    if not choices:
        return []
    return asking(tracker, ("overview",), [choice.service for choice in choices if choice.service])
