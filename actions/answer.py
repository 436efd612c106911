"""The shape of everything an action says: what it is, its texts, and the choices it offers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.resolution import resolve


@dataclass(frozen=True)
class Choice:
    """A choice offered: what it says, and the question it stands for.

    agency, proof: of an application. topic: of the FAQ, by its file's name.
    """

    title: str
    intent: str
    service: str | None = None
    agency: str | None = None
    proof: str | None = None
    topic: str | None = None

    def payload(self) -> str:
        """Rasa's form of a chosen intent, so that buttons work in `rasa shell` too."""
        named = {"service": self.service, "agency": self.agency, "proof": self.proof, "topic": self.topic}
        entities = {name: value for name, value in named.items() if value}
        return f"/{self.intent}" + (json.dumps(entities) if entities else "")


@dataclass(frozen=True)
class Answer:
    """One answer; `kind`, `service`, `options` and `reference` are those of the reply (design, section 3).

    asks: whether it asks the citizen back. also: kinds of further questions that it asks back for at once.
    faq: the topic of the ministries' questions that it answers, by its file's name.
    """

    kind: str
    texts: Sequence[str]
    service: str | None = None
    options: Sequence[str] = ()
    reference: str | None = None
    choices: Sequence[Choice] = field(default_factory=tuple)
    asks: bool = False
    also: Sequence[str] = ()
    faq: str | None = None


def say(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """Utter an answer: its texts in order, the choices with the last of them, what it is with the first."""
    offered = [choice.topic for choice in answer.choices if choice.topic]
    about = {
        "kind": answer.kind,
        "service": answer.service,
        "options": list(answer.options),
        "reference": answer.reference,
        **({"also": list(answer.also)} if answer.also else {}),
        **({"faq": answer.faq} if answer.faq else {}),
        **({"offers": offered} if offered else {}),
    }
    for place, text in enumerate(answer.texts):
        last = place == len(answer.texts) - 1
        buttons = [{"title": choice.title, "payload": choice.payload()} for choice in answer.choices] if last else []
        dispatcher.utter_message(text=text, buttons=buttons, **({"answer": about} if place == 0 else {}))


def channel_of(tracker: Tracker) -> str:
    """web, telegram or sms: the channel of the message being answered."""
    metadata: dict[str, Any] = tracker.latest_message.get("metadata") or {}
    return str(metadata.get("channel") or "web")


def is_short(tracker: Tracker) -> bool:
    """Whether every character costs the citizen money."""
    return channel_of(tracker) == "sms"


def corrects(tracker: Tracker) -> bool:
    """Whether the message says what was meant instead (bot/engine/corrections.py)."""
    return bool((tracker.latest_message.get("metadata") or {}).get("corrects"))


def agrees(tracker: Tracker) -> bool:
    """Whether the message is a "yes"."""
    return bool(tracker.latest_message["intent"]["name"] == "affirm")


def reference_of(tracker: Tracker) -> str | None:
    """The application number in the message, if it has one."""
    return next(tracker.get_latest_entity_values("reference"), None)


def service_of(tracker: Tracker) -> str | None:
    """The service that the message names, if it names one."""
    return resolve(tracker.latest_message.get("services") or []).service
