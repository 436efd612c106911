"""A citizen asks where an application stands."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, is_short, reference_of, say, service_of

_NOT_CONNECTED = (
    "لا أستطيع بعد معرفة حالة المعاملات: أنظمة الجهات لم تربط بدليل حتى الآن. "
    "راجع المكتب الذي قدمت إليه طلبك ومعك سند التقديم."
)
_NOT_CONNECTED_SMS = "لا يمكن بعد معرفة حالة المعاملات من هنا. راجع المكتب الذي قدمت إليه ومعك سند التقديم."
_LOST = (
    "رقم المعاملة لا يعطى عبر المحادثة حفاظا على خصوصيتك. "
    "راجع المكتب الذي قدمت إليه طلبك ومعك وثيقة تثبت شخصيتك، واطلب رقم معاملتك."
)
_LOST_SMS = "رقم المعاملة لا يعطى بالرسائل. راجع المكتب الذي قدمت إليه ومعك ما يثبت شخصيتك."


class ActionApplication(Action):
    """Says honestly that no agency is connected; never guesses a state."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_application"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Answer by what was asked: the state, to be told of changes, or a lost number."""
        kind = tracker.latest_message["intent"]["name"]
        short = is_short(tracker)
        if kind == "lost_reference":
            text = _LOST_SMS if short else _LOST
        else:
            text = _NOT_CONNECTED_SMS if short else _NOT_CONNECTED
        say(dispatcher, Answer(kind, [text], service=service_of(tracker), reference=reference_of(tracker)))
        return []
