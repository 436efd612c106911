"""What is offered beside an answer from the catalogue: what is likely asked next, and what may have been meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from actions.answer import Answer, Choice, is_short
from actions.faq import variant
from actions.rendering.answers import SUBJECTS, is_known
from integrations.catalogue.live import Snapshot
from integrations.catalogue.model import PublicService

_NEXT = ("requirements", "fees", "steps", "duration", "location")
_MOST_NEXT = 4


@dataclass(frozen=True)
class Nearness:
    """The least confidence and margin of a topic to be offered (NEARBY_TOPIC in bot/components/understanding.py)."""

    confidence: float
    margin: float


# Beside an answer, and beside the word that there is none (docs/decisions/0019-the-faq-beside-the-catalogue.md).
_BESIDE_AN_ANSWER, _INSTEAD_OF_NOTHING = Nearness(0.1, -0.5), Nearness(0.003, -0.1)


def offers(answers: Sequence[Answer], snapshot: Snapshot, tracker: Tracker, domain: Mapping[str, Any]) -> list[Choice]:
    """The choices beside the last of the answers; an SMS has room for one only where the catalogue has no answer."""
    last, short = answers[-1], is_short(tracker)
    service = snapshot.services.get(last.service or "")
    nothing = service is not None and not is_known(last.kind, service)
    near = nearby(tracker, domain, _INSTEAD_OF_NOTHING if nothing else _BESIDE_AN_ANSWER)
    instead = near if nothing or not short else []
    told = {answer.faq for answer in answers}
    following = _next(answers, service) if service and not short else []
    return [*following, *(choice for choice in instead if choice.topic not in told)]


def nearby(tracker: Tracker, domain: Mapping[str, Any], least: Nearness) -> list[Choice]:
    """The topic of the FAQ that may have been asked for instead, if it has an answer today."""
    found = tracker.latest_message.get("nearby_topic")
    if not found or found["confidence"] < least.confidence or found["margin"] < least.margin:
        return []
    try:
        title = (variant(f"utter_{found['topic']}", tracker, domain).get("metadata") or {}).get("title")
    except LookupError:
        return []
    return [Choice(title, "faq", topic=found["topic"].partition("/")[2])] if title else []


def _next(answers: Sequence[Answer], service: PublicService) -> list[Choice]:
    """What else is known about the service answered last and likely to be asked next."""
    told = {answer.kind for answer in answers if answer.service == service.id}
    others = [kind for kind in _NEXT if kind not in told and is_known(kind, service)]
    return [Choice(SUBJECTS[kind], kind, service.id) for kind in others[:_MOST_NEXT]]
