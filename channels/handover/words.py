"""What a citizen can say to the gateway itself while a person has the conversation: only as the whole message."""

from __future__ import annotations

from arabic import words
from channels.notices.wishes import unsubscribes

# fmt: off
_CANCEL = {tuple(words(text)) for text in (
    "إلغاء", "الغ", "ألغ", "ألغي", "الغي", "ألغيها", "كنسل", "إلغاء الطلب", "ألغ الطلب", "إنهاء",
    "إنهاء المحادثة", "cancel",
)}
# fmt: on


def is_cancel(text: str) -> bool:
    """Whether it asks to end the handover, and nothing else."""
    return tuple(words(text)) in _CANCEL


def is_stop(text: str) -> bool:
    """Whether it asks not to be written to any more, and nothing else."""
    return unsubscribes(text)
