"""Errors of the SMS channel; the tree is drawn in the package docstring."""

from __future__ import annotations

from typing import Literal

from channels.errors import ChannelError

NumberFault = Literal["alphanumeric", "short_code", "not_a_mobile", "foreign", "own", "malformed"]


class SmsError(ChannelError):
    """Base of the errors of the SMS channel."""


class TextUnsendable(SmsError):
    """No SMS encoding can hold the text without damage."""


class NumberRefused(SmsError):
    """The sender is not a citizen's telephone that may be answered; `fault` says why. Never holds the number."""

    def __init__(self, fault: NumberFault) -> None:
        super().__init__(fault)
        self.fault = fault


class UnknownState(SmsError):
    """A delivery receipt with a code that the provider's table does not have: an alarm, never a guess."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:40]
