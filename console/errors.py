"""Errors of the console; the tree is drawn in the package docstring."""

from __future__ import annotations

from collections.abc import Mapping


class ConsoleError(Exception):
    """Base of the console's errors."""


class Problem(ConsoleError):
    """A request that is not carried out.

    `text` is Arabic, with {names} of `values`; pages translate it. `status` is HTTP's.
    """

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None, /, **values: object) -> None:
        super().__init__(status)
        self.status, self.text, self.values, self.headers = status, text, values, headers or {}


class CommandRefused(ConsoleError):
    """A command that cannot be carried out; the message says why, in one line."""
