"""What an operator tells a bearerbox again that was killed before it could say that it has it.

bearerbox gives both copies ids of its own, so they are known by what they say. Only in the first minute of a
connection: else whoever sends the same words twice means it.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

from channels.sms.providers.bearerbox.messages import Sms

SECONDS = 60.0
"""After a connection begins, and between the two copies."""
SHORTEST = 4
"""Letters. A menu answer ("1", "0") is rightly sent again at once, and answering one twice does little harm."""
_REMEMBERED = 50_000


class Redelivery:
    """Remembers the messages of the last minute, in memory; `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._connected = clock()
        self._seen: OrderedDict[bytes, tuple[float, UUID]] = OrderedDict()

    def connected(self) -> None:
        """A connection begins: bearerbox may have been started again."""
        self._connected = self._clock()

    def is_copy(self, sms: Sms, text: str) -> bool:
        """Whether another message just said the same from the same number; `text` is what it says."""
        if not sms.udhdata and len(text.strip()) < SHORTEST:
            return False
        now, said = self._clock(), _digest(sms)
        at, first = self._seen.pop(said, (now, sms.id))
        is_copy = first != sms.id and now - at < SECONDS and now - self._connected < SECONDS
        self._seen[said] = (at, first) if is_copy else (now, sms.id)
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return is_copy


def _digest(sms: Sms) -> bytes:
    fields = (sms.sender, sms.receiver, sms.udhdata, sms.msgdata)
    return hashlib.sha256(b"".join(len(field or b"").to_bytes(4, "big") + (field or b"") for field in fields)).digest()
