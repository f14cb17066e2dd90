"""Where to do something: by meaning, with a discount for the way, among the nearest places that are known and open."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from agents.cognition.placing import COME_TO_MIND, SHUT_FOR, WAY_WEIGHT, moved, place_for, settle_in
from agents.cognition.plan import Intention
from engine.contact import Spot
from engine.kernel.clock import HOUR, MINUTE

HOME = "town:Home"


class Somebody:
    """A mind whose body stands in a street of places, and who finds places like an activity as it is told."""

    def __init__(self, ways: Sequence[int], likeness: Sequence[float], closed: Sequence[int] = ()) -> None:
        self.home = HOME
        self.turned_away: dict[str, int] = {}
        self.lane = SimpleNamespace(now=1000, emit=lambda _: None)
        self.plan: list[Intention] = []
        self.asked: list[str] = []
        self.decided: list[str] = []
        self._spots = [Spot(f"town:P{n}:room", f"P{n}", "a place", home=False) for n in range(len(ways))]
        self._ways, self._likeness, self._closed = list(ways), list(likeness), closed
        self.body = SimpleNamespace(
            address="town:P0:hall",
            spots=lambda: self._spots,
            is_open=lambda address, _: self._number(address) not in self._closed,
            way=lambda _, goal: self._ways[self._number(goal)],
            way_at_least=lambda _, goal: self._ways[self._number(goal)],
        )
        self.think = SimpleNamespace(
            weigh=self._alike,
            pick=self._nearest,
            way_of=lambda _: "meaning",
            decided=lambda *entry: self.decided.append(entry[2]),
        )

    def _number(self, address: str) -> int:
        return int(address.split(":")[1][1:])

    def _alike(self, _: Any, __: str, options: Sequence[str]) -> Generator[Any, Any, list[float]]:
        self.asked = list(options)
        yield
        return [self._likeness[int(option.split(":")[0][1:])] for option in options]

    def _nearest(self, *arguments: Any) -> Generator[Any, Any, int]:
        cosines = yield from self._alike(*arguments)
        return cosines.index(max(cosines))


def run(generator: Generator[Any, Any, Any]) -> Any:
    """Run a thought to its end."""
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return end.value


def place(me: Somebody) -> str:
    return str(run(place_for(me, "drinking coffee", 1000, "town:here")))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ways", "likeness", "chosen"),
    [
        ([20, 2], [0.4, 0.4], 1),  # of two alike the nearer one
        ([10, 2], [0.4, 0.31], 0),  # eight minutes are worth 0.08
        ([10, 2], [0.4, 0.33], 1),
        ([25, 1], [0.5, 0.2], 0),  # nobody drinks coffee at the library because it is near
    ],
)
def test_a_minute_of_the_way_is_worth_a_hundredth(ways: list[int], likeness: list[float], chosen: int) -> None:
    assert WAY_WEIGHT == 0.01
    me = Somebody([MINUTE * way for way in ways], likeness)
    assert place(me) == f"town:P{chosen}:room"
    assert me.decided == [f"town:P{chosen}:room"]


def test_only_the_nearest_places_come_to_mind() -> None:
    many = 3 * COME_TO_MIND
    me = Somebody([(many - n) * MINUTE for n in range(many)], [0.9] + [0.1] * (many - 1))
    assert place(me) == f"town:P{many - 1}:room"
    assert me.asked == [f"P{n}: a place" for n in range(many - COME_TO_MIND, many)]


def test_what_is_closed_or_did_not_let_one_in_is_not_considered() -> None:
    me = Somebody([0, 0, 0], [0.9, 0.8, 0.1], closed=[0])
    assert place(me) == "town:P1:room"
    me.turned_away["town:P1:room"] = 1000
    assert place(me) == "town:P2:room"
    me.lane.now += SHUT_FOR
    assert place(me) == "town:P1:room"
    assert place(Somebody([0], [0.9], closed=[0])) == HOME


def test_what_is_moved_is_moved_with_what_follows_it_until_a_time() -> None:
    me = Somebody([0], [0.9])
    shopping = [Intention(start, start + HOUR, "shopping", "town:Shop") for start in (0, HOUR)]
    eating = Intention(2 * HOUR, 3 * HOUR, "eating", "town:Shop")
    me.plan = [*shopping, eating]
    me.plan = moved(me, shopping[0], "town:Park", HOUR + 10 * MINUTE)  # type: ignore[arg-type]
    assert [(i.start, i.end, i.activity, i.address) for i in me.plan] == [
        (0, HOUR, "shopping", "town:Park"),
        (HOUR, HOUR + 10 * MINUTE, "shopping", "town:Park"),
        (HOUR + 10 * MINUTE, 2 * HOUR, "shopping", "town:Shop"),
        (2 * HOUR, 3 * HOUR, "eating", "town:Shop"),
    ]


def test_in_a_building_known_as_a_whole_one_looks_for_the_room_when_there() -> None:
    me = Somebody([0, 0], [0.9, 0.8])
    me.plan = [Intention(0, HOUR, "reading", "town:P0")]
    settled = run(settle_in(me, me.plan[0]))  # type: ignore[arg-type]
    assert settled.address == "town:P0:room"
    assert me.plan == [settled]
    elsewhere, at_home = Intention(0, HOUR, "reading", "town:P1"), Intention(0, HOUR, "reading", HOME)
    assert run(settle_in(me, elsewhere)) == elsewhere  # type: ignore[arg-type]
    assert run(settle_in(me, at_home)) == at_home  # type: ignore[arg-type]
