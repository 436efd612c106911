"""A code to a telephone, for citizens whose channel does not show their number: what the desk needs of who sends it."""

from __future__ import annotations

import re
from typing import Protocol

from pydantic import SecretStr

from integrations.exchange.errors import CodeRefused


def is_code(said: SecretStr) -> bool:
    """Whether it has the form of a code that is sent: six digits."""
    return bool(re.fullmatch(r"[0-9]{6}", said.get_secret_value()))


class NumberUnreachable(CodeRefused):
    """Nothing is sent to this number: it is no mobile that is answered, or its owner wants no messages."""


class CodeLimit(CodeRefused):
    """Enough codes for a day."""


class CodeWrong(CodeRefused):
    """Not the code that was sent."""


class CodeOver(CodeRefused):
    """No code waits any more: too old, or too often wrong."""


class CodesUnavailable(CodeRefused):
    """Whoever sends codes does not answer."""


class Codes(Protocol):
    """Sends codes, and tells whose number it was when the right one is said."""

    async def send(self, conversation: str, number: SecretStr) -> None:
        """Send a code to a number, as the citizen wrote it.

        Raises:
            NumberUnreachable, CodeLimit, CodesUnavailable.
        """
        ...

    async def check(self, conversation: str, code: SecretStr) -> SecretStr:
        """The number, sealed for the conversation, if this is its code; once.

        Raises:
            CodeWrong, CodeOver, CodesUnavailable.
        """
        ...
