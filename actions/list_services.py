"""A citizen asks what services there are, or what an authority does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, Choice, is_short, say
from actions.memory import Memory
from arabic import stems
from integrations.catalogue import live
from integrations.catalogue.live import Snapshot
from integrations.catalogue.model import Authority, PublicService

_COMMON = ("id-card", "passport", "birth-registration", "notary-marriage", "notary-power-of-attorney")
_GENERAL = frozenset(stems("وزارة مصلحة هيئة مؤسسة إدارة عامة خدمات الخدمات في من ما ايش عند اليمن الجهة"))


class ActionListServices(Action):
    """Lists the services of an authority, or the authorities when none is named."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_list_services"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Answer with a list; it leaves the conversation's service alone."""
        snapshot = live.shared().snapshot
        authority = find_authority(tracker.latest_message.get("text") or "", snapshot.authorities)
        memory = Memory.of(tracker)
        # Whoever was asked for a service may look for its name here.
        kind = memory.asked.kinds[0] if memory.asked and memory.asked.open else "overview"
        say(dispatcher, _of(authority, snapshot) if authority else _all(snapshot, kind, short=is_short(tracker)))
        # What was offered before is not what this list offers.
        return [SlotSet("choices", None)]


def find_authority(text: str, authorities: Iterable[Authority]) -> Authority | None:
    """The authority whose name shares the largest part of its own words with the text, if at least half of them."""
    asked = set(stems(text)) - _GENERAL
    best, share = None, 0.0
    for authority in authorities:
        for name in (authority.name, *authority.also):
            own = set(stems(name)) - _GENERAL
            covered = len(own & asked) / len(own) if own else 0.0
            if covered > share:
                best, share = authority, covered
    return best if share >= 0.5 else None


def _of(authority: Authority, snapshot: Snapshot) -> Answer:
    offered = [service for service in snapshot.services.values() if service.authority.id == authority.id]
    lines = "\n".join(f"- {service.name}" for service in offered)
    return Answer("list_services", [f"خدمات {authority.name} في الدليل:\n{lines}\nاكتب اسم الخدمة لتعرف تفاصيلها."])


def _all(snapshot: Snapshot, kind: str, *, short: bool) -> Answer:
    common = [snapshot.services[service] for service in _COMMON if service in snapshot.services]
    count = len(snapshot.services)
    if short:
        names = "، ".join(service.name for service in common)
        return Answer("list_services", [f"في الدليل {count} خدمة، منها: {names}. أرسل اسم الخدمة أو الجهة."])
    lines = "\n".join(f"- {name}" for name in _authorities(snapshot.services.values()))
    text = f"في الدليل {count} خدمة تقدمها هذه الجهات:\n{lines}\nاكتب اسم الجهة أو الخدمة التي تريدها."
    return Answer("list_services", [text], choices=[Choice(service.name, kind, service.id) for service in common])


def _authorities(services: Iterable[PublicService]) -> list[str]:
    return list(dict.fromkeys(service.authority.name for service in services))
