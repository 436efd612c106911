"""The words with which a citizen stops and resumes messages, only when they are the whole message.

"إلغاء" alone is not among them: everywhere in Dalil it cancels what the conversation was doing.
"""

from __future__ import annotations

from enum import Enum

from arabic import words


class Subscription(Enum):
    """What a keyword asks for."""

    STOP = "stop"
    START = "start"


_STOP = (
    "إيقاف",
    "توقف",
    "أوقف",
    "إيقاف الرسائل",
    "أوقفوا الرسائل",
    "إلغاء الاشتراك",
    "إلغاء اشتراكي",
    "ألغ الاشتراك",
    "stop",
    "stop all",
    "stopall",
    "unsubscribe",
    "end",
)
_START = ("اشتراك", "اشترك", "اشتراك جديد", "start", "unstop", "subscribe")

STOPPED = "أوقفنا الرسائل إلى رقمك، ونجيب فقط إن سألت. للعودة أرسل: اشتراك"
STARTED = "عاد اشتراكك في رسائل دليل. للإيقاف أرسل: إيقاف"

_KEYWORDS = {tuple(words(text)): Subscription.STOP for text in _STOP} | {
    tuple(words(text)): Subscription.START for text in _START
}


def subscription_word(text: str) -> Subscription | None:
    """The keyword that `text` is, or None when it is anything else or anything more."""
    return _KEYWORDS.get(tuple(words(text)))
