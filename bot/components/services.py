"""The services of the live catalogue in a text.

Nothing of the catalogue is in the model: a service that is added to it is found at once, without training.
"""

from __future__ import annotations

from integrations.catalogue import live

SERVICES = "services"
"""Message property: `[{"service": id, "score": 0..1}, …]`, best first; the score is the probability of being meant."""

_CANDIDATES = 6


def search(text: str) -> dict[str, float]:
    """The services that the words of a text name, best first, with the score of integrations.catalogue.search."""
    hits = live.shared().snapshot.index.search(text, limit=_CANDIDATES)
    return {hit.service: round(hit.score, 4) for hit in hits}
