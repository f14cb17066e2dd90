"""What can be set about minds."""

from __future__ import annotations

from math import isfinite
from typing import Literal

from pydantic import Field, field_validator

from agents.cognition.thoughts import BIAS, WAYS, WEIGHED
from agents.memory.retrieval import RetrievalSettings
from agents.memory.stream import MemoryKind
from engine.config import Settings
from engine.errors import nearest

Faculty = Literal["observation", "reflection", "planning"]
FACULTIES: dict[Faculty, tuple[MemoryKind, ...]] = {
    "observation": (MemoryKind.OBSERVATION, MemoryKind.CHAT),
    "reflection": (MemoryKind.REFLECTION,),
    "planning": (MemoryKind.PLAN,),
}
"""What minds can do without, and the memories that go with it (Park et al. 2023, section 6.2)."""


class MindSettings(Settings):
    """How minds perceive, talk and reflect. Defaults follow the paper and its code where they give a number."""

    retrieval: RetrievalSettings = RetrievalSettings()
    without: tuple[Faculty, ...] = ()
    """Faculties that minds lack."""
    ways: dict[str, str | dict[str, float]] = Field(default_factory=dict)
    """Which way each discrete thought goes: a way's name, or weights of several (docs/thoughts.md)."""
    attention: int = Field(default=3, ge=1)
    """How many percepts of one moment are taken in, nearest first."""
    retention: int = Field(default=5, ge=0, le=10_000)
    """A percept that is among the last so many is not new."""
    reflection_threshold: float = Field(default=150, gt=0, allow_inf_nan=False)
    """Sum of the importance of new memories that makes an agent reflect."""
    reflection_questions: int = Field(default=3, ge=1, le=10)
    insights_per_question: int = Field(default=2, ge=1, le=10)
    conversation_lines: int = Field(default=16, ge=2)
    """The most lines a conversation has."""
    conversation_topics: int = Field(default=2, ge=0)
    """How many things each side tells the other, at the most."""
    conversation_speakers: int = Field(default=4, ge=2, le=8)
    """The most people who talk with each other."""
    conversation_cooldown: int = Field(default=8000, ge=0)
    """Seconds after a conversation in which the two do not begin another one."""
    samples: int = Field(default=8, ge=1, le=64)
    """How many texts are written to choose the best from."""
    sketch_lines: int = Field(default=6, ge=0, le=12)
    """The most lines of the day's sketch that the model words."""

    @field_validator("without")
    @classmethod
    def _in_order(cls, without: tuple[Faculty, ...]) -> tuple[Faculty, ...]:
        return tuple(faculty for faculty in FACULTIES if faculty in without)

    @property
    def blocked(self) -> tuple[MemoryKind, ...]:
        """The kinds of memories that minds neither make nor have access to."""
        return tuple(kind for faculty in self.without for kind in FACULTIES[faculty])

    @field_validator("ways")
    @classmethod
    def _known(cls, ways: dict[str, str | dict[str, float]]) -> dict[str, str | dict[str, float]]:
        for thought, way in ways.items():
            if thought not in WEIGHED:
                raise ValueError(f"no thought '{thought}' goes different ways{nearest(thought, WEIGHED)}")
            for name in [way] if isinstance(way, str) else way:
                if name not in (WAYS if isinstance(way, str) else (*WAYS, BIAS)):
                    raise ValueError(f"'{name}' is no way of '{thought}'{nearest(name, WAYS)}")
            if isinstance(way, dict) and not all(isfinite(weight) for weight in way.values()):
                raise ValueError(f"a weight of '{thought}' is not a finite number")
        return ways
