"""Leaves an agency alone after failures, and lets one question at a time find out whether it is back.

Our own (docs/decisions/0010-exchange.md): the libraries let every waiting question through at once when they try
again, and take late answers to questions from before for news.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from integrations.exchange.errors import Failure, StatusError, Unavailable


class Breaker:
    """Of one agency, in one process.

    Args:
        failures: in a row, until it opens. seconds: it stays open before each probe.
        changed: called with True when it opens and False when it closes; once each, however many ask.
    """

    def __init__(
        self,
        failures: int,
        seconds: float,
        changed: Callable[[bool], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._seconds = seconds
        self._changed = changed
        self._clock = clock
        self._failures = 0
        self._tries_at: float | None = None
        self._probing = False
        self._period = 0

    @property
    def open(self) -> bool:
        """Whether questions are turned away, but for a probe."""
        return self._tries_at is not None

    def check(self) -> None:
        """Turn a question away that would not be let through.

        Raises:
            Unavailable: it is open, and this is no probe.
        """
        if self._tries_at is None:
            return
        left = self._tries_at - self._clock()
        if left > 0 or self._probing:
            raise Unavailable("left alone after failures", retry_after=max(left, 0.0), ill=False)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around one question: its failure or success counts; anything else, such as being cancelled, does not.

        Raises:
            Unavailable: as `check`.
        """
        self.check()
        period, probe = self._period, self.open
        self._probing = self._probing or probe
        try:
            yield
        except StatusError as error:
            self._ended(period, well=not (isinstance(error, Failure) and error.ill))
            raise
        else:
            self._ended(period, well=True)
        finally:
            if probe:
                self._probing = False

    def _ended(self, period: int, *, well: bool) -> None:
        if period != self._period:
            return  # asked before it opened or closed: old news
        if well:
            self._failures = 0
            if self.open:
                self._tries_at = None
                self._period += 1
                self._changed(False)
            return
        self._failures += 1
        if self.open or self._failures >= self._limit:
            was_open, self._tries_at = self.open, self._clock() + self._seconds
            self._period += 1
            if not was_open:
                self._changed(True)
