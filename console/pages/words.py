"""How the console says things: Arabic in templates and code, English out of `english.yml` files beside the rooms.

Arabic is the source: `t("صندوق الأسئلة")`. A sentence without an English one is shown in Arabic, and a test finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from settings.quiet import YEMEN

LANGUAGES = ("ar", "en")
WEEK = {6: "الأحد", 0: "الاثنين", 1: "الثلاثاء", 2: "الأربعاء", 3: "الخميس", 4: "الجمعة", 5: "السبت"}
"""In Yemen's order, by Python's numbers."""
_ROOMS = Path(__file__).parents[1]
_AGES = (
    (86_400, ("يوم", "يومين", "أيام", "يومًا"), "day"),
    (3600, ("ساعة", "ساعتين", "ساعات", "ساعة"), "hour"),
    (60, ("دقيقة", "دقيقتين", "دقائق", "دقيقة"), "minute"),
)


@cache
def english() -> Mapping[str, str]:
    """Every Arabic sentence that has an English one, of all rooms."""
    found: dict[str, str] = {}
    for path in sorted(_ROOMS.glob("*/english.yml")):
        found.update(YAML(typ="safe").load(path) or {})
    return found


def say(language: str, text: str, /, **values: object) -> str:
    """A sentence in a language, with its {names} filled in."""
    said = english().get(text, text) if language == "en" else text
    return said.format(**values) if values else said


def moment(at: datetime | None) -> str:
    """A date and a time by Yemen's clock."""
    return f"{at.astimezone(YEMEN):%Y-%m-%d %H:%M}" if at else ""


def ago(language: str, passed: timedelta) -> str:
    """How long ago, in the largest unit."""
    seconds = passed.total_seconds()
    for size, (one, two, few, many), name in _AGES:
        if (number := int(seconds // size)) >= 1:
            if language == "en":
                return f"{number} {name}{'s' if number > 1 else ''} ago"
            counted = {1: one, 2: two}.get(number, f"{number} {few if 3 <= number % 100 <= 10 else many}")
            return f"منذ {counted}"
    return "just now" if language == "en" else "الآن"
