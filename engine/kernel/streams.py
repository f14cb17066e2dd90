"""Random numbers that depend on names, never on the order in which they are asked for."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

from engine.kernel.timeline import Timeline

Seeds = Timeline[int]
"""The seed of a run: another one from the time on at which a run was forked with a seed of its own."""


def derive_seed(*parts: int | str) -> int:
    """Return a 63-bit number from named parts; the same parts always give the same number."""
    text = "\x1f".join([f"{type(part).__name__}:{part}" for part in parts])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") >> 1


def stream(run_seed: int, agent: str, purpose: str) -> random.Random:
    """Return the random stream of an agent for a purpose."""
    return random.Random(derive_seed(run_seed, agent, purpose))


def pick(weights: Sequence[float], dice: random.Random) -> int:
    """Draw an index with probability proportional to its weight (non-negative, not all zero)."""
    target = dice.random() * sum(weights)
    for index, weight in enumerate(weights):
        target -= weight
        if target < 0:
            return index
    return max(range(len(weights)), key=lambda i: (weights[i] > 0, i))
