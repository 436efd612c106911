"""A change as it is kept until it is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from integrations.exchange.model import Change

_CHANGE = TypeAdapter(Change)
LOST: dict[str, Any] = {"lost": True}
"""In place of a change: the agency does not know the subscription any more."""


def dumped(change: Change) -> dict[str, Any]:
    """The change as JSON values, without its subscription."""
    values: dict[str, Any] = _CHANGE.dump_python(change, mode="json", exclude={"subscription"}, exclude_none=True)
    return values


def loaded(values: dict[str, Any], subscription: str) -> Change | None:
    """The change again; None for LOST."""
    return None if values == LOST else _CHANGE.validate_python({"subscription": subscription, **values})


def is_news(change: Change, word: str | None, at: datetime | None) -> bool:
    """Whether the citizen, who knows that it is `word` since `at`, does not know this. `at` None: since whenever."""
    return change.word != word or (at is not None and change.at != at)
