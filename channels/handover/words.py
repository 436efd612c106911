"""What a citizen can say to the gateway itself while a person has the conversation: only as the whole message."""

from __future__ import annotations

from arabic import words
from channels.sms.inbound.words import Subscription, subscription_word

# fmt: off
_CANCEL = {tuple(words(text)) for text in (
    "إلغاء", "الغ", "ألغ", "ألغي", "الغي", "ألغيها", "كنسل", "إلغاء الطلب", "ألغ الطلب", "إنهاء",
    "إنهاء المحادثة", "cancel",
)}
_STOP = {tuple(words(text)) for text in (
    "وقف", "قف", "وقفوا الرسائل", "إيقاف الاشتراك", "أوقف الرسائل", "لا ترسلوا",
)}
# fmt: on


def is_cancel(text: str) -> bool:
    """Whether it asks to end the handover, and nothing else."""
    return tuple(words(text)) in _CANCEL


def is_stop(text: str) -> bool:
    """Whether it asks not to be written to any more, and nothing else."""
    return subscription_word(text) is Subscription.STOP or tuple(words(text)) in _STOP
