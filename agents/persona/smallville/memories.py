"""The memories of somebody of the original town, in the vocabulary of ours.

Events become observations, chats chats; a thought is a plan where its predicate or a keyword says so, else a
reflection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.memory.stream import MemoryKind
from agents.persona.smallville.records import NODE_TIME, Node, PersonaRecord
from engine.record.events import Remembered

PLAN = "plan"
LEAST, MOST = 1.0, 10.0
MAX_TEXT = 20_000
MAX_EVIDENCE = 1_000


@dataclass(frozen=True, slots=True)
class OldMemory:
    """One memory. `number` counts from 0 in the order in which they arose; evidence are numbers of earlier ones."""

    number: int
    kind: MemoryKind
    time: datetime
    text: str
    importance: float
    evidence: tuple[int, ...]
    about: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    """Of a chat: who said what."""

    def as_json(self) -> dict[str, Any]:
        """Return it as docs/import.md describes it."""
        said: dict[str, Any] = {
            "number": self.number, "kind": self.kind.value, "time": self.time.isoformat(), "text": self.text,
            "importance": self.importance, "evidence": list(self.evidence), "about": list(self.about),
        }  # fmt: skip
        return said | ({"lines": [list(line) for line in self.lines]} if self.lines else {})


def memories_of(record: PersonaRecord, people: Iterable[str]) -> tuple[OldMemory, ...]:
    """Return somebody's memories in the order in which they arose. `people` are the names that one may speak of."""
    nodes = sorted((record.nodes or {}).items(), key=lambda item: int(item[0].removeprefix("node_")))
    numbers = {key: number for number, (key, _) in enumerate(nodes)}
    others = [name for name in people if name != record.name]
    return tuple(_memory(numbers, key, node, others) for key, node in nodes)


def remembered(memories: Iterable[OldMemory], start: datetime, end: int) -> Iterator[tuple[int, Remembered]]:
    """Yield the memories that arose within `end` seconds from `start` on, each with its second."""
    for memory in memories:
        second = int((memory.time - start).total_seconds())
        if 0 <= second < end:
            yield (
                second,
                Remembered(
                    memory.number, memory.kind.value, memory.text, memory.importance, memory.evidence, memory.about
                ),
            )


def _memory(numbers: dict[str, int], key: str, node: Node, others: list[str]) -> OldMemory:
    number = numbers[key]
    filling = node.filling
    ids = [filling] if isinstance(filling, str) else [each for each in filling or () if isinstance(each, str)]
    evidence = sorted({numbers[each] for each in ids if each in numbers and numbers[each] < number})
    lines = tuple((each[0], each[1]) for each in filling or () if isinstance(each, list) and node.type == "chat")
    named = {node.subject, node.object, *node.keywords, *(speaker for speaker, _ in lines)}
    importance = float(min(max(node.poignancy, LEAST), MOST))
    return OldMemory(
        number, _kind(node), datetime.strptime(node.created, NODE_TIME), node.description[:MAX_TEXT], importance,
        tuple(evidence[:MAX_EVIDENCE]), tuple(name for name in others if name in named), lines,
    )  # fmt: skip


def _kind(node: Node) -> MemoryKind:
    if node.type != "thought":
        return MemoryKind.OBSERVATION if node.type == "event" else MemoryKind.CHAT
    is_plan = node.predicate == PLAN or PLAN in node.keywords
    return MemoryKind.PLAN if is_plan else MemoryKind.REFLECTION
