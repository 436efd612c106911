"""Bars of a chart, as numbers for the attributes of an SVG: one row a day or week, growing the way the page reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, BAR = 290, 20, 13
_LABEL, _VALUE = 76, 60
"""Room for the label before the bar, and for the value after the longest one."""
_LONGEST = WIDTH - _LABEL - _VALUE


@dataclass(frozen=True)
class Piece:
    """One part of a bar. `name` says which: its class, and so its colour."""

    name: str
    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """One bar and its two words. Texts start at their x, in the direction of the page."""

    y: int
    label: str
    label_x: float
    pieces: tuple[Piece, ...]
    value: str
    value_x: float

    @property
    def baseline(self) -> int:
        """Where its words stand."""
        return self.y + BAR - 2


@dataclass(frozen=True)
class Line:
    """What a row shows: parts by name, in order, and its words. whole: what its full length stands for."""

    label: str
    parts: Sequence[tuple[str, float]]
    value: str
    whole: float | None = None


@dataclass(frozen=True)
class Chart:
    """All rows, and how high they are together."""

    rows: tuple[Row, ...]
    height: int


def chart(lines: Sequence[Line], *, from_right: bool) -> Chart:
    """Rows in their order from the top. Bars share one scale, unless a line has a `whole` of its own."""
    longest = max((sum(amount for _, amount in line.parts) for line in lines), default=0.0) or 1.0
    rows = tuple(_row(place, line, line.whole or longest, from_right) for place, line in enumerate(lines))
    return Chart(rows, max(len(rows), 1) * ROW)


def _row(place: int, line: Line, whole: float, from_right: bool) -> Row:
    pieces, at = [], float(_LABEL)
    for name, amount in line.parts:
        width = round(_LONGEST * amount / whole, 1)
        if width:
            pieces.append(Piece(name, round(WIDTH - at - width if from_right else at, 1), width))
        at += width
    label_x, value_x = (WIDTH, WIDTH - at - 5) if from_right else (0, at + 5)
    return Row(place * ROW, line.label, label_x, tuple(pieces), line.value, round(value_x, 1))
