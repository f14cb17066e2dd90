"""The central promise: neither the schedule nor the latency of the model changes a byte of the log."""

from __future__ import annotations

import random
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import RunFailed
from engine.kernel import kernel
from engine.kernel.kernel import Behaviour, Progress
from engine.kernel.lane import Lane, Process
from engine.kernel.schedule import SameSecond, Strict
from engine.llm.latency import Virtual
from engine.record.events import Failed
from tests.engine.kernel.lives import Step, note, question, run, told, town

DOINGS = ("wait", "wait", "sleep", "post", "post", "ask", "ask", "show", "show", "roll", "rouse")
RECOVERY = 11
RULES = pytest.mark.parametrize("rule", [Strict, SameSecond])

seeds = st.integers(0, 2**32)
relaxed = settings(suppress_health_check=list(HealthCheck))


def lives_of(seed: int) -> list[list[Step]]:
    """Steps of the lives of a few agents, now and then with one that fails.

    From a seed, because lists that Hypothesis draws are mostly too short for lives to cross.
    """
    dice = random.Random(seed)
    doings = DOINGS + ("fail",) * dice.choice((0, 0, 1))
    return [
        [Step(dice.choice(doings), dice.randint(0, 5), dice.randint(0, 5)) for _ in range(dice.randint(0, 8))]
        for _ in range(dice.randint(1, 5))
    ]


@pytest.fixture(autouse=True, scope="module")
def quick_recovery() -> Iterator[None]:
    """Minds that fail begin again soon, so that short runs see it."""
    with mock.patch.object(kernel, "RECOVERY", RECOVERY):
        yield


def neither_schedule_nor_latency_matters(seed: int, latency: float) -> None:
    fresh = town(lives_of(seed))
    reference = run(fresh(), Strict(), 40, seed=seed)
    keys = [event.key for event in reference.events]
    assert keys == sorted(set(keys))
    for rule in (Strict, SameSecond):
        for courier in (None, Virtual(seed), Virtual(seed, latency)):
            outcome = run(fresh(), rule(), 40, courier, seed=seed)
            assert outcome.log == reference.log
            assert outcome.digest == reference.digest


@settings(relaxed, max_examples=30)
@given(seeds, st.floats(0.0, 9.0))
def test_neither_the_schedule_nor_latency_changes_a_byte(seed: int, latency: float) -> None:
    neither_schedule_nor_latency_matters(seed, latency)


@pytest.mark.slow
@settings(relaxed, max_examples=300)
@given(seeds, st.floats(0.0, 9.0))
def test_neither_the_schedule_nor_latency_changes_a_byte_in_many_towns(seed: int, latency: float) -> None:
    neither_schedule_nor_latency_matters(seed, latency)


@settings(relaxed, max_examples=15)
@given(seeds, st.lists(st.integers(0, 39), max_size=4).map(sorted))
def test_a_run_in_pieces_is_the_run_in_one(seed: int, stops: list[int]) -> None:
    fresh = town(lives_of(seed))
    assert run(fresh(), SameSecond(), 40, seed=seed, stops=stops).log == run(fresh(), SameSecond(), 40, seed=seed).log


@RULES
def test_every_event_of_a_small_town_by_hand(rule: type[Strict]) -> None:
    def ping(lane: Lane) -> Process:
        yield from lane.sleep(2)
        lane.post(1, 1, "ping")
        note(lane, "sent")
        (message,) = yield from lane.wait(50)
        note(lane, told([message]))

    def pong(lane: Lane) -> Process:
        (message,) = yield from lane.wait(50)
        note(lane, told([message]))
        yield from lane.ask(question(lane))
        lane.post(0, 4, "pong")
        note(lane, "answered")

    def clockwork(lane: Lane) -> Process:
        while True:
            note(lane, f"{lane.now}")
            yield from lane.sleep(lane.now + 3)

    outcome = run([ping, pong, clockwork], rule(), until=9)
    found = [(*event.key, getattr(event.body, "answer", None)) for event in outcome.events]
    assert found == [
        (0, 1, 2, 0, "0"),
        (2, 1, 0, 0, "sent"),
        (3, 1, 1, 0, "0.0@3:ping"),
        (3, 1, 1, 1, "answered"),
        (3, 1, 2, 1, "3"),
        (6, 1, 2, 2, "6"),
        (7, 1, 0, 1, "1.0@7:pong"),
    ]
    assert outcome.backend.batches == [["agent 1 at 3"]]
    assert outcome.kernel.horizon == 9


@RULES
def test_a_mind_that_fails_is_its_own_affair_and_begins_again(rule: type[Strict]) -> None:
    def steady(lane: Lane) -> Process:
        for moment in range(0, 140, 10):
            yield from lane.sleep(moment)
            note(lane, "here")

    def fragile(lane: Lane) -> Process:
        note(lane, "begun")
        yield from lane.ask(question(lane))
        yield from lane.sleep(lane.now + 5)
        raise LookupError("x" * 500)

    healthy = run([steady, steady], rule(), until=37)
    outcome = run([steady, fragile], rule(), until=37)
    assert outcome.notes(0) == healthy.notes(0)
    assert outcome.notes(1) == [(0, "begun"), (5 + RECOVERY, "begun"), (10 + 2 * RECOVERY, "begun")]
    failures = [(e.key.time, e.key.agent, e.body) for e in outcome.events if isinstance(e.body, Failed)]
    expected = Failed("mind", "LookupError", "x" * 200)
    assert failures == [(5, 1, expected), (10 + RECOVERY, 1, expected)]


def test_messages_during_recovery_are_kept() -> None:
    def fragile(lane: Lane) -> Process:
        if lane.now == 0:
            raise ValueError("at first")
        note(lane, told((yield from lane.wait(lane.now))))

    def sender(lane: Lane) -> Process:
        lane.post(0, 9, "get well")
        yield from ()

    assert run([fragile, sender], Strict(), until=RECOVERY + 1).notes(0) == [(RECOVERY, "1.0@9:get well")]


def test_what_ends_the_run_is_not_taken_for_a_failed_mind() -> None:
    def broken(lane: Lane) -> Process:
        yield from lane.sleep(1)
        raise RunFailed("the disk is full")

    with pytest.raises(RunFailed, match="the disk is full"):
        run([broken], Strict())


def test_a_behaviour_that_ends_leaves_the_others_alone() -> None:
    def brief(lane: Lane) -> Process:
        note(lane, "bye")
        yield from ()

    def long(lane: Lane) -> Process:
        yield from lane.sleep(60)
        note(lane, "still here")

    assert run([brief, long], SameSecond()).notes(1) == [(60, "still here")]


@RULES
def test_progress_reports_a_horizon_that_never_goes_back(rule: type[Strict]) -> None:
    def busy(lane: Lane) -> Process:
        while True:
            yield from lane.sleep(lane.now + 1 + lane.index)
            note(lane, "busy")
            if lane.now % 10 == 0:
                yield from lane.ask(question(lane))

    behaviours: list[Behaviour] = [busy, busy, busy]
    reports: list[Progress] = []
    outcome = run(behaviours, rule(), until=400, on_progress=reports.append)
    horizons = [progress.horizon for progress in reports]
    assert len(reports) >= 40
    assert horizons == sorted(horizons)
    assert reports[-1].horizon >= 400
    assert reports[-1].events == len(outcome.events)


def test_only_of_who_cannot_be_made_to_think_is_it_known_when_they_do() -> None:
    def sleeper(lane: Lane) -> Process:
        yield from lane.sleep(500)

    def listener(lane: Lane) -> Process:
        yield from lane.wait(300)

    def clockwork(lane: Lane) -> Process:
        while True:
            yield from lane.sleep(lane.now + 30)

    def brief(lane: Lane) -> Process:
        yield from lane.sleep(1)

    outcome = run([sleeper, listener, clockwork, brief], Strict(), until=40)
    assert outcome.kernel.horizon == 60
    assert outcome.kernel.next_thoughts() == [500, 60, 60, float("inf")]
