"""Who wants to be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Follower:
    """Who wants to be told of which application. word: the state that they know, as the agency names it."""

    conversation: str
    channel: str
    agency: str
    reference: str
    word: str | None
