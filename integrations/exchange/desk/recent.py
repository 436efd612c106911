"""Proofs of the last minutes, in this process's memory only: "tell me" comes a message after the answer."""

from __future__ import annotations

import time
from collections import OrderedDict

from pydantic import SecretStr

from integrations.exchange.model import ProofKind

Given = tuple[ProofKind, SecretStr]
"""A kind of proof, and what was given for it: for a registered number, the sealed sender."""

_SECONDS = 600.0
_MOST = 10_000


class Recent:
    """What a conversation proved lately; one application each, and the newest conversations only."""

    def __init__(self) -> None:
        self._proofs: OrderedDict[str, tuple[float, str, Given]] = OrderedDict()

    def keep(self, conversation: str, reference: str, given: Given) -> None:
        """Remember a proof that the agency took."""
        self._proofs.pop(conversation, None)
        self._proofs[conversation] = (time.monotonic() + _SECONDS, reference, given)
        while len(self._proofs) > _MOST or next(iter(self._proofs.values()))[0] < time.monotonic():
            self._proofs.popitem(last=False)

    def of(self, conversation: str, reference: str) -> Given | None:
        """The proof of this application, if it was given in the last ten minutes."""
        until, known, given = self._proofs.get(conversation, (0.0, "", None))
        return given if known == reference and until >= time.monotonic() else None

    def forget(self, conversation: str) -> None:
        """Forget it before its time."""
        self._proofs.pop(conversation, None)
