"""How long what staff write may be on each channel, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from arabic import strip_marks
from channels.errors import NoticeRefused
from channels.sms.outbound.render import PARTS_PER_REPLY, pages, reply_text
from channels.sms.outbound.segments import Encoding, split
from channels.text import clean

CHANNELS = ("web", "telegram", "sms")
LONGEST_REASON, LONGEST_NAME = 200, 60
SMS_BANNER = Encoding.UCS2.joined - 1
"""Units: one part of an answer's three, with the line break after it."""
_LONGEST_READ = 8000


class Kind(str, Enum):
    """What a notice does."""

    BANNER = "banner"
    ANSWER = "answer"

    @property
    def longest(self) -> int:
        """Characters of its text."""
        return 300 if self is Kind.BANNER else 1000


class What(Enum):
    """What can be wrong."""

    NO_TEXT = "no-text"
    TOO_LONG = "too-long"  # used and longest are characters; on SMS, units
    TOO_MANY_PARTS = "too-many-parts"  # of an SMS
    NO_CHANNEL = "no-channel"
    NO_REASON = "no-reason"
    LONG_REASON = "long-reason"
    ENDS_FIRST = "ends-first"  # the end is not after the start
    OVER = "over"  # the end has passed
    TOO_MANY_DAYS = "too-many-days"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `channel` where it is so on one only, `used` and `longest` where it is too much."""

    what: What
    channel: str = ""
    used: int = 0
    longest: int = 0


def cleaned(text: str) -> str:
    """A text of staff as it is kept: without what harms a reader or a database."""
    return clean(text, _LONGEST_READ)


def line(text: str) -> str:
    """A reason of staff as it is kept: cleaned, in one line."""
    return " ".join(cleaned(text).split())


def of_text(text: str, kind: Kind, channels: tuple[str, ...]) -> list[Fault]:
    """What is wrong with a cleaned text on these channels."""
    if not strip_marks(text).strip():
        return [Fault(What.NO_TEXT)]
    faults = []
    if len(text) > kind.longest:
        faults.append(Fault(What.TOO_LONG, "", len(text), kind.longest))
    return faults + (_of_sms(text, kind) if "sms" in channels else [])


def of_reason(reason: str) -> list[Fault]:
    """What is wrong with a cleaned reason."""
    if not strip_marks(reason).strip():
        return [Fault(What.NO_REASON)]
    if len(reason) > LONGEST_REASON:
        return [Fault(What.LONG_REASON, "", len(reason), LONGEST_REASON)]
    return []


def _of_sms(text: str, kind: Kind) -> list[Fault]:
    shown = reply_text([(text, ())])
    if not shown:
        return [Fault(What.NO_TEXT, "sms")]
    units, parts = Encoding.UCS2.units(shown), len(split(shown).parts)
    if kind is Kind.BANNER and units > SMS_BANNER:
        return [Fault(What.TOO_LONG, "sms", units, SMS_BANNER)]
    if kind is Kind.ANSWER and len(pages(shown)) > 1:
        return [Fault(What.TOO_MANY_PARTS, "sms", parts, PARTS_PER_REPLY)]
    return []


def refuse(faults: list[Fault]) -> None:
    """Raise NoticeRefused when there are any."""
    if faults:
        raise NoticeRefused(faults)
