"""What a message brings for an application, before anything else reads it: number and proof.

The proof goes into the visit (integrations/exchange/desk/visit.py) and out of the text: Rasa, its slots and the store
never see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.applications.case import Case, Waits
from bot.engine.messages import Request
from bot.engine.reading import Reading
from integrations.exchange import desk
from integrations.exchange.desk import Spoken, Visit
from integrations.exchange.model import ProofKind

_ASKS_FOR_STATUS = {"id": "", "title": "", "payload": "/status"}


@dataclass(frozen=True)
class Brought:
    """text: what is left to understand. reading: that the message asks for an application, where it says no more."""

    text: str
    visit: Visit
    reading: Reading | None = None


def bring(request: Request, text: str, slot: Mapping[str, Any] | None) -> Brought:
    """Take number and proof out of a message; `slot` is the application spoken of."""
    counter = desk.shared()
    if counter is None or request.choice is not None:
        return Brought(text, Visit(request.conversation, sender=request.sender))
    case = Case.read(slot)
    waits_for = ProofKind.ONE_TIME_CODE if case.waits is Waits.CODE else case.proof
    spoken = desk.hear(text, counter.configuration, waits_for)
    visit = Visit(request.conversation, spoken.reference, spoken.proof, spoken.malformed, spoken.said, request.sender)
    asks = spoken.bare or (case.waits is Waits.REFERENCE and _is_known(spoken))
    return Brought(spoken.text, visit, Reading(spoken.text, _ASKS_FOR_STATUS) if asks else None)


def _is_known(spoken: Spoken) -> bool:
    return spoken.found is not None and spoken.found.known is not None
