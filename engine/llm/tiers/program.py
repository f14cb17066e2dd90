"""Linear programs in few variables, solved with scipy's HiGHS.

An expression is a vector of coefficients, one per variable and a constant at last, so numpy adds and multiplies them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Expression = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Solution:
    """The best values of the variables, and of what is minimised."""

    values: Mapping[str, float]
    best: float
    binding: tuple[str, ...]
    """The limits that keep it from being better, the one that costs most first."""


@dataclass(slots=True)
class Program:
    """A linear program whose variables are not negative."""

    names: tuple[str, ...]
    _limits: list[tuple[str, Expression]] = field(default_factory=list)
    _equal: list[Expression] = field(default_factory=list)

    def variable(self, name: str) -> Expression:
        """Return a variable as an expression."""
        return self._unit(self.names.index(name))

    def constant(self, number: float) -> Expression:
        """Return a number as an expression."""
        return self._unit(len(self.names)) * number

    def _unit(self, place: int) -> Expression:
        unit = np.zeros(len(self.names) + 1)
        unit[place] = 1
        return unit

    def at_most(self, name: str, expression: Expression, most: float) -> None:
        """Ask that `expression` is at most this; `name` says what limits it."""
        self._limits.append((name, expression - self.constant(most)))

    def equals(self, expression: Expression, number: float) -> None:
        """Ask that `expression` is this."""
        self._equal.append(expression - self.constant(number))

    def minimise(self, cost: Expression) -> Solution | None:
        """Return the solution of the smallest cost; nothing if no values are within the limits."""
        from scipy.optimize import linprog

        limits = np.array([expression for _, expression in self._limits])
        sizes = np.maximum(np.abs(limits).max(axis=1, keepdims=True), 1e-300)
        limits = limits / sizes  # bytes beside seconds
        equal = np.array(self._equal) if self._equal else None
        found = linprog(
            cost[:-1],
            A_ub=limits[:, :-1],
            b_ub=-limits[:, -1],
            A_eq=None if equal is None else equal[:, :-1],
            b_eq=None if equal is None else -equal[:, -1],
            method="highs",
        )
        if found.status != 0:
            return None
        prices = sorted(
            (float(price), name) for price, (name, _) in zip(found.ineqlin.marginals, self._limits, strict=True)
        )
        binding = dict.fromkeys(name for price, name in prices if price < -1e-9 * abs(found.fun))
        values = dict(zip(self.names, map(float, found.x), strict=True))
        return Solution(values, float(found.fun + cost[-1]), tuple(binding))
