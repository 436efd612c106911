"""How long citizens waited, in classes of 10 %: small enough to keep for ever, percentiles of them within 5 %."""

from __future__ import annotations

import math
from collections.abc import Mapping

_STEP = math.log(1.1)
_SHORTEST = 0.001


def class_of(seconds: float) -> int:
    """The class of a duration; what is shorter than a millisecond (clocks that differ) counts as one."""
    return math.ceil(math.log(max(seconds, _SHORTEST)) / _STEP)


def seconds_of(number: int) -> float:
    """The middle of a class."""
    return math.exp((number - 0.5) * _STEP)


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """Within how many seconds this share (0 to 1) of them was over; None when there are none."""
    rank = share * sum(counts.values())
    seen = 0
    for number in sorted(counts):
        seen += counts[number]
        if seen >= rank:
            return seconds_of(number)
    return None
