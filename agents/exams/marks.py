"""Marks: shares of right answers with their intervals, and whether one way is clearly better than another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt

Z = 1.959964
"""Of a 95 % interval."""
CLEAR = 0.05


@dataclass(frozen=True, slots=True)
class Mark:
    """How many of the cases were answered rightly."""

    right: int
    cases: int

    @property
    def share(self) -> float:
        """The share of right answers."""
        return self.right / self.cases

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share (Wilson 1927)."""
        n, p = self.cases, self.share
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def beats(self, baseline: float) -> bool:
        """Whether the whole interval lies above a baseline."""
        return self.interval[0] > baseline


def clearly_better(one: Sequence[bool], other: Sequence[bool]) -> bool:
    """Whether `one` was right where `other` was wrong more often than by luck: an exact sign test, one-sided."""
    gained = sum(a and not b for a, b in zip(one, other, strict=True))
    lost = sum(b and not a for a, b in zip(one, other, strict=True))
    differ = gained + lost
    by_luck = sum(comb(differ, k) for k in range(gained, differ + 1)) / 2**differ
    return gained > lost and by_luck < CLEAR
