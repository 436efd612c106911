import pytest

from channels.sms.inbound.words import STARTED, STOPPED, Subscription, subscription_word
from channels.sms.outbound.segments import split

STOP, START = Subscription.STOP, Subscription.START

SAID = [
    ("إيقاف", STOP),
    ("ايقاف", STOP),
    ("إيـقـاف", STOP),
    (" إِيقاف. ", STOP),
    ("\u200fتوقف!", STOP),
    ("أوقف", STOP),
    ("الغاء الاشتراك", STOP),
    ("إلغاء الإشتراك", STOP),
    ("STOP", STOP),
    ("Stop.", STOP),
    ("stop all", STOP),
    ("UNSUBSCRIBE", STOP),
    ("end", STOP),
    ("اشتراك", START),
    ("إشتراك", START),
    ("START", START),
    # the conversation's own way out
    ("إلغاء", None),
    ("الغاء", None),
    ("cancel", None),
    # not the whole message
    ("أريد إيقاف المعاملة", None),
    ("إيقاف الراتب", None),
    ("stop the fine", None),
    ("كم رسوم اشتراك الكهرباء", None),
    ("متى توقف الصرف", None),
    ("", None),
    ("0", None),
    ("...", None),
]


@pytest.mark.parametrize(("text", "meaning"), SAID)
def test_only_the_whole_message_is_a_keyword(text: str, meaning: Subscription | None) -> None:
    assert subscription_word(text) is meaning


@pytest.mark.parametrize("text", [STOPPED, STARTED])
def test_confirmations_cost_one_part(text: str) -> None:
    assert len(split(text).parts) == 1
