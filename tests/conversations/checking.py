"""Whether a reply is what a conversation expects, and what no reply may ever be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actions.rendering.answers import KINDS
from integrations.catalogue.live import Snapshot
from tests.conversations.reading import NONE

# What only programmers know: identifiers, templates, tags, values of Python.
_LEAK = re.compile(r"utter_|action_|slot|intent|Traceback|\bNone\b|\bnull\b|[{}<>_]|\brasa\b", re.IGNORECASE)
_OPTION = re.compile(r"option (\d)|last option")
_AT_LEAST = re.compile(r"at least (\d+)")
_LONGEST = {"web": 4000, "telegram": 4000, "sms": 1200}


def mismatches(expected: Mapping[str, Any], reply: Mapping[str, Any], offered: Sequence[str]) -> Iterator[str]:
    """Each way in which the reply is not what was expected; `offered` are the services that Dalil asked about last."""
    for name, wanted in expected.items():
        meant = _meant(name, wanted, offered)
        if not _CHECKS[name](meant, reply):
            yield f"{name}: {wanted}"


def _meant(name: str, wanted: Any, offered: Sequence[str]) -> Any:
    if name == "also" and wanted != NONE:
        return [{**answer, "service": _offered(answer["service"], offered)} for answer in wanted]
    return _offered(wanted, offered) if name == "service" else wanted


def _offered(wanted: Any, offered: Sequence[str]) -> Any:
    """The service that "option 2" or "last option" stands for; anything else is itself."""
    place = _OPTION.fullmatch(str(wanted))
    if not place:
        return wanted
    number = int(place.group(1) or 0)
    return offered[number - 1] if number <= len(offered) and offered else "لم يعرض"


def said(reply: Mapping[str, Any]) -> str:
    """All texts of a reply."""
    return "\n".join(message["text"] for message in reply["messages"])


def titles(reply: Mapping[str, Any]) -> list[str]:
    """The titles of all choices of a reply."""
    return [choice["title"] for message in reply["messages"] for choice in message["choices"]]


def faults(reply: Mapping[str, Any], channel: str, snapshot: Snapshot) -> Iterator[str]:
    """What must hold of every reply: nothing leaks, and whoever is answered reads about which service."""
    text = said(reply)
    leak = _LEAK.search("\n".join([text, *titles(reply)]))
    if leak:
        yield f"تسرب في الرد: {leak.group()}"
    if not text.strip() or len(text) > _LONGEST[channel] * len(reply["messages"]):
        yield "رد فارغ أو طويل جدا"
    for answer in (reply, *reply.get("also", ())):
        if answer["kind"] in KINDS and answer["service"] and snapshot.services[answer["service"]].name not in text:
            yield f"الرد لا يذكر اسم الخدمة {answer['service']}"


def _one_of(wanted: Any, given: Any) -> bool:
    allowed = wanted if isinstance(wanted, list) else [wanted]
    return given in [None if item in (NONE, None) else item for item in allowed]


def _choices(wanted: Any, reply: Mapping[str, Any]) -> bool:
    count = len(titles(reply))
    at_least = _AT_LEAST.fullmatch(str(wanted))
    return count >= int(at_least.group(1)) if at_least else count == (0 if wanted == NONE else wanted)


def _also(wanted: Any, reply: Mapping[str, Any]) -> bool:
    given = reply.get("also", [])
    if wanted == NONE:
        return not given
    return len(wanted) == len(given) and all(
        _one_of(want["kind"], answer["kind"]) and _one_of(want["service"], answer["service"])
        for want, answer in zip(wanted, given, strict=True)
    )


_CHECKS = {
    "kind": lambda wanted, reply: _one_of(wanted, reply["kind"]),
    "service": lambda wanted, reply: _one_of(wanted, reply["service"]),
    "reference": lambda wanted, reply: _one_of(wanted, reply["reference"]),
    "options": lambda wanted, reply: set(wanted) <= set(reply["options"]),
    "choices": _choices,
    "also": _also,
    "says": lambda wanted, reply: all(part in said(reply) for part in wanted),
    "never_says": lambda wanted, reply: not any(part in said(reply) for part in wanted),
}
