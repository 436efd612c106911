"""How far a message is, by how far its parts are."""

from __future__ import annotations

from collections.abc import Iterable

from channels.tables import OutboxState

WAITING = (OutboxState.QUEUED, OutboxState.SENDING)
_WORST_FIRST = (OutboxState.FAILED, OutboxState.EXPIRED, OutboxState.UNKNOWN, OutboxState.ACCEPTED)


def worst_of(parts: Iterable[OutboxState]) -> OutboxState | None:
    """The state of the message: delivered only when all its parts are, and None while one waits, or there is none."""
    states = set(parts)
    if not states or states & set(WAITING):
        return None
    return next((state for state in _WORST_FIRST if state in states), OutboxState.DELIVERED)
