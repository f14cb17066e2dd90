"""The scripted model answers in the right type, by rules, and from the request alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.llm.requests import (
    Choice,
    Choose,
    Embed,
    Failure,
    FailureKind,
    Rate,
    Rating,
    Reply,
    Request,
    Shape,
    Texts,
    Vectors,
    Write,
)
from engine.llm.scripted import HashingEmbedder, ScriptedBackend
from tests.engine.llm.asking import requests, same

LINES = ("Ida bakes bread.", "a walk by the pond", "42", "-7", "two\nlines", "Olga plays the violin.", "42", "!?")
SCRIPT = {"talk": LINES}


def answer(*asked: Request, script: Mapping[str, Sequence[str]] = SCRIPT) -> list[Reply]:
    return [found.reply for found in ScriptedBackend(script).answer(asked)]


def lines(request: Write) -> list[str]:
    (reply,) = answer(request)
    return [sample.text for sample in reply.samples] if isinstance(reply, Texts) else []


def fits(request: Request, reply: Reply) -> bool:
    match request, reply:
        case Choose(), Choice(index, option, scores, probabilities):
            same_length = len(scores) == len(probabilities) == len(request.options)
            best = request.options[index] == option and scores[index] == max(scores)
            return same_length and best and abs(sum(probabilities) - 1) < 1e-9
        case Rate(), Rating(value, expected, probabilities):
            inside = request.low <= value <= request.high and request.low <= expected <= request.high
            return inside and len(probabilities) == request.high - request.low + 1
        case Embed(), Vectors(array):
            unit = np.allclose(np.linalg.norm(array, axis=1), 1, atol=1e-6)
            return array.dtype == np.float32 and array.shape == (len(request.texts), 384) and bool(unit)
        case Write(), Texts(samples):
            return 1 <= len(samples) <= request.samples
        case Write(), Failure(FailureKind.MISFIT, _):
            return True
    return False


@given(st.lists(requests, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_answers_fit_their_requests_and_depend_on_nothing_else(asked: list[Request], dice: object) -> None:
    purposes = {request.purpose: LINES for request in asked}
    together = answer(*asked, script=purposes)
    alone = [answer(request, script=purposes)[0] for request in asked]
    backwards = answer(*reversed(asked), script=purposes)[::-1]
    for request, a, b, c in zip(asked, together, alone, backwards, strict=True):
        assert fits(request, a)
        assert same(a, b)
        assert same(a, c)


@given(st.integers(0, 2**63 - 1), st.integers(1, 20))
def test_samples_are_distinct_lines_of_the_script(seed: int, samples: int) -> None:
    found = lines(Write("talk", ("x",), samples=samples, seed=seed))
    usable = {line for line in LINES if "\n" not in line and re.search("[a-z]", line)}
    assert len(found) == len(set(found)) == min(samples, len(usable))
    assert set(found) <= usable


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Write("talk", ("x",), shape=Shape.NUMBER, samples=9), {"42", "-7"}),
        (Write("talk", ("x",), shape=Shape.REGEX, pattern="[a-z ]+", samples=9), {"a walk by the pond"}),
        (Write("talk", ("x",), shape=Shape.JSON, pattern='{"type": "integer", "minimum": 0}', samples=9), {"42"}),
        (Write("talk", ("x",), banned=("VIOLIN", "bread", ""), samples=9), {"a walk by the pond"}),
        (Write("talk", ("x",), stop=("bread", "viol"), samples=9), {"a walk by the pond"}),
        (Write("talk", ("x",), banned=("bread", "pond", "olga")), set()),
        (Write("silence", ("x",)), set()),
    ],
)
def test_shape_stops_and_banned_words_are_kept(request_: Write, expected: set[str]) -> None:
    assert set(lines(request_)) == expected


def test_the_seed_draws_and_the_script_is_part_of_the_identity() -> None:
    drawn = {tuple(lines(Write("talk", ("x",), seed=seed))) for seed in range(40)}
    assert len(drawn) == 3
    assert ScriptedBackend(SCRIPT).identity == ScriptedBackend(dict(SCRIPT)).identity
    assert ScriptedBackend(SCRIPT).identity != ScriptedBackend({"talk": LINES[1:]}).identity


def test_meaning_is_shared_words() -> None:
    (reply,) = answer(Choose("place", ("Ida bakes bread",), ("the library", "a bakery with bread", "the pond")))
    assert isinstance(reply, Choice)
    assert reply.index == 1


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_vectors_do_not_depend_on_company_or_order(texts: list[str]) -> None:
    embedder = HashingEmbedder()
    together = embedder.embed(texts)
    for text, vector in zip(reversed(texts), together[::-1], strict=True):
        assert np.array_equal(HashingEmbedder().embed([text])[0], vector)
