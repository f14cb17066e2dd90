"""Towns of wanderers: random maps on which random people walk, wait, act, speak and ask, and log all they perceive.

They use objects and break off what they do with them, find others that were left on, stand before shut doors and full
rooms, and get to know the town.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from typing import Any

import simpy

from engine.contact import Heard, Percept, Refused, SawObject, SawPerson, Use
from engine.errors import BadInput
from engine.kernel.clock import Clock
from engine.kernel.kernel import Behaviour, Kernel
from engine.kernel.lane import Lane, Process
from engine.llm.latency import Courier
from engine.llm.requests import Texts, Write
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import ModelService
from engine.record.event_log import EventLog, read_events
from engine.record.events import Decided, Event
from engine.record.frames import FrameWriter, LogKind
from tests.worlds.town.maps import house, parse, rectangle, walls
from tests.worlds.town.people import Rule, walk
from worlds.town.body import TownBody
from worlds.town.knowledge import Ties
from worlds.town.map import TownMap
from worlds.town.world import TownWorld

Doing = Generator[simpy.Event, Any, None]
SCRIPT = {"thought": [f"thought {number}" for number in range(7)]}


class Wanderers:
    """Everything about a town but its schedule and the latency of its model, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.clock = Clock(datetime(2023, 2, 13))
        dice = random.Random(seed)
        self.town_map = random_map(dice)
        self.sight = dice.choice((1, 2, 3, 5, 8, 12))
        self.pace = dice.choice((1, 2, 3, 10, 60))
        self.free = [
            (x, y)
            for y in range(self.town_map.height)
            for x in range(self.town_map.width)
            if self.town_map.ground[y, x]
        ]
        self.tiles = [dice.choice(self.free) for _ in range(dice.randint(2, 9))]
        self.restlessness = dice.choice((5, 30, 200)) * self.pace
        arenas = [arena.address for arena in self.town_map.arenas]
        sectors, things = self.town_map.sectors, self.town_map.objects
        self.places = [*arenas, *(sector.address for sector in sectors), *(thing.address for thing in things)]
        self.ties = [Ties(dice.choice(arenas), dice.choice(("", dice.choice(arenas)))) for _ in self.tiles]
        self.given = [
            (thing.address, dice.randrange(15 * self.restlessness), f"given {dice.randrange(2)}")
            for thing in self.town_map.objects
            if dice.random() < 0.2
        ]

    def events(self, rule: Rule, until: int) -> list[Event]:
        """Run; returns what happened."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "events.log")
            path.write_bytes(self.run(rule, until)[0])
            return list(read_events(path))

    def run(self, rule: Rule, until: int, courier: Courier | None = None) -> tuple[bytes, int, float]:
        """Run; returns the log, the number of batches and the horizon."""
        world = TownWorld(self.town_map, self.sight, self.pace)
        for given in self.given:
            world.set_state(*given)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "events.log")
            with FrameWriter(path, LogKind.EVENTS) as writer:
                service = ModelService(ScriptedBackend(SCRIPT), courier=courier)
                names = [f"P{index}" for index in range(len(self.tiles))]
                kernel = Kernel(names, self._seed, rule(world), service, EventLog(writer), ledger=world)
                kernel.begin([self._life(world, lane) for lane in kernel.lanes])
                kernel.run(until)
            assert not kernel.failures, kernel.failures
            return path.read_bytes(), service.stats.rounds, kernel.horizon

    def _life(self, world: TownWorld, lane: Lane) -> Behaviour:
        body = TownBody(world, lane, self.clock, self.ties[lane.index], self.tiles[lane.index])

        def life(_: Lane) -> Process:
            dice = random.Random(f"{self._seed} {lane.index}")
            body.appear()
            while True:
                yield from self._do_something(lane, body, dice)

        return life

    def _do_something(self, lane: Lane, body: TownBody, dice: random.Random) -> Doing:
        patience = 1 + dice.randrange(self.restlessness)
        match dice.randrange(17):
            case 0 | 1:
                walk(body, dice.choice(self.free))
                body.act("walking", "", lane.now)
                yield from self._look(lane, body, dice, lane.now + patience)
            case 2:
                body.act(f"act {dice.randrange(9)}", "", lane.now + patience, self._use(body, dice))
                yield from self._look(lane, body, dice, lane.now + patience)
            case 3 | 4:
                yield from self._look(lane, body, dice, lane.now + patience)
            case 5:
                yield from lane.sleep(lane.now + patience)
            case 6:
                yield from self._think(lane, dice.randint(1, 3))
            case 7:
                body.stay(body.address, lane.now + 5 * patience)
                note(lane, f"stays until {body.stays_until}")
            case 8:
                yield from self._chat(lane, body, dice, lane.now + 1 + patience % 120)
            case 9:
                people = body.people()
                note(lane, "sees " + " ".join(percept_text(person) for person in people))
                if people:
                    other = dice.choice(people).name
                    body.tell(other, dice.randint(1, 9), dice.randrange(4))
                    if dice.random() < 0.5:
                        note(lane, f"approaches {body.approach(other)}")
                yield from lane.sleep(lane.now + 1)
            case 10 | 11 | 12:
                yield from self._handle(lane, body, dice, patience)
            case 13:
                yield from self._go(lane, body, dice, dice.choice(self.places))
            case 14:
                place = dice.choice(self.places)
                body.hear_of(place)
                spots = [spot.address for spot in body.spots()]
                uses = [f"{use.name} {use.activity}" for use in body.uses(place)]
                note(lane, f"knows {spots}, can do {uses} and has to leave at {body.closes(place, lane.now)}")
                yield from lane.sleep(lane.now + 1)
            case 15:
                yield from self._engage_for_less(lane, body, dice, patience)
            case 16:
                yield from self._stay_for_less(lane, body, dice, patience)

    def _handle(self, lane: Lane, body: TownBody, dice: random.Random, patience: int) -> Doing:
        """Go to an object and begin something with it, for a time that is mostly longer than the patience to do it."""
        if not self.town_map.objects:
            return
        thing = dice.choice(self.town_map.objects)
        if self.town_map.standing_tiles(thing.address).count(body._tile) or (
            yield from self._go(lane, body, dice, thing.address)
        ):
            use = self._use(body, dice)
            body.act(f"handle {dice.randrange(3)}", "", lane.now + dice.randrange(2 * patience), use)
            yield from self._look(lane, body, dice, lane.now + patience)

    def _go(self, lane: Lane, body: TownBody, dice: random.Random, address: str) -> Generator[simpy.Event, Any, bool]:
        """Go somewhere with open or closed eyes; returns whether the way led there."""
        for _ in range(4):
            way = body.set_out(address)
            note(lane, f"to {address}: {way}")
            if isinstance(way, Refused) or way == lane.now:
                break
            if dice.random() < 0.5:
                yield from lane.sleep(way)
            else:
                yield from self._look(lane, body, dice, way)
        note(lane, f"makes room until {body.make_room(address)}")
        return way == lane.now

    def _chat(self, lane: Lane, body: TownBody, dice: random.Random, until: int) -> Doing:
        people = body.people()
        if not people:
            return
        partner = dice.choice(people).name
        body.engage([partner], until)
        while lane.now < until and body.engaged_until == until:
            for percept in (yield from body.wait(min(until, lane.now + dice.randint(1, 9)))):
                note(lane, percept_text(percept))
            if dice.random() < 0.5:
                yield from self._think(lane, 1)
            body.tell(dice.choice(people).name, dice.randint(1, 5), dice.randrange(3))

    def _engage_for_less(self, lane: Lane, body: TownBody, dice: random.Random, patience: int) -> Doing:
        """Promise to have to do with few people, and then, for a time of another length, with others; show oneself."""
        people = [person.name for person in body.people()]
        body.engage(dice.sample(people, min(len(people), dice.randrange(2))), lane.now + 10 * patience)
        yield from self._think_twice(lane, dice)
        body.engage(dice.sample(people, dice.randint(0, len(people))), lane.now + dice.choice((1, 5, 20 * patience)))
        note(lane, f"has to do with few until {body.engaged_until}")
        yield from lane.sleep(body.engaged_until)
        yield from self._go(lane, body, dice, dice.choice(self.places))
        body.act("showing up", "", lane.now)

    def _stay_for_less(self, lane: Lane, body: TownBody, dice: random.Random, patience: int) -> Doing:
        """Promise to stay in a room, and then, for longer, in the house; go somewhere near that is not in the room."""
        room = body.address
        body.stay(room, lane.now + 20 * patience)
        yield from self._think_twice(lane, dice)
        house = ":".join(room.split(":")[:2])
        body.stay(house, lane.now + 40 * patience)
        note(lane, f"stays until {body.stays_until}")
        near = sorted((body.way_at_least(room, place), place) for place in self.places if not place.startswith(room))
        for _, place in near[: dice.randint(1, 3)]:
            yield from self._go(lane, body, dice, place)
        body.act("showing up", "", lane.now)

    def _think_twice(self, lane: Lane, dice: random.Random) -> Doing:
        """Fall behind the others, who meanwhile go ahead."""
        for _ in range(2):
            yield from self._think(lane, 1)
            yield from lane.sleep(lane.now + dice.randint(1, 5))

    def _use(self, body: TownBody, dice: random.Random) -> Use | None:
        if body._routes.on_the_way or body.address.count(":") != 2:
            return None
        near = [use for use in body.uses(body.address) if body._tile in self.town_map.standing_tiles(use.address)]
        return dice.choice(near) if near else None

    def _look(self, lane: Lane, body: TownBody, dice: random.Random, until: int) -> Doing:
        """Wait and note what is perceived; now and then ask the model what to do about it, walk away or answer."""
        for percept in (yield from body.wait(until)):
            note(lane, percept_text(percept))
            match percept:
                case Heard(sender, int() as left) if left > 0:
                    if left % 2:
                        yield from self._think(lane, 1)
                    body.tell(sender, dice.randint(1, 3), left - 1)
                case SawObject(address):
                    note(lane, f"could do {body.remedies(address)}")
                    if dice.random() < 0.3:
                        yield from self._think(lane, 1)
                        body.halt()
                case SawPerson() if dice.random() < 0.3:
                    yield from self._think(lane, 1)
                    body.halt()

    def _think(self, lane: Lane, count: int) -> Doing:
        requests = [Write("thought", (f"{lane.name}",), seed=lane.request_seed("thought")) for _ in range(count)]
        replies = yield from lane.ask(*requests)
        note(lane, " ".join(reply.samples[0].text for reply in replies if isinstance(reply, Texts)))


def random_map(dice: random.Random) -> TownMap:
    """Houses of one or two rooms with doors, a park, and walls that stand about; now and then open ground only."""
    for walls_about in (dice.choice((0.0, 0.05, 0.2, 0.35)), 0.0, 0.0, 0.0):
        try:
            found = parse(_draw(dice, dice.randint(6, 44), dice.randint(6, 44), walls_about))
            if found.sectors:
                return found
        except BadInput:
            pass  # a place that nobody can walk to
    return walls(*["." * 20] * 9)


def _draw(dice: random.Random, width: int, height: int, walls_about: float) -> dict[str, Any]:
    ground = [["#" if dice.random() < walls_about else "." for _ in range(width)] for _ in range(height)]
    sectors, arenas, things, doors = [], [], [], []
    taken: list[tuple[int, int, int, int]] = []
    for number in range(dice.randint(1, 8)):
        w, h = dice.randint(4, 13), dice.randint(4, 10)
        x, y = dice.randint(0, max(0, width - w)), dice.randint(0, max(0, height - h))
        if x + w > width or y + h > height or any(_overlap((x, y, w, h), other) for other in taken):
            continue
        taken.append((x - 1, y - 1, w + 2, h + 2))
        park = dice.random() < 0.25
        middle = x + w // 2 if w >= 7 and not park and dice.random() < 0.6 else None
        for cy in range(y, y + h):
            for cx in range(x, x + w):
                wall = not park and (cx in (x, x + w - 1, middle) or cy in (y, y + h - 1))
                ground[cy][cx] = "#" if wall else "."
        if not park:
            for cx, cy in dice.sample([(x, y + h // 2), (x + w - 1, y + h // 2), (x + 1, y), (x + 1, y + h - 1)], 2):
                ground[cy][cx] = "."
                if dice.random() < 0.6:
                    doors.append(rectangle("", cx, cy, 1, 1))
        if middle:
            ground[y + dice.randint(1, h - 2)][middle] = "."
        name = f"H{number}"
        sectors.append(rectangle(name, x, y, w, h, kind="park", description=name, **_hours(dice)))
        insides = [(x + 1, w - 2)] if middle is None else [(x + 1, middle - x - 1), (middle + 1, x + w - 2 - middle)]
        for room, (left, wide) in enumerate(insides):
            capacity = {"capacity": str(dice.randint(1, 2))} if dice.random() < 0.3 else {}
            arenas.append(rectangle(f"{name}r{room}", left, y + 1, wide, h - 2, description="a room", **capacity))
            things += _things(dice, left, y + 1, wide, h - 2)
    document = house(["".join(row) for row in ground])
    for index, objects in ((1, sectors), (2, arenas), (3, things)):
        document["layers"][index]["objects"] = objects
    document["layers"][4] = {"id": 9, "name": "Doors", "type": "objectgroup", "objects": doors}
    return document


def _hours(dice: random.Random) -> dict[str, str]:
    """Opening hours that begin or end while people are about, or none."""
    if dice.random() < 0.5:
        return {}
    opens = dice.choice((0, dice.randrange(30), dice.randrange(24 * 60)))
    closes = (opens + dice.choice((1, dice.randint(1, 30), dice.randint(1, 23 * 60)))) % (24 * 60)
    return {"opens": f"{opens // 60:02d}:{opens % 60:02d}", "closes": f"{closes // 60:02d}:{closes % 60:02d}"}


def _things(dice: random.Random, x: int, y: int, width: int, height: int) -> list[dict[str, Any]]:
    """One or two things in a room, of one or more tiles or parts; of what is done with them something may come."""
    found = []
    for number, (left, top) in enumerate(((x, y), (x + width - 1, y + height - 1))[: 1 + (width * height > 4)]):
        wide, high = (dice.randint(1, min(3, width)), 1) if number == 0 else (1, 1)
        afterwards = dice.choice(("", " | left so", " | idle"))
        comes = dice.choice(
            ("", "so | 1 | worse", "so | 1 | worse\nworse | 2 | worst", "left so | 1 | so\nso | 2 | left so")
        )
        properties = {
            "state": "idle",
            "seats": str(dice.randint(1, 3)),
            "affordances": f"doing this | so | 5{afterwards}\ndoing that | such | 9",
            "consequences": comes,
        }
        name = f"thing {left} {top}"
        found.append(rectangle(name, left, top, wide, high, **properties))
        if number == 0 and height > 2 and dice.random() < 0.5:
            found.append(rectangle(name, x + dice.randrange(width), y + dice.randrange(1, height - 1), 1, 1))
    return found


def _overlap(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def note(lane: Lane, answer: str) -> None:
    lane.emit(Decided("test", "rule", answer))


def percept_text(percept: Percept) -> str:
    return str(percept)
