from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.archive import Record, grounds, memories_of, reflection_tree
from agents.memory.stream import MemoryKind
from engine.record.events import Acted, Body, Event, Key, Recalled, Remembered, Repeated, Weighed


def told(*bodies: tuple[int, int, Body]) -> list[Event]:
    """Events from (time, agent, body)."""
    return [Event(Key(time, 1, agent, number), body) for number, (time, agent, body) in enumerate(bodies)]


def remembered(number: int, *evidence: int, kind: str = "observation") -> Remembered:
    return Remembered(number, kind, f"memory {number}", 2.0, evidence, ("Ida Calder",))


def test_memories_are_as_they_were_at_a_time() -> None:
    events = told(
        (0, 0, remembered(0)),
        (0, 1, remembered(0, kind="chat")),
        (5, 0, Acted("reading", "📖", "town:home", 9)),
        (10, 0, Repeated(0, 2)),
        (20, 0, remembered(1, 0, kind="reflection")),
        (30, 0, Recalled("topic", (1, 0))),
    )
    early = Record(0, MemoryKind.OBSERVATION, "memory 0", 0, 10, 2.0, 2, (), ("Ida Calder",))
    assert memories_of(events, 0, 10) == [early]
    assert [(r.created, r.accessed, r.count) for r in memories_of(events, 0)] == [(0, 30, 2), (20, 30, 1)]
    assert [r.kind for r in memories_of(events, 1)] == [MemoryKind.CHAT]
    assert memories_of(events, 2) == []


def test_what_is_weighed_later_has_no_importance_before() -> None:
    noted = [Remembered(number, "observation", f"sight {number}", 0.0, (), ()) for number in range(3)]
    events = told(*((number, 0, body) for number, body in enumerate(noted)), (9, 0, Weighed(1, (4.0, 6.5))))
    assert [record.importance for record in memories_of(events, 0, 8)] == [0, 0, 0]
    assert [record.importance for record in memories_of(events, 0)] == [0, 4, 6.5]
    assert [record.created for record in memories_of(events, 0)] == [0, 1, 2]


@pytest.mark.parametrize(
    "body", [remembered(1), remembered(0, 0), Repeated(0, 2), Recalled("topic", (0,)), Weighed(0, (1.0,))]
)
def test_a_log_that_does_not_hold_together_is_refused(body: Body) -> None:
    with pytest.raises(ValueError, match="memory"):
        memories_of(told((0, 0, body)), 0)


def test_a_reflection_stands_on_its_evidence() -> None:
    events = told(*((0, 0, b) for b in (remembered(0), remembered(1), remembered(2, 0, 1), remembered(3, 2, 1))))
    tree = reflection_tree(memories_of(events, 0))
    assert [tree.nodes[n]["depth"] for n in range(4)] == [0, 0, 1, 2]
    assert sorted(tree.successors(3)) == [1, 2]
    assert grounds(tree, 3) == [0, 1]
    assert grounds(tree, 0) == [0]


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_trees_are_acyclic_and_as_deep_as_their_longest_path(size: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    evidence = [tuple({int(n) for n in dice.integers(0, n, dice.integers(0, 3))} if n else ()) for n in range(size)]
    tree = reflection_tree(memories_of(told(*((0, 0, remembered(n, *e)) for n, e in enumerate(evidence))), 0))
    assert nx.is_directed_acyclic_graph(tree)
    assert max(tree.nodes[n]["depth"] for n in tree) == nx.dag_longest_path_length(tree)
    assert all(tree.out_degree(leaf) == 0 for leaf in grounds(tree, size - 1))
