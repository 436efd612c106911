"""The words with which a citizen wants no more messages, also while the assistant, which knows them, is not asked."""

from __future__ import annotations

from dataclasses import replace

from arabic import words
from channels.contract import InboundMessage
from channels.sms.inbound.words import Subscription, subscription_word

# As bot/components/commands.py has them; a test compares.
_ALSO = (
    "أوقف",
    "وقف",
    "توقف",
    "قف",
    "الغ الاشتراك",
    "إيقاف الاشتراك",
    "أوقف الاشتراك",
    "وقفوا الرسائل",
    "أوقف الرسائل",
    "وقف الرسائل",
    "لا ترسلوا",
    "quit",
    "ايقاف stop",
)
_STOP = {tuple(words(text)) for text in _ALSO}

STOPPED = "لن نرسل إليك شيئا من تلقاء أنفسنا. إذا سألت فسنجيبك."


def unsubscribes(text: str) -> bool:
    """Whether the whole text asks for no more messages."""
    return subscription_word(text) is Subscription.STOP or tuple(words(text)) in _STOP


def understood(message: InboundMessage) -> InboundMessage:
    """The message with its sender's wish, recorded and confirmed by the gateway itself."""
    if message.opted_out is not None or message.choice is not None or not unsubscribes(message.text):
        return message
    return replace(message, answer=STOPPED, opted_out=True)
