"""Which of the offered choices a message takes: a pressed button, its number, or its words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from arabic import normalise

_ORDINALS = {
    "1": ("الاول", "الاولي", "اول", "اولي", "واحد"),
    "2": ("الثاني", "الثانيه", "ثاني", "اثنين"),
    "3": ("الثالث", "الثالثه", "ثالث", "ثلاثه"),
    "4": ("الرابع", "الرابعه", "رابع", "اربعه"),
    "5": ("الخامس", "الخامسه", "خامس", "خمسه"),
}
_PLACES = {word: int(digit) for digit, spoken in _ORDINALS.items() for word in spoken}
_NUMBER = re.compile(r"^\W*(?:رقم|خيار|رقم\s+الخيار)?\s*(\d{1,2})\W*$")


def place_of(text: str) -> int | None:
    """The place (from 1) that a message such as "2", "٢)", "رقم 2" or "الثانية" names, or None."""
    plain = normalise(text)
    number = _NUMBER.match(plain)
    return int(number.group(1)) if number else _PLACES.get(plain)


def taken(offered: Sequence[Mapping[str, str]], text: str, choice: str | None) -> Mapping[str, str] | None:
    """The offered choice (`{"id", "title", "payload"}`) that the message takes, or None."""
    if not offered:
        return None
    place = place_of(text)
    words = normalise(text)
    for index, option in enumerate(offered, start=1):
        if choice == option["id"] or (choice is None and (place == index or normalise(option["title"]) == words)):
            return option
    return None


def beyond(offered: Sequence[Mapping[str, str]], text: str) -> bool:
    """Whether the message is nothing but a number, and no choice has it."""
    place = place_of(text)
    return bool(offered) and place is not None and not 1 <= place <= len(offered)


def service_of(option: Mapping[str, str]) -> str | None:
    """The service that a choice stands for, if it stands for one."""
    return next(
        (entity["value"] for entity in parse_data(option, "")["entities"] if entity["entity"] == "service"), None
    )


def parse_data(option: Mapping[str, str], text: str) -> dict[str, Any]:
    """What Rasa's NLU would say of a chosen option: its intent, sure, and its service as entity."""
    intent, _, entities = option["payload"].removeprefix("/").partition("{")
    named = json.loads("{" + entities) if entities else {}
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [{"entity": name, "value": value} for name, value in named.items()],
    }
