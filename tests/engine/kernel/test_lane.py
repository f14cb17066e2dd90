"""A lane delivers, waits and asks in an order that nobody else can disturb."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.errors import RunFailed
from engine.kernel.kernel import Behaviour
from engine.kernel.lane import Lane, Process
from engine.kernel.schedule import NOBODY, SameSecond, Strict
from engine.llm.requests import Texts
from tests.engine.kernel.lives import note, question, run, told

RULES = pytest.mark.parametrize("rule", [Strict, SameSecond])


def idle(lane: Lane) -> Process:
    """Do nothing."""
    yield from ()


@RULES
def test_messages_come_sorted_by_time_sender_and_number(rule: type[Strict]) -> None:
    def sender(delays: Sequence[int]) -> Behaviour:
        def behaviour(lane: Lane) -> Process:
            for number, delay in enumerate(delays):
                lane.post(3, delay, f"m{number}")
            yield from lane.sleep(1)
            lane.post(3, 4, "late")

        return behaviour

    def receiver(lane: Lane) -> Process:
        yield from lane.sleep(6)
        note(lane, told((yield from lane.wait(50))))

    outcome = run([sender([5, 2]), sender([2, 2, 5]), sender([5]), receiver], rule())
    expected = "0.1@2:m1 1.0@2:m0 1.1@2:m1 0.0@5:m0 0.2@5:late 1.2@5:m2 1.3@5:late 2.0@5:m0 2.1@5:late"
    assert outcome.notes(3) == [(6, expected)]


@RULES
def test_messages_of_a_second_come_before_anything_else_of_it(rule: type[Strict]) -> None:
    def sender(lane: Lane) -> Process:
        yield from lane.sleep(4)
        lane.post(0, 1, "hello")

    def receiver(lane: Lane) -> Process:
        yield from lane.sleep(5)  # wakes at the very second at which the message comes
        note(lane, told((yield from lane.wait(5))))

    assert run([receiver, sender], rule()).notes(0) == [(5, "1.0@5:hello")]


def test_a_message_at_the_end_of_a_wait_still_belongs_to_it() -> None:
    def sender(lane: Lane) -> Process:
        lane.post(0, 10, "just in time")
        lane.post(0, 11, "too late")
        yield from ()

    def receiver(lane: Lane) -> Process:
        note(lane, told((yield from lane.wait(10))))
        note(lane, told((yield from lane.wait(30))))
        note(lane, told((yield from lane.wait(30))))

    expected = [(10, "1.0@10:just in time"), (11, "1.1@11:too late"), (30, "")]
    assert run([receiver, sender], Strict()).notes(0) == expected


def test_a_wait_that_is_over_at_once_takes_no_time_and_gives_what_is_there() -> None:
    def behaviour(lane: Lane) -> Process:
        assert (yield from lane.wait(0)) == []
        assert (yield from lane.wait(-5)) == []
        lane.post(0, 2, "to myself")
        yield from lane.sleep(7)
        note(lane, told((yield from lane.wait(1))))
        note(lane, told((yield from lane.wait(8))))

    assert run([behaviour], Strict()).notes(0) == [(7, "0.0@2:to myself"), (8, "")]


def test_the_bell_of_an_earlier_wait_does_not_end_a_later_one() -> None:
    def sender(lane: Lane) -> Process:
        lane.post(0, 3, "early")
        yield from ()

    def receiver(lane: Lane) -> Process:
        for until in (10, 20):
            note(lane, told((yield from lane.wait(until))))

    assert run([receiver, sender], Strict()).notes(0) == [(3, "1.0@3:early"), (20, "")]


@RULES
def test_a_model_takes_no_simulated_time_and_answers_in_order(rule: type[Strict]) -> None:
    def behaviour(lane: Lane) -> Process:
        yield from lane.sleep(5)
        replies = yield from lane.ask(*(question(lane, text=f"q{i}") for i in range(3)))
        note(lane, " ".join(r.samples[0].text.split()[0] for r in replies if isinstance(r, Texts)))
        assert (yield from lane.ask()) == []

    outcome = run([behaviour, idle], rule())
    assert outcome.notes(0) == [(5, "q0 q1 q2")]
    assert outcome.backend.batches == [["q0", "q1", "q2"]]


def test_seeds_of_requests_do_not_move_when_other_thoughts_come_between() -> None:
    def seeds(others: int) -> list[tuple[int, str]]:
        def behaviour(lane: Lane) -> Process:
            for moment in (0, 5):
                yield from lane.sleep(moment)
                for number in range(2):
                    for other in range(others):
                        lane.request_seed(f"other {other}")
                        lane.dice("plan")
                    note(lane, f"{number} {lane.request_seed('plan')}")

        return run([behaviour], Strict()).notes(0)

    alone = seeds(0)
    assert seeds(3) == alone
    assert len({seed for _, seed in alone}) == len(alone)


def test_dice_are_fresh_for_every_throw_agent_and_run() -> None:
    def behaviour(lane: Lane) -> Process:
        for _ in range(2):
            note(lane, str(lane.dice("talk").random()))
        yield from lane.sleep(1)
        note(lane, str(lane.dice("talk").random()))

    runs = [run([behaviour, behaviour], SameSecond(), seed=seed) for seed in (1, 1, 2)]
    throws = [[throw for agent in (0, 1) for _, throw in outcome.notes(agent)] for outcome in runs]
    assert throws[0] == throws[1]
    assert len({*throws[0], *throws[2]}) == 12


@pytest.mark.parametrize("delay", [0, -1])
def test_a_message_takes_at_least_one_second(delay: int) -> None:
    def behaviour(lane: Lane) -> Process:
        with pytest.raises(ValueError, match="a message takes at least one second"):
            lane.post(0, delay, "now")
        note(lane, "refused")
        yield from ()

    assert run([behaviour], Strict()).notes(0) == [(0, "refused")]


class Reckless(Strict):
    """A wrong frontier rule: nobody stands in anybody's way."""

    name = "reckless"

    def blocker(self, lane: Lane, time: int, first: tuple[int, int]) -> int:
        return NOBODY


@pytest.mark.parametrize("delay", [1, 5])
def test_a_message_into_the_past_or_present_of_its_receiver_ends_the_run(delay: int) -> None:
    def sender(lane: Lane) -> Process:
        yield from lane.ask(question(lane))
        lane.post(1, delay, "too late")

    def receiver(lane: Lane) -> Process:
        yield from lane.sleep(5)
        yield from lane.sleep(6)

    with pytest.raises(RunFailed, match=f"causality broken: agent 1 is at ., a message came for {delay}"):
        run([sender, receiver], Reckless(), until=6)


def test_a_lane_that_waits_can_be_roused_and_one_that_sleeps_cannot() -> None:
    def behaviour(lane: Lane) -> Process:
        note(lane, told((yield from lane.wait(20))))
        yield from lane.sleep(30)
        note(lane, "slept")

    def other(lane: Lane) -> Process:
        yield from lane.sleep(3)
        for time in (9, 7, 12, 25):
            lanes[0].rouse(time)
        yield from lane.sleep(15)
        lanes[0].rouse(19)
        lanes[0].rouse(2)

    lanes: list[Lane] = []

    def first(lane: Lane) -> Process:
        lanes.append(lane)
        yield from behaviour(lane)

    assert run([first, other], Strict()).notes(0) == [(7, ""), (30, "slept")]


def test_to_rouse_somebody_who_has_passed_that_time_ends_the_run() -> None:
    lanes: list[Lane] = []

    def watcher(lane: Lane) -> Process:
        lanes.append(lane)
        yield from lane.sleep(5)
        yield from lane.wait(20)

    def other(lane: Lane) -> Process:
        yield from lane.sleep(9)
        lanes[0].rouse(5)

    with pytest.raises(RunFailed, match="causality broken: agent 0 is at 5, a call to look up came for 5"):
        run([watcher, other], Strict())
