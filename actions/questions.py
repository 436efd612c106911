"""What a message asks: one question for each thing that is asked of each service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction

from actions.rendering.answers import KINDS
from actions.several import Found, several
from integrations.catalogue.search import SearchIndex

SERVICE, APPLICATION = "action_service_information", "action_application"
"""The actions that a message with several questions may need."""
_OF_APPLICATIONS = frozenset({"status", "follow", "lost_reference"})


@dataclass(frozen=True)
class Question:
    """kind: None where the message only names a service. text: its own words. found: services named in it.

    chosen: it is one of the choices that were offered. several: the probability that it fits several of `found`.
    """

    kind: str | None
    text: str
    found: Found
    chosen: bool = False
    several: float = 0.0


def questions(tracker: Tracker, index: SearchIndex) -> list[Question]:
    """The questions of the message, in order."""
    message = tracker.latest_message
    asked = [item for item in _asked(tracker) if item["kind"] not in _OF_APPLICATIONS]
    chosen = next(tracker.get_latest_entity_values("service"), None)
    about = chosen or (message.get("metadata") or {}).get("about")
    if about:
        named = [{"service": about, "score": 1.0}]
        return [Question(_kind(item), message.get("text") or "", named, chosen is not None) for item in asked]
    return [question for item in asked for question in _of(item, message.get("text") or "", index)]


def of_application(tracker: Tracker) -> Mapping[str, Any]:
    """The question about an application, which a message has one of at most: its kind, and the services in it."""
    return next(item for item in _asked(tracker) if item["kind"] in _OF_APPLICATIONS)


def then(tracker: Tracker, done: str) -> list[Any]:
    """What is to be done after an action of a message whose questions need two: the other one, or nothing more."""
    needed = [APPLICATION if item["kind"] in _OF_APPLICATIONS else SERVICE for item in _asked(tracker)]
    needed = list(dict.fromkeys(needed))
    if len(needed) < 2:
        return []
    return [FollowupAction("action_listen" if done == needed[-1] else needed[-1])]


def _asked(tracker: Tracker) -> list[Mapping[str, Any]]:
    message = tracker.latest_message
    one = {"kind": message["intent"]["name"], "services": message.get("services")}
    return message.get("questions") or [one]


def _kind(item: Mapping[str, Any]) -> str | None:
    return item["kind"] if item["kind"] in KINDS else None


def _of(item: Mapping[str, Any], text: str, index: SearchIndex) -> Iterator[Question]:
    """One question for each service that `item` of the message's questions is about."""
    start, end = item.get("span") or (0, 0)
    said = text[start:end] if end else text
    listed = several(said, index)
    for part, found in listed:
        yield Question(_kind(item), part, found, several=float(len(found) > 1))
    if not listed:
        yield Question(_kind(item), said, item.get("services") or [], several=item.get("several", 0.0))
