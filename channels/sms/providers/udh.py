"""The user data header in front of a part, which tells a handset how to join it to the others (TS 23.040, 9.2.3.24)."""

from __future__ import annotations

from channels.sms.providers.base import Joint

_CONCATENATED, _CONCATENATED_16 = 0x00, 0x08
"""Elements with the place of a part: its reference has 8 bits, or 16."""


def header_of(joint: Joint) -> bytes:
    """The header of a part; the reference must be below 256."""
    return bytes((5, _CONCATENATED, 3, joint.reference, joint.total, joint.number))


def joint_of(header: bytes) -> Joint | None:
    """The place that a header tells; None when it tells none, or one that cannot be."""
    rest = header[1 : 1 + header[0]] if header else b""
    while len(rest) >= 2:
        element, value, rest = rest[0], rest[2 : 2 + rest[1]], rest[2 + rest[1] :]
        if (element, len(value)) in ((_CONCATENATED, 3), (_CONCATENATED_16, 4)):
            total, number = value[-2:]
            return Joint(int.from_bytes(value[:-2], "big"), total, number) if 1 <= number <= total else None
    return None
