"""The model service asks once, records first, counts everything, and loses nothing on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BudgetSpent, Interrupted, ModelUnavailable
from engine.llm.latency import Courier, Prompt, Virtual
from engine.llm.lazy import LazyBackend
from engine.llm.records import ReplyRecord, read_replies
from engine.llm.requests import Answer, Failure, FailureKind, Hint, Reply, Request, Texts, Usage
from engine.llm.service import Budget, ModelService
from engine.record.frames import FrameWriter, LogKind
from tests.engine.llm.asking import Counting, write


def ask(service: ModelService, *texts: str) -> list[Reply]:
    """Ask for several things at once; the replies in the order of the requests."""
    answers = [service.submit(write(text)) for text in texts]
    waiting = {answer for answer in answers if isinstance(answer, int)}
    found: dict[int, Reply] = {}
    while found.keys() != waiting:
        found.update(service.collect())
    return [found[answer] if isinstance(answer, int) else answer for answer in answers]


def test_a_batch_is_what_was_submitted_since_the_last_one() -> None:
    backend = Counting()
    service = ModelService(backend)
    ask(service, "a", "b")
    ask(service, "c")
    assert [len(batch) for batch in backend.batches] == [2, 1]
    assert service.stats.mean_batch == 1.5
    assert service.collect() == []
    assert len(backend.batches) == 2, "nothing to ask, nothing asked"


def test_the_same_request_is_asked_once_in_a_batch_and_in_a_run() -> None:
    backend = Counting()
    service = ModelService(backend)
    first = ask(service, "a", "b", "a")
    assert first[0] == first[2] != first[1]
    assert ask(service, "a") == [first[0]]
    assert backend.asked == 2
    stats = service.stats
    assert (stats.requests, stats.new, stats.rounds, stats.by_purpose["test"]) == (4, 2, 1, 4)
    assert stats.usage == Usage(6, 4, 2)


def test_recorded_replies_are_not_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "replies.log"
    with FrameWriter(path, LogKind.REPLIES) as writer:
        before = ask(ModelService(Counting(), ReplyRecord(writer)), "a", "b")
    backend = Counting()
    with FrameWriter(path, LogKind.REPLIES) as writer:
        service = ModelService(backend, ReplyRecord(writer))
        assert ask(service, "b", "a", "c")[:2] == before[::-1]
    assert backend.batches == [[write("c")]]
    assert (service.stats.requests, service.stats.new) == (3, 1)
    assert len(list(read_replies(path))) == 3


def test_another_model_is_asked_anew() -> None:
    record = ReplyRecord()
    first, second = Counting(), Counting()
    second.identity = "another"
    ask(ModelService(first, record), "a")
    ask(ModelService(second, record), "a")
    assert second.asked == 1


def test_a_budget_of_requests_is_never_exceeded_and_what_is_known_costs_nothing() -> None:
    backend = Counting()
    service = ModelService(backend, budget=Budget(requests=2))
    assert all(isinstance(reply, Texts) for reply in ask(service, "a", "b", "a"))
    assert isinstance(ask(service, "b")[0], Texts)
    with pytest.raises(BudgetSpent, match="2 new requests"):
        ask(service, "c")
    assert backend.asked == 2


def test_a_budget_of_tokens_is_looked_at_before_every_batch() -> None:
    backend = Counting()
    service = ModelService(backend, budget=Budget(tokens=6))
    ask(service, "a")
    ask(service, "b", "c")
    with pytest.raises(BudgetSpent, match="6 tokens"):
        ask(service, "d", "a")
    assert backend.asked == 3


def test_a_backend_that_raises_fails_only_the_request_that_made_it() -> None:
    class Fragile(Counting):
        def answer(self, requests: Sequence[Request]) -> list[Answer]:
            if any(request == write("b") for request in requests):
                raise RuntimeError("a bug")
            return super().answer(requests)

    service = ModelService(Fragile())
    good, bad, too = ask(service, "a", "b", "c")
    assert isinstance(good, Texts)
    assert bad == Failure(FailureKind.BACKEND, "RuntimeError: a bug")
    assert isinstance(too, Texts)


couriers = st.one_of(
    st.builds(Prompt),
    st.builds(Virtual, st.integers(0, 99)),
    st.builds(Virtual, st.integers(0, 99), st.floats(0, 5)),
)


@given(couriers, st.lists(st.integers(0, 4), max_size=8))
def test_couriers_deliver_everything_exactly_once(courier: Courier, sizes: list[int]) -> None:
    sent: list[int] = []
    delivered: list[int] = []
    for size in sizes:
        for _ in range(size):
            courier.send(len(sent), bytes(16), Failure(FailureKind.MISFIT, str(len(sent))))
            sent.append(len(sent))
        arrived = courier.arrivals()
        assert bool(arrived) == (len(delivered) < len(sent))
        for ticket, reply in arrived:
            assert reply == Failure(FailureKind.MISFIT, str(ticket))
            delivered.append(ticket)
    while arrived := courier.arrivals():
        delivered += [ticket for ticket, _ in arrived]
    assert sorted(delivered) == sent


@given(st.integers(0, 99), st.integers(0, 99), st.lists(st.booleans(), min_size=1, max_size=30))
def test_the_virtual_clock_never_goes_back_and_depends_on_the_seed_alone(
    seed: int, other: int, sends: list[bool]
) -> None:
    def arrivals(courier: Virtual) -> list[tuple[float, list[int]]]:
        seen = []
        for number, send in enumerate(sends):
            if send:
                courier.send(number, number.to_bytes(16, "big"), Failure(FailureKind.MISFIT))
            else:
                seen.append((courier.clock, [ticket for ticket, _ in courier.arrivals()]))
        return seen

    seen = arrivals(Virtual(seed))
    clocks = [clock for clock, _ in seen]
    assert clocks == sorted(clocks)
    assert arrivals(Virtual(seed)) == seen
    arrivals(Virtual(other))


def test_a_request_travels_as_long_whenever_it_is_sent() -> None:
    early, late = Virtual(3), Virtual(3)
    for number in range(5):
        late.send(number, bytes([number] * 16), Failure(FailureKind.MISFIT))
        late.arrivals()
    before = late.clock
    for courier in (early, late):
        courier.send(9, bytes([7] * 16), Failure(FailureKind.MISFIT))
        courier.arrivals()
    assert late.clock - before == pytest.approx(early.clock) == early.latency(bytes([7] * 16))


def test_what_is_known_is_answered_at_once() -> None:
    service = ModelService(Counting())
    (first,) = ask(service, "a")
    assert service.submit(write("a")) == first
    assert service.collect() == []


def test_a_service_that_does_not_gather_answers_at_once() -> None:
    backend = Counting()
    service = ModelService(backend, gather=False)
    assert isinstance(service.submit(write("a")), Texts)
    assert service.submit(write("a")) == service.submit(write("a"))
    assert (backend.asked, service.stats.requests, service.stats.new) == (1, 3, 1)


class Crowd:
    """An outlook in which agent 2 holds up two others."""

    def next_thoughts(self) -> list[float]:
        return [9.0, 3.0, 5.0, 3.0]

    def held_up(self, agent: int) -> int:
        return 2 if agent == 2 else 0


def test_of_more_than_fits_the_most_critical_and_then_the_earliest_go_first() -> None:
    backend = Counting()
    service = ModelService(backend, courier=Virtual(1, 1.0), at_once=2)
    service.outlook = Crowd()
    asked = [("a", 0, 9), ("b", 1, 3), ("c", 2, 5), ("d", 3, 3)]
    for text, agent, time in asked:
        service.submit(write(text), agent, time)
    while service.collect():
        pass
    assert backend.batches == [[write("c"), write("b")], [write("d")], [write("a")]]


def test_a_sleeping_courier_waits_as_long_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("engine.llm.latency.time.sleep", slept.append)
    courier = Virtual(1, 0.5, sleep=True)
    courier.send(0, bytes(16), Failure(FailureKind.MISFIT))
    courier.arrivals()
    courier.send(1, bytes(16), Failure(FailureKind.MISFIT))
    courier.send(2, bytes(16), Failure(FailureKind.MISFIT))
    assert [courier.arrivals()[0][0] for _ in range(2)] == [1, 2]
    assert slept == [0.5, 0.5, 0.0]


class Slow(Counting):
    """A model somewhere else: answers what it was asked last first, one each time it is looked at."""

    def __init__(self, fails_after: int | None = None) -> None:
        super().__init__()
        self.under_way: dict[bytes, Request] = {}
        self.fails_after = fails_after
        self.idle = 1
        self.closed = False

    def expect(self, thoughts: Sequence[float]) -> None:
        self.expected = list(thoughts)

    def send(self, asked: Mapping[bytes, Request], hints: Mapping[bytes, Hint] | None = None) -> None:
        self.hints = [(hints or {})[key] for key in asked]
        self.batches.append(list(asked.values()))
        self.under_way |= asked

    def received(self, wait: float) -> list[tuple[bytes, Answer]]:
        if self.fails_after == 0:
            raise ModelUnavailable("it is gone")
        self.idle = (self.idle + 1) % 3
        if self.idle:
            return []
        if self.fails_after is not None:
            self.fails_after -= 1
        return self._answer(1)

    def close(self, grace: float) -> list[tuple[bytes, Answer]]:
        self.closed = True
        return self._answer(1)

    def _answer(self, most: int) -> list[tuple[bytes, Answer]]:
        chosen = [self.under_way.popitem() for _ in range(min(most, len(self.under_way)))]
        return [(key, Counting().answer([request])[0]) for key, request in chosen]


def test_a_correspondents_answers_are_passed_on_as_they_come_and_recorded_first(tmp_path: Path) -> None:
    with FrameWriter(tmp_path / "replies.log", LogKind.REPLIES) as writer:
        service = ModelService(Slow(), ReplyRecord(writer))
        tickets = {service.submit(write(text)): text for text in "abca"}
        seen = []
        while arrived := service.collect():
            assert len(list(read_replies(tmp_path / "replies.log"))) == service.stats.new
            seen.append({tickets[ticket] for ticket, _ in arrived})
    assert seen == [{"c"}, {"b"}, {"a"}]
    assert (service.stats.requests, service.stats.new, service.stats.usage) == (4, 3, Usage(9, 6, 3))


def test_a_correspondent_is_asked_for_more_while_others_are_under_way() -> None:
    backend = Slow()
    service = ModelService(backend, at_once=2)
    for text in "abc":
        service.submit(write(text))
    assert len(service.collect()) == 1
    assert len(service.collect()) == 1
    assert [len(batch) for batch in backend.batches] == [2, 1]
    service.submit(write("c"))
    assert len(service.collect()) == 1
    assert backend.asked == 3, "what is under way is not asked again"


def test_what_a_correspondent_gave_before_it_was_gone_is_kept(tmp_path: Path) -> None:
    with FrameWriter(tmp_path / "replies.log", LogKind.REPLIES) as writer:
        backend = Slow(fails_after=1)
        service = ModelService(backend, ReplyRecord(writer))
        for text in "abcd":
            service.submit(write(text))
        service.collect()
        with pytest.raises(ModelUnavailable):
            service.collect()
        service.close()
    assert backend.closed
    assert len(list(read_replies(tmp_path / "replies.log"))) == 2


def test_a_budget_is_not_exceeded_by_what_is_under_way_which_is_kept() -> None:
    backend = Slow()
    service = ModelService(backend, budget=Budget(requests=3))
    for text in "abc":
        service.submit(write(text))
    service.collect()
    service.submit(write("d"))
    with pytest.raises(BudgetSpent, match="3 new requests"):
        service.collect()
    assert (backend.asked, service.stats.new) == (3, 3)


def test_waiting_for_a_correspondent_can_be_given_up() -> None:
    beats = []

    def stop() -> None:
        beats.append(1)
        raise Interrupted("stopped by hand")

    service = ModelService(Slow(), meanwhile=stop)
    service.submit(write("a"))
    with pytest.raises(Interrupted):
        service.collect()
    assert beats == [1]


def test_a_correspondent_may_be_loaded_when_it_is_needed() -> None:
    service = ModelService(LazyBackend("counting", Slow))
    service.submit(write("a"))
    assert len(service.collect()) == 1


def test_a_correspondent_hears_who_asks_and_who_thinks_next() -> None:
    slow = Slow()
    service = ModelService(slow)
    service.outlook = Crowd()
    for text, agent, time in (("a", 0, 9), ("b", 1, 3), ("c", 2, 5)):
        service.submit(write(text), agent, time)
    service.collect()
    assert sorted(slow.hints, key=lambda hint: hint.urgency) == slow.hints
    assert [hint.agent for hint in slow.hints] == [2, 1, 0], "those who hold up others, then those furthest behind"
    assert slow.expected == [9.0, 3.0, 5.0, 3.0]


def test_a_correspondent_hears_when_what_it_has_becomes_more_urgent() -> None:
    slow, crowd = Slow(), Crowd()
    told: list[dict[bytes, Hint]] = []
    send = slow.send

    def heard(asked: Mapping[bytes, Request], hints: Mapping[bytes, Hint] | None = None) -> None:
        told.append(dict(hints or {}))
        if asked:
            send(asked, hints)

    slow.send = heard  # type: ignore[method-assign]
    service = ModelService(slow)
    service.outlook = crowd
    for text, agent in (("a", 0), ("b", 1), ("c", 3)):
        service.submit(write(text), agent, 5)
    service.collect()
    crowd.held_up = lambda agent: 2 * (agent == 1)  # type: ignore[method-assign]
    service.collect()
    first, then = told
    assert sorted(hint.agent for hint in first.values()) == [0, 1, 3]
    ((key, hint),) = then.items()
    assert hint.agent == first[key].agent == 1
    assert hint.urgency < min(hint.urgency for hint in first.values())
