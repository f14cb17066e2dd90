"""What people do about objects that are not as they should be."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agents.cognition.alarm import ALARM, notice
from agents.cognition.mind import Topic
from engine.contact import SawObject, Use
from engine.record.events import Acted, Decided, Planned, Remembered, Said
from tests.agents.cognition.test_planning import run
from tests.towns import events_of, run_town

STOVE = SawObject("town:Home:kitchen:stove", "stove", "on fire")
CUP = SawObject("town:Home:kitchen:cup", "cup", "full")


class Somebody:
    """A mind that sees objects; what alarms it, what it cares for and what helps it is told."""

    def __init__(
        self, *, alarming: Sequence[str] = (), own: bool = False, remedy: bool = False, in_sight: bool = True
    ) -> None:
        helps = [Use(STOVE.address, "stove", "putting it out", "off", 5)] if remedy else []
        self.body = SimpleNamespace(
            is_expected=lambda _, state: state == "full",
            cares_for=lambda _: own,
            remedies=lambda _: helps if in_sight else [],
            has_remedy=lambda *_: remedy,
            describe=lambda address: f"the {address.rsplit(':', 1)[-1]} in the kitchen",
        )
        self._alarming = alarming
        self.think = SimpleNamespace(lean=self._lean, way_of=lambda _: "meaning", decided=lambda *_: None)
        self.lane = SimpleNamespace(now=100)
        self.name = "Ann"
        self.chores: list[str] = []
        self.alarmed: dict[str, int] = {}
        self.news: list[Topic] = []
        self.keeps = lambda _: True
        self.judged: list[str] = []
        self.kept = 0
        """How often what was noted has become a memory."""

    def sink_in(self) -> Generator[Any, Any, None]:
        yield
        self.kept += 1

    def hear_news(self, topic: Topic) -> None:
        self.news.append(topic)

    def _lean(self, _: Any, texts: Sequence[str]) -> Generator[Any, Any, list[float]]:
        yield
        self.judged += texts
        return [0.1 if any(word in text for word in self._alarming) else -0.1 for text in texts]


def notices(me: Somebody, *seen: SawObject) -> Somebody:
    run(notice(me, seen))  # type: ignore[arg-type]
    return me


def test_what_is_as_expected_calls_for_nobody() -> None:
    me = notices(Somebody(alarming=["cup"], own=True, remedy=True), CUP)
    assert (me.chores, me.alarmed, me.news) == ([], {}, [])
    assert not me.kept, "and can wait to be remembered"


def test_what_goes_wrong_at_home_is_put_right_whatever_it_looks_like() -> None:
    me = notices(Somebody(own=True, remedy=True), STOVE)
    assert me.chores == [STOVE.address]
    assert me.kept == 1, "and it is remembered at once"


@pytest.mark.parametrize(("alarming", "chores"), [(["fire"], [STOVE.address]), ([], [])])
def test_elsewhere_one_helps_if_it_alarms(alarming: list[str], chores: list[str]) -> None:
    assert notices(Somebody(alarming=alarming, remedy=True), STOVE).chores == chores


@pytest.mark.parametrize("own", [False, True])
def test_what_others_will_put_right_is_nothing_to_tell(own: bool) -> None:
    me = notices(Somebody(alarming=["fire"], own=own, remedy=True, in_sight=False), STOVE)
    assert (me.chores, me.alarmed, me.news) == ([], {}, [])
    assert me.judged == [], "nothing follows from it, whatever it looks like"


def test_where_nothing_helps_one_keeps_away_and_tells_of_it() -> None:
    me = notices(Somebody(alarming=["fire"], own=True), STOVE)
    assert me.chores == []
    assert me.alarmed == {STOVE.address: 100}
    assert [topic.text for topic in me.news] == ["the stove in the kitchen is on fire"]
    notices(me, SawObject(STOVE.address, "stove", "full"))
    assert (me.alarmed, me.news) == ({}, []), "it is over, and no news any more"


def test_of_what_was_noticed_twice_the_last_state_counts() -> None:
    me = notices(Somebody(alarming=["fire"]), STOVE, SawObject(STOVE.address, "stove", "full"))
    assert (me.alarmed, me.news) == ({}, [])


def test_a_fire_at_work_is_noticed_told_and_planned_around(tmp_path: Path) -> None:
    """The morning of the shipped town, in which the coffee machine of the cafe takes fire."""
    machine = "Ember Cafe:dining room:coffee machine"
    trouble = [{"at": "07:30", "kind": "object", "where": machine, "state": "on fire"}]
    events = events_of(run_town(tmp_path, changes={"interventions": trouble}))
    noticed: dict[int, int] = {}
    for event in events:
        match event.body:
            case Decided(ALARM.name, _, answer) if answer.startswith("yes"):
                noticed.setdefault(event.key.agent, event.key.time)
            case _:
                pass
    assert noticed
    usually = events_of(run_town(tmp_path))
    uses = {
        (e.key.agent, e.key.time) for e in usually if isinstance(e.body, Acted) and e.body.address.endswith(machine)
    }
    assert any(agent in noticed and noticed[agent] < time < noticed[agent] + 3600 for agent, time in uses)
    assert any("on fire" in e.body.text for e in events if isinstance(e.body, Remembered))
    assert any("on fire" in e.body.text for e in events if isinstance(e.body, Said))
    address = f"thorp:{machine}"
    for event in events:
        since = noticed.get(event.key.agent)
        if since is None or not since < event.key.time < since + 3600:
            continue
        match event.body:
            case Acted(address=place):
                assert place != address
            case Planned(level="step", entries=entries):
                assert all(entry.address != address for entry in entries)
            case _:
                pass
