"""Bars of a chart, as numbers for the attributes of an SVG: one row a day, the newest on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from channels.sms.operating.page.words import amount

ROW = 18
_BASE, _LONGEST = 274, 200
"""Where bars begin (they grow to the left, as the page reads), and the longest one; the rest of 320 is for words."""


@dataclass(frozen=True)
class Bar:
    """One bar and its two words: the label to the right of it, the value to the left."""

    x: float
    y: int
    width: float
    label: str
    value: str

    @property
    def value_at(self) -> float:
        """Where the value ends."""
        return self.x - 5


def bars(values: Sequence[tuple[str, float]]) -> list[Bar]:
    """Bars of labels and values, in their own order from the top."""
    top = max((value for _, value in values), default=0.0) or 1.0
    widths = [round(_LONGEST * value / top, 1) for _, value in values]
    return [
        Bar(_BASE - width, place * ROW, width, label, amount(value))
        for place, ((label, value), width) in enumerate(zip(values, widths, strict=True))
    ]
