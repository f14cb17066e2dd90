"""Requests that come and go at any time share the model's passes, and nobody's answer shows it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.llm import batching, kv
from engine.llm.decoder import Block
from engine.llm.embedded import EmbeddedBackend
from engine.llm.requests import Answer, Choose, Embed, Failure, FailureKind, Hint, Reply, Request, Write
from engine.llm.service import ModelService
from tests.engine.llm import tiny
from tests.engine.llm.test_choosing import some_choices
from tests.engine.llm.test_writing import some_writes


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedBackend:
    """A model of two layers, with room for few contexts, in memory and on disk."""
    path = tiny.write(tmp_path_factory.mktemp("model") / "tiny.gguf")
    return EmbeddedBackend.load(path, kv_bytes=40_000, kv_disk=60_000)


def some_requests(dice: random.Random, count: int) -> list[Request]:
    """Short requests of all kinds whose contexts share beginnings."""
    made: list[Request] = []
    for _ in range(count):
        context = (dice.choice(("the ", "that ")), "thin " * dice.randrange(1, 4))
        match dice.randrange(3):
            case 0:
                made.append(Choose("c", context, (" a", " the", " b"), prior=("the",)))
            case 1:
                made.append(Choose("c", context[:1], (" a", " the"), prior=("the",)))
            case _:
                seed, samples, longest = dice.randrange(9), dice.randrange(1, 4), dice.randrange(1, 20)
                write = Write("w", context, samples=samples, seed=seed, max_tokens=longest, stop=())
                made.append(replace(write, contrast=("the",)) if dice.random() < 0.5 else write)
    return made


def finished(backend: EmbeddedBackend, tickets: dict[int, int]) -> Iterator[tuple[int, Reply]]:
    """What one advance finishes, as (number of the request, reply)."""
    for ticket, answer in backend.advance():
        yield tickets.pop(ticket), answer.reply


def in_time(backend: EmbeddedBackend, requests: list[Request], dice: random.Random) -> list[Reply]:
    """Put requests in one after another while others are under way; their replies."""
    tickets: dict[int, int] = {}
    found: dict[int, Reply] = {}
    waiting = dice.sample(range(len(requests)), len(requests))
    while waiting or tickets:
        for _ in range(dice.randrange(3)):
            if waiting:
                number = waiting.pop()
                tickets[backend.put(requests[number], Hint((dice.randrange(3),), dice.randrange(-1, 4)))] = number
        if dice.random() < 0.3:
            backend.expect([dice.choice((0.0, 60.0, float("inf"))) for _ in range(3)])
        found.update(finished(backend, tickets))
    return [found[number] for number in range(len(requests))]


def one_by_one(backend: EmbeddedBackend, requests: list[Request]) -> list[Reply]:
    """The reply to each request alone, by a backend that has seen no other."""
    alone = []
    for request in requests:
        backend.forget()
        alone.append(backend.answer([request])[0].reply)
    backend.forget()
    return alone


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_answers_do_not_depend_on_when_others_come_and_go(small: EmbeddedBackend, seed: int) -> None:
    dice = random.Random(seed)
    requests = some_requests(dice, 6)
    alone = one_by_one(small, requests)
    assert in_time(small, requests, dice) == alone
    assert small.batching.waiting == small.batching.under_way == 0
    assert small.contexts.prefixes.bytes <= 40_000


def test_nor_with_the_real_model(embedded: EmbeddedBackend) -> None:
    dice = random.Random(3)
    requests: list[Request] = [*some_writes(dice, 4), *some_choices(dice, 4)]
    alone = one_by_one(embedded, requests)
    assert [answer.reply for answer in embedded.answer(requests)] == alone
    embedded.forget()
    assert in_time(embedded, requests, dice) == alone


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_nor_in_many_ways_with_the_real_model(embedded: EmbeddedBackend, seed: int) -> None:
    """Ten batchings for each of fifty sets of requests, the first of them of the whole set."""
    dice = random.Random(seed)
    requests: list[Request] = [*some_writes(dice, 6), *some_choices(dice, 6)]
    alone = one_by_one(embedded, requests)
    for number in range(10):
        embedded.forget()
        found = in_time(embedded, requests, dice) if number else [a.reply for a in embedded.answer(requests)]
        assert found == alone


def test_meanings_do_not_wait_for_texts(embedded: EmbeddedBackend) -> None:
    text = embedded.put(Write("w", ("Once upon a time",), max_tokens=6, stop=()))
    embedded.advance()
    meaning = embedded.put(Embed("e", ("a park",)))
    assert [ticket for ticket, _ in embedded.advance()] == [meaning]
    while not (done := embedded.advance()):
        pass
    assert [ticket for ticket, _ in done] == [text]


def test_the_more_urgent_are_begun_first(small: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small.batching, "_sizes", batching.Sizes(room=1))  # one at a time
    later = small.put(Write("w", ("the",), max_tokens=3, stop=()), Hint((7,)))
    sooner = small.put(Write("w", ("that",), max_tokens=3, stop=()), Hint((2,)))
    order: list[int] = []
    while len(order) < 2:
        order += [ticket for ticket, _ in small.advance()]
    assert order == [sooner, later]


class Standing:
    """An outlook in which so many stand behind each agent."""

    def __init__(self, *behind: int) -> None:
        self.behind = behind

    def next_thoughts(self) -> list[float]:
        return [0.0] * len(self.behind)

    def held_up(self, agent: int) -> int:
        return self.behind[agent]


def arriving(backend: EmbeddedBackend, asked: list[tuple[Write, int]], *outlooks: Standing) -> list[tuple[int, Reply]]:
    """Ask for each agent's request at its time; (agent, reply) as they come, one outlook after the other."""
    service = ModelService(backend)
    agents = {service.submit(request, agent, time): agent for agent, (request, time) in enumerate(asked)}
    found: list[tuple[int, Reply]] = []
    while len(found) < len(agents):
        service.outlook = outlooks[min(len(found), len(outlooks) - 1)]
        found += [(agents[ticket], reply) for ticket, reply in service.collect()]
    return found


def test_who_holds_up_others_comes_first_and_then_who_is_furthest_behind(
    small: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small.batching, "_sizes", batching.Sizes(room=1))  # one at a time
    asked = [(Write("w", (f"the {time}",), max_tokens=3, stop=()), time) for time in (10, 11, 9, 12)]
    found = arriving(small, asked, Standing(0, 50, 0, 2))
    assert [agent for agent, _ in found] == [1, 3, 2, 0]
    others = arriving(small, asked, Standing(0, 0, 0, 0))
    assert [agent for agent, _ in others] == [2, 0, 1, 3]
    assert dict(found) == dict(others), "the order is of the work, not of the answers"
    turned = arriving(small, asked, Standing(0, 50, 0, 0), Standing(3, 0, 1, 0))
    assert [agent for agent, _ in turned] == [1, 0, 2, 3], "they stand behind others by now"
    assert dict(turned) == dict(others)


def test_an_interrupted_pass_can_be_made_again(small: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = some_requests(random.Random(5), 6)
    expected = [answer.reply for answer in small.answer(requests)]
    small.forget()
    plain = kv.run
    calls = 0

    def interrupted(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls % 2:
            raise KeyboardInterrupt
        return plain(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("engine.llm.batching.run", interrupted)
    tickets = {small.put(request): number for number, request in enumerate(requests)}
    found: dict[int, Reply] = {}
    while tickets:
        try:
            found.update(finished(small, tickets))
        except KeyboardInterrupt:
            continue
    assert [found[number] for number in range(len(requests))] == expected


def test_a_pass_that_fails_fails_only_the_request_that_makes_it(
    small: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [Write("w", (f"the {word}",), max_tokens=4, stop=()) for word in "abc"]
    expected = [answer.reply for answer in small.answer(requests)]
    small.forget()
    marked = small.contexts.encode("the b")
    plain = kv.run

    def failing(model: object, blocks: list[Block], most: int) -> object:
        if any(tuple(block.tokens) == marked for block in blocks):
            raise RuntimeError("out of memory")
        return plain(model, blocks, most)  # type: ignore[arg-type]

    monkeypatch.setattr("engine.llm.batching.run", failing)
    found = [answer.reply for answer in small.answer(requests)]
    assert found == [expected[0], Failure(FailureKind.BACKEND, "RuntimeError: out of memory"), expected[2]]


def test_what_nobody_waits_for_any_more_is_given_up(small: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.llm.batching.run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        small.answer(some_requests(random.Random(1), 5))
    monkeypatch.undo()
    assert small.batching.waiting == small.batching.under_way == 0
    small.forget()
    assert small.contexts.prefixes.bytes == 0, "nothing is held any more"


def test_a_long_context_is_read_in_portions(tmp_path: Path) -> None:
    backend = EmbeddedBackend.load(tiny.write(tmp_path / "tiny.gguf"))
    requests = [Choose("c", ("the ", f"{number:02d} " * 20), (" a", " b")) for number in range(30)]
    tickets = [backend.put(request) for request in requests]
    passes: list[list[tuple[int, Answer]]] = []
    while sum(map(len, passes)) < len(tickets):
        passes.append(backend.advance())
    answers = [answer for done in passes for _, answer in done]
    tokens = sum(answer.usage.computed for answer in answers)
    assert not any(isinstance(answer.reply, Failure) for answer in answers)
    assert len(passes) >= tokens / (batching.READ + 100) > 2
    assert [ticket for done in passes for ticket, _ in done] == tickets, "first come, first served"
