"""The messages between bearerbox and a box of Kannel 1.4.5, and their form on the wire.

After gw/msg-decl.h, gw/msg.h and gw/msg.c: a frame is a length of four bytes and so many bytes; in it an integer is
four bytes, most significant first, and a string its length and its bytes. -1 stands for an integer without a value and
for the length of a string that is not there. An id is the text of a UUID.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

UNSET = -1
LONGEST_FRAME = 64 * 1024
"""Bytes; a message of 255 parts, which nobody sends, would have 36,000."""
_INTEGER = struct.Struct(">i")
_HEARTBEAT, _ADMIN, _SMS, _ACK = range(4)
_IDENTIFY = 3
_ENDING = (0, 4)
"""Of the commands to a box: shutdown and restart."""
_SMS_FIELDS = (
    "sender receiver udhdata msgdata #time smsc_id smsc_number foreign_id service account @id #sms_type #mclass #mwi "
    "#coding #compress #validity #deferred #dlr_mask dlr_url #pid #alt_dcs #rpi charset boxc_id binfo #msg_left "
    "#priority #resend_try #resend_time meta_data"
).split()
"""In their order; # marks an integer and @ an id."""


class BrokenFrame(Exception):
    """What came is no message of this protocol."""


class SmsType(IntEnum):
    """What an Sms is: a citizen's message, one for a citizen, or a receipt."""

    INBOUND = 0
    OUTBOUND = 2
    RECEIPT = 3


class AckState(IntEnum):
    """What became of a message that was handed over."""

    SUCCESS = 0
    FAILED = 1
    FAILED_FOR_NOW = 2
    BUFFERED = 3


@dataclass(frozen=True)
class Sms:
    """A message or a receipt; the fields are Kannel's, the others of its are left unset.

    Attributes:
        coding: alphabet of `msgdata`: 0 (or unset) UTF-8, 1 data for a program, 2 UTF-16BE.
        time, validity: in seconds since 1970.
        dlr_mask: the receipts that are wanted; in a receipt, what it says.
        dlr_url: what the sender of a message wants to see again in its receipts.
    """

    id: UUID
    sms_type: int
    sender: bytes | None = None
    receiver: bytes | None = None
    udhdata: bytes | None = None
    msgdata: bytes | None = None
    time: int = UNSET
    smsc_id: bytes | None = None
    coding: int = UNSET
    validity: int = UNSET
    dlr_mask: int = UNSET
    dlr_url: bytes | None = None
    boxc_id: bytes | None = None


@dataclass(frozen=True)
class Ack:
    """The message with this id is now the other side's, or is not; `time` is the message's own."""

    id: UUID
    state: int
    time: int = UNSET


@dataclass(frozen=True)
class Ending:
    """bearerbox is about to end, or to start again."""


Incoming = Sms | Ack | Ending | None


def pack_sms(sms: Sms) -> bytes:
    """The frame of a message."""
    fields = [_packed_field(sms, field) for field in _SMS_FIELDS]
    return _framed(_integer(_SMS), *fields)


def pack_ack(ack: Ack) -> bytes:
    """The frame of an acknowledgement."""
    return _framed(*map(_integer, (_ACK, ack.state, ack.time)), _string(str(ack.id).encode()))


def pack_identify(box: str) -> bytes:
    """The frame that tells bearerbox which box this is; before it, bearerbox gives it nothing."""
    return _framed(_integer(_ADMIN), _integer(_IDENTIFY), _string(box.encode()))


def pack_heartbeat(load: int) -> bytes:
    """The frame by which a dead connection is noticed; `load` is how many messages are being worked on."""
    return _framed(_integer(_HEARTBEAT), _integer(load))


def unpack(frame: bytes) -> Incoming:
    """Read a frame without its length; None for one that says nothing to a box.

    Raises:
        BrokenFrame: it is none, or of a kind that bearerbox does not send.
    """
    reader = _Reader(frame)
    kind = reader.integer()
    if kind == _SMS:
        return _sms(reader)
    if kind == _ACK:
        state, time, id = reader.integer(), reader.integer(), reader.id()
        return Ack(id, state, time)
    if kind == _ADMIN:
        return Ending() if reader.integer() in _ENDING else None
    if kind == _HEARTBEAT:
        return None
    raise BrokenFrame("a message of an unknown kind")


class _Reader:
    def __init__(self, frame: bytes) -> None:
        self._frame, self._at = frame, 0

    def integer(self) -> int:
        return int(_INTEGER.unpack(self._take(_INTEGER.size))[0])

    def string(self) -> bytes | None:
        length = self.integer()
        return None if length == UNSET else self._take(length)

    def id(self) -> UUID:
        text = self.string() or b""
        try:
            return UUID(text.decode("ascii"))
        except ValueError:
            raise BrokenFrame("an id that is none") from None

    def _take(self, length: int) -> bytes:
        start, self._at = self._at, self._at + length
        if length < 0 or self._at > len(self._frame):
            raise BrokenFrame("shorter than it says")
        return self._frame[start : self._at]


def _sms(reader: _Reader) -> Sms:
    values: dict[str, object] = {}
    for field in _SMS_FIELDS:
        read = {"#": reader.integer, "@": reader.id}.get(field[0], reader.string)
        values[field.lstrip("#@")] = read()
    return Sms(**{name: values[name] for name in Sms.__dataclass_fields__})  # type: ignore[arg-type]


def _packed_field(sms: Sms, field: str) -> bytes:
    value = getattr(sms, field.lstrip("#@"), None)
    if field[0] == "#":
        return _integer(UNSET if value is None else value)
    return _string(str(value).encode() if field[0] == "@" else value)


def _integer(value: int) -> bytes:
    return _INTEGER.pack(value)


def _string(value: bytes | None) -> bytes:
    return _integer(UNSET) if value is None else _integer(len(value)) + value


def _framed(*parts: bytes) -> bytes:
    body = b"".join(parts)
    return _integer(len(body)) + body
