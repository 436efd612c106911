"""The conversation itself: greetings, help, cancelling, starting over."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, channel_of, say, service_of
from actions.faq import choose
from integrations.catalogue import live

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
_ABOUT_A_SERVICE = frozenset({"human", "complaint"})
_FORGETTING = frozenset({"cancel", "start_over"})


class ActionConversation(Action):
    """Says the sentence of the intent; cancelling and starting over forget what the conversation was about."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_conversation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Say it."""
        intent = tracker.latest_message["intent"]["name"]
        kind, response = _REPLIES[intent]
        text = choose(domain["responses"][response], live.shared().jurisdiction, channel_of(tracker))["text"]
        say(dispatcher, Answer(kind, [text], service=service_of(tracker) if intent in _ABOUT_A_SERVICE else None))
        return [SlotSet("service", None), SlotSet("question", None)] if intent in _FORGETTING else []
