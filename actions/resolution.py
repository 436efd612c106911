"""From the services that search found to what is done: answer, ask which, or admit that nothing fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.catalogue.search import MARGIN, POSSIBLE, SURE

MOST_OFFERED = 5
GUESS = 0.3
"""Score from which a service that is clearly ahead is taken as meant when nothing else is: said with a way out."""


@dataclass(frozen=True)
class Resolution:
    """`service` is meant (`sure`: its own words were said), or `options` are offered, or nothing is named."""

    service: str | None = None
    sure: bool = False
    options: tuple[str, ...] = ()


def resolve(found: Sequence[Mapping[str, Any]], context: str | None = None, *, guess: bool = False) -> Resolution:
    """Decide which service is meant: the one clearly ahead of all others, else those side by side.

    Args:
        found: `{"service", "score"}` best first, as the ServiceFinder gives them.
        context: the service the conversation is about; meant when none is named, and in a tie that it takes part in.
        guess: whether a faint name that is far ahead of any other may be taken, when there is no context.
    """
    likely = [item for item in found if item["score"] >= POSSIBLE]
    if not likely:
        return Resolution(service=context or (_guess(found) if guess else None), sure=context is not None)
    best = likely[0]["score"]
    tied = tuple(item["service"] for item in likely if item["score"] > best - MARGIN)[:MOST_OFFERED]
    if len(tied) == 1:
        return Resolution(service=tied[0], sure=best >= SURE)
    if context in tied:
        return Resolution(service=context, sure=True)
    return Resolution(options=tied)


def _guess(found: Sequence[Mapping[str, Any]]) -> str | None:
    best, second = ([item["score"] for item in found[:2]] + [0.0, 0.0])[:2]
    return str(found[0]["service"]) if best >= GUESS and best - second >= MARGIN else None
