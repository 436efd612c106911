"""Frames as a real bearerbox sends them (fixtures/bearerbox), and whatever else may come."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.errors import UnknownState
from channels.sms.providers.base import DeliveryState, Joint
from channels.sms.providers.bearerbox.messages import (
    Ack,
    AckState,
    BrokenFrame,
    Ending,
    Sms,
    SmsType,
    pack_ack,
    pack_heartbeat,
    pack_identify,
    pack_sms,
    unpack,
)
from channels.sms.providers.bearerbox.provider import message_of, receipt_of

FRAMES = {
    name: bytes.fromhex(frame)
    for name, frame in json.loads(
        (Path(__file__).parents[2] / "fixtures" / "bearerbox" / "frames.json").read_text("utf-8")
    ).items()
}
ID = UUID("f1058020-abe2-48ad-bfa3-1405bfd7899a")


def sms(name: str) -> Sms:
    found = unpack(FRAMES[name])
    assert isinstance(found, Sms)
    return found


MESSAGES = [
    ("message_ucs2", "كم رسوم الجواز؟ 😀", None),
    ("message_latin", "fees passport?", None),
    ("message_part", "رسوم ", Joint(9, 2, 1)),
]


@pytest.mark.parametrize(("name", "text", "joint"), MESSAGES)
def test_messages(name: str, text: str, joint: Joint | None) -> None:
    message = message_of(sms(name))
    assert (message.sender, message.recipient, message.text) == ("967771234567", "8000", text)
    assert (message.joint, message.provider_id) == (joint, str(sms(name).id))


def test_each_half_of_a_sign_that_was_cut_in_two_costs_only_that_sign() -> None:
    whole = "رسوم 😀".encode("utf-16-be")
    halves = [replace(sms("message_ucs2"), msgdata=data) for data in (whole[:-2], whole[-2:] + "؟".encode("utf-16-be"))]
    assert [message_of(half).text for half in halves] == ["رسوم \ufffd", "\ufffd؟"]


RECEIPTS = [
    ("receipt_taken", DeliveryState.ACCEPTED, "8"),
    ("receipt_delivered", DeliveryState.DELIVERED, "DELIVRD 003"),
    ("receipt_expired", DeliveryState.EXPIRED, "EXPIRED 003"),
    ("receipt_refused", DeliveryState.EXPIRED, "validity expired"),
]


@pytest.mark.parametrize(("name", "state", "code"), RECEIPTS)
def test_receipts(name: str, state: DeliveryState, code: str) -> None:
    receipt = receipt_of(sms(name))
    assert (receipt.state, receipt.code) == (state, code)
    assert receipt.submission_id == ("m3" if name == "receipt_refused" else "m1")


@pytest.mark.parametrize("mask", [0, 3, 7, 66, -1])
def test_a_receipt_that_is_in_no_table(mask: int) -> None:
    with pytest.raises(UnknownState):
        receipt_of(replace(sms("receipt_taken"), dlr_mask=mask))


def test_acknowledgements() -> None:
    assert [unpack(FRAMES[name]).state for name in ("ack_success", "ack_failed")] == [  # type: ignore[union-attr]
        AckState.SUCCESS,
        AckState.FAILED,
    ]


@pytest.mark.parametrize("name", [name for name in FRAMES if not name.startswith("ack")])
def test_what_is_packed_again_is_what_came(name: str) -> None:
    """But for the fields that nobody here reads, which bearerbox does not set either."""
    assert unpack(pack_sms(sms(name))[4:]) == sms(name)


def test_an_acknowledgement_is_packed_as_bearerbox_packs_it() -> None:
    for name in ("ack_success", "ack_failed"):
        ack = unpack(FRAMES[name])
        assert isinstance(ack, Ack)
        assert pack_ack(ack) == len(FRAMES[name]).to_bytes(4, "big") + FRAMES[name]


ADMIN = bytes((0, 0, 0, 1))
NO_NAME = bytes((255,) * 4)
SAYS_NOTHING = [pack_identify("dalil")[4:], pack_heartbeat(3)[4:], ADMIN + bytes((0, 0, 0, 1)) + NO_NAME]


@pytest.mark.parametrize("frame", SAYS_NOTHING)
def test_what_says_nothing_to_a_box(frame: bytes) -> None:
    assert unpack(frame) is None


@pytest.mark.parametrize("command", [0, 4])
def test_the_end_of_bearerbox(command: int) -> None:
    assert unpack(ADMIN + command.to_bytes(4, "big") + NO_NAME) == Ending()


BROKEN = {
    "empty": b"",
    "of an unknown kind": bytes((0, 0, 0, 9)),
    "a datagram, which is wapbox's": bytes((0, 0, 0, 4)) + NO_NAME * 5,
    "shorter than a string says": bytes((0, 0, 0, 2, 0, 0, 0, 9)) + b"123",
    "a negative length": bytes((0, 0, 0, 2, 255, 255, 255, 254)) + b"123",
    "cut off": FRAMES["message_ucs2"][:-2],
    "an id that is none": FRAMES["ack_success"][:-1] + b"x",
    "an id in Arabic digits": FRAMES["ack_success"][:16] + "٣".encode() * 18,
}


@pytest.mark.parametrize("frame", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_message(frame: bytes) -> None:
    with pytest.raises(BrokenFrame):
        unpack(frame)


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda rest: bytes((0, 0, 0, 2)) + rest))
def test_any_bytes_are_read_or_refused(frame: bytes) -> None:
    try:
        unpack(frame)
    except BrokenFrame:
        return


@given(st.integers(0, len(FRAMES["message_ucs2"]) - 1), st.integers(0, 255))
def test_a_damaged_message_is_read_or_refused(place: int, byte: int) -> None:
    frame = bytearray(FRAMES["message_ucs2"])
    frame[place] = byte
    try:
        read = unpack(bytes(frame))
    except BrokenFrame:
        return
    if isinstance(read, Sms):
        message_of(read)


@given(st.binary(max_size=60), st.binary(max_size=40), st.sampled_from([-1, 0, 2, 7]))
def test_any_text_and_header_are_a_message(data: bytes, header: bytes, coding: int) -> None:
    message_of(Sms(ID, SmsType.INBOUND, msgdata=data, udhdata=header, coding=coding)).text.encode("utf-8")
