"""The memory stream of one agent (Park et al. 2023, section 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import faiss
import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


class MemoryKind(StrEnum):
    """What a memory is made of."""

    OBSERVATION = "observation"
    CHAT = "chat"
    PLAN = "plan"
    REFLECTION = "reflection"


@dataclass(frozen=True, slots=True)
class Memory:
    """One record of the stream. `created` is in seconds of simulated time, `importance` from 1 to 10."""

    number: int
    kind: MemoryKind
    text: str
    created: int
    importance: float
    evidence: tuple[int, ...] = ()
    about: tuple[str, ...] = ()


class MemoryStream:
    """All memories of one agent, their vectors and when each was last accessed.

    Vectors are unit vectors, so that their inner product is the cosine of the angle between them.
    """

    def __init__(self, dimensions: int) -> None:
        self._memories: list[Memory] = []
        self._index = faiss.IndexFlatIP(dimensions)
        self._importance = np.empty(64, np.float64)
        self._accessed = np.empty(64, np.int64)

    def __len__(self) -> int:
        return len(self._memories)

    def __getitem__(self, number: int) -> Memory:
        return self._memories[number]

    def add(
        self,
        kind: MemoryKind,
        text: str,
        created: int,
        importance: float,
        vector: Vector,
        evidence: tuple[int, ...] = (),
        about: tuple[str, ...] = (),
    ) -> Memory:
        """Append a memory; it counts as accessed when it is made. `vector` is a unit vector [dimensions]."""
        if any(not 0 <= number < len(self) for number in evidence):
            raise ValueError("evidence must be earlier memories")
        memory = Memory(len(self), kind, text, created, importance, evidence, about)
        self._grow()
        self._importance[memory.number] = importance
        self._accessed[memory.number] = created
        self._index.add(vector.reshape(1, -1))
        self._memories.append(memory)
        return memory

    def _grow(self) -> None:
        if len(self) == len(self._importance):
            self._importance = np.concatenate([self._importance, np.empty_like(self._importance)])
            self._accessed = np.concatenate([self._accessed, np.empty_like(self._accessed)])

    def recent(self, count: int) -> list[Memory]:
        """Return the newest memories, oldest first."""
        return self._memories[-count:] if count else []

    def since(self, time: int) -> list[Memory]:
        """Return the memories made at or after a time, oldest first."""
        return [memory for memory in self._memories if memory.created >= time]

    @property
    def importance(self) -> NDArray[np.float64]:
        """The importance of every memory, [memories]."""
        return self._importance[: len(self)]

    @property
    def accessed(self) -> NDArray[np.int64]:
        """When every memory was last accessed, in seconds, [memories]."""
        return self._accessed[: len(self)]

    def relevance(self, query: Vector) -> NDArray[np.float64]:
        """Return the cosine of every memory with a query vector, [memories]."""
        cosines = np.empty(len(self), np.float64)
        if len(self):
            found, numbers = self._index.search(query.reshape(1, -1), len(self))
            cosines[numbers[0]] = found[0]
        return cosines

    def touch(self, numbers: NDArray[np.int64], time: int) -> None:
        """Note that memories were accessed at a time."""
        self._accessed[numbers] = time
