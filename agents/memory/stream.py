"""The memory stream of one agent (Park et al. 2023, section 4.1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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


KINDS = tuple(MemoryKind)
"""The kinds by the number under which a stream keeps them."""
IDLE = "standing about"
"""What somebody who does nothing is seen to do."""
FORGOTTEN_REPEAT = 24 * 3600
"""Seconds after which what is observed again is worth a memory of its own."""


@dataclass(frozen=True, slots=True)
class Memory:
    """One record of the stream. `created` is in seconds of simulated time, `importance` from 1 to 10; 0 if unknown."""

    number: int
    kind: MemoryKind
    text: str
    created: int
    importance: float
    evidence: tuple[int, ...] = ()
    about: tuple[str, ...] = ()


class MemoryStream:
    """All memories of one agent, their vectors, when each was last accessed and how often it was made.

    Vectors are unit vectors, so that their inner product is the cosine of the angle between them. They lie in a flat
    index of faiss, row by row.
    """

    def __init__(self, dimensions: int) -> None:
        self._memories: list[Memory] = []
        self._index = faiss.IndexFlatIP(dimensions)
        self._importance = np.empty(64, np.float64)
        self._accessed = np.empty(64, np.int64)
        self._kinds = np.empty(64, np.int8)
        self._counts = np.empty(64, np.int64)
        self._idle = np.empty(64, np.bool_)
        self._observed: dict[str, int] = {}
        """The latest observation of every text."""
        self._about: dict[str, list[int]] = {}

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
        """Append a memory; it counts as accessed when it is made. `vector` is a unit vector [dimensions].

        Raises `ValueError` when the evidence is not there, or the vector is not of the stream's dimensions.
        """
        if self.unweighed:
            raise ValueError("what was noted before must be weighed first")
        self._check(vector)
        if any(not 0 <= number < len(self) for number in evidence):
            raise ValueError("evidence must be earlier memories")
        memory = self._append(Memory(len(self), kind, text, created, importance, evidence, about))
        self._index.add(vector.reshape(1, -1))
        return memory

    def note(self, kind: MemoryKind, text: str, created: int, about: tuple[str, ...] = ()) -> Memory:
        """Append a memory of which it is not known yet how much it matters and what it means (`weigh`)."""
        return self._append(Memory(len(self), kind, text, created, 0.0, (), about))

    @property
    def unweighed(self) -> list[Memory]:
        """What was noted and not weighed yet, oldest first: the newest memories."""
        return self._memories[self._index.ntotal :]

    def weigh(self, importances: Sequence[float], vectors: Sequence[Vector]) -> None:
        """Settle how much matters what was not weighed yet, and what it means: unit vectors [dimensions].

        Raises `ValueError` when they are not one for each.
        """
        first = self._index.ntotal
        if not len(importances) == len(vectors) == len(self) - first:
            raise ValueError("everything that was noted is weighed at once")
        for vector in vectors:
            self._check(vector)
        if not vectors:
            return
        for number, importance in enumerate(importances, first):
            self._memories[number] = replace(self._memories[number], importance=importance)
        self._importance[first : len(self)] = importances
        self._index.add(np.stack(vectors))

    def _check(self, vector: Vector) -> None:
        if vector.shape != (self._index.d,):
            raise ValueError(f"a vector has {self._index.d} dimensions")

    def _append(self, memory: Memory) -> Memory:
        kind, text, created, about = memory.kind, memory.text, memory.created, memory.about
        self._grow()
        self._importance[memory.number] = memory.importance
        self._accessed[memory.number] = created
        self._kinds[memory.number] = KINDS.index(kind)
        self._counts[memory.number] = 1
        self._idle[memory.number] = IDLE in text
        self._memories.append(memory)
        for name in about:
            self._about.setdefault(name, []).append(memory.number)
        if kind is MemoryKind.OBSERVATION:
            self._observed[text] = memory.number
        return memory

    def _grow(self) -> None:
        if len(self) == len(self._importance):
            self._importance = np.concatenate([self._importance, np.empty_like(self._importance)])
            self._accessed = np.concatenate([self._accessed, np.empty_like(self._accessed)])
            self._kinds = np.concatenate([self._kinds, np.empty_like(self._kinds)])
            self._counts = np.concatenate([self._counts, np.empty_like(self._counts)])
            self._idle = np.concatenate([self._idle, np.empty_like(self._idle)])

    def observe_again(self, text: str, time: int) -> Memory | None:
        """Fold an observation into the same one of the last 24 hours, if there is one, and return that.

        It is counted and counts as accessed; nothing else about it changes.
        """
        number = self._observed.get(text)
        if number is None or time - self._accessed[number] > FORGOTTEN_REPEAT:
            return None
        self._counts[number] += 1
        self._accessed[number] = time
        return self._memories[number]

    def count(self, number: int) -> int:
        """Return how often a memory was made: more than once for what was observed again."""
        return int(self._counts[number])

    def recent(self, count: int) -> list[Memory]:
        """Return the newest memories, oldest first."""
        return self._memories[-count:] if count else []

    @property
    def importance(self) -> NDArray[np.float64]:
        """The importance of every memory, [memories]."""
        return self._importance[: len(self)]

    @property
    def accessed(self) -> NDArray[np.int64]:
        """When every memory was last accessed, in seconds, [memories]."""
        return self._accessed[: len(self)]

    def about(self, name: str) -> NDArray[np.int64]:
        """Return the numbers of the memories about a person, oldest first."""
        return np.array(self._about.get(name, ()), np.int64)

    def of_kinds(self, kinds: Collection[MemoryKind], *, idle: bool = True) -> NDArray[np.int64]:
        """Return the numbers of the memories of some kinds, oldest first; those of people who do nothing, or not."""
        wanted = np.array([kind in kinds for kind in KINDS])[self._kinds[: len(self)]]
        return np.flatnonzero(wanted if idle else wanted & ~self._idle[: len(self)])

    def relevance(self, query: Vector) -> NDArray[np.float32]:
        """Return the cosine of every memory with a query, a unit vector [dimensions]; [memories].

        A search for all of them would sort them, too; the products alone take as long as memory is read.
        Raises `ValueError` when the query is not of the stream's dimensions, or a memory has no meaning yet (`weigh`).
        """
        if query.shape != (self._index.d,):
            raise ValueError(f"a query has {self._index.d} dimensions")
        if self.unweighed:
            raise ValueError("what was noted must be weighed first")
        query = np.ascontiguousarray(query, np.float32)
        cosines = np.empty(len(self), np.float32)
        if len(self):
            found, asked = faiss.swig_ptr(cosines), faiss.swig_ptr(query)
            faiss.fvec_inner_products_ny(  # type: ignore[attr-defined]  # the stubs do not list it
                found, asked, self._index.get_xb(), self._index.d, len(self)
            )
        return cosines

    def touch(self, numbers: NDArray[np.int64], time: int) -> None:
        """Note that memories were accessed at a time."""
        self._accessed[numbers] = time
