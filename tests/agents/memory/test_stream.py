from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.retrieval import RetrievalSettings, min_max, retrieve, scores
from agents.memory.stream import MemoryKind, MemoryStream, Vector

HOUR = 3600


def unit(*values: float) -> Vector:
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


def stream_of(*memories: tuple[int, float, Vector]) -> MemoryStream:
    stream = MemoryStream(2)
    for number, (created, importance, vector) in enumerate(memories):
        stream.add(MemoryKind.OBSERVATION, f"memory {number}", created, importance, vector)
    return stream


def test_scores_agree_with_a_hand_computed_case() -> None:
    stream = stream_of((0, 2.0, unit(1, 0)), (10 * HOUR, 8.0, unit(0, 1)), (20 * HOUR, 5.0, unit(1, 1)))
    found = scores(stream, unit(1, 0), 20 * HOUR, RetrievalSettings())
    decayed = [0.995**20, 0.995**10, 1.0]
    recency = [(value - decayed[0]) / (1.0 - decayed[0]) for value in decayed]
    importance = [0.0, 1.0, 0.5]
    relevance = [1.0, 0.0, 0.5**0.5]
    expected = [sum(parts) for parts in zip(recency, importance, relevance, strict=True)]
    assert found == pytest.approx(expected, abs=1e-6)


def test_the_recent_memory_wins_when_all_else_is_equal() -> None:
    stream = stream_of((0, 5.0, unit(1, 0)), (HOUR, 5.0, unit(1, 0)))
    assert [m.number for m in retrieve(stream, unit(1, 0), 2 * HOUR, 2, RetrievalSettings())] == [1, 0]


def test_retrieving_counts_as_access_and_renews_recency() -> None:
    stream = stream_of((0, 5.0, unit(1, 0)), (HOUR, 5.0, unit(0, 1)))
    settings = RetrievalSettings(importance=0, recency=0)
    assert retrieve(stream, unit(1, 0), 5 * HOUR, 1, settings)[0].number == 0
    assert list(stream.accessed) == [5 * HOUR, HOUR]


def test_evidence_must_be_earlier_memories() -> None:
    stream = stream_of((0, 1.0, unit(1, 0)))
    with pytest.raises(ValueError, match="earlier"):
        stream.add(MemoryKind.REFLECTION, "from nothing", 0, 1.0, unit(1, 0), evidence=(1,))


def test_a_constant_component_counts_one_half() -> None:
    assert list(min_max(np.array([3.0, 3.0]))) == [0.5, 0.5]


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.floats(1, 10), st.tuples(st.floats(-1, 1), st.floats(0.1, 1))),
        min_size=1,
        max_size=200,
    ),
    st.integers(1, 30),
)
def test_retrieval_equals_a_plain_sort(memories: list[tuple[int, float, tuple[float, float]]], count: int) -> None:
    ordered = sorted(memories, key=lambda memory: memory[0])
    stream = stream_of(*((created, importance, unit(*vector)) for created, importance, vector in ordered))
    query, now = unit(1, 1), 10**6
    all_scores = scores(stream, query, now, RetrievalSettings())
    expected = sorted(range(len(ordered)), key=lambda n: (-all_scores[n], -n))[:count]
    assert [m.number for m in retrieve(stream, query, now, count, RetrievalSettings())] == expected


def test_an_empty_stream_remembers_nothing() -> None:
    assert retrieve(MemoryStream(2), unit(1, 0), 0, 5, RetrievalSettings()) == []
