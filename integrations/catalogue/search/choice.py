"""From hits to a choice: nothing, one clear service, or several to ask about."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.catalogue.model import Hit

SURE = 0.7
POSSIBLE = 0.45
MARGIN = 0.12


def shortlist(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits worth telling the citizen: those possible and within MARGIN of the best.

    One hit is clear only when its score is SURE or more; a single hit below that is a guess to confirm.
    """
    near = [hit for hit in hits if hit.score >= POSSIBLE]
    return tuple(hit for hit in near if hit.score > near[0].score - MARGIN)
