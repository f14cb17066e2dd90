"""Choosing the next token from its log-probabilities, by dice that depend on nothing but their name."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

_COLDEST: Final = 1e-6
"""Lower temperatures differ from this one in nothing but overflows."""


def uniform(seed: int, sample: int, step: int) -> float:
    """Return the random number in [0, 1) that belongs to a step of a sample of a request with this seed."""
    name = f"{seed}/{sample}/{step}".encode()
    return (int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little") >> 11) * 2.0**-53


def draw(
    logs: NDArray[np.float32], mask: NDArray[np.bool_] | None, temperature: float, top_p: float, chance: float
) -> int | None:
    """Return a token drawn from `logs` [vocabulary] among those that `mask` allows; nothing if it allows none.

    Log-probabilities are divided by `temperature` (0: the most likely token), then the least likely tokens beyond the
    probability `top_p` are left out (equally likely ones stay together). `chance` in [0, 1) decides.
    """
    if mask is not None:
        allowed = np.flatnonzero(mask)
        if not len(allowed):
            return None
        logs = logs[allowed]
    else:
        allowed = None
    place = int(logs.argmax()) if temperature == 0 else _nucleus(logs, temperature, top_p, chance)
    return place if allowed is None else int(allowed[place])


def _nucleus(logs: NDArray[np.float32], temperature: float, top_p: float, chance: float) -> int:
    with np.errstate(over="ignore", under="ignore"):
        weights = np.exp((logs - logs.max()) / np.float32(max(temperature, _COLDEST)))
    total = weights.sum(dtype=np.float64)
    least = np.float32(0.0)
    if top_p < 1:
        # All tokens below this floor together weigh less than what may be left out, so none of them is needed.
        floor = (1 - top_p) * total / len(weights)
        likely = np.sort(weights[weights >= floor])[::-1]
        sums = np.cumsum(likely, dtype=np.float64)
        least = likely[min(int(np.searchsorted(sums, top_p * total)), len(likely) - 1)]
    kept = np.flatnonzero(weights >= least)
    sums = np.cumsum(weights[kept], dtype=np.float64)
    place = int(np.searchsorted(sums, chance * sums[-1], side="right"))
    return int(kept[min(place, len(kept) - 1)])
