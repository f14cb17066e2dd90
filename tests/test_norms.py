"""How people behave in a world with doors, rooms for one and stoves: whole small towns with the scripted model."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.kernel.clock import HOUR, MINUTE
from engine.record.events import (
    Acted,
    Appeared,
    Decided,
    Discovered,
    Event,
    ObjectChanged,
    PlanEntry,
    Planned,
    Remembered,
    Said,
    Walked,
)
from tests.towns import events_of, run_town
from tests.worlds.town.maps import house, rectangle
from worlds.town.map import TownMap
from worlds.town.places import Tile

DRAWING = """
###############..........
#....#....#...#..........
#....#....#...#...#####..
#.........#...#...#...#..
#....#........#...#...#..
##.#####.######...##.##..
.........................
.........................
"""
STOVE = "town:House:kitchen:stove"
SHOP = "town:Shop"
BATHROOM = "town:House:bathroom"
NAMES = ("Ann Ash", "Ben Birk", "Cas Cole")


def write_map(folder: Path, opens: str) -> None:
    """A house of three rooms, of which the bathroom takes one person, and a shop with a door."""
    document = house(DRAWING.split())
    document["layers"][1]["objects"] = [
        rectangle("House", 0, 0, 15, 6, kind="home", description="a house to live in"),
        rectangle("Shop", 18, 2, 5, 4, kind="shop", description="a shop with bread", opens=opens, closes="10:00"),
        rectangle("Green", 0, 6, 25, 2, kind="park", description="a green to stroll on"),
    ]
    document["layers"][2]["objects"] = [
        rectangle("bedroom", 1, 1, 4, 4, description="a room to sleep in"),
        rectangle("kitchen", 6, 1, 4, 4, description="a kitchen to cook in"),
        rectangle("bathroom", 11, 1, 3, 4, description="a bathroom to wash in", capacity="1"),
        rectangle("counter", 19, 3, 3, 2, description="where one buys bread"),
        rectangle("lawn", 0, 6, 25, 2, description="a lawn"),
    ]
    sleeping, afterwards = "sleeping | slept in | 20", "hot | 20 | dirty"
    comes = "hot | 15 | smoking\nsmoking | 10 | on fire\ndirty | 60 | off"
    document["layers"][3]["objects"] = [
        *(rectangle(f"bed {n}", 1, n, 1, 1, state="made", affordances=sleeping) for n in (1, 2, 3)),
        rectangle("stove", 6, 1, 1, 1, state="off", affordances=f"cooking | {afterwards}\nwiping the stove | wet | 5",
                  consequences=comes),
        rectangle("shower", 12, 1, 1, 1, state="dry", affordances="taking a shower | running | 10"),
        rectangle("shelf", 19, 3, 1, 1, state="full", affordances="choosing bread | half empty | 5"),
    ]  # fmt: skip
    document["layers"][4] = {"id": 9, "name": "Doors", "type": "objectgroup", "objects": [rectangle("", 20, 5, 1, 1)]}
    (folder / "small.tmj").write_text(json.dumps(document), encoding="utf-8")


def run(
    folder: Path, people: Mapping[str, Mapping[str, Any]], *, end: str = "+150m", opens: str = "08:30", **scenario: Any
) -> list[Event]:
    """Run the small town from 08:00 on; returns what happened."""
    write_map(folder, opens)
    lives = [
        {"name": name, "age": 30, "traits": "calm", "biography": [f"{name} lives here"], "home": "House"}
        | {"currently": f"{name} is at home", "lifestyle": "sleeps at night", "wakes": "07:00", "sleeps": "23:00"}
        | dict(life)
        for name, life in people.items()
    ]
    whole = {"name": "norms", "start": "2023-02-13T08:00", "end": end, "world": {"map": "small.tmj"}, "people": lives}
    path = folder / "norms.yaml"
    path.write_text(json.dumps(whole | scenario), encoding="utf-8")
    return events_of(run_town(folder, scenario=path))


def habit(at: str, do: str, where: str, minutes: int) -> dict[str, Any]:
    return {"at": at, "do": do, "where": where, "minutes": minutes}


def whereabouts(events: list[Event], until: int) -> dict[int, list[Tile]]:
    """Where everybody is at every second."""
    ways: defaultdict[int, list[tuple[int, tuple[Tile, ...], int]]] = defaultdict(list)
    for event in events:
        match event.body:
            case Appeared(tile, _):
                ways[event.key.agent].append((0, (tile,), 1))
            case Walked(path, pace, _):
                ways[event.key.agent].append((event.key.time, path, pace))
    found: dict[int, list[Tile]] = {}
    for agent, walks in ways.items():
        found[agent] = [(-1, -1)] * until
        for start, path, pace in walks:
            for time in range(start, until):
                found[agent][time] = path[min((time - start) // pace, len(path) - 1)]
    return found


def inside(folder: Path, events: list[Event], address: str, until: int) -> dict[int, list[int]]:
    """The seconds at which each person is at a place."""
    place = TownMap.load(folder / "small.tmj").resolve(address)
    tiles = set(place.tiles)
    return {
        agent: [t for t, tile in enumerate(way) if tile in tiles] for agent, way in whereabouts(events, until).items()
    }


def acts_of(events: list[Event], agent: int) -> list[tuple[int, str, str]]:
    return [
        (e.key.time, e.body.description, e.body.address)
        for e in events
        if isinstance(e.body, Acted) and e.key.agent == agent
    ]


def decided(events: list[Event], thought: str) -> list[str]:
    return [e.body.answer for e in events if isinstance(e.body, Decided) and e.body.thought == thought]


def test_visitors_leave_when_a_shop_closes_and_come_when_it_opens(tmp_path: Path) -> None:
    shopping = [habit("08:05", "choosing bread", "Shop:counter", 120)]
    minding = {"work": "Shop:counter", "habits": [habit("08:05", "minding the shop", "Shop:counter", 180)]}
    events = run(tmp_path, {"Ann Ash": {"habits": shopping}, "Cas Cole": minding})
    there = inside(tmp_path, events, SHOP, 150 * MINUTE)
    opens, closes = 30 * MINUTE, 2 * HOUR
    assert opens <= min(there[0]) < opens + 10 * MINUTE
    assert closes <= max(there[0]) < closes + MINUTE
    assert [t for t in there[1] if t < opens]
    assert [t for t in there[1] if t > closes + 10 * MINUTE], "who works there stays"
    assert set(decided(events, "elsewhere")) == {"closed: town:Shop:counter"}


def test_one_waits_for_a_shop_that_opens_within_minutes(tmp_path: Path) -> None:
    shopping = [habit("08:05", "choosing bread", "Shop:counter", 60)]
    events = run(tmp_path, {"Ann Ash": {"habits": shopping}}, opens="08:10", end="+1h")
    assert (5 * MINUTE, "waiting for Shop to open", "town:House:bedroom") in acts_of(events, 0)
    assert 10 * MINUTE <= min(inside(tmp_path, events, SHOP, HOUR)[0]) < 20 * MINUTE


def test_what_is_closed_for_long_is_done_elsewhere(tmp_path: Path) -> None:
    events = run(tmp_path, {"Ann Ash": {"habits": [habit("10:05", "choosing bread", "Shop:counter", 25)]}})
    assert not inside(tmp_path, events, SHOP, 150 * MINUTE)[0]
    bread = [(time, address) for time, text, address in acts_of(events, 0) if text == "choosing bread"]
    assert decided(events, "repair") == ["closed: choosing bread at town:Shop:counter"]
    assert all(not address.startswith(SHOP) for _, address in bread)


@pytest.mark.parametrize("people", [2, 3])
def test_a_bathroom_for_one_is_used_by_one_at_a_time(tmp_path: Path, people: int) -> None:
    washing = {"habits": [habit("08:10", "taking a shower", "House:bathroom", 30)]}
    events = run(tmp_path, dict.fromkeys(NAMES[:people], washing), minds={"conversation_cooldown": 30000}, end="+1h")
    there = inside(tmp_path, events, BATHROOM, HOUR)
    alone: defaultdict[int, list[int]] = defaultdict(list)
    for agent, times in there.items():
        for time in times:
            alone[time].append(agent)
    together = sorted(time for time, agents in alone.items() if len(agents) > 1)
    assert not together
    showered = [
        agent
        for agent in range(people)
        if any("shower" in text and "bathroom" in where for _, text, where in acts_of(events, agent))
    ]
    assert showered, "somebody has"
    waiting = [text for agent in range(people) for _, text, _ in acts_of(events, agent) if "waiting for room" in text]
    assert waiting, "and somebody had to wait"


def test_who_lives_there_puts_right_what_goes_wrong(tmp_path: Path) -> None:
    smoking = {"at": "08:26", "kind": "object", "where": "House:kitchen:stove", "state": "smoking"}
    resting = [habit("08:05", "resting", "House:bedroom", 25), habit("08:30", "eating", "House:kitchen", 30)]
    events = run(tmp_path, {"Ann Ash": {"habits": resting}}, interventions=[smoking], end="+45m")
    stove = [e for e in events if isinstance(e.body, ObjectChanged) and e.body.address == STOVE]
    (done,) = (e for e in events if isinstance(e.body, Decided) and e.body.thought == "upkeep")
    assert done.body == Decided("upkeep", "rule", f"wiping the stove: {STOVE}")
    assert 30 * MINUTE < done.key.time < 35 * MINUTE
    states = [(e.key.time, e.body.state) for e in stove if isinstance(e.body, ObjectChanged)]
    assert states[:3] == [
        (26 * MINUTE + 1, "smoking"),
        (done.key.time + 1, "wet"),
        (done.key.time + 5 * MINUTE + 1, "hot"),
    ], "it is put right, and then one cooks"
    assert "The stove in the kitchen of House is smoking" in [
        e.body.text for e in events if isinstance(e.body, Remembered)
    ]


def test_nobody_remembers_that_things_are_used(tmp_path: Path) -> None:
    cooking = {"habits": [habit("08:10", "cooking", "House:kitchen", 60)]}
    events = run(
        tmp_path, {"Ann Ash": cooking, "Ben Birk": {"habits": [habit("08:10", "watching", "House:kitchen", 60)]}}
    )
    texts = [e.body.text for e in events if isinstance(e.body, Remembered) and e.key.agent == 1]
    assert "Ann Ash is cooking in the kitchen of House" in texts
    assert "The stove in the kitchen of House is hot" not in texts


def test_by_hearing_news_one_gets_to_know_where_it_takes_place(tmp_path: Path) -> None:
    news = {"news": [{"text": "there is a concert on the green at eleven", "at": "11:00", "where": "Green:lawn"}]}
    cooking = {"habits": [habit("08:05", "cooking", "House:kitchen", 120)]}
    events = run(
        tmp_path,
        {"Ann Ash": news | cooking, "Ben Birk": {"habits": [habit("08:05", "eating", "House:kitchen", 120)]}},
        world={"map": "small.tmj", "sight": 2},
    )
    told = [
        e.key.time
        for e in events
        if isinstance(e.body, Remembered)
        and e.key.agent == 1
        and "told Ben Birk that there is a concert" in e.body.text
    ]
    heard = [
        (e.key.time, e.body.addresses) for e in events if isinstance(e.body, Discovered) and e.body.how == "hearing"
    ]
    assert told
    assert heard == [(told[0], ("town:Green",))]


@pytest.mark.parametrize("what", ["nothing", "a chore", "an alarm", "a talk"])
def test_what_comes_between_changes_nothing_of_what_was_planned_for_later(tmp_path: Path, what: str) -> None:
    """An order of ten minutes at 09:40 puts what is left of the plan into the log."""
    mornings = [habit("08:05", "resting", "House:bedroom", 25), habit("08:30", "eating", "House:kitchen", 30)]
    order = {"at": "09:40", "kind": "embody", "to": "Ann Ash", "do": "humming", "where": "House:bedroom", "minutes": 10}
    states = {"a chore": "smoking", "an alarm": "broken and burning"}
    stove = {"at": "08:26", "kind": "object", "where": "House:kitchen:stove", "state": states.get(what, "off")}
    people = NAMES[: 2 if what == "a talk" else 1]
    events = run(tmp_path, {name: {"habits": mornings} for name in people}, interventions=[stove, order])
    assert bool(decided(events, "upkeep")) == (what == "a chore")
    assert any(answer.startswith("yes") for answer in decided(events, "alarm")) == (what == "an alarm")
    assert any(isinstance(e.body, Said) for e in events) == (what == "a talk")
    plans = [e.body.entries for e in events if isinstance(e.body, Planned) and e.body.level == "hour"]
    first, left = plans[0], next(entries for entries in plans if entries[0].activity == "humming")
    ends = left[0].start + 10 * MINUTE
    (cut,) = (entry for entry in first if entry.start < ends < entry.start + entry.minutes * MINUTE)
    rest = PlanEntry(ends, cut.minutes - (ends - cut.start) // MINUTE, cut.activity, cut.address)
    assert left[1:] == (rest, *(entry for entry in first if entry.start > cut.start))
    noon = next(entry for entry in first if entry.start == 2 * HOUR)
    assert any(time >= noon.start and noon.address in address for time, _, address in acts_of(events, 0))
