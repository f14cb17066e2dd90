from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.retrieval import RetrievalSettings, retrieve
from agents.memory.stream import FORGOTTEN_REPEAT, IDLE, MemoryKind, MemoryStream, Vector

HOUR = 3600


def unit(*values: float) -> Vector:
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


def stream_of(*memories: tuple[int, float, Vector]) -> MemoryStream:
    stream = MemoryStream(2)
    for number, (created, importance, vector) in enumerate(memories):
        stream.add(MemoryKind.OBSERVATION, f"memory {number}", created, importance, vector)
    return stream


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


def test_vectors_and_queries_must_fit() -> None:
    stream = stream_of((0, 1.0, unit(1, 0)))
    with pytest.raises(ValueError, match="2 dimensions"):
        stream.relevance(unit(1, 0, 0))
    with pytest.raises(ValueError, match="2 dimensions"):
        stream.add(MemoryKind.CHAT, "too long", 0, 1.0, unit(1, 0, 0))


def test_what_is_observed_again_within_a_day_is_one_memory_with_a_count() -> None:
    stream = stream_of((0, 5.0, unit(1, 0)))
    again = stream.observe_again("memory 0", HOUR)
    assert again is stream[0]
    assert (len(stream), stream.count(0), list(stream.accessed)) == (1, 2, [HOUR])
    assert stream.observe_again("memory 0", HOUR + FORGOTTEN_REPEAT) is stream[0]
    assert stream.observe_again("memory 0", HOUR + 2 * FORGOTTEN_REPEAT + 1) is None
    assert stream.count(0) == 3


def test_only_observations_fold_and_only_into_the_latest() -> None:
    stream = MemoryStream(2)
    stream.add(MemoryKind.CHAT, "the same", 0, 1.0, unit(1, 0))
    assert stream.observe_again("the same", 1) is None
    for time in (0, 2 * FORGOTTEN_REPEAT):
        stream.add(MemoryKind.OBSERVATION, "the same", time, 1.0, unit(1, 0))
    assert stream.observe_again("the same", 2 * FORGOTTEN_REPEAT + 1) is stream[2]


def test_memories_are_found_by_kind() -> None:
    stream = MemoryStream(2)
    for number, kind in enumerate([*MemoryKind, MemoryKind.OBSERVATION]):
        text = f"Ida is {IDLE} in the park" if number == 4 else f"memory {number}"
        stream.add(kind, text, 0, 1.0, unit(1, 0))
    assert list(stream.of_kinds([MemoryKind.OBSERVATION, MemoryKind.PLAN])) == [0, 2, 4]
    assert list(stream.of_kinds(tuple(MemoryKind), idle=False)) == [0, 1, 2, 3]
    assert list(stream.of_kinds([])) == []


@given(st.integers(0, 200), st.integers(0, 2**32 - 1), st.sampled_from([3, 50, 384]))
def test_relevance_is_the_inner_product_and_does_not_depend_on_what_comes_later(
    size: int, seed: int, dimensions: int
) -> None:
    dice = np.random.default_rng(seed)
    vectors = dice.standard_normal((size, dimensions)).astype(np.float32)
    query = dice.standard_normal(2 * dimensions).astype(np.float32)[::2]
    stream = MemoryStream(dimensions)
    earlier = np.empty(0, np.float32)
    for number, vector in enumerate(vectors):
        if number == size // 2:
            earlier = stream.relevance(query)
        stream.add(MemoryKind.OBSERVATION, f"memory {number}", 0, 1.0, vector)
    found = stream.relevance(query)
    assert found == pytest.approx(vectors.astype(np.float64) @ query.astype(np.float64), abs=1e-3, rel=1e-3)
    assert np.array_equal(found[: len(earlier)], earlier)


def test_what_is_noted_is_there_at_once_and_gets_weight_and_meaning_together() -> None:
    stream = stream_of((0, 5.0, unit(1, 0)))
    for text in ("it rains", "it thunders"):
        assert stream.note(MemoryKind.OBSERVATION, text, HOUR, ("Ida",)).importance == 0
    assert stream.observe_again("it rains", HOUR + 1) == stream[1]
    assert [memory.text for memory in stream.unweighed] == ["it rains", "it thunders"]
    assert (len(stream), stream.count(1), list(stream.about("Ida"))) == (3, 2, [1, 2])
    with pytest.raises(ValueError, match="weighed first"):
        stream.relevance(unit(1, 0))
    with pytest.raises(ValueError, match="weighed first"):
        stream.add(MemoryKind.CHAT, "too early", HOUR, 1.0, unit(1, 0))
    with pytest.raises(ValueError, match="at once"):
        stream.weigh([2.0], [unit(1, 0)])
    with pytest.raises(ValueError, match="2 dimensions"):
        stream.weigh([2.0, 3.0], [unit(1, 0), unit(1, 0, 0)])
    stream.weigh([2.0, 3.0], [unit(0, 1), unit(1, 0)])
    assert stream.unweighed == []
    assert list(stream.importance) == [5.0, 2.0, 3.0] == [memory.importance for memory in stream.recent(3)]
    assert list(stream.relevance(unit(1, 0))) == [1, 0, 1]
    stream.weigh([], [])
