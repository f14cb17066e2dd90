"""Rotary positions (Su et al. 2021, arXiv 2104.09864) and the ways to stretch them over longer contexts.

Each pair of numbers of a query or key turns by position * frequency. `linear` slows all pairs down; `llama3` only those
that turn slowly, with a smooth passage (Llama 3.1); `yarn` likewise, and it makes all numbers a little larger
(Peng et al. 2023, arXiv 2309.00071).
"""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor

from engine.llm.files.settings import Settings

_TYPES: Final = ("default", "none", "linear", "llama3", "yarn")
_PIECE: Final = 4096
"""Positions whose rotations are computed together."""
_FACTORS: Final = (1.0, 1e4)
BASES: Final = (1.001, 1e12)
"""Smallest and largest base of frequencies."""


class Rotations:
    """The rotary factors scale * exp(i * position * frequency) of all positions, computed as they are needed."""

    def __init__(self, frequencies: Tensor, scale: float = 1.0) -> None:
        self._frequencies = frequencies  # float64 [head_dim / 2], radians per position
        self._scale = scale
        self._known = torch.empty(0, len(frequencies), dtype=torch.complex64)

    def at(self, positions: Tensor) -> Tensor:
        """Return the factors at `positions` [n], complex64 [n, head_dim / 2]."""
        last = int(positions.max())
        while last >= len(self._known):  # in pieces of one size, so that a position always has the same bits
            start = len(self._known)
            angles = torch.outer(torch.arange(start, start + _PIECE, dtype=torch.float64), self._frequencies)
            piece = torch.polar(torch.full_like(angles, self._scale), angles).to(torch.complex64)
            self._known = torch.cat([self._known, piece])
        return self._known[positions]


def read_rotations(
    settings: Settings, head_dim: int, kind: str = "", theta: float = 10000.0, slowed: Tensor | None = None
) -> Rotations:
    """Read how positions are rotated. Raises `BadInput` for a way that is not supported.

    `kind` names the layers that are meant, where a model has different rotations; `theta` is the base if none is given.
    `slowed` [head_dim / 2] divides the frequencies: so GGUF files hold what elsewhere is called `llama3`.
    """
    given = settings.section("rope_parameters")
    if given.holds_object(kind):
        given = given.section(kind)
    base = given.number("rope_theta", *BASES, default=settings.number("rope_theta", *BASES, default=theta))
    if "rope_type" not in given and "rope_scaling" in settings:  # as it was written before 2025
        given = settings.section("rope_scaling")
        if "rope_type" not in given:
            given = given.renamed({"rope_type": "type"})
    type_ = given.choice("rope_type", _TYPES, default="default")
    given.number("partial_rotary_factor", 1, 1, default=1.0)
    settings.number("partial_rotary_factor", 1, 1, default=1.0)

    plain = frequencies(base, head_dim) if slowed is None else frequencies(base, head_dim) / slowed
    if type_ == "linear":
        return Rotations(plain / given.number("factor", *_FACTORS))
    context = settings.integer("max_position_embeddings", 1, 1 << 24)
    trained = given.integer("original_max_position_embeddings", 1, 1 << 24, default=context)
    if type_ == "llama3":
        return Rotations(_llama3(plain, given, trained))
    if type_ == "yarn":
        return _yarn(plain, base, given, trained)
    return Rotations(plain)


def frequencies(base: float, head_dim: int) -> Tensor:
    """Return how much each pair turns from one position to the next, float64 [head_dim / 2], in radians."""
    return base ** -(torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim)


def _llama3(plain: Tensor, given: Settings, trained: int) -> Tensor:
    factor = given.number("factor", *_FACTORS)
    low = given.number("low_freq_factor", 1e-3, 1e3)
    high = given.number("high_freq_factor", low * 1.001, 1e6)
    turns = trained * plain / (2 * math.pi)  # in the context it was trained with
    kept = ((turns - low) / (high - low)).clamp(0, 1)  # 1: as it is, 0: slowed down
    return kept * plain + (1 - kept) * plain / factor


def _yarn(plain: Tensor, base: float, given: Settings, trained: int) -> Rotations:
    if "mscale" in given or "mscale_all_dim" in given:
        given.refuse("is not supported", "mscale")
    factor = given.number("factor", *_FACTORS)
    slow = given.number("beta_slow", 1e-3, 1e3, default=1.0)
    fast = given.number("beta_fast", slow, 1e4, default=32.0)
    size = 2 * len(plain)
    # The pair that turns a given number of times in the context it was trained with.
    first, last = (size * math.log(trained / (2 * math.pi * turns)) / (2 * math.log(base)) for turns in (fast, slow))
    if given.flag("truncate", default=True):
        first, last = math.floor(first), math.ceil(last)
    first, last = max(first, 0), min(last, size - 1)
    ramp = (torch.arange(len(plain), dtype=torch.float64) - first) / max(last - first, 0.001)
    kept = 1 - ramp.clamp(0, 1)
    scale = given.number("attention_factor", 1e-3, 1e3, default=1 + 0.1 * math.log(factor))
    return Rotations(kept * plain + (1 - kept) * plain / factor, scale)
