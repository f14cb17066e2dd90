"""Random numbers depend on names and on nothing else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.streams import derive_seed, pick, stream

names = st.tuples(st.integers(0, 2**63 - 1), st.text(max_size=8), st.text(max_size=8))


@given(st.lists(names, min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False))
def test_streams_do_not_depend_on_the_order_in_which_they_are_asked_for(
    asked: list[tuple[int, str, str]], dice: random.Random
) -> None:
    alone = {name: stream(*name).random() for name in asked}
    shuffled = list(asked)
    dice.shuffle(shuffled)
    opened = {name: stream(*name) for name in shuffled}
    assert {name: opened[name].random() for name in asked} == alone


def test_every_part_of_a_name_counts() -> None:
    parts: list[tuple[int | str, ...]] = [
        (1, "a"),
        (2, "a"),
        (1, "b"),
        ("1", "a"),
        ("a", 1),
        (1,),
        (1, "a", ""),
        (1, "a", 0),
    ]
    seeds = [derive_seed(*part) for part in parts]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_seeds_are_the_same_in_every_version() -> None:
    assert derive_seed(1, "Ida Calder", 600, "talk", 0) == 189953517637422421
    assert stream(1, "Ida Calder", "talk").random() == 0.2815553740770287


class Loaded(random.Random):
    """Dice that always show the same."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self._value = value

    def random(self) -> float:
        return self._value


@pytest.mark.parametrize(
    ("weights", "rolled", "index"),
    [
        ([1.0], 0.0, 0),
        ([1.0], 0.999999, 0),
        ([0.0, 1.0], 0.0, 1),
        ([1.0, 0.0], 0.9999999999999999, 0),
        ([0.5, 0.5], 0.5, 1),
        ([0.5, 0.5], 0.4999, 0),
        ([0.1] * 10, 0.9999999999999999, 9),
        ([0.1, 0.2, 0.3, 0.0], 0.9999999999999999, 2),
    ],
)
def test_pick_at_the_edges(weights: list[float], rolled: float, index: int) -> None:
    assert pick(weights, Loaded(rolled)) == index


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=8).filter(any),
    st.floats(0, 1, exclude_max=True),
)
def test_pick_never_takes_what_has_no_weight(weights: list[float], rolled: float) -> None:
    assert weights[pick(weights, Loaded(rolled))] > 0


def test_pick_follows_the_weights() -> None:
    dice = random.Random(1)
    drawn = [pick([1.0, 3.0, 0.0, 4.0], dice) for _ in range(8000)]
    counts = [drawn.count(index) for index in range(4)]
    assert counts[2] == 0
    assert all(abs(count - expected) < 150 for count, expected in zip(counts, (1000, 3000, 0, 4000), strict=True))
