from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from engine.llm import choosing
from engine.llm.embedded import EmbeddedBackend
from engine.llm.kv import Node, run
from engine.llm.requests import Choice, Choose, Failure, FailureKind, Rate, Rating, Request, Way

PLACES = (
    " the cafe\n",
    " the park\n",
    " the college library\n",
    " the college dorm\n",
    " home\n",
    " the bar\n",
    " a\n",
)
CONTEXT = ("The town of the Ville.\n", "Maria Lopez studies physics.\n", "Maria wants to read a book. She goes to")
CHANNEL = Choose(
    "place",
    ("Describe a place.\n",),
    (" The park is a place with trees.", " The library is a place with books."),
    Way.CHANNEL,
    evidence=" People read there quietly.",
    references=(" People are there.", " It is a place."),
)


def plain_mean(backend: EmbeddedBackend, context: tuple[str, ...], text: str) -> float:
    """Mean log-probability per token of `text`, by one full pass over everything."""
    contexts = backend.contexts
    before = [token for segment in context for token in contexts.encode(segment)]
    own = contexts.encode(text)
    (hidden,) = run(contexts.model, [Node(contexts.model.config, None, (*before, *own))])
    logs = contexts.model.log_probabilities(hidden[len(before) - 1 : -1])
    return sum(float(logs[i, token]) for i, token in enumerate(own)) / len(own)


def ask(backend: EmbeddedBackend, request: Request) -> object:
    return backend.answer([request])[0].reply


def test_likelihood_equals_plain_computation(embedded: EmbeddedBackend) -> None:
    reply = ask(embedded, Choose("place", CONTEXT, PLACES))
    assert isinstance(reply, Choice)
    expected = [plain_mean(embedded, CONTEXT, option) for option in PLACES]
    assert reply.scores == pytest.approx(expected, abs=1e-3)
    assert reply.index == expected.index(max(expected))
    assert reply.option == PLACES[reply.index]
    assert math.fsum(reply.probabilities) == pytest.approx(1)
    weights = [math.exp(score) for score in reply.scores]
    assert reply.probabilities == pytest.approx([w / sum(weights) for w in weights])


def test_prior_is_taken_off(embedded: EmbeddedBackend) -> None:
    prior = ("She goes to",)
    reply = ask(embedded, Choose("place", CONTEXT, PLACES, prior=prior))
    assert isinstance(reply, Choice)
    expected = [plain_mean(embedded, CONTEXT, o) - plain_mean(embedded, prior, o) for o in PLACES]
    assert reply.scores == pytest.approx(expected, abs=1e-3)


def test_channel_equals_plain_computation(embedded: EmbeddedBackend) -> None:
    reply = ask(embedded, CHANNEL)
    assert isinstance(reply, Choice)
    expected = []
    for option in CHANNEL.options:
        context = (*CHANNEL.context, option)
        others = [plain_mean(embedded, context, reference) for reference in CHANNEL.references]
        expected.append(plain_mean(embedded, context, CHANNEL.evidence) - sum(others) / len(others))
    assert reply.scores == pytest.approx(expected, abs=1e-3)
    assert reply.index == 1


def test_channel_references_are_scored_once(embedded: EmbeddedBackend) -> None:
    first = replace(CHANNEL, evidence=" Children play.")
    second = replace(CHANNEL, evidence=" Children sing.")
    embedded.answer([first])
    usage = embedded.answer([second])[0].usage
    assert usage.computed == 2 * (len(embedded.contexts.encode(" Children sing.")) - 1)


def test_rating_has_the_probabilities_of_whole_numbers(embedded: EmbeddedBackend) -> None:
    context = ("On a scale from 1 to 10, where 1 is dull, how important is a wedding? Rating:",)
    reply = ask(embedded, Rate("importance", context, 1, 10))
    assert isinstance(reply, Rating)
    logs = [plain_mean(embedded, context, f" {n}\n") * len(embedded.contexts.encode(f" {n}\n")) for n in range(1, 11)]
    total = sum(map(math.exp, logs))
    assert reply.probabilities == pytest.approx([math.exp(log) / total for log in logs], rel=1e-2)
    assert reply.value == 1 + logs.index(max(logs))
    assert reply.expected == pytest.approx(sum(n * p for n, p in enumerate(reply.probabilities, 1)))
    assert isinstance(ask(embedded, Rate("cold", ("Temperature:",), -3, 2)), Rating)


def test_a_single_option_and_an_empty_context_are_fine(embedded: EmbeddedBackend) -> None:
    reply = ask(embedded, Choose("x", (), (" hello",)))
    assert isinstance(reply, Choice)
    assert reply.probabilities == (1.0,)
    assert ask(embedded, Choose("x", ("", ""), (" hello",))) == reply


def test_options_too_many_for_one_trie(embedded: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "_TRIE_TOKENS", 40)
    options = tuple(f" number {i} of the many things\n" for i in range(12))
    reply = ask(embedded, Choose("x", CONTEXT, options))
    assert isinstance(reply, Choice)
    assert reply.scores[10] == pytest.approx(plain_mean(embedded, CONTEXT, options[10]), abs=1e-3)


def test_too_long_and_empty_texts_fail_alone(embedded: EmbeddedBackend) -> None:
    good = Choose("x", ("The sky is",), (" blue\n", " green\n"))
    long = replace(good, context=("word " * 9000,))
    empty = replace(CHANNEL, references=("", " It is."))
    replies = [answer.reply for answer in embedded.answer([long, good, empty])]
    assert isinstance(replies[0], Failure)
    assert replies[0].kind is FailureKind.TOO_LONG
    assert "9" in replies[0].detail
    assert replies[1] == ask(embedded, good)
    assert isinstance(replies[2], Failure)
    assert replies[2].kind is FailureKind.MISFIT


def some_choices(dice: random.Random, count: int) -> list[Request]:
    """Choices and ratings whose contexts share beginnings."""
    words = ["Maria", "Klaus", "walks", "reads", "the", "a", "park", "cafe", "book", "music", "with", "in"]

    def text(longest: int) -> str:
        return " ".join(dice.choices(words, k=dice.randrange(1, longest)))

    world, people = text(30), [text(20) for _ in range(2)]
    made: list[Request] = []
    for _ in range(count):
        context = (world, " " + dice.choice(people), "\n" + text(20))
        options = tuple({f" {text(4)}\n": None for _ in range(dice.randrange(1, 5))})
        match dice.randrange(4):
            case 0:
                made.append(Choose("c", context, options, prior=(world,)))
            case 1:
                made.append(Rate("r", context, 0, dice.randrange(1, 12)))
            case 2:
                made.append(Choose("n", (world,), options, Way.CHANNEL, evidence=text(6), references=(text(3), "\n")))
            case _:
                made.append(Choose("c", context, options))
    return made


def test_replies_do_not_depend_on_batch_or_history(embedded: EmbeddedBackend) -> None:
    dice = random.Random(7)
    requests = some_choices(dice, 8)
    expected = [answer.reply for answer in embedded.answer(requests)]
    for number in range(2):
        if number:
            embedded.forget()
        order = dice.sample(range(len(requests)), len(requests))
        while order:
            size = dice.randrange(1, 6)
            batch, order = order[:size], order[size:]
            for i, answer in zip(batch, embedded.answer([requests[i] for i in batch]), strict=True):
                assert answer.reply == expected[i]


def test_shared_segments_are_computed_once(embedded: EmbeddedBackend) -> None:
    world, persona = "A world of its own. " * 10, "Somebody nobody has asked before. " * 5
    first, second = (Choose("x", (world, persona, end), (" a", " b")) for end in ("\nOne:", "\nTwo:"))
    usages = [answer.usage for answer in embedded.answer([first, second])]
    sizes = [len(embedded.contexts.encode(text)) for text in (world, persona, "\nOne:", "\nTwo:")]
    assert [usage.prompt for usage in usages] == [sum(sizes[:3]), sum(sizes[:2]) + sizes[3]]
    assert [usage.computed for usage in usages] == [sum(sizes[:3]), sizes[3]]
    assert embedded.answer([first])[0].usage.computed == 0
