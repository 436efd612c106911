"""A citizen asks one of the questions that ministry staff keep (nlu_data/faq)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, channel_of, say
from integrations.catalogue import live


class ActionFaq(Action):
    """Answers with the response of the topic that fits the deployment's jurisdiction and the channel."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_faq"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Say the answer of the topic in the message's property `topic`."""
        responses = domain["responses"][f"utter_{tracker.latest_message['topic']}"]
        text = choose(responses, live.shared().jurisdiction, channel_of(tracker))
        say(dispatcher, Answer("faq", [text]))
        return []


def choose(responses: Sequence[Mapping[str, Any]], jurisdiction: str, channel: str) -> str:
    """The text for a jurisdiction and a channel: exact channel first, then the one for all channels.

    Raises:
        LookupError: no response holds in this jurisdiction.
    """
    valid = [
        item for item in responses if (item.get("metadata") or {}).get("jurisdiction") in (jurisdiction, "BOTH", None)
    ]
    for wanted in (channel, None):
        for item in valid:
            if item.get("channel") == wanted:
                return str(item["text"])
    raise LookupError(f"no answer for {jurisdiction}")
