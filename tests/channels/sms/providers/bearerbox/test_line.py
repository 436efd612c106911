"""The connection to a bearerbox that does what a real one only does on a bad day."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from channels.contract import Accepted, Retry, SendError, Unknown
from channels.errors import MalformedRequest
from channels.sms.outbound.segments import Encoding
from channels.sms.providers.base import InboundSms, Joint, Receipt, Submission
from channels.sms.providers.bearerbox import BearerboxProvider, BearerboxSettings
from channels.sms.providers.bearerbox.messages import Ack, Sms, pack_ack, pack_sms, unpack
from tests.channels.harness import until

FRAMES = json.loads((Path(__file__).parents[2] / "fixtures" / "bearerbox" / "frames.json").read_text("utf-8"))
SUBMISSION = Submission("m1", "+967771234567", "8000", "الرسوم 3,500 ريال", Encoding.UCS2, valid_seconds=3600)
IDENTIFY = bytes.fromhex("00000001 00000003 00000005") + b"dalil"


def framed(name: str) -> bytes:
    frame = bytes.fromhex(FRAMES[name])
    return len(frame).to_bytes(4, "big") + frame


def sms(name: str) -> Sms:
    found = unpack(bytes.fromhex(FRAMES[name]))
    assert isinstance(found, Sms)
    return found


class Intake:
    """Keeps what comes; the first times fail as `faults` says."""

    def __init__(self) -> None:
        self.kept: list[InboundSms | Receipt] = []
        self.strange: list[str] = []
        self.faults: list[Exception] = []

    async def message(self, sms: InboundSms) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.kept.append(sms)

    async def receipt(self, receipt: Receipt) -> None:
        self.kept.append(receipt)

    def strange_receipt(self, code: str) -> None:
        self.strange.append(code)


class Bearerbox:
    """Listens where bearerbox would; `frames` is what it was told on any connection."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.connections: list[asyncio.StreamWriter] = []
        self.answer: Callable[[Sms], bytes | None] = lambda sms: pack_ack(Ack(sms.id, 0))

    async def start(self, port: int = 0) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        self._server.close()
        for writer in self.connections:
            writer.close()

    def say(self, frame: bytes) -> None:
        self.connections[-1].write(frame)

    async def identified(self, times: int = 1) -> None:
        await until(lambda: self.frames.count(IDENTIFY) == times)

    @property
    def acks(self) -> list[Any]:
        return [read for frame in self.frames if isinstance(read := unpack(frame), Ack)]

    @property
    def submitted(self) -> list[Sms]:
        return [read for frame in self.frames if isinstance(read := unpack(frame), Sms)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        try:
            while True:
                frame = await reader.readexactly(int.from_bytes(await reader.readexactly(4), "big"))
                self.frames.append(frame)
                if isinstance(read := unpack(frame), Sms) and (answer := self.answer(read)):
                    writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


Start = Callable[..., Awaitable[tuple[Bearerbox, BearerboxProvider, Intake]]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    opened: list[Any] = []

    async def connected(**own: Any) -> tuple[Bearerbox, BearerboxProvider, Intake]:
        box, intake = Bearerbox(), Intake()
        provider = BearerboxProvider(BearerboxSettings(name="k", sender="8000", port=await box.start(), **own))
        opened.extend((provider, box))
        provider.attach(intake)
        await provider.start()
        await box.identified()
        return box, provider, intake

    yield connected
    for one in opened:
        await one.stop()


async def test_a_message_is_acknowledged_once_it_is_kept(start: Start) -> None:
    box, _, intake = await start()
    box.say(framed("message_ucs2"))
    await until(lambda: box.acks)
    assert box.acks == [Ack(sms("message_ucs2").id, 0, sms("message_ucs2").time)]
    assert [sms.text for sms in intake.kept] == ["كم رسوم الجواز؟ 😀"]


async def test_what_cannot_be_kept_now_is_kept_later_and_acknowledged_then(start: Start, caplog) -> None:
    box, _, intake = await start()
    intake.faults = [RuntimeError("the database is away")]
    box.say(framed("message_ucs2") + framed("message_latin"))
    await until(lambda: box.acks)
    assert [ack.id for ack in box.acks] == [sms("message_latin").id]
    await until(lambda: len(box.acks) == 2)
    assert [sms.text for sms in intake.kept] == ["fees passport?", "كم رسوم الجواز؟ 😀"]
    assert "sms not stored, tried again" in caplog.messages


async def test_what_can_never_be_kept_is_refused_and_told(start: Start, caplog) -> None:
    box, _, intake = await start()
    intake.faults = [MalformedRequest("an id is empty")]
    box.say(framed("message_ucs2"))
    await until(lambda: box.acks)
    assert (box.acks[0].state, intake.kept) == (1, [])
    assert "sms provider sent what cannot be read" in caplog.messages


async def test_data_for_a_program_is_acknowledged_and_not_kept(start: Start) -> None:
    box, _, intake = await start()
    box.say(framed("message_data"))
    await until(lambda: box.acks)
    assert (box.acks[0].state, intake.kept) == (0, [])


async def test_a_submission(start: Start) -> None:
    box, provider, _ = await start(smsc="operator")
    assert await provider.submit(replace(SUBMISSION, id="m1-2", joint=Joint(7, 3, 2))) == Accepted()
    [told] = box.submitted
    assert (told.sender, told.receiver) == (b"8000", b"+967771234567")
    assert told.msgdata is not None
    assert (told.msgdata.decode("utf-16-be"), told.coding) == (SUBMISSION.text, 2)
    assert told.udhdata == bytes((5, 0, 3, 7, 3, 2))
    assert told.validity - told.time == 3600
    assert (told.dlr_mask, told.dlr_url) == (31, f"m1-2/{told.id}".encode())
    assert (told.smsc_id, told.boxc_id) == (b"operator", b"dalil")


async def test_latin_letters_go_as_utf_8(start: Start) -> None:
    box, provider, _ = await start()
    await provider.submit(replace(SUBMISSION, text="5 € {a}", encoding=Encoding.GSM7))
    [told] = box.submitted
    assert (told.msgdata, told.coding, told.udhdata) == ("5 € {a}".encode(), 0, None)


ANSWERS = [
    (0, Accepted()),
    (3, Accepted()),
    (1, Retry(SendError.NO_ROUTE, code="failed")),
    (2, Retry(SendError.UNAVAILABLE, code="failed-tmp")),
    (9, Unknown(SendError.RESPONSE_UNPARSEABLE, code="9")),
]


@pytest.mark.parametrize(("state", "outcome"), ANSWERS)
async def test_answers(start: Start, state: int, outcome: Any) -> None:
    box, provider, _ = await start()
    box.answer = lambda sms: pack_ack(Ack(sms.id, state))
    assert await provider.submit(SUBMISSION) == outcome


async def test_no_answer_in_time_is_unknown(start: Start) -> None:
    box, provider, _ = await start(timeout_seconds=1)
    box.answer = lambda _: None
    assert await provider.submit(SUBMISSION) == Unknown(SendError.UNAVAILABLE, code="timeout")


async def test_a_connection_that_breaks_before_the_answer_leaves_it_unknown(start: Start) -> None:
    box, provider, _ = await start()
    box.answer = lambda _: None
    submitting = asyncio.create_task(provider.submit(SUBMISSION))
    await until(lambda: box.submitted)
    box.connections[0].close()
    assert await submitting == Unknown(SendError.UNAVAILABLE, code="disconnected")


async def test_without_a_connection_nothing_is_sent_and_it_comes_back(start: Start, caplog) -> None:
    box, provider, _ = await start()
    port = int(box.connections[0].get_extra_info("sockname")[1])
    await box.stop()
    await until(lambda: "no connection to bearerbox" in caplog.messages)
    assert await provider.submit(SUBMISSION) == Retry(SendError.UNAVAILABLE, code="connect")
    await box.start(port)
    await box.identified(2)
    assert await provider.submit(SUBMISSION) == Accepted()


async def test_a_receipt_waits_for_the_answer_to_its_submission(start: Start) -> None:
    """bearerbox may report first; the ledger must not learn of a part that is still being submitted."""
    box, provider, intake = await start()

    def report_first(told: Sms) -> bytes:
        receipt = replace(sms("receipt_taken"), dlr_url=told.dlr_url)
        return pack_sms(receipt) + pack_ack(Ack(told.id, 0))

    box.answer = report_first
    assert await provider.submit(SUBMISSION) == Accepted()
    await until(lambda: box.acks)
    assert [receipt.submission_id for receipt in intake.kept] == ["m1"]


@pytest.mark.parametrize("first", ["receipt", "answer"])
async def test_the_receipt_of_a_refused_attempt_does_not_end_the_message(start: Start, first: str) -> None:
    """Its answer lets another provider try; the receipt says the same again, and the next attempt has its own."""
    box, provider, intake = await start()

    def refuse(told: Sms) -> bytes:
        both = [pack_sms(replace(sms("receipt_refused"), dlr_url=told.dlr_url)), pack_ack(Ack(told.id, 1))]
        return b"".join(both if first == "receipt" else reversed(both))

    box.answer = refuse
    assert isinstance(await provider.submit(SUBMISSION), Retry)
    await until(lambda: box.acks)
    assert intake.kept == []
    box.answer = lambda told: pack_ack(Ack(told.id, 0)) + pack_sms(replace(sms("receipt_taken"), dlr_url=told.dlr_url))
    assert await provider.submit(SUBMISSION) == Accepted()
    await until(lambda: intake.kept)


async def test_a_receipt_that_is_in_no_table_is_told_and_does_not_come_again(start: Start) -> None:
    box, _, intake = await start()
    box.say(pack_sms(replace(sms("receipt_taken"), dlr_mask=7)))
    await until(lambda: box.acks)
    assert (box.acks[0].state, intake.strange, intake.kept) == (0, ["7"], [])


async def test_copies_may_come_at_the_beginning_of_a_connection(start: Start, monkeypatch) -> None:
    """The operator tells a bearerbox again what it did not acknowledge before it was killed."""
    box, provider, intake = await start()
    menu = pack_sms(replace(sms("message_latin"), id=UUID(int=7), msgdata=b" 1 "))
    box.say(framed("message_ucs2") + menu)
    await until(lambda: len(box.acks) == 2)
    monkeypatch.setattr(provider._line, "_since", provider._line._since - 121)
    box.say(framed("message_latin"))
    await until(lambda: len(box.acks) == 3)
    assert [(sms.text, sms.copy_within) for sms in intake.kept] == [
        ("كم رسوم الجواز؟ 😀", 120.0),
        (" 1 ", 0.0),
        ("fees passport?", 0.0),
    ]


HOSTILE = {
    "a frame of two gigabytes": bytes.fromhex("7fffffff"),
    "a negative length": bytes.fromhex("ffffffff"),
    "a frame of an unknown kind": bytes.fromhex("00000004 00000063"),
    "half a message": bytes.fromhex("00000010") + bytes.fromhex(FRAMES["message_ucs2"])[:16],
    "HTTP": b"HTTP/1.1 400 Bad Request\r\n\r\n",
}


@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE.keys())
async def test_what_cannot_be_understood_ends_the_connection_and_no_more(start: Start, caplog, said: bytes) -> None:
    box, provider, intake = await start()
    box.say(said)
    await box.identified(2)
    assert "bearerbox sent what cannot be read" in caplog.messages
    assert await provider.submit(SUBMISSION) == Accepted()
    assert intake.kept == []


async def test_more_than_may_be_under_way_ends_the_connection(start: Start) -> None:
    box, _, intake = await start()
    intake.faults = [RuntimeError("the database is away")] * 1500
    box.say(framed("message_ucs2") * 1001)
    await box.identified(2)
    assert intake.kept == []


async def test_a_bearerbox_that_ends_is_connected_to_again(start: Start) -> None:
    box, provider, _ = await start()
    box.say(bytes.fromhex("0000000c 00000001 00000000 ffffffff"))
    await box.identified(2)
    assert await provider.submit(SUBMISSION) == Accepted()


async def test_an_answer_to_nothing_is_passed_over(start: Start) -> None:
    box, provider, _ = await start()
    box.say(framed("ack_success"))
    assert await provider.submit(SUBMISSION) == Accepted()


async def test_no_text_and_no_number_is_logged(start: Start, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    box, provider, intake = await start()
    intake.faults = [RuntimeError("x"), MalformedRequest("x")]
    box.say(framed("message_ucs2"))
    await until(lambda: box.acks)
    await provider.submit(SUBMISSION)
    box.connections[0].close()
    await box.identified(2)
    assert not any(word in caplog.text for word in ("77123", "رسوم", "الرسوم"))


@pytest.mark.parametrize("host", ["8.8.8.8", "kannel.example", "", "127.0.0.1.example"])
def test_a_host_that_is_not_near_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="private"):
        BearerboxSettings(name="k", sender="8000", port=13001, host=host)
