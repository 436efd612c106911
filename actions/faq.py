"""A citizen asks one of the questions that ministry staff keep (nlu_data/faq)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, channel_of, is_short, say
from actions.rendering.phrases import date
from integrations.catalogue import live
from integrations.faq import choose, source_line

_OUTDATED = "انتهت صلاحية الجواب الذي عندنا عن هذا، ولم يصلنا جديد بعد. اسأل الجهة المعنية قبل أن تذهب."


class ActionFaq(Action):
    """Answers with the response of the topic that fits the deployment's jurisdiction and the channel."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_faq"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Say the answer of the topic that was chosen, or is in the message's property `topic`."""
        chosen = next(tracker.get_latest_entity_values("topic"), None)
        topic = f"faq/{chosen}" if chosen else str(tracker.latest_message["topic"])
        text = ministry_text(topic, tracker, domain)
        say(dispatcher, Answer("faq", [text], faq=topic.partition("/")[2]))
        return []


def ministry_text(topic: str, tracker: Tracker, domain: Mapping[str, Any]) -> str:
    """The answer of a topic ("faq/working-days") with its source, for the citizen's channel and jurisdiction."""
    try:
        chosen = variant(f"utter_{topic}", tracker, domain)
    except LookupError:
        return _OUTDATED
    return str(chosen["text"]) if is_short(tracker) else f"{chosen['text']}{_source(chosen)}"


def response(name: str, tracker: Tracker, domain: Mapping[str, Any]) -> str:
    """A sentence of the domain, for the citizen's channel and jurisdiction."""
    return str(variant(name, tracker, domain)["text"])


def variant(name: str, tracker: Tracker, domain: Mapping[str, Any]) -> Mapping[str, Any]:
    """The variant of a response for the citizen's channel and jurisdiction.

    Raises:
        LookupError: there is none, or none for them today.
    """
    return choose(domain["responses"][name], live.shared().jurisdiction, channel_of(tracker))


def _source(response: Mapping[str, Any]) -> str:
    """The line that names where an answer is from; SMS has no room for it, and answers without facts have none."""
    published = (response.get("metadata") or {}).get("published")
    return source_line(response, date(str(published)) if published else "")
