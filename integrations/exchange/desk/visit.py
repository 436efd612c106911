"""Who stands at the desk in this moment, and with what proof.

Rasa hands its actions slots and events, and keeps both. A proof must be in neither; so it waits beside them, in the
context of the one message that brought it, and is gone with that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True)
class Visit:
    """What came with a message. sender: the citizen's address, sealed, where the channel has shown that it is theirs.

    malformed: a proof was asked for, and what was given has not its form.
    """

    conversation: str = ""
    reference: str | None = None
    proof: SecretStr | None = None
    malformed: bool = False
    sender: SecretStr | None = None


_NOBODY = Visit()
_now: ContextVar[Visit | None] = ContextVar("visit", default=None)


@contextmanager
def visiting(visit: Visit) -> Iterator[None]:
    """For the time of one message."""
    token = _now.set(visit)
    try:
        yield
    finally:
        _now.reset(token)


def visitor() -> Visit:
    """Whoever's message is being answered."""
    return _now.get() or _NOBODY
