"""Requests and replies for tests of what lies between minds and models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from engine.llm.requests import (
    Answer,
    Choice,
    Choose,
    Embed,
    Failure,
    FailureKind,
    Rate,
    Rating,
    Reply,
    Request,
    Sample,
    Shape,
    Texts,
    Usage,
    Vectors,
    Way,
    Write,
)

words = st.text("abcde fgh", min_size=1, max_size=8)
segments = st.lists(words, min_size=1, max_size=3).map(tuple)
finite = st.floats(-1e6, 1e6)

likelihoods = st.builds(
    Choose, words, segments, st.lists(words, min_size=1, max_size=4, unique=True).map(tuple), prior=segments
)
channels = st.builds(
    Choose,
    words,
    segments,
    st.lists(words, min_size=1, max_size=4, unique=True).map(tuple),
    way=st.just(Way.CHANNEL),
    evidence=words,
    references=segments,
)
rates = st.builds(Rate, words, segments, st.integers(-5, -1), st.integers(1, 9))
writes = st.builds(
    Write,
    words,
    segments,
    begin=words,
    max_tokens=st.integers(1, 40),
    stop=segments,
    samples=st.integers(1, 4),
    temperature=st.floats(0, 2),
    top_p=st.floats(0.1, 1),
    seed=st.integers(0, 2**63 - 1),
    contrast=segments,
    contrast_weight=st.floats(0, 1),
    banned=st.lists(words, max_size=2).map(tuple),
)
patterns = st.builds(Write, words, segments, shape=st.just(Shape.REGEX), pattern=st.just("[a-z]+"))
embeds = st.builds(Embed, words, segments)
requests: st.SearchStrategy[Request] = likelihoods | channels | rates | writes | patterns | embeds

choices = st.lists(st.tuples(finite, st.floats(0, 1)), min_size=1, max_size=9).flatmap(
    lambda odds: st.builds(
        Choice,
        st.integers(0, len(odds) - 1),
        st.text(),
        st.just(tuple(score for score, _ in odds)),
        st.just(tuple(probability for _, probability in odds)),
    )
)
replies: st.SearchStrategy[Reply] = st.one_of(
    choices,
    st.builds(Rating, st.integers(-9, 9), finite, st.lists(st.floats(0, 1)).map(tuple)),
    st.builds(Texts, st.lists(st.builds(Sample, st.text(), finite, st.integers(0, 99)), min_size=1).map(tuple)),
    st.builds(Failure, st.sampled_from(FailureKind), st.text()),
    st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(0, 99)).map(
        lambda size: Vectors(np.random.default_rng(size[2]).normal(size=size[:2]).astype(np.float32))
    ),
)
usages = st.builds(Usage, *[st.integers(0, 10**9)] * 3)
answers = st.builds(Answer, replies, usages)


def write(text: str, seed: int = 0, purpose: str = "test") -> Write:
    """A short request."""
    return Write(purpose, (text,), seed=seed)


def same(a: Reply, b: Reply) -> bool:
    """Whether two replies say the same; arrays compare by content."""
    if isinstance(a, Vectors) and isinstance(b, Vectors):
        return a.array.dtype == b.array.dtype and np.array_equal(a.array, b.array)
    return a == b


class Counting:
    """A model that says what it was asked, at three tokens each, and keeps what it was asked."""

    identity = "counting"

    def __init__(self) -> None:
        self.batches: list[list[Request]] = []

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        self.batches.append(list(requests))
        return [Answer(Texts((Sample(repr(request), 0.0, 1),)), Usage(3, 2, 1)) for request in requests]

    @property
    def asked(self) -> int:
        """How many requests came, all in all."""
        return sum(map(len, self.batches))
