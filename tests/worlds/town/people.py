"""Small towns with people in them, run by the kernel."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from engine.contact import Percept, SawPerson
from engine.kernel.clock import Clock
from engine.kernel.frontier import Frontier
from engine.kernel.kernel import Kernel
from engine.kernel.lane import Process
from engine.kernel.schedule import SameSecond, Schedule, Strict
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import ModelService
from engine.record.event_log import EventLog
from engine.record.events import Event, Failed
from tests.worlds.town.maps import HOUSE, house, parse
from worlds.town.body import TownBody
from worlds.town.knowledge import Ties
from worlds.town.map import TownMap
from worlds.town.places import Tile
from worlds.town.world import TownWorld

Life = Callable[[TownBody], Process]
Rule = Callable[[TownWorld], Schedule]


def strict(_: TownWorld) -> Schedule:
    """The reference."""
    return Strict()


def same_second(_: TownWorld) -> Schedule:
    """A second of lookahead."""
    return SameSecond()


def frontier(world: TownWorld) -> Schedule:
    """All that space allows."""
    return Frontier(world.reach)


def walk(body: TownBody, tile: Tile) -> None:
    """Let somebody walk to a tile, if a way leads there."""
    way = body._routes.nearest([tile])
    if way is not None:
        body._follow(way, "")


CLOCK = Clock(datetime(2023, 2, 13, 9, 0))


class Kept(EventLog):
    """A log in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, event: Event) -> None:
        self.events.append(event)

    def release(self, horizon: int) -> None:
        pass


class Town:
    """People in a town, each with a life, until a time."""

    def __init__(self, town_map: TownMap, *people: tuple[Tile, Life], speed: int = 1, sight: int = 3) -> None:
        self.world = TownWorld(town_map, sight, speed)
        self.seen: list[list[tuple[int, Percept]]] = [[] for _ in people]
        self._log = Kept()
        self._lives = [life for _, life in people]
        self._tiles = [tile for tile, _ in people]

    def run(self, until: int, rule: Rule = frontier) -> list[Event]:
        """Run, and return the events in order."""
        names = ["Ann", "Ben", "Cas", "Dot"][: len(self._lives)]
        service = ModelService(ScriptedBackend({}))
        kernel = Kernel(names, 1, rule(self.world), service, self._log, ledger=self.world)
        home = f"{self.world.map.name}:{self.world.map.sectors[0].name}"
        self.bodies = [
            TownBody(self.world, lane, CLOCK, Ties(home), tile)
            for lane, tile in zip(kernel.lanes, self._tiles, strict=True)
        ]
        kernel.begin([lambda _, i=index: self._lives[i](self.bodies[i]) for index in range(len(names))])  # type: ignore[misc]
        kernel.run(until)
        events = sorted(self._log.events)
        assert [event for event in events if isinstance(event.body, Failed)] == []
        return events

    def watch(self, index: int, until: int = 1000) -> Life:
        """The life of someone who stands and looks."""

        def life(body: TownBody) -> Process:
            while body._lane.now < until:
                for percept in (yield from body.wait(until)):
                    self.seen[index].append((body._lane.now, percept))

        return life

    def people_seen(self, index: int) -> list[tuple[int, str, str]]:
        """When a watcher saw whom do what."""
        return [(time, p.name, p.doing) for time, p in self.seen[index] if isinstance(p, SawPerson)]


def acts(*doings: tuple[int, Callable[[TownBody], Any]]) -> Life:
    """The life of someone who does things at times and sees nothing."""

    def life(body: TownBody) -> Process:
        for time, do in doings:
            yield from body._lane.sleep(time)
            do(body)

    return life


def shared_stove(seats: int) -> TownMap:
    """The map of a house of which the stove takes several people."""
    document = json.loads(json.dumps(house(HOUSE.split())))
    stove = next(item for item in document["layers"][3]["objects"] if item["name"] == "stove")
    stove["properties"].append({"name": "seats", "type": "string", "value": str(seats)})
    return parse(document)


def at_times(times: Sequence[int], do: Callable[[TownBody], Any]) -> Life:
    """The life of someone who does one thing at several times."""
    return acts(*((time, do) for time in times))
