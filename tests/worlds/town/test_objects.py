"""The states of objects over time, against a model that goes through them second by second."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worlds.town.objects import Action, ObjectStates, goes_wrong
from worlds.town.places import Affordance, Consequence, Rect, TownObject

STOVE = TownObject(
    name="stove",
    address="town:House:kitchen:stove",
    parts=(Rect(3, 3, 1, 1),),
    description="a stove",
    state="off",
    affordances=(Affordance("cooking", "hot", 20, "dirty"), Affordance("wiping", "wet", 5)),
    seats=3,
    consequences=(
        Consequence("hot", 2, "smoking"),
        Consequence("smoking", 1, "on fire"),
        Consequence("dirty", 3, "off"),
    ),
)
COOKING, WIPING = ("hot", "dirty"), ("wet", "")
IDLE = Action("resting", "town")
PASSING = {"hot", "smoking", "on fire", "dirty", "off"}
BECOMES = {c.state: (60 * c.minutes, c.becomes) for c in STOVE.consequences}


def use(kind: tuple[str, str], until: int) -> Action:
    return Action("busy", STOVE.address, STOVE.address, *kind, until)


def states(thing: TownObject = STOVE) -> ObjectStates:
    return ObjectStates([thing], lambda _: [(3, 3)])


class Kitchen:
    """The stove and what people do with it."""

    def __init__(self, thing: TownObject = STOVE) -> None:
        self.states = states(thing)
        self._doing: dict[int, Action] = {}

    def act(self, person: int, time: int, action: Action) -> None:
        self.states.begun(person, time, self._doing.get(person, IDLE), action)
        self._doing[person] = action

    def state(self, time: int) -> str:
        return self.states.situation(STOVE.address, time).state

    def log(self, until: int) -> list[tuple[int, str]]:
        return [(time, state) for time, _, state in self.states.settle(until)]


def test_who_finishes_leaves_the_state_for_afterwards() -> None:
    kitchen = Kitchen()
    kitchen.act(0, 10, use(COOKING, 100))
    kitchen.act(0, 100, IDLE)
    assert kitchen.log(1000) == [(11, "hot"), (101, "dirty"), (101 + 180, "off")]


def test_who_breaks_off_leaves_it_on_and_it_takes_its_course() -> None:
    kitchen = Kitchen()
    kitchen.act(0, 10, use(COOKING, 100))
    kitchen.act(0, 99, IDLE)
    assert kitchen.states.situation(STOVE.address, 99) == ("hot", True)
    assert kitchen.states.situation(STOVE.address, 100) == ("hot", False)
    assert kitchen.log(1000) == [(11, "hot"), (100 + 120, "smoking"), (100 + 180, "on fire")]
    assert kitchen.state(9999) == "on fire"


def test_what_nothing_comes_of_is_left_in_its_own_state_when_broken_off() -> None:
    kitchen = Kitchen()
    kitchen.act(0, 10, use(WIPING, 100))
    kitchen.act(0, 20, IDLE)
    assert kitchen.log(1000) == [(11, "wet"), (21, "off")]


def test_using_it_in_time_stops_the_course_of_things() -> None:
    kitchen = Kitchen()
    kitchen.act(0, 10, use(COOKING, 100))
    kitchen.act(0, 20, IDLE)
    assert kitchen.states.next_change(STOVE.address, 25) == 21 + 120
    kitchen.act(1, 50, use(WIPING, 60))
    kitchen.act(1, 60, IDLE)
    assert kitchen.states.next_change(STOVE.address, 61) == float("inf")
    assert kitchen.log(1000) == [(11, "hot"), (51, "wet"), (61, "off")]


def test_the_last_one_to_leave_counts() -> None:
    kitchen = Kitchen()
    kitchen.act(0, 10, use(COOKING, 100))
    kitchen.act(1, 20, use(WIPING, 60))
    kitchen.act(0, 30, IDLE)
    kitchen.act(1, 60, IDLE)
    assert kitchen.log(1000) == [(11, "hot"), (31, "wet"), (61, "off")]


def test_what_was_given_from_outside_holds_when_nobody_uses_it_and_takes_its_course() -> None:
    kitchen = Kitchen()
    kitchen.states.give(STOVE.address, 15, "smoking")
    kitchen.act(0, 10, use(COOKING, 100))
    kitchen.act(0, 100, IDLE)
    kitchen.states.give(STOVE.address, 500, "broken")
    kitchen.act(0, 600, use(WIPING, 610))
    kitchen.act(0, 610, IDLE)
    assert kitchen.log(1000) == [
        (11, "hot"), (101, "smoking"), (161, "on fire"), (501, "broken"), (601, "wet"), (611, "broken")
    ]  # fmt: skip


def test_what_takes_its_course_is_over_when_somebody_has_used_the_object() -> None:
    kitchen = Kitchen()
    kitchen.states.give(STOVE.address, 15, "smoking")
    kitchen.act(0, 30, use(WIPING, 40))
    kitchen.act(0, 40, IDLE)
    assert kitchen.log(1000) == [(16, "smoking"), (31, "wet"), (41, "off")]


def test_an_object_whose_own_state_does_not_last_changes_by_itself() -> None:
    lamp = TownObject("lamp", STOVE.address, (Rect(3, 3, 1, 1),), "a lamp", "green", (), 1,
                      (Consequence("green", 1, "red"), Consequence("red", 2, "green")))  # fmt: skip
    kitchen = Kitchen(lamp)
    assert kitchen.log(200) == [(60, "red"), (180, "green")]
    assert kitchen.log(400) == [(240, "red"), (360, "green")]


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        ("off", False),
        ("hot", True),
        ("smoking", True),
        ("on fire", True),
        ("dirty", False),
        ("wet", False),
        ("?", False),
    ],
)
def test_what_goes_wrong_is_what_does_not_come_right_by_itself(state: str, wrong: bool) -> None:
    assert goes_wrong(STOVE, state) is wrong


# -- against a model -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """What a person does from a time on: with the stove in a way, until it is finished, or without it."""

    time: int
    kind: tuple[str, str] | None
    lasts: int

    @property
    def action(self) -> Action:
        return IDLE if self.kind is None else use(self.kind, self.time + self.lasts)


deeds = st.lists(
    st.builds(Deed, st.integers(0, 300), st.sampled_from([COOKING, WIPING, None]), st.integers(0, 120)), max_size=6
).map(lambda found: sorted(found, key=lambda deed: deed.time))
gifts = st.lists(st.tuples(st.integers(1, 300), st.sampled_from(["smoking", "broken", "off"])), max_size=2)


def scan(people: list[list[Deed]], given: list[tuple[int, str]], until: int) -> list[tuple[str, bool]]:
    """How the stove is found at every second."""
    found = []
    doing: dict[int, tuple[int, Action]] = {}
    own, state, since = STOVE.state, STOVE.state, 0
    for time in range(until):
        before = doing.copy()
        for person, life in enumerate(people):
            for deed in life:
                if deed.time == time - 1 and not (person in doing and doing[person][1] == deed.action):
                    doing[person] = (deed.time, deed.action)
        users = {person: entry for person, entry in doing.items() if entry[1].using}
        gone = [(p, *entry) for p, entry in before.items() if entry[1].using and doing[p] != entry]
        past = [s for t, s in sorted(given, key=lambda each: each[0]) if t < time]
        own = ([STOVE.state] + [s for s in past if s not in PASSING])[-1]
        if not users and gone:
            _, began, action = min(gone, key=lambda entry: entry[0])
            interrupted = any(began <= t <= time - 1 for t, _ in given)
            broken_off = time - 1 < action.until
            left = action.state if action.state in BECOMES else own
            state, since = (left if broken_off else action.afterwards or own), time
            state = past[-1] if interrupted else state
        if not users and any(t == time - 1 for t, _ in given):
            state, since = past[-1], time
        if not users and state in BECOMES and time - since == BECOMES[state][0]:
            state, since = BECOMES[state][1], time
        found.append((users[min(users)][1].state, True) if users else (state, False))
    return found


@settings(max_examples=300)
@given(st.lists(deeds, min_size=1, max_size=3), gifts, st.randoms(use_true_random=False), st.integers(1, 60))
def test_states_are_those_of_a_scan_second_by_second(
    people: list[list[Deed]], given: list[tuple[int, str]], dice: object, step: int
) -> None:
    until = 700
    expected = scan(people, given, until)
    kitchen = Kitchen()
    for time, state in given:
        kitchen.states.give(STOVE.address, time, state)
    left = [list(life) for life in people]
    log, horizon = [], 0
    while any(left):  # lanes in any order; what everybody has passed is settled now and then
        person = dice.choice([number for number, life in enumerate(left) if life])  # type: ignore[attr-defined]
        deed = left[person].pop(0)
        kitchen.act(person, deed.time, deed.action)
        passed = min([life[0].time for life in left if life], default=deed.time)
        if passed >= horizon + step:
            horizon = passed
            log += kitchen.log(horizon)
        for time in range(max(0, horizon - 1), passed + 1):
            assert kitchen.states.situation(STOVE.address, time) == expected[time]
    found, time = [], horizon
    while (following := kitchen.states.next_change(STOVE.address, time)) < until:
        time = int(following)
        found.append(time)
    assert found == [t for t in range(horizon + 1, until) if expected[t] != expected[t - 1]]
    log += kitchen.log(until)
    assert log == [(t, expected[t][0]) for t in range(1, until) if expected[t][0] != expected[t - 1][0]]
