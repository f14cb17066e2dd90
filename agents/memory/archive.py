"""The memories of an agent, read from the log of a run: all there is to know about them but their vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx

from agents.memory.stream import MemoryKind
from engine.record.events import Event, Recalled, Remembered, Repeated, Weighed


@dataclass(frozen=True, slots=True)
class Record:
    """One memory as it is at a time. Times are simulated seconds; `count` says how often it was made.

    The importance is 0 as long as it is not settled.
    """

    number: int
    kind: MemoryKind
    text: str
    created: int
    accessed: int
    importance: float
    count: int
    evidence: tuple[int, ...]
    about: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it under the names of the command line's contract."""
        return {
            "memory": self.number,
            "kind": self.kind.value,
            "text": self.text,
            "created": self.created,
            "accessed": self.accessed,
            "importance": self.importance,
            "count": self.count,
            "evidence": list(self.evidence),
            "about": list(self.about),
        }


def memories_of(events: Iterable[Event], agent: int, until: int | None = None) -> list[Record]:
    """Return the memories that an agent has at a time (what happens in that second included), in their order.

    `agent` is its index, `events` are those of a run, in their order; without a time all of them count. Raises
    `ValueError` when the log does not hold together.
    """
    found: list[Record] = []
    for event in events:
        if until is not None and event.key.time > until:
            break
        if event.key.agent == agent:
            _take_in(found, event)
    return found


def _take_in(found: list[Record], event: Event) -> None:
    time = event.key.time
    match event.body:
        case Remembered(memory, kind, text, importance, evidence, about):
            if memory != len(found) or any(not 0 <= number < memory for number in evidence):
                raise ValueError(f"memory {memory} does not follow from those before it")
            found.append(Record(memory, MemoryKind(kind), text, time, time, importance, 1, evidence, about))
        case Weighed(memory, importance):
            numbers = range(memory, memory + len(importance))
            _check(found, numbers)
            for number, weight in zip(numbers, importance, strict=True):
                found[number] = replace(found[number], importance=weight)
        case Repeated(memory, count):
            _check(found, [memory])
            found[memory] = replace(found[memory], accessed=time, count=count)
        case Recalled(_, memories):
            _check(found, memories)
            for memory in memories:
                found[memory] = replace(found[memory], accessed=time)
        case _:
            pass


def _check(found: Sequence[Record], memories: Iterable[int]) -> None:
    if any(not 0 <= memory < len(found) for memory in memories):
        raise ValueError("a memory came to mind that was never made")


def reflection_tree(memories: Sequence[Record]) -> nx.DiGraph[int]:
    """Return which memory rests on which: an edge leads from a memory to every one that it gives as evidence.

    Nodes are the numbers of memories, each with its `record` and its `depth`: 0 without evidence, else one more than
    the deepest evidence, as in the paper's trees of reflections, whose leaves are observations (section 4.2).
    """
    tree: nx.DiGraph[int] = nx.DiGraph()
    for record in memories:
        depth = 1 + max((tree.nodes[number]["depth"] for number in record.evidence), default=-1)
        tree.add_node(record.number, record=record, depth=depth)
        tree.add_edges_from((record.number, number) for number in record.evidence)
    return tree


def opinions(memories: Sequence[Record], name: str) -> dict[str, Record]:
    """Return what a person thinks of others, by their names: the latest reflection on each that says so."""
    found = {}
    for record in memories:
        if record.kind is MemoryKind.REFLECTION and len(record.about) == 1:
            (other,) = record.about
            if record.text.startswith(f"{name} thinks that {other} "):
                found[other] = record
    return found


def grounds(tree: nx.DiGraph[int], number: int) -> list[int]:
    """Return the memories on which one rests in the end: the leaves below it, oldest first; itself if it has none."""
    below = {number, *nx.descendants(tree, number)}
    return sorted(each for each in below if not tree.out_degree(each))
