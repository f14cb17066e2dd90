from __future__ import annotations

import json
import random
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.llm.embedded import EmbeddedBackend
from engine.llm.kv import Node, run
from engine.llm.requests import Failure, FailureKind, Reply, Shape, Texts, Write, line_list
from tests.engine.llm.test_choosing import plain_mean

CONTEXT = ("Klaus Mueller is a student of sociology who likes coffee.\n", "Klaus meets Maria in the park.\n")
LINE = Write("speak", CONTEXT, begin='Klaus says: "', samples=4, max_tokens=16, stop=('"',), seed=1)
PATTERNS = (
    r"[0-9]{1,2}:[0-5][0-9] (am|pm)",
    r"(yes|no), because [a-z ]{5,60}\.",
    r"-?[0-9]+(\.[0-9]{1,2})?",
    r"\d\) [A-Z][a-z]+( [a-z]+){0,4}",
    r"(- [^\n]{3,20}\n){2}",
    r"[^a-z]{1,8}",
    r".{1,12}",
    r"(?:東|é|🙂)+x?",
    r'\{"mood": "(good|bad)", "score": (10|[1-9])\}',
)
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ask(backend: EmbeddedBackend, request: Write) -> Reply:
    return backend.answer([request])[0].reply


def texts(reply: Reply) -> list[str]:
    assert isinstance(reply, Texts), reply
    assert reply.samples
    written = [sample.text for sample in reply.samples]
    assert len(set(written)) == len(written)
    scores = [sample.score for sample in reply.samples]
    assert scores == sorted(scores, reverse=True)
    return written


@few
@given(seed=st.integers(-(2**40), 2**40), temperature=st.floats(0, 2), longest=st.integers(1, 12))
def test_lines(embedded: EmbeddedBackend, seed: int, temperature: float, longest: int) -> None:
    request = replace(LINE, seed=seed, temperature=temperature, max_tokens=longest, samples=3)
    reply = ask(embedded, request)
    if isinstance(reply, Failure):
        assert reply.kind is FailureKind.MISFIT
        return
    assert isinstance(reply, Texts)
    for text in texts(reply):
        assert len(text.splitlines()) == 1
        assert any(map(str.isalpha, text))
        assert '"' not in text
    assert all(1 <= sample.tokens <= longest for sample in reply.samples)


@few
@given(pattern=st.sampled_from(PATTERNS), seed=st.integers(0, 1000), temperature=st.sampled_from([0, 0.7, 1.5]))
def test_what_is_written_under_a_pattern_matches_it(
    embedded: EmbeddedBackend, pattern: str, seed: int, temperature: float
) -> None:
    request = Write("p", CONTEXT, "Answer: ", Shape.REGEX, pattern, 32, (), 3, temperature, seed=seed)
    reply = ask(embedded, request)
    if isinstance(reply, Failure):
        assert reply.kind is FailureKind.MISFIT
    else:
        assert all(re.fullmatch(pattern, text) for text in texts(reply))


@pytest.mark.parametrize("pattern", PATTERNS[:4])
def test_closed_patterns_always_give_a_text(embedded: EmbeddedBackend, pattern: str) -> None:
    texts(ask(embedded, Write("p", CONTEXT, "Answer: ", Shape.REGEX, pattern, 48, (), 6, seed=5)))


@few
@given(seed=st.integers(0, 1000), temperature=st.floats(0, 1.5))
def test_numbers(embedded: EmbeddedBackend, seed: int, temperature: float) -> None:
    request = Write("n", ("Maria is",), " ", Shape.NUMBER, max_tokens=6, samples=4, temperature=temperature, seed=seed)
    assert all(re.fullmatch("-?[0-9]+", text) for text in texts(ask(embedded, request)))


def test_a_number_ends_where_the_model_wants_something_else(embedded: EmbeddedBackend) -> None:
    request = Write("n", ("Monday is day 1 of 7. Sunday is day 7 of",), " ", Shape.NUMBER, max_tokens=8, temperature=0)
    assert texts(ask(embedded, request)) == ["7"]


PERSON = {
    "type": "object",
    "properties": {
        "mood": {"enum": ["calm", "merry", "cross"]},
        "hour": {"type": "integer", "minimum": 0, "maximum": 23},
        "friends": {"type": "array", "items": {"type": "string", "maxLength": 6}, "minItems": 1, "maxItems": 2},
    },
    "required": ["mood", "hour", "friends"],
    "additionalProperties": False,
}


@few
@given(seed=st.integers(0, 1000), temperature=st.sampled_from([0, 0.8, 1.5]))
def test_json_of_a_schema(embedded: EmbeddedBackend, seed: int, temperature: float) -> None:
    request = Write("j", CONTEXT, "", Shape.JSON, json.dumps(PERSON), 64, (), 3, temperature, seed=seed)
    for text in texts(ask(embedded, request)):
        found = json.loads(text)
        assert list(found) == ["mood", "hour", "friends"]
        assert found["mood"] in ("calm", "merry", "cross") and 0 <= found["hour"] <= 23
        assert all(len(friend) <= 6 for friend in found["friends"])
    cut = ask(embedded, replace(request, max_tokens=3))
    assert isinstance(cut, Failure) and cut.kind is FailureKind.MISFIT


@pytest.mark.parametrize("schema", ['{"type": "objekt"}', '{"$ref": "https://example.org/person"}'])
def test_bad_schemas_are_misfits(embedded: EmbeddedBackend, schema: str) -> None:
    reply, other = (a.reply for a in embedded.answer([Write("j", CONTEXT, shape=Shape.JSON, pattern=schema), LINE]))
    assert isinstance(reply, Failure) and reply.kind is FailureKind.MISFIT and "schema" in reply.detail
    assert texts(other)
    with pytest.raises(ValueError, match="schema is a JSON object"):
        Write("j", CONTEXT, shape=Shape.JSON, pattern="[]")


def test_a_list_of_lines(embedded: EmbeddedBackend) -> None:
    pattern = line_list(3, "[0-9]{2}:[0-9]{2} [a-z ]{3,20}")
    for text in texts(ask(embedded, Write("l", CONTEXT, "", Shape.REGEX, pattern, 48, (), 4, seed=1))):
        assert all(re.fullmatch("[0-9]{2}:[0-9]{2} [a-z ]{3,20}", line) for line in text.split("\n"))
        assert text.count("\n") == 2


@pytest.mark.parametrize("pattern", ["(a", r"(a)\1", r"(?=a)b", "[z-a]", "a{99999999999999999999}"])
def test_bad_patterns_are_misfits(embedded: EmbeddedBackend, pattern: str) -> None:
    bad = Write("p", CONTEXT, shape=Shape.REGEX, pattern=pattern)
    reply, other = (answer.reply for answer in embedded.answer([bad, LINE]))
    assert isinstance(reply, Failure)
    assert reply.kind is FailureKind.MISFIT
    assert "pattern" in reply.detail
    assert texts(other)


def test_greedy_is_the_best_token_each_time(embedded: EmbeddedBackend) -> None:
    contexts = embedded.contexts
    request = Write("g", ("Once upon a time",), max_tokens=8, stop=(), temperature=0, samples=5)
    (text,) = texts(ask(embedded, request))
    tokens = contexts.encode(text)
    assert text == texts(ask(embedded, replace(request, temperature=1e-5, samples=1, seed=9)))[0]
    for i, token in enumerate(tokens):
        before = contexts.encode("Once upon a time") + tokens[:i]
        (hidden,) = run(contexts.model, [Node(contexts.model.config, None, before)])
        assert int(contexts.model.log_probabilities(hidden[-1:]).argmax()) == token


def test_scores_are_those_of_the_plain_computation(embedded: EmbeddedBackend) -> None:
    contrast = ("Somebody meets somebody.\n",)
    request = replace(LINE, stop=(), max_tokens=12, temperature=0.5)
    plain = ask(embedded, request)
    centred = ask(embedded, replace(request, contrast=contrast, contrast_weight=0.5))
    assert isinstance(plain, Texts)
    assert isinstance(centred, Texts)
    assert {s.text for s in plain.samples} == {s.text for s in centred.samples}
    alone = {s.text: s.score for s in centred.samples}
    checked = 0
    for sample in plain.samples:
        if len(embedded.contexts.encode(sample.text)) == sample.tokens:  # else other tokens make the same text
            checked += 1
            assert sample.score == pytest.approx(plain_mean(embedded, (*CONTEXT, LINE.begin), sample.text), abs=2e-3)
            less = plain_mean(embedded, (*contrast, LINE.begin), sample.text)
            assert alone[sample.text] == pytest.approx(sample.score - 0.5 * less, abs=2e-3)
    assert checked


def test_banned_words_and_stops(embedded: EmbeddedBackend) -> None:
    written = texts(ask(embedded, replace(LINE, samples=8)))
    word = max(written[0].split(), key=len).strip(".,!?")
    banned = ask(embedded, replace(LINE, samples=8, banned=(word.upper(),)))
    left = [text for text in written if word.casefold() not in text.casefold()]
    assert texts(banned) == left if left else isinstance(banned, Failure)
    assert all("e" not in text for text in texts(ask(embedded, replace(LINE, samples=8, stop=("e",)))))


def test_seeds_repeat_and_matter(embedded: EmbeddedBackend) -> None:
    assert ask(embedded, LINE) == ask(embedded, LINE)
    assert ask(embedded, LINE) != ask(embedded, replace(LINE, seed=2))


def test_more_samples_begin_with_the_same_dice(embedded: EmbeddedBackend) -> None:
    one = texts(ask(embedded, replace(LINE, samples=1)))
    assert set(one) <= set(texts(ask(embedded, replace(LINE, samples=6))))


def test_prompt_and_text_must_fit(embedded: EmbeddedBackend) -> None:
    reply = ask(embedded, replace(LINE, max_tokens=8192))
    assert isinstance(reply, Failure)
    assert reply.kind is FailureKind.TOO_LONG


def some_writes(dice: random.Random, count: int) -> list[Write]:
    people = ("Maria", "Klaus", "Isabella")
    made = []
    for _ in range(count):
        name = dice.choice(people)
        context = (CONTEXT[0], f"{name} is in the {dice.choice(('park', 'cafe'))}.\n" * dice.randrange(1, 6))
        request = Write("w", context, f"{name}", samples=dice.randrange(1, 5), seed=dice.randrange(99), stop=())
        match dice.randrange(4):
            case 0:
                request = replace(request, shape=Shape.REGEX, pattern=r" (is|was) [a-z ]{4,30}\.", max_tokens=16)
            case 1:
                request = replace(request, contrast=CONTEXT[1:], max_tokens=40)
            case 2:
                request = replace(request, temperature=0)
            case _:
                request = replace(request, stop=(".", "\n"), max_tokens=dice.randrange(1, 40))
        made.append(request)
    return made


def check_invariance(backend: EmbeddedBackend, dice: random.Random, count: int, rounds: int) -> None:
    requests = some_writes(dice, count)
    expected = [answer.reply for answer in backend.answer(requests)]
    for number in range(rounds):
        if number % 2 == 0:
            backend.forget()
        order = dice.sample(range(count), count)
        while order:
            size = dice.randrange(1, count)
            batch, order = order[:size], order[size:]
            for i, answer in zip(batch, backend.answer([requests[i] for i in batch]), strict=True):
                assert answer.reply == expected[i]


def test_replies_do_not_depend_on_batch_or_history(embedded: EmbeddedBackend) -> None:
    check_invariance(embedded, random.Random(1), count=6, rounds=2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_replies_do_not_depend_on_larger_batches(embedded: EmbeddedBackend, seed: int) -> None:
    check_invariance(embedded, random.Random(100 + seed), count=20, rounds=3)
