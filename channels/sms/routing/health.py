"""How well a provider does: its share of the messages shrinks while it fails or is slow, and drifts back.

After GOV.UK Notify, which moves a tenth of the traffic when a provider fails or slows down and drifts back while all
is quiet; here the steps are larger, because there is a process to each provider and not a team.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable

WINDOW = 60.0
"""Seconds that are looked back on."""
FEWEST = 5
"""Submissions within the window before their shares mean anything."""
WORST_SHARE = 0.15
"""Of failed or slow submissions; above it the provider's share is halved."""
SLOW = 5.0
"""Seconds after which a submission counts as slow."""
BROKEN = 3
"""Failures in a row that stop a provider altogether, but for a probe now and then."""
STEP_EVERY = 10.0
_DRIFT = 0.1
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 60.0


class Health:
    """Of one provider, as this gateway has seen it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recent: deque[tuple[float, bool]] = deque(maxlen=1000)
        self._failures = 0
        self._paused_until = 0.0
        self._pause = _FIRST_PAUSE
        self._changed = clock()
        self._share = 1.0

    @property
    def share(self) -> float:
        """What is left of the provider's weight, from 0.05 to 1."""
        self._drift()
        return self._share

    @property
    def paused(self) -> float:
        """Seconds until it may be tried again; 0 when it may be now."""
        return max(0.0, self._paused_until - self._clock())

    @property
    def probing(self) -> bool:
        """Whether it has failed so often that one message at a time has to show that it is back."""
        return self._failures >= BROKEN

    def succeeded(self, seconds: float) -> None:
        """A submission was answered, for better or worse of the message, after so many seconds."""
        if self.probing:
            self._share, self._changed = 0.1, self._clock()
        self._failures, self._pause = 0, _FIRST_PAUSE
        self._note(good=seconds < SLOW)

    def failed(self) -> None:
        """A submission met no provider, or one that did not answer in time."""
        self._failures += 1
        self._note(good=False)
        if self.probing:
            self.pause(self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def pause(self, seconds: float) -> None:
        """The provider asked for it (overload), or there is no point in trying (refused log-in)."""
        jittered = seconds * random.uniform(0.8, 1.2)  # noqa: S311
        self._paused_until = max(self._paused_until, self._clock() + jittered)

    def _note(self, *, good: bool) -> None:
        now = self._clock()
        self._recent.append((now, good))
        while self._recent and now - self._recent[0][0] > WINDOW:
            self._recent.popleft()
        if good or len(self._recent) < FEWEST or now - self._changed < STEP_EVERY:
            return
        bad = sum(not fine for _, fine in self._recent) / len(self._recent)
        if bad >= WORST_SHARE:
            self._drift()
            self._share, self._changed = max(0.05, self._share / 2), now

    def _drift(self) -> None:
        steps = int((self._clock() - self._changed) / STEP_EVERY)
        if steps > 0 and self._share < 1.0:
            self._share = min(1.0, self._share + steps * _DRIFT)
            self._changed += steps * STEP_EVERY
