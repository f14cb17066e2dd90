"""How large and how small the numbers may be that a format holds, and whether a matrix is like that.

Half precision ends at 65,504, and what is larger would be cut to that or become infinite. Below 2^-14 it keeps a bit
less with each halving, and below 2^-17 fewer than the eight that bfloat16 keeps of any number. A model may hold such
numbers in one matrix and make up for them in the next, so that what is lost decides what it says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_PASSED: Final = 1 / 16
"""Of the rows of a matrix, so many may be too small: trained models have some that died."""


def row_sizes(matrix: NDArray[np.float32]) -> NDArray[Any]:
    """Return the size of the largest number of each row of `matrix` [..., width]; NaN for a row that holds one."""
    sizes: NDArray[Any] = np.maximum(matrix.max(axis=-1), -matrix.min(axis=-1))
    return sizes


@dataclass(frozen=True, slots=True)
class Range:
    """The sizes of numbers that a format holds."""

    least: float
    """What a row must reach with its largest number, unless it is all zeros."""
    most: float

    def complaint(self, matrix: NDArray[np.float32]) -> str:
        """Return what is wrong with `matrix` [rows, width], nothing if the format holds it."""
        sizes = row_sizes(matrix)
        largest = float(sizes.max())
        if not largest <= self.most:  # nor is "not a number" within it
            return f"holds numbers as large as {largest:.3g}, where {self.most:.6g} is the most"
        small = int(np.count_nonzero((sizes < self.least) & (sizes > 0)))
        if small > _PASSED * len(sizes):
            return f"holds {small} of {len(sizes)} rows of numbers smaller than {self.least:.2g}, which would be lost"
        return ""


HALF: Final = Range(2.0**-17, 65504.0)
BRAIN: Final = Range(0.0, 3.3895313892515355e38)
SINGLE: Final = Range(0.0, math.inf)
