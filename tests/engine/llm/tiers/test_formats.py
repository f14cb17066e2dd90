"""Numbers as they are stored, and as they come back."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.llm.tiers.formats import GROUP, STORAGE_FORMATS, Workspace

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 200), st.integers(0, 10**6))


def back(storage: str, weight: torch.Tensor) -> torch.Tensor:
    kind = STORAGE_FORMATS[storage]
    rows, width = weight.shape
    raw = kind.pack(weight)
    assert len(raw) == kind.size(rows, width)
    return kind.expand(raw, rows, width, Workspace(kind.room(rows, width))).clone()


def matrix(shape: tuple[int, int, int]) -> torch.Tensor:
    rows, width, seed = shape
    return torch.randn(rows, width, generator=torch.Generator().manual_seed(seed))


@given(SHAPES)
@settings(max_examples=40, deadline=None)
def test_halves_and_singles_come_back_as_they_are(shape: tuple[int, int, int]) -> None:
    weight = matrix(shape)
    assert torch.equal(back("fp32", weight), weight)
    assert torch.equal(back("fp16", weight), weight.half().float())


@given(SHAPES)
@settings(max_examples=60, deadline=None)
def test_four_bits_are_off_by_half_a_step_at_most(shape: tuple[int, int, int]) -> None:
    weight = matrix(shape)
    found = back("4bit", weight)
    for start in range(0, weight.shape[1], GROUP):
        group, same = weight[:, start : start + GROUP], found[:, start : start + GROUP]
        step = (group.max(dim=1, keepdim=True)[0] - group.min(dim=1, keepdim=True)[0]) / 15
        assert ((group - same).abs() <= step * 0.51 + 0.004).all()  # scales and minima are halves


def test_a_row_depends_on_itself_only() -> None:
    weight = matrix((8, 150, 1))
    assert torch.equal(back("4bit", weight)[3:5], back("4bit", weight[3:5]))


def test_groups_of_equal_numbers_stay_equal() -> None:
    assert torch.equal(back("4bit", torch.full((2, 70), 0.5)), torch.full((2, 70), 0.5))


def test_four_bits_take_four_and_a_half() -> None:
    assert STORAGE_FORMATS["4bit"].size(10, 640) * 8 == 4.5 * 6400
