"""A citizen asks one of the questions that ministry staff keep (nlu_data/faq)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, channel_of, is_short, say
from actions.rendering.phrases import date
from integrations.catalogue import live


class ActionFaq(Action):
    """Answers with the response of the topic that fits the deployment's jurisdiction and the channel."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_faq"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Say the answer of the topic in the message's property `topic`."""
        say(dispatcher, Answer("faq", [ministry_text(tracker.latest_message["topic"], tracker, domain)]))
        return []


def ministry_text(topic: str, tracker: Tracker, domain: Mapping[str, Any]) -> str:
    """The answer of a topic ("faq/working-days") with its source, for the citizen's channel and jurisdiction."""
    chosen = choose(domain["responses"][f"utter_{topic}"], live.shared().jurisdiction, channel_of(tracker))
    return str(chosen["text"]) if is_short(tracker) else f"{chosen['text']}{_source(chosen)}"


def response(name: str, tracker: Tracker, domain: Mapping[str, Any]) -> str:
    """A sentence of the domain, for the citizen's channel and jurisdiction."""
    return str(choose(domain["responses"][name], live.shared().jurisdiction, channel_of(tracker))["text"])


def _source(response: Mapping[str, Any]) -> str:
    """The line that names where an answer is from; SMS has no room for it, and answers without facts have none."""
    about = response.get("metadata") or {}
    if not about.get("source"):
        return ""
    when = f" ({date(str(about['published']))})" if about.get("published") else ""
    return f"\nالمصدر: {about['source']}{when}."


def choose(responses: Sequence[Mapping[str, Any]], jurisdiction: str, channel: str) -> Mapping[str, Any]:
    """The response for a jurisdiction and a channel: exact channel first, then the one for all channels.

    Raises:
        LookupError: no response holds in this jurisdiction.
    """
    valid = [
        item for item in responses if (item.get("metadata") or {}).get("jurisdiction") in (jurisdiction, "BOTH", None)
    ]
    for wanted in (channel, None):
        for item in valid:
            if item.get("channel") == wanted:
                return item
    raise LookupError(f"no answer for {jurisdiction}")
