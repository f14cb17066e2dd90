"""Small towns nobody wrote, for Hypothesis: random maps, crowded with people who have much to do and to say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.worlds.town.maps import house, layer, rectangle
from worlds.town.places import Rect, Tile
from worlds.town.standing import main_ground

Grid = list[list[bool]]
"""True where a wall stands, by row."""

NAMES = ("Ann Ash", "Ben Birk", "Cas Cole", "Dot Dale", "Eve Elm", "Flo Firth", "Gus Gill", "Hal Holt")
DAY = 24 * 60
_DOINGS = ("reading a book", "strolling about", "having breakfast", "chatting with everybody", "looking for somebody",
           "eating a meal", "resting", "working hard", "playing cards")  # fmt: skip
_USES = (
    "doing this | so | 5",
    "doing that | such | 9 | used up",
    "playing | in play | 15",
    "cooking a meal | hot | 20",
)
_CONSEQUENCES = (
    "",
    "",
    "hot | 1 | smoking\nsmoking | 2 | on fire",
    "so | 3 | idle\nused up | 30 | idle",
    "idle | 7 | so",
)
_SLEEP = "sleeping | slept in | 20"


@dataclass(frozen=True, slots=True)
class SmallMap:
    """A sound map and the addresses of all its places, without the town's name."""

    document: dict[str, Any]
    places: tuple[str, ...]

    def __repr__(self) -> str:
        tiles, width = self.document["layers"][0]["data"], self.document["width"]
        rows = ("".join(".#"[tile] for tile in tiles[at : at + width]) for at in range(0, len(tiles), width))
        return "\n".join(["SmallMap", *rows, ", ".join(self.places)])


@dataclass(frozen=True, slots=True)
class SmallTown:
    """A map and a scenario that takes place on it."""

    map: SmallMap
    scenario: dict[str, Any]

    def write(self, folder: Path) -> Path:
        """Write both files into a folder; returns the scenario."""
        (folder / "small.tmj").write_text(json.dumps(self.map.document), encoding="utf-8")
        path = folder / "small.yaml"
        path.write_text(json.dumps(self.scenario, indent=1), encoding="utf-8")
        return path


# -- maps ----------------------------------------------------------------------------------------------------------


def draw_map(kind: str, width: int, height: int, seed: int) -> SmallMap:
    """Draw a map of one of the `KINDS`."""
    dice = Random(seed)
    found = _furnished(dice, *KINDS[kind](dice, width, height)) or _furnished(dice, *_hall(dice, width, height))
    assert found, "a hall can be walked in"
    return found


def _rooms(dice: Random, width: int, height: int) -> tuple[Grid, list[Rect]]:
    """Rooms behind rooms, divided by walls with a door or two."""
    walls = _framed(width, height)
    return walls, list(_divided(dice, walls, Rect(1, 1, width - 2, height - 2)))


def _divided(dice: Random, walls: Grid, rect: Rect) -> Iterator[Rect]:
    upright = rect.width > rect.height or (rect.width == rect.height and dice.random() < 0.5)
    long, short = (rect.width, rect.height) if upright else (rect.height, rect.width)
    if long < 7 or (long < 14 and dice.random() < 0.3):
        yield rect
        return
    at = dice.randrange(2, long - 2)
    doors = {dice.randrange(short) for _ in range(dice.choice((1, 1, 2)))}
    for along in range(short):
        x, y = (rect.x + at, rect.y + along) if upright else (rect.x + along, rect.y + at)
        walls[y][x] = along not in doors
    if upright:
        yield from _divided(dice, walls, Rect(rect.x, rect.y, at, rect.height))
        yield from _divided(dice, walls, Rect(rect.x + at + 1, rect.y, rect.width - at - 1, rect.height))
    else:
        yield from _divided(dice, walls, Rect(rect.x, rect.y, rect.width, at))
        yield from _divided(dice, walls, Rect(rect.x, rect.y + at + 1, rect.width, rect.height - at - 1))


def _maze(dice: Random, width: int, height: int) -> tuple[Grid, list[Rect]]:
    """A maze of narrow ways, with some ways round; its arenas are blocks of it."""
    walls = [[True] * width for _ in range(height)]
    walls[1][1] = False
    trail = [(1, 1)]
    while trail:
        x, y = trail[-1]
        around = [(x + dx, y + dy, x + dx // 2, y + dy // 2) for dx, dy in ((2, 0), (-2, 0), (0, 2), (0, -2))]
        fresh = [(a, b, c, d) for a, b, c, d in around if 0 < a < width - 1 and 0 < b < height - 1 and walls[b][a]]
        if fresh:
            a, b, c, d = dice.choice(fresh)
            walls[b][a] = walls[d][c] = False
            trail.append((a, b))
        else:
            trail.pop()
    for _ in range(dice.randrange(12)):
        walls[dice.randrange(1, height - 1)][dice.randrange(1, width - 1)] = False
    return walls, _blocks(dice, width, height)


def _corridors(dice: Random, width: int, height: int) -> tuple[Grid, list[Rect]]:
    """Long corridors one above the other, joined at alternating ends or anywhere."""
    walls, areas, top, left = _framed(width, height), [], 1, True
    while top < height - 1:
        high = min(dice.choice((1, 1, 2, 4)), height - 1 - top)
        areas.append(Rect(1, top, width - 2, high))
        top += high
        if top < height - 1:
            door = dice.choice((1 if left else width - 2, dice.randrange(1, width - 1)))
            walls[top] = [x != door for x in range(width)]
            top, left = top + 1, not left
    return walls, [area for area in areas if dice.random() < 0.7]


def _hall(_: Random, width: int, height: int) -> tuple[Grid, list[Rect]]:
    """One big room in which everybody sees everybody near."""
    return _framed(width, height), [Rect(1, 1, width - 2, height - 2)]


def _field(dice: Random, width: int, height: int) -> tuple[Grid, list[Rect]]:
    """Open ground where walls stand about, and places on it without walls of their own."""
    much = dice.choice((0.0, 0.05, 0.15, 0.3))
    walls = [[dice.random() < much for _ in range(width)] for _ in range(height)]
    return walls, [_shrunk(dice, block) for block in _blocks(dice, width, height)]


def _village(dice: Random, width: int, height: int) -> tuple[Grid, list[Rect]]:
    """Houses of one room on open ground."""
    walls, areas = [[False] * width for _ in range(height)], []
    for left in range(0, width - 5, 9):
        for top in range(0, height - 5, 8):
            wide, high = min(dice.randint(5, 8), width - left), min(dice.randint(5, 7), height - top)
            if dice.random() < 0.2:
                continue
            doors = dice.sample(
                [(left, top + 2), (left + wide - 1, top + 2), (left + 2, top), (left + 2, top + high - 1)], 2
            )
            for x, y in Rect(left, top, wide, high):
                edge = x in (left, left + wide - 1) or y in (top, top + high - 1)
                walls[y][x] = edge and (x, y) not in doors
            areas.append(Rect(left + 1, top + 1, wide - 2, high - 2))
    return walls, areas


KINDS: dict[str, Callable[[Random, int, int], tuple[Grid, list[Rect]]]] = {
    "hall": _hall,
    "rooms": _rooms,
    "village": _village,
    "field": _field,
    "corridors": _corridors,
    "maze": _maze,
}


def _framed(width: int, height: int) -> Grid:
    return [[x in (0, width - 1) or y in (0, height - 1) for x in range(width)] for y in range(height)]


def _blocks(dice: Random, width: int, height: int) -> list[Rect]:
    """Divide a map into one to six blocks and leave some out."""
    columns, rows = dice.choice((1, 2, 3)), dice.choice((1, 2))
    wide, high = width // columns, height // rows
    found = [Rect(wide * column, high * row, wide, high) for row in range(rows) for column in range(columns)]
    return [block for block in found if dice.random() < 0.8] or found[:1]


def _shrunk(dice: Random, rect: Rect) -> Rect:
    width, height = dice.randint(2, rect.width), dice.randint(2, rect.height)
    return Rect(
        rect.x + dice.randint(0, rect.width - width), rect.y + dice.randint(0, rect.height - height), width, height
    )


def _furnished(dice: Random, walls: Grid, areas: Sequence[Rect]) -> SmallMap | None:
    """Put things into the areas and leave out what nobody could walk to; None when nothing is left."""
    width, height = len(walls[0]), len(walls)
    things = [(area, thing) for area in areas for thing in _things(dice, walls, area)]
    solid = {tile for _, (rect, is_solid) in things if is_solid for tile in rect}
    blocked = np.array([[walls[y][x] or (x, y) in solid for x in range(width)] for y in range(height)])
    ground = main_ground(blocked)
    reached = [area for area in areas if ground[area.area].any()]
    if not reached:
        return None
    together = dice.random() < 0.3
    sectors, arenas, objects, doors, places = [], [], [], [], []
    if together:
        sectors.append(rectangle("All", 0, 0, width, height, **_sector(dice, "All")))
    for number, area in enumerate(reached):
        name, sector = f"place {number}", "All" if together else f"Sector {number}"
        if not together:
            sectors.append(rectangle(sector, area.x, area.y, area.width, area.height, **_sector(dice, sector)))
            doors += [
                rectangle("", *tile, 1, 1) for tile in area if dice.random() < 0.8 and _leads_out(tile, area, ground)
            ]
        limit = {"capacity": str(dice.randint(1, 3))} if dice.random() < 0.2 else {}
        arenas.append(
            rectangle(name, area.x, area.y, area.width, area.height, description=f"{name}, to be at", **limit)
        )
        places += [sector, f"{sector}:{name}"]
        for index, (rect, _) in enumerate(thing for within, thing in things if within == area):
            if any((x, y) in area and ground[y, x] for x, y in _near(rect)):
                label = f"{'bed' if index == 0 else 'thing'} {index}"
                uses = "\n".join([_SLEEP] if index == 0 else dice.sample(_USES, dice.randint(1, 3)))
                properties = {"state": "idle", "affordances": uses, "seats": str(dice.randint(1, 3))}
                properties["consequences"] = dice.choice(_CONSEQUENCES)
                objects.append(rectangle(label, rect.x, rect.y, rect.width, rect.height, **properties))
                places.append(f"{sector}:{name}:{label}")
    document = house(["".join(".#"[wall] for wall in row) for row in walls])
    for index, drawn in ((1, sectors), (2, arenas), (3, objects)):
        document["layers"][index]["objects"] = drawn
    document["layers"][4] = layer(
        "Collisions", ["".join(".#"[(x, y) in solid] for x in range(width)) for y in range(height)]
    )
    if dice.random() < 0.7:
        document["layers"].append({"id": 9, "name": "Doors", "type": "objectgroup", "objects": doors})
    return SmallMap(document, tuple(dict.fromkeys(places)))


def _leads_out(tile: Tile, area: Rect, ground: NDArray[np.bool_]) -> bool:
    """Whether one can step from a tile of an area out of it."""
    height, width = ground.shape
    beside = ((tile[0] + dx, tile[1] + dy) for dx, dy in ((0, -1), (-1, 0), (1, 0), (0, 1)))
    out = ((x, y) for x, y in beside if 0 <= x < width and 0 <= y < height and (x, y) not in area)
    return bool(ground[tile[1], tile[0]]) and any(ground[y, x] for x, y in out)


def _things(dice: Random, walls: Grid, area: Rect) -> Iterator[tuple[Rect, bool]]:
    """Yield the rectangles of some things in an area, and whether they are in the way."""
    taken: set[Tile] = set()
    for _ in range(dice.randint(0, 4)):
        x, y = dice.choice(list(area))
        rect = Rect(x, y, *dice.choice(((1, 1), (1, 1), (2, 1), (1, 2))))
        if all(tile in area and tile not in taken and not walls[tile[1]][tile[0]] for tile in rect):
            taken.update(rect)
            yield rect, dice.random() < 0.3


def _near(rect: Rect) -> Iterator[Tile]:
    """Yield the tiles on which somebody could stand to use a thing: all of its own, and those at its sides."""
    yield from rect
    for x in range(rect.x, rect.x + rect.width):
        yield from ((x, rect.y - 1), (x, rect.y + rect.height))
    for y in range(rect.y, rect.y + rect.height):
        yield from ((rect.x - 1, y), (rect.x + rect.width, y))


def _sector(dice: Random, name: str) -> dict[str, str]:
    kind = dice.choice(("home", "cafe", "park", "school"))
    found = {"kind": kind, "description": f"{name}, a {kind}"}
    if dice.random() < 0.35:
        opens = dice.randrange(24)
        found |= {"opens": f"{opens:02d}:00", "closes": f"{(opens + dice.randint(1, 23)) % 24:02d}:00"}
    return found


def maps() -> st.SearchStrategy[SmallMap]:
    """Maps of 12 to 40 tiles a side."""
    sides = st.integers(12, 40)
    return st.builds(draw_map, st.sampled_from(sorted(KINDS)), sides, sides, st.integers(0, 2**32))


# -- people --------------------------------------------------------------------------------------------------------


def clock(minutes: int) -> str:
    """Return minutes as a time of day; they may lie on the day before or after."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _times(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(clock)


def _habits(start: int, places: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Most habits fall into the first hours, so that much happens in a short run."""
    return st.fixed_dictionaries(
        {
            "at": _times(start, start + 240) | _times(0, DAY - 1),
            "do": st.sampled_from(_DOINGS),
            "minutes": st.integers(5, 30) | st.integers(5, 960),
        },
        optional={"where": places},
    )


@st.composite
def _people(draw: st.DrawFn, start: int, places: st.SearchStrategy[str]) -> list[dict[str, Any]]:
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    found = []
    for name in names:
        person = draw(
            st.fixed_dictionaries(
                {
                    "age": st.integers(1, 120),
                    "traits": st.sampled_from(("curious and loud", "shy", "proud, dry and kind")),
                    "biography": st.just([f"{name} lives here"]),
                    "currently": st.just(f"{name} wants to talk to everybody"),
                    "lifestyle": st.sampled_from(("Up early.", "Sleeps until noon.", "Goes to bed at two at night.")),
                    "home": places,
                },
                optional={
                    "work": places,
                    "wakes": _times(start - 180, start) | _times(0, DAY - 1),
                    "sleeps": _times(start + 60, start + 900) | _times(0, DAY - 1),
                    "habits": st.lists(_habits(start, places), min_size=2, max_size=8),
                    "news": st.lists(_news(name, start, places), max_size=2),
                    "knows_places": st.lists(places, max_size=4),
                },
            )
        )
        others = draw(st.sets(st.sampled_from(names), max_size=3))
        person["knows"] = dict.fromkeys(sorted(others - {name}), "a friend")
        found.append({"name": name, **person})
    return found


def _news(name: str, start: int, places: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"text": st.sampled_from((f"{name} has seen a fox", f"there is cake at the place of {name}"))},
        optional={"at": _times(start + 30, start + 240), "where": places},
    )


def _changes(start: int, things: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Interventions that change the state of an object."""
    return st.fixed_dictionaries(
        {
            "at": _times(start, start + 180),
            "kind": st.just("object"),
            "where": things,
            "state": st.sampled_from(("hot", "smoking", "so", "idle", "broken")),
        }
    )


def _voices(start: int, names: Sequence[str], places: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Interventions that embody somebody, or speak to people, at any hour of day and night."""
    at, to = _times(start, start + 180), st.sampled_from(names)
    doing = st.fixed_dictionaries(
        {"at": at, "kind": st.just("embody"), "to": to, "do": st.sampled_from(_DOINGS), "where": places},
        optional={"minutes": st.integers(5, 90)},
    )
    invitation = st.fixed_dictionaries({"at": _times(start + 180, start + 240)}, optional={"where": places})
    speaking = st.fixed_dictionaries(
        {"at": at, "kind": st.sampled_from(("inner_voice", "visitor")), "to": to, "text": st.just("there is a party")},
        optional={"gathering": invitation},
    )
    return doing | speaking.map(lambda each: each | ({"role": "a nun"} if each["kind"] == "visitor" else {}))


def _settled(intervention: dict[str, Any]) -> tuple[str, ...]:
    """When, of what kind, and to what or whom: two with the same could contradict each other, which is refused."""
    return intervention["at"], intervention["kind"], intervention.get("to") or intervention["where"]


@st.composite
def small_towns(draw: st.DrawFn, hours: int = 3) -> SmallTown:
    """Small towns with 1 to 8 people; the scenario ends after `hours`."""
    small_map = draw(maps())
    start = draw(st.integers(0, DAY - 1))
    scenario: dict[str, Any] = {
        "name": "small town",
        "start": f"2024-02-28T{clock(start)}",
        "end": f"+{hours}h",
        "seed": draw(st.integers(0, 2**62)),
        "world": {
            "map": "small.tmj",
            "seconds_per_tile": draw(st.sampled_from((1, 2, 5, 10, 60)) | st.integers(1, 60)),
            "sight": draw(st.integers(1, 12)),
        },
        "minds": draw(
            st.fixed_dictionaries(
                {"conversation_cooldown": st.integers(0, 2000), "conversation_lines": st.integers(2, 6)},
                optional={"attention": st.integers(1, 5), "retention": st.integers(0, 5)},
            )
        ),
        "people": draw(_people(start, st.sampled_from(small_map.places))),
    }
    if things := [place for place in small_map.places if place.count(":") == 2]:
        scenario["interventions"] = draw(
            st.lists(_changes(start, st.sampled_from(things)), max_size=3, unique_by=_settled)
        )
    names = [person["name"] for person in scenario["people"]]
    more = draw(st.lists(_voices(start, names, st.sampled_from(small_map.places)), max_size=2, unique_by=_settled))
    scenario["interventions"] = [*scenario.get("interventions", []), *more]
    return SmallTown(small_map, scenario)
