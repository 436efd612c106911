"""From the services that search found to what is done: answer, ask which, or admit that nothing fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.catalogue.search import MARGIN, POSSIBLE, SURE

MOST_OFFERED = 5


@dataclass(frozen=True)
class Resolution:
    """`service` is meant (`sure`: its own words were said), or `options` are offered, or nothing is named."""

    service: str | None = None
    sure: bool = False
    options: tuple[str, ...] = ()


def resolve(found: Sequence[Mapping[str, Any]], context: str | None = None) -> Resolution:
    """Decide which service is meant: the one clearly ahead of all others, else those side by side.

    Args:
        found: `{"service", "score"}` best first, as the ServiceFinder gives them.
        context: the service the conversation is about; it settles a tie that it takes part in.
    """
    likely = [item for item in found if item["score"] >= POSSIBLE]
    if not likely:
        return Resolution()
    best = likely[0]["score"]
    tied = tuple(item["service"] for item in likely if item["score"] > best - MARGIN)[:MOST_OFFERED]
    if len(tied) == 1:
        return Resolution(service=tied[0], sure=best >= SURE)
    if context in tied:
        return Resolution(service=context, sure=True)
    return Resolution(options=tied)
