"""From the services that search found to what is done: answer, ask which, or admit that nothing fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CLEAR = 0.5
"""Score from which the best service is taken as named."""
NEAR = 0.3
"""Score from which a service is worth offering."""
MARGIN = 0.12
"""How far behind the best a service still counts as equally meant."""
MOST_OFFERED = 5


@dataclass(frozen=True)
class Resolution:
    """`service` is clear, or `options` are offered, or (neither) the message names no service."""

    service: str | None = None
    options: tuple[str, ...] = ()


def resolve(found: Sequence[Mapping[str, Any]], context: str | None = None) -> Resolution:
    """Decide which service is meant.

    Args:
        found: `{"service", "score"}` best first, as the ServiceFinder gives them.
        context: the service the conversation is about; it settles a tie that it takes part in.
    """
    likely = [item for item in found if item["score"] >= NEAR]
    if not likely:
        return Resolution()
    best = likely[0]["score"]
    tied = tuple(item["service"] for item in likely if item["score"] >= best - MARGIN)[:MOST_OFFERED]
    if len(tied) == 1:
        return Resolution(service=tied[0]) if best >= CLEAR else Resolution(options=tied)
    if context in tied:
        return Resolution(service=context)
    return Resolution(options=tied)
