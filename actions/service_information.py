"""A citizen asks what a service needs, costs, how long it takes, where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, Choice, is_short, say
from actions.faq import ministry_text
from actions.rendering.answers import KINDS, SUBJECTS, is_known, render
from actions.resolution import MOST_OFFERED, Resolution, resolve
from arabic import words
from integrations.catalogue import live
from integrations.catalogue.live import Snapshot
from integrations.catalogue.model import PublicService
from integrations.catalogue.search import SURE, SearchIndex

_OFFERED_NEXT = ("requirements", "fees", "steps", "duration", "location")
_MOST_NEXT = 4
# "And the …", attached to the name; a bare و may belong to it (وكالة).
_AND_THE = ("وال", "ولل", "وبال", "وحق")
_GOING_ON = frozenset({"طيب", "كمان", "ايضا", "بالنسبه", "اما", "او"})
_IF_ANOTHER = "إن كنت تقصد خدمة أخرى فاكتب اسمها كاملا."
_IF_ANOTHER_SHORT = "إن قصدت خدمة أخرى فأرسل اسمها."


class ActionServiceInformation(Action):
    """Answers every question of the message that is about a service."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_service_information"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Answer, and remember the service and the question for what follows."""
        snapshot = live.shared().snapshot
        context = tracker.get_slot("service")
        remembered: list[Any] = []
        questions = _questions(tracker)
        for question in questions:
            named = _named(tracker, question, snapshot.index if len(questions) > 1 else None)
            # Opening hours are often asked of no service in particular.
            resolution = resolve(named, context, guess=question["kind"] != "hours")
            answer = _answer(question["kind"], resolution, snapshot, short=is_short(tracker))
            if answer.kind == "hours" and answer.service is None:
                answer = Answer("hours", [ministry_text("faq/working-days", tracker, domain)])
            say(dispatcher, answer)
            context = answer.service or context
            remembered = [SlotSet("service", context), SlotSet("question", question["kind"])]
        return remembered


def _questions(tracker: Tracker) -> list[dict[str, Any]]:
    """What is asked, in order; a message that only names a service, or agrees, asks what was asked before it."""
    asked = tracker.latest_message.get("questions") or [
        {"kind": tracker.latest_message["intent"]["name"], "span": None}
    ]
    return [{**question, "kind": _kind(question["kind"], tracker)} for question in asked]


def _kind(intent: str, tracker: Tracker) -> str:
    """What is asked; a message that only names a service asks what was left open, or goes on ("والجواز؟")."""
    if intent in KINDS:
        return intent
    before = tracker.get_slot("question")
    goes_on = not tracker.get_slot("service") or _goes_on(tracker.latest_message.get("text") or "")
    return before if before in KINDS and goes_on else "overview"


def _goes_on(text: str) -> bool:
    said = words(text)
    return bool(said) and (said[0].startswith(_AND_THE) or said[0] in _GOING_ON)


def _named(tracker: Tracker, question: Mapping[str, Any], index: SearchIndex | None) -> Sequence[Mapping[str, Any]]:
    """The services named in the question itself, else anywhere in the message.

    `index` is given when the message asks several questions: the words of one must not count for another's service.
    """
    chosen = next(tracker.get_latest_entity_values("service"), None)
    if chosen:
        return [{"service": chosen, "score": 1.0}]
    found: list[dict[str, Any]] = tracker.latest_message.get("services") or []
    span = question.get("span")
    if not span:
        return found
    if index is not None:
        own = index.search(tracker.latest_message["text"][span[0] : span[1]], limit=MOST_OFFERED)
        if own and own[0].score >= SURE:
            return [{"service": hit.service, "score": hit.score} for hit in own]
    inside = [item for item in found if any(start < span[1] and span[0] < end for start, end in item["spans"])]
    return inside or found


def _answer(kind: str, resolution: Resolution, snapshot: Snapshot, *, short: bool) -> Answer:
    if len(resolution.options) > 0:
        return _which(kind, resolution.options, snapshot, short=short)
    service = snapshot.services.get(resolution.service or "")
    if service is None:
        return _which_service(kind, short=short)
    text = render(kind, service, short=short).text
    if resolution.service and not resolution.sure:
        text = f"{text}\n{_IF_ANOTHER_SHORT if short else _IF_ANOTHER}"
    return Answer(kind, [text], service=service.id, choices=() if short else _next(kind, service))


def _which(kind: str, options: Sequence[str], snapshot: Snapshot, *, short: bool) -> Answer:
    about = "" if kind == "overview" else f" عن {SUBJECTS[kind]}"
    offered = [snapshot.services[option] for option in options if option in snapshot.services]
    return Answer(
        "ambiguous",
        ["أيها تقصد؟" if short else f"أكثر من خدمة تناسب سؤالك{about}. أيها تقصد؟"],
        options=[service.id for service in offered],
        choices=[Choice(service.name, kind, service.id) for service in offered],
    )


def _which_service(kind: str, *, short: bool) -> Answer:
    about = "" if kind == "overview" else f" لأخبرك عن {SUBJECTS[kind]}"
    text = f"عن أي خدمة تسأل؟ اكتب اسمها{about}."
    return Answer(kind, [text if short else f"{text} مثل: البطاقة الشخصية، جواز السفر، توثيق عقد الزواج."])


def _next(kind: str, service: PublicService) -> list[Choice]:
    """What else is known about the service and likely to be asked next."""
    others = [other for other in _OFFERED_NEXT if other != kind and is_known(other, service)]
    return [Choice(SUBJECTS[other], other, service.id) for other in others[:_MOST_NEXT]]
