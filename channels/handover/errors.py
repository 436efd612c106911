"""Errors of the handover; the tree is drawn in the package docstring."""

from __future__ import annotations

from channels.errors import ChannelError


class HandoverError(ChannelError):
    """Base of the handover's errors. Their text is for logs: a page says it in its own words."""


class UnknownHandover(HandoverError):
    """There is no such request."""


class AlreadyHeld(HandoverError):
    """Another member of staff has the conversation."""

    def __init__(self, holder: str) -> None:
        super().__init__("held by another member of staff")
        self.holder = holder


class NotHeld(HandoverError):
    """Nobody has the conversation, or the request is over."""

    def __init__(self, state: str, reason: str | None = None) -> None:
        super().__init__(f"the request is {state}")
        self.state, self.reason = state, reason


class ReplyRefused(HandoverError):
    """The reply says nothing, or its channel would have to cut it."""


class WrongHours(HandoverError):
    """Hours or holidays that overlap, or make no sense."""


class WrongAnswer(HandoverError):
    """A canned answer without a title or a text, or too long."""
