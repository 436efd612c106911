"""From the services that search found to what is done: answer, ask which, or admit that nothing fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_OFFERED = 5
SURE = 0.7
"""Probability from which a service that is alone is answered without asking whether another was meant."""
POSSIBLE = 0.15
"""Probability below which a service is not named at all."""
LEAVES_CONTEXT = 0.4
"""The same in a conversation about a service, or while Dalil asks which: below it the message is about that."""
ASK = 0.4
"""Probability that a message fits several services from which the citizen is asked which."""
BESIDE = 0.1
"""Share of the best service's probability from which another is then offered beside it."""


@dataclass(frozen=True)
class Resolution:
    """`service` is meant (`sure`: hardly any other could be), or `options` are offered, or nothing is named."""

    service: str | None = None
    sure: bool = False
    options: tuple[str, ...] = ()


def resolve(
    found: Sequence[Mapping[str, Any]],
    context: str | None = None,
    *,
    several: float = 0.0,
    possible: float = POSSIBLE,
    among: Sequence[str] = (),
) -> Resolution:
    """Decide which service is meant: the likeliest, unless the message fits several.

    Args:
        found: `{"service", "score"}` best first; the score is the probability that the message is about it.
        context: the service the conversation is about; meant when none is named, and in a tie that it takes part in.
        several: the probability that it fits several of them.
        possible: the probability that the best must have to be named at all.
        among: the services that Dalil asked about; offered again when none is named, and preferred in a tie.
    """
    best = found[0]["score"] if found else 0.0
    if best < possible and among and context is None:
        return Resolution(options=tuple(among))
    if best < possible:
        return Resolution(service=context, sure=context is not None)
    tied = tuple(item["service"] for item in found if item["score"] >= BESIDE * best)[:MOST_OFFERED]
    if several < ASK or len(tied) == 1:
        return Resolution(service=tied[0], sure=best >= SURE)
    if context in tied:
        return Resolution(service=context, sure=True)
    narrowed = tuple(service for service in tied if service in among)
    if len(narrowed) == 1:
        return Resolution(service=narrowed[0], sure=True)
    return Resolution(options=narrowed or tied)
