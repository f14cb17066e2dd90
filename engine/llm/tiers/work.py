"""What a plan is made for: the tiers there are, and what is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GIB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Tiers:
    """How many bytes there are for a model."""

    gpu: float
    ram: float
    disk: float


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done: sequences of `prompt` tokens each, to which `generate` are added."""

    prompt: int = 512
    generate: int = 32

    @property
    def length(self) -> int:
        """How long a sequence becomes, in tokens."""
        return self.prompt + self.generate
