"""The conversation itself: greetings, help, cancelling, starting over."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, is_short, say, service_of
from actions.applications.case import Case
from actions.asking import which_service
from actions.faq import response
from actions.memory import NOTHING, Memory, asking

# Intent to the kind of reply and the response of the domain.
_REPLIES = {
    "greeting": ("greeting", "utter_greeting"),
    "thanks": ("thanks", "utter_thanks"),
    "goodbye": ("goodbye", "utter_goodbye"),
    "help": ("help", "utter_help"),
    "human": ("human", "utter_human"),
    "complaint": ("complaint", "utter_complaint"),
    "cancel": ("cancelled", "utter_cancelled"),
    "deny": ("cancelled", "utter_deny"),
    "start_over": ("help", "utter_restart"),
    "stop": ("stop", "utter_stop"),
    "start": ("start", "utter_start"),
}
# These replies ask for the name of a service, to tell its authority.
_ABOUT_A_SERVICE = frozenset({"human", "complaint"})
_FORGETTING = frozenset({"cancel", "start_over"})


class ActionConversation(Action):
    """Says the sentence of the intent; cancelling and starting over forget what the conversation was about."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_conversation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Say it."""
        intent, memory = tracker.latest_message["intent"]["name"], Memory.of(tracker)
        if intent == "deny" and memory.open_options:
            return _none_of_them(dispatcher, tracker, memory)
        kind, name = _REPLIES[intent]
        service = service_of(tracker) if intent in _ABOUT_A_SERVICE else None
        say(dispatcher, Answer(kind, [response(name, tracker, domain)], service=service))
        return _remembered(intent, tracker, memory)


def _remembered(intent: str, tracker: Tracker, memory: Memory) -> list[Any]:
    if intent in _FORGETTING:
        return [*NOTHING.slots(tracker), *Case().slots()]
    if intent in _ABOUT_A_SERVICE and not memory.open_options:
        return asking(tracker, ("location",))
    if intent == "deny" and memory.question:
        # The service was wrong, the question was not.
        return asking(tracker, (memory.question,))
    return []


def _none_of_them(dispatcher: CollectingDispatcher, tracker: Tracker, memory: Memory) -> list[Any]:
    """None of the services that Dalil offered: ask for the name."""
    kinds = memory.asked.kinds if memory.asked else ("overview",)
    say(dispatcher, which_service(kinds, short=is_short(tracker)))
    return asking(tracker, kinds)
