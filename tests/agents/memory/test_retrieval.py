from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agents.memory.bench import COUNT, DIMENSIONS, SETTINGS, _fill, _memories, _scan
from agents.memory.retrieval import PROFILES, RetrievalSettings, best, min_max, retrieve, scores
from agents.memory.stream import IDLE, MemoryKind, MemoryStream
from tests.agents.memory.test_stream import HOUR, stream_of, unit

PAPER = RetrievalSettings(profile="paper")
RELEASED = RetrievalSettings(profile="released-code")


def three() -> MemoryStream:
    return stream_of((0, 2.0, unit(1, 0)), (10 * HOUR, 8.0, unit(0, 1)), (20 * HOUR, 5.0, unit(1, 1)))


def test_the_paper_s_scores_agree_with_a_hand_computed_case() -> None:
    decayed = [0.995**20, 0.995**10, 1.0]
    recency = [(value - decayed[0]) / (1.0 - decayed[0]) for value in decayed]
    importance = [0.0, 1.0, 0.5]
    relevance = [1.0, 0.0, 0.5**0.5]
    expected = [sum(parts) for parts in zip(recency, importance, relevance, strict=True)]
    assert scores(three(), unit(1, 0), 20 * HOUR, PAPER) == pytest.approx(expected, abs=1e-6)


def test_the_default_leaves_recency_and_importance_on_their_own_scales() -> None:
    expected = [0.995**20 + 1 / 9 + 2, 0.995**10 + 7 / 9 + 0, 1 + 4 / 9 + 2 * 0.5**0.5]
    assert scores(three(), unit(1, 0), 20 * HOUR, RetrievalSettings()) == pytest.approx(expected, abs=1e-6)


def test_the_released_code_s_scores_agree_with_a_hand_computed_case() -> None:
    decayed = [0.995, 0.995**2, 0.995**3]  # by rank, the one unused for longest first
    recency = [(value - decayed[2]) / (decayed[0] - decayed[2]) for value in decayed]
    importance = [0.0, 1.0, 0.5]
    relevance = [1.0, 0.0, 0.5**0.5]
    expected = [0.5 * r + 2 * i + 3 * v for r, i, v in zip(recency, importance, relevance, strict=True)]
    assert scores(three(), unit(1, 0), 20 * HOUR, RELEASED) == pytest.approx(expected, abs=1e-6)


def test_the_released_code_recalls_neither_conversations_nor_the_idle() -> None:
    stream = stream_of((0, 2.0, unit(1, 0)))
    stream.add(MemoryKind.CHAT, "talked", 0, 9.0, unit(1, 0))
    stream.add(MemoryKind.OBSERVATION, f"Ida is {IDLE} in the park", 0, 9.0, unit(1, 0))
    assert [memory.number for memory in retrieve(stream, unit(1, 0), 0, 9, RELEASED)] == [0]
    assert len(retrieve(stream, unit(1, 0), 0, 9, PAPER)) == 3


def test_single_weights_override_a_profile() -> None:
    settings = RetrievalSettings(profile="released-code", importance=0, decay=0.5)
    assert [settings.weight(name) for name in ("recency", "importance", "relevance", "decay")] == [0.5, 0, 3, 0.5]
    assert RetrievalSettings().weight("decay") == 0.995
    for wrong in ({"recency": 101}, {"decay": 0}, {"profile": "papers"}):
        with pytest.raises(ValidationError):
            RetrievalSettings.model_validate(wrong)


def test_kinds_that_are_left_out_do_not_come_to_mind_and_are_not_accessed() -> None:
    stream = MemoryStream(2)
    for kind in MemoryKind:
        stream.add(kind, kind.value, 0, 1.0, unit(1, 0))
    without = [MemoryKind.PLAN, MemoryKind.REFLECTION]
    found = retrieve(stream, unit(1, 0), HOUR, 9, PAPER, without)
    assert [memory.kind for memory in found] == [MemoryKind.CHAT, MemoryKind.OBSERVATION]
    assert list(stream.accessed) == [HOUR, HOUR, 0, 0]
    assert retrieve(stream, unit(1, 0), HOUR, 9, PAPER, tuple(MemoryKind)) == []


def test_only_memories_about_a_person_come_to_mind_if_asked_for() -> None:
    stream = MemoryStream(2)
    for number, about in enumerate([("Ida",), (), ("Ida", "Jonas"), ("Jonas",), ("Ida", "Ida")]):
        stream.add(MemoryKind.CHAT if number else MemoryKind.PLAN, f"{number}", 0, 1.0, unit(1, 0), about=about)
    found = [memory.number for memory in retrieve(stream, unit(1, 0), HOUR, 9, PAPER, about="Ida")]
    assert found == [4, 2, 0]
    assert [m.number for m in retrieve(stream, unit(1, 0), HOUR, 9, PAPER, [MemoryKind.PLAN], about="Ida")] == [4, 2]
    assert retrieve(stream, unit(1, 0), HOUR, 9, PAPER, about="Nell") == []


def test_a_constant_component_counts_one_half() -> None:
    assert list(min_max(np.array([3.0, 3.0]))) == [0.5, 0.5]


@given(st.lists(st.integers(0, 5).map(float), max_size=60), st.integers(-1, 70))
def test_the_best_are_those_of_a_plain_sort_the_later_first(values: list[float], count: int) -> None:
    expected = sorted(range(len(values)), key=lambda n: (-values[n], -n))[: max(0, count)]
    assert best(np.array(values), count).tolist() == expected


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.floats(1, 10), st.tuples(st.floats(-1, 1), st.floats(0.1, 1))),
        min_size=1,
        max_size=100,
    ),
    st.integers(1, 30),
    st.sampled_from(sorted(PROFILES)),
)
def test_retrieval_equals_a_plain_sort(
    memories: list[tuple[int, float, tuple[float, float]]], count: int, profile: str
) -> None:
    stream = stream_of(*((created, importance, unit(*vector)) for created, importance, vector in sorted(memories)))
    settings = RetrievalSettings.model_validate({"profile": profile})
    found = scores(stream, unit(1, 1), 10**6, settings)
    expected = sorted(range(len(stream)), key=lambda n: (-found[n], -n))[:count]
    assert [m.number for m in retrieve(stream, unit(1, 1), 10**6, count, settings)] == expected


def test_what_is_nearer_in_meaning_wins_over_what_is_a_little_newer() -> None:
    stream = stream_of(*((minute * 60, 3.0, unit(1, far)) for minute, far in product(range(5), (0.0, 1.0))))
    assert retrieve(stream, unit(1, 0), 300, 5, RetrievalSettings())[0].number == 8
    assert {memory.number % 2 for memory in retrieve(stream, unit(1, 0), 300, 5, RetrievalSettings())} == {0}
    assert {memory.number % 2 for memory in retrieve(three(), unit(1, 0), 300, 5, PAPER)} == {0, 1}


def test_an_empty_stream_remembers_nothing() -> None:
    for profile in PROFILES:
        settings = RetrievalSettings.model_validate({"profile": profile})
        assert retrieve(MemoryStream(2), unit(1, 0), 0, 5, settings) == []


def test_the_benchmark_s_scan_finds_the_same() -> None:
    vectors, times, importance = _memories(400, seed=3)
    stream = MemoryStream(DIMENSIONS)
    _fill(stream, vectors, times, importance)
    expected = _scan(vectors, stream.accessed.copy(), importance, vectors[7], int(times[-1]))
    found = retrieve(stream, vectors[7], int(times[-1]), COUNT, SETTINGS)
    assert [memory.number for memory in found] == expected.tolist()
