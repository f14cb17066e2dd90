"""Meanings of texts: the same bytes in any company, and those of the encoder's own library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.llm import embedding
from engine.llm.embedding import WINDOW, Embedding
from engine.llm.inventory import SENTENCE_ENCODER
from engine.llm.requests import Embed, Failure, Vectors


@pytest.fixture(scope="module")
def encoder() -> Embedding:
    return Embedding(SENTENCE_ENCODER.locate())


def vectors(encoder: Embedding, *texts: str) -> np.ndarray:
    encoder.forget()
    reply = encoder.answer(Embed("e", texts)).reply
    assert isinstance(reply, Vectors)
    return reply.array


WORDS = st.sampled_from(["the", "fire", "at", "old", "mill", "7", "burns,", "Ida!", "...", "Ünter", "雪"])
TEXTS = st.one_of(
    st.lists(WORDS, max_size=30).map(" ".join),
    st.text(max_size=30),
    st.integers(200, 400).map(lambda count: "long " * count),
)


def check_company(encoder: Embedding, texts: list[str], alone: int) -> None:
    """Compare the vectors of texts together with those in the other order, and with those of the first ones alone."""
    together = vectors(encoder, *texts)
    for text, vector in list(zip(texts, together, strict=True))[:alone]:
        assert np.array_equal(vectors(encoder, text)[0], vector)
    assert np.array_equal(vectors(encoder, *reversed(texts))[::-1], together)


@settings(max_examples=8)
@given(st.lists(TEXTS, min_size=1, max_size=12))
def test_a_text_has_the_same_bytes_in_any_company(encoder: Embedding, texts: list[str]) -> None:
    check_company(encoder, texts, alone=4)


@pytest.mark.slow
@settings(max_examples=100)
@given(st.lists(TEXTS, min_size=1, max_size=24))
def test_nor_in_many_companies(encoder: Embedding, texts: list[str]) -> None:
    check_company(encoder, texts, alone=24)


def test_several_requests_are_encoded_as_one(encoder: Embedding) -> None:
    requests = [Embed("a", ("the park", "the mill")), Embed("b", ("the mill",)), Embed("c", ("a fire", "the park"))]
    encoder.forget()
    answers = encoder.answer_all(requests)
    for request, answer in zip(requests, answers, strict=True):
        assert isinstance(answer.reply, Vectors)
        assert np.array_equal(answer.reply.array, vectors(encoder, *request.texts))


def test_they_are_the_vectors_of_the_library(encoder: Embedding) -> None:
    texts = ["Ida bakes bread", "the mill is on fire", "a " * 300, "", "\ud800 lone"]
    library = encoder._load()
    clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    expected = library.encode(clean, normalize_embeddings=True, convert_to_numpy=True)
    assert np.allclose(vectors(encoder, *texts), expected, atol=1e-5)


def test_a_meaning_is_that_of_the_first_tokens(encoder: Embedding) -> None:
    library = encoder._load()
    assert library.max_seq_length == WINDOW
    texts = ["", "Ida bakes bread", "\ud800 lone", "tree " * (WINDOW - 2), "tree " * 400]
    assert encoder.lengths(texts) == [
        len(library.tokenizer(text.replace("\ud800", "?"))["input_ids"]) for text in texts
    ]
    whole, long = vectors(encoder, *texts[3:])
    assert np.array_equal(whole, long)


def test_texts_are_encoded_one_by_one_where_company_would_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_is_invariant", lambda _: False)
    careful = Embedding(SENTENCE_ENCODER.locate())
    assert careful.together == 1
    assert vectors(careful, "the park", "the mill").shape == (2, 384)


def test_numbers_that_are_not_finite_are_a_failure_of_their_request_alone(
    encoder: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder.forget()
    broken = np.full(384, np.nan, np.float32)
    monkeypatch.setattr(
        encoder, "_encode", lambda texts: [broken if t == "bad" else np.zeros(384, np.float32) for t in texts]
    )
    one, other = encoder.answer_all([Embed("a", ("bad",)), Embed("b", ("good",))])
    assert isinstance(one.reply, Failure)
    assert isinstance(other.reply, Vectors)
    encoder.forget()
