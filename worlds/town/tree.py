"""Join the rectangles of a map to the environment tree: sectors hold arenas, arenas hold objects, by where they lie."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from worlds.town.drawn import Drawn
from worlds.town.parts import Grid, Joined, join, owners, paint
from worlds.town.places import SEPARATOR, Affordance, Arena, Consequence, Rect, Sector, Town, TownObject

_TIME = re.compile(r"(\d\d):([0-5]\d)")
_AFFORDANCE = "activity | state while used | minutes"
_AFTERWARDS = " | state afterwards"
_CONSEQUENCE = "state | minutes | next state"
_DAY = 24 * 60

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tree:
    """The places of a map, each kind in file order."""

    town: Town
    arenas: tuple[Arena, ...]
    objects: tuple[TownObject, ...]
    sector_index: Grid
    arena_index: Grid
    origin: Mapping[str, Joined]
    """What was drawn for the place at an address."""


def build_tree(drawn: Drawn, name: str, size: Rect) -> Tree:
    """Return the places of a map. What does not fit is noted as a fault; the tree is then not to be used."""
    layers = drawn.places
    sectors = join(layers["Sectors"], [0] * len(layers["Sectors"]))
    sector_index = paint(sectors, size)
    arenas = join(layers["Arenas"], owners(layers["Arenas"], sector_index, sectors, "sector"))
    arena_index = paint(arenas, size)
    objects = join(layers["Objects"], owners(layers["Objects"], arena_index, arenas, "arena"))
    paint(objects, size)

    sector_addresses = [SEPARATOR.join((name, place.name)) for place in sectors]
    arena_addresses = [_below(sector_addresses, place) for place in arenas]
    object_addresses = [_below(arena_addresses, place) for place in objects]
    sound: dict[str, tuple[Affordance, ...]] = {}
    things = tuple(_object(*pair, sound) for pair in zip(objects, object_addresses, strict=True))
    in_arena = _by_owner(objects, things)
    rooms = tuple(
        _arena(place, address, tuple(in_arena[index]))
        for index, (place, address) in enumerate(zip(arenas, arena_addresses, strict=True))
    )
    in_sector = _by_owner(arenas, rooms)
    built = tuple(
        _sector(place, address, tuple(in_sector[index]))
        for index, (place, address) in enumerate(zip(sectors, sector_addresses, strict=True))
    )
    drawn_places = (*sectors, *arenas, *objects)
    origin = dict(zip((*sector_addresses, *arena_addresses, *object_addresses), drawn_places, strict=True))
    return Tree(Town(name, (size,), built), rooms, things, sector_index, arena_index, origin)


def _below(addresses: Sequence[str], place: Joined) -> str:
    """Return the address of a place; one that lies nowhere has been noted and gets none that anybody asks for."""
    return SEPARATOR.join((addresses[place.owner] if place.owner >= 0 else "", place.name))


def _by_owner(drawn: Sequence[Joined], built: Sequence[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for place, item in zip(drawn, built, strict=True):
        found[place.owner].append(item)
    return found


def _sector(place: Joined, address: str, arenas: tuple[Arena, ...]) -> Sector:
    if not arenas:
        place.fault("holds no arena; draw at least one")
    if ("opens" in place.properties) != ("closes" in place.properties):
        place.fault("give both 'opens' and 'closes', or neither")
    opens, closes = _time(place, "opens"), _time(place, "closes")
    if opens is not None and opens == closes:
        place.fault("'opens' and 'closes' are the same time")
    landmark = place.properties.get("landmark", "true" if opens is not None else "false")
    if landmark not in ("true", "false"):
        place.fault(f"'landmark' must be true or false, not '{landmark[:40]}'")
    description, kind = place.line("description"), place.line("kind")
    return Sector(place.name, address, place.rects, description, kind, opens, closes, arenas, landmark == "true")


def _time(place: Joined, key: str) -> int | None:
    if key not in place.properties:
        return None
    match = _TIME.fullmatch(place.properties[key])
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minutes <= _DAY:
        place.fault(f"'{key}' must be a time such as 08:00, not '{place.properties[key][:40]}'")
        return None
    return minutes * 60


def _arena(place: Joined, address: str, objects: tuple[TownObject, ...]) -> Arena:
    capacity = _whole(place, "capacity", 9999) if "capacity" in place.properties else None
    return Arena(place.name, address, place.rects, place.line("description"), objects, capacity)


def _object(place: Joined, address: str, sound: dict[str, tuple[Affordance, ...]]) -> TownObject:
    """Return an object. Many are used alike: `sound` are affordances that have been read and are faultless."""
    text, before = place.properties.get("affordances", ""), len(place.faults)
    affordances = sound[text] if text in sound else _affordances(place)
    if len(place.faults) == before:
        sound[text] = affordances
    if "description" in place.properties:
        description = place.line("description")
    else:
        uses = ", ".join(item.activity for item in affordances)
        description = f"{place.name}: {uses}" if uses else place.name
    seats = _whole(place, "seats", 99) if "seats" in place.properties else 1
    state, consequences = place.line("state"), _consequences(place)
    return TownObject(place.name, address, place.rects, description, state, affordances, seats, consequences)


def _whole(place: Joined, key: str, high: int) -> int:
    text = place.properties[key]
    value = int(text) if re.fullmatch(r"[1-9]\d{0,3}", text) else 0
    if not 1 <= value <= high:
        place.fault(f"'{key}' must be a whole number from 1 to {high}, not '{text[:40]}'")
        return 1
    return value


def _affordances(place: Joined) -> tuple[Affordance, ...]:
    found: list[Affordance] = []
    for label, line, parts in _lines(place, "affordances", "affordance"):
        minutes = _minutes(parts[2]) if len(parts) in (3, 4) else 0
        if not minutes:
            form = f"{_AFFORDANCE}' or '{_AFFORDANCE}{_AFTERWARDS}"
            place.fault(f"{label} must read '{form}' (1 to {_DAY} minutes), not '{line[:80]}'")
            continue
        activity, state, *afterwards = (place.printable(label, part) for part in (*parts[:2], *parts[3:]))
        if any(activity == other.activity for other in found):
            place.fault(f"{label} repeats the activity '{activity}'")
        found.append(Affordance(activity, state, minutes, *afterwards))
    return tuple(found)


def _consequences(place: Joined) -> tuple[Consequence, ...]:
    found: list[Consequence] = []
    for label, line, parts in _lines(place, "consequences", "consequence"):
        minutes = _minutes(parts[1]) if len(parts) == 3 else 0
        if not minutes:
            place.fault(f"{label} must read '{_CONSEQUENCE}' (1 to {_DAY} minutes), not '{line[:80]}'")
            continue
        state, becomes = place.printable(label, parts[0]), place.printable(label, parts[2])
        if state == becomes:
            place.fault(f"{label} leads from '{state}' to itself")
        if any(state == other.state for other in found):
            place.fault(f"{label} repeats the state '{state}'")
        found.append(Consequence(state, minutes, becomes))
    return tuple(found)


def _lines(place: Joined, key: str, what: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield what to call a line in messages, the line, and its parts between bars."""
    for number, line in enumerate(place.properties.get(key, "").splitlines(), 1):
        if line.strip():
            yield f"{what} line {number}", line.strip(), [part.strip() for part in line.split("|")]


def _minutes(text: str) -> int:
    """Return a number of minutes within a day; 0 when it is none."""
    minutes = int(text) if re.fullmatch(r"[1-9]\d{0,3}", text) else 0
    return minutes if minutes <= _DAY else 0
