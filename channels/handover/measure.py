"""How long a reply of staff is as its channel sends it: known before it is sent, since each part of an SMS costs."""

from __future__ import annotations

from dataclasses import dataclass

from channels import text as texts
from channels.handover.errors import ReplyRefused
from channels.handover.says import marked
from channels.sms.outbound.render import PARTS_PER_REPLY, reply_text
from channels.sms.outbound.segments import split

LONGEST = 2000
"""Characters of a reply, in every channel: it fits one message of Telegram."""
SMS = "sms"


@dataclass(frozen=True)
class Measure:
    """A cleaned reply. `parts`: what it costs on SMS, of `most`; 1 of 1 elsewhere. `fits`: whether it may be sent."""

    text: str
    characters: int
    parts: int
    most: int

    @property
    def fits(self) -> bool:
        """Whether it says something, and its channel sends it whole."""
        return bool(self.text) and self.characters <= LONGEST and self.parts <= self.most


def measure(channel: str, office: str, text: str) -> Measure:
    """Measure a reply as it was typed, with the mark that a person wrote it. Never raises."""
    cleaned = texts.clean(text, LONGEST)
    if channel != SMS or not cleaned:
        return Measure(cleaned, len(cleaned), 1, 1)
    segments = split(reply_text([(marked(office, cleaned), ())]))
    return Measure(cleaned, len(cleaned), len(segments.parts), PARTS_PER_REPLY)


def fitting(channel: str, office: str, text: str) -> str:
    """The cleaned reply.

    Raises:
        ReplyRefused: it says nothing, or its channel would have to cut it.
    """
    found = measure(channel, office, text)
    if not found.fits:
        raise ReplyRefused("too long" if found.text else "empty")
    return found.text
