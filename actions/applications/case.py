"""What a conversation remembers of an application: its number, what Dalil waits for, what it told last.

Slot `application`. A proof is never in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from integrations.exchange.model import ApplicationStatus, ProofKind, State

SLOT = "application"
# Messages about something else that a question for number or proof outlives: then "2026" is no proof any more.
_LONGEST_WAIT = 2


class Waits(str, Enum):
    """What Dalil asked for."""

    REFERENCE = "reference"
    AGENCY = "agency"
    PROOF = "proof"
    CODE = "code"


@dataclass(frozen=True)
class Told:
    """What was told last, for when the agency does not answer. word: the agency's. as_of: ISO 8601."""

    reference: str
    agency: str
    word: str
    state: str
    title: str | None
    as_of: str

    @classmethod
    def of(cls, status: ApplicationStatus, reference: str) -> Told:
        """From an agency's answer."""
        return cls(reference, status.agency, status.word, status.state.value, status.title, status.as_of.isoformat())

    @property
    def known(self) -> tuple[State, str | None, datetime]:
        """State, the agency's title for it, and when it was so."""
        return State(self.state), self.title, datetime.fromisoformat(self.as_of)


@dataclass(frozen=True)
class Case:
    """The application spoken of. waits: what was asked for; proof: of which kind, where that is a proof.

    follow: it was asked for because the citizen wants to be told of changes.
    """

    reference: str | None = None
    agency: str | None = None
    waits: Waits | None = None
    proof: ProofKind | None = None
    told: Told | None = None
    follow: bool = False

    @classmethod
    def of(cls, tracker: Tracker) -> Case:
        """As the conversation's slot has it."""
        return cls.read(tracker.get_slot(SLOT))

    @classmethod
    def read(cls, slot: Mapping[str, Any] | None) -> Case:
        """From the slot's value; a new case when there is none."""
        if not slot:
            return cls()
        return cls(
            reference=slot["reference"],
            agency=slot["agency"],
            waits=Waits(slot["waits"]) if slot["waits"] else None,
            proof=ProofKind(slot["proof"]) if slot["proof"] else None,
            told=Told(**slot["told"]) if slot["told"] else None,
            follow=slot["follow"],
        )

    def slots(self) -> list[Any]:
        """The event that makes the conversation remember it."""
        return [SlotSet(SLOT, asdict(self) if self != Case() else None)]


def passed_over(slot: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The slot after a message about something else: what was asked for is waited for, but not for ever."""
    if not slot or not slot["waits"]:
        return dict(slot) if slot else None
    waited = slot.get("waited", 0) + 1
    return (
        {**slot, "waited": waited}
        if waited <= _LONGEST_WAIT
        else {**slot, "waits": None, "proof": None, "follow": False}
    )
