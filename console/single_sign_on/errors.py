"""What can go wrong with a provider; pages.py says it to the person, the log to the operator."""

from __future__ import annotations

from console.errors import ConsoleError


class ProviderError(ConsoleError):
    """Base. The message is for the operator and has nothing personal in it."""


class ProviderAway(ProviderError):
    """It cannot be reached, or what it answers is no answer of a provider."""


class NotProven(ProviderError):
    """It answered, and what it answered proves nothing."""
