"""The FAQ as its editors keep it: which text of an answer is said on a channel, in a jurisdiction, on a day.

An answer is a Rasa response: `text`, perhaps `channel`, and `metadata` with `jurisdiction` (SAN, ADE, BOTH), `source`,
`published`, and perhaps `valid_from` and `valid_until` (ISO dates, both included). Training adds its topic's `title`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from settings.quiet import YEMEN


def title_of(text: str) -> str:
    """The title of a file of the FAQ: its first comment."""
    return next((line.lstrip("#").strip() for line in text.splitlines()[:5] if line.startswith("#")), "")


def choose(
    responses: Sequence[Mapping[str, Any]], jurisdiction: str, channel: str, today: date | None = None
) -> Mapping[str, Any]:
    """The response for a jurisdiction and a channel: exact channel first, then the one for all channels.

    Raises:
        LookupError: none holds in this jurisdiction, or today.
    """
    day = (today or datetime.now(YEMEN).date()).isoformat()
    valid = [item for item in responses if _holds(item.get("metadata") or {}, jurisdiction, day)]
    for wanted in (channel, None):
        for item in valid:
            if (item.get("channel") or None) == wanted:
                return item
    raise LookupError(f"no answer for {jurisdiction} on {day}")


def source_line(response: Mapping[str, Any], when: str = "") -> str:
    """The line that names where an answer is from, with `when` it was published; "" without a source."""
    source = (response.get("metadata") or {}).get("source")
    return f"\nالمصدر: {source}{f' ({when})' if when else ''}." if source else ""


def _holds(metadata: Mapping[str, Any], jurisdiction: str, day: str) -> bool:
    if metadata.get("jurisdiction") not in (jurisdiction, "BOTH", None):
        return False
    first, last = metadata.get("valid_from"), metadata.get("valid_until")
    return (not first or str(first) <= day) and (not last or day <= str(last))
