"""Errors of the channels; the tree is drawn in the package docstring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ChannelError(Exception):
    """Base of the channel errors."""


class MalformedRequest(ChannelError):
    """A provider's request cannot be read: 400."""


class Unauthenticated(ChannelError):
    """A request without the right secret or signature: 403, before anything of it is parsed."""


class AssistantError(ChannelError):
    """The assistant gave no usable reply."""


class AssistantUnavailable(AssistantError):
    """Down, late, overloaded or talking nonsense: another attempt with the same id may succeed."""


class AssistantRefused(AssistantError):
    """It will never take this message (our fault: 400, 401, 413, 422)."""


class StartupError(ChannelError):
    """The gateway cannot start; the message is one line for the operator."""


class NoticeRefused(ChannelError):
    """A notice, or the stop of a channel, that cannot be made; `faults` are notices.limits.Fault."""

    def __init__(self, faults: Sequence[Any]) -> None:
        super().__init__(", ".join(fault.what.value for fault in faults))
        self.faults = tuple(faults)
