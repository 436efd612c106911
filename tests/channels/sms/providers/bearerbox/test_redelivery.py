from dataclasses import replace
from uuid import uuid4

from channels.sms.providers.bearerbox.messages import Sms, SmsType
from channels.sms.providers.bearerbox.redelivery import Redelivery

TEXT = "كم رسوم الجواز؟"
SMS = Sms(uuid4(), SmsType.INBOUND, b"967771234567", b"8000", None, TEXT.encode("utf-16-be"), coding=2)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def again(**changes: object) -> Sms:
    return replace(SMS, id=uuid4(), **changes)  # type: ignore[arg-type]


def test_what_bearerbox_hands_over_twice_is_left_to_the_message_log() -> None:
    known = Redelivery()
    assert not known.is_copy(SMS, TEXT)
    assert not known.is_copy(SMS, TEXT)


def test_a_copy_after_a_new_connection_is_known_by_what_it_says() -> None:
    known = Redelivery()
    known.is_copy(SMS, TEXT)
    known.connected()
    assert known.is_copy(again(), TEXT)
    assert known.is_copy(again(), TEXT)
    assert not known.is_copy(SMS, TEXT)


def test_another_number_text_or_part_is_no_copy() -> None:
    known = Redelivery()
    for sms in (SMS, again(sender=b"967731234567"), again(msgdata=b"x"), again(udhdata=b"1"), again(udhdata=b"2")):
        assert not known.is_copy(sms, TEXT)


def test_who_asks_again_later_means_it() -> None:
    clock = Clock()
    known = Redelivery(clock)
    known.is_copy(SMS, TEXT)
    clock.now += 59
    known.connected()
    clock.now += 2
    assert not known.is_copy(again(), TEXT)


def test_without_a_new_connection_there_is_nothing_to_be_told_again() -> None:
    clock = Clock()
    known = Redelivery(clock)
    clock.now += 61
    assert not known.is_copy(SMS, TEXT)
    assert not known.is_copy(again(), TEXT)


def test_menu_answers_are_no_copies_but_the_short_end_of_a_long_message_is() -> None:
    known = Redelivery()
    assert not any(known.is_copy(again(msgdata=b"1"), "1") for _ in range(3))
    assert [known.is_copy(again(msgdata=b"1", udhdata=b"u"), "1") for _ in range(2)] == [False, True]


def test_memory_has_an_end(monkeypatch) -> None:
    monkeypatch.setattr("channels.sms.providers.bearerbox.redelivery._REMEMBERED", 100)
    known = Redelivery()
    for number in range(1000):
        known.is_copy(again(sender=str(number).encode()), TEXT)
    assert len(known._seen) == 100
