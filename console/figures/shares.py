"""A share that never goes without its count."""

from __future__ import annotations

import math
from dataclasses import dataclass

FEW = 30
"""Of fewer than that a share says little."""
_Z = 1.959964
"""Of the 95 % interval."""


@dataclass(frozen=True)
class Share:
    """`count` out of `of`."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def few(self) -> bool:
        """Whether it is a share of too few to say it without saying so."""
        return self.of < FEW

    @property
    def percent(self) -> str:
        """The share in hundredths, with a tenth where it is small; "" of nothing."""
        return "" if self.value is None else percent(self.value)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true share lies with 95 % confidence, if these were drawn at random (Wilson's interval).

        https://doi.org/10.1080/01621459.1927.10502953
        """
        if not self.of:
            return None
        share, square = self.count / self.of, _Z * _Z / self.of
        middle = (share + square / 2) / (1 + square)
        half = _Z / (1 + square) * math.sqrt(share * (1 - share) / self.of + square / (4 * self.of))
        return max(0.0, middle - half), min(1.0, middle + half)


def percent(value: float) -> str:
    """In hundredths; a small one that is not nothing does not look like nothing."""
    return f"{value:.1%}" if 0 < value < 0.1 else f"{value:.0%}"
