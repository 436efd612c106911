"""Whether a reply that says it is 80 % sure is right 80 times out of 100."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

_BINS = 10


@dataclass(frozen=True)
class Bin:
    """The replies with a confidence from `low` up to `high`: how many, how sure on average, what share was right."""

    low: float
    high: float
    count: int
    confidence: float | None
    right: float | None


def reliability(said: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Ten bins of equal width over pairs of confidence and whether it was right; 1.0 belongs to the last."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, right in said:
        members[min(int(confidence * _BINS), _BINS - 1)].append((confidence, right))
    return [_bin(place, inside) for place, inside in enumerate(members)]


def _bin(place: int, inside: list[tuple[float, bool]]) -> Bin:
    low, high = place / _BINS, (place + 1) / _BINS
    if not inside:
        return Bin(low, high, 0, None, None)
    return Bin(low, high, len(inside), fmean(sure for sure, _ in inside), fmean(right for _, right in inside))


def expected_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: how far confidence is from what was right, averaged over the replies."""
    known = [(item.count, item.right, item.confidence) for item in bins]
    gaps = [count * abs(right - sure) for count, right, sure in known if right is not None and sure is not None]
    total = sum(count for count, _, _ in known)
    return sum(gaps) / total if total else None


def to_json(said: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """The expected calibration error and the table, rounded."""
    bins = reliability(said)
    error = expected_error(bins)
    return {"error": _round(error), "bins": [_row(item) for item in bins]}


def _row(item: Bin) -> dict[str, Any]:
    sure, right = _round(item.confidence), _round(item.right)
    return {"low": item.low, "high": item.high, "count": item.count, "confidence": sure, "right": right}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
