"""Two kinds of repeated SMS: the provider's copy of one message, and a machine that says the same for ever.

Both look only at the last seconds or minutes, so they live in memory; what must outlive a restart (the provider's own
ids, limits per number) is in the message log.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

Clock = Callable[[], float]
_NUMBERS_REMEMBERED = 50_000


class ContentIds:
    """Ids for messages whose provider gives none: the same text of the same number within seconds has the same id.

    Forgotten when we answer that number: a citizen who sends "1" to two questions means both.
    """

    def __init__(self, seconds: float = 4.0, clock: Clock = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._seen: OrderedDict[str, dict[bytes, tuple[float, str]]] = OrderedDict()

    def id_for(self, number: str, text: str) -> str:
        """The id of this message, new or that of its first copy."""
        now, digest = self._clock(), hashlib.sha256(text.encode("utf-8", "replace")).digest()
        recent = {key: seen for key, seen in self._seen.pop(number, {}).items() if now - seen[0] < self._seconds}
        _, message_id = recent.setdefault(digest, (now, f"content-{uuid.uuid4().hex}"))
        self._seen[number] = recent
        _shrink(self._seen)
        return message_id

    def forget(self, number: str) -> None:
        """We answered this number: its next message is a new one."""
        self._seen.pop(number, None)


class LoopBreaker:
    """Stops answering a number that sends one text again and again: two machines that answer each other.

    A menu answer ("1", "0") is rightly sent often, so only longer texts count.
    """

    SHORTEST = 4

    def __init__(self, repeats: int = 4, seconds: float = 600.0, clock: Clock = time.monotonic) -> None:
        self._repeats, self._seconds, self._clock = repeats, seconds, clock
        self._seen: OrderedDict[tuple[str, bytes], deque[tuple[float, str]]] = OrderedDict()

    def loops(self, number: str, text: str, message_id: str) -> bool:
        """Count this message (a provider's repetition of it once); True when it is one too many of the same."""
        if len(text.strip()) < self.SHORTEST:
            return False
        key = (number, hashlib.sha256(text.strip().encode("utf-8", "replace")).digest())
        now, seen = self._clock(), self._seen.pop(key, deque(maxlen=self._repeats))
        self._seen[key] = seen
        _shrink(self._seen)
        if any(message_id == counted for _, counted in seen):
            return False
        full = len(seen) == self._repeats and now - seen[0][0] < self._seconds
        seen.append((now, message_id))
        return full


def _shrink(seen: OrderedDict[Any, Any]) -> None:
    while len(seen) > _NUMBERS_REMEMBERED:
        seen.popitem(last=False)
