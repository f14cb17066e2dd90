"""The land on which Thorp lies: river, streets and lanes, and how the quarters are laid out on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from worlds.town.art.build import put
from worlds.town.art.ground import Mask, ellipse, lay, line, mask_of, stroke
from worlds.town.art.paint import noise
from worlds.town.art.plan import Decor, Ground, tiles_of
from worlds.town.art.plot import Grove, Patch, Quarter, Way
from worlds.town.art.sketch import Sketch
from worlds.town.places import Rect, Tile

RIVER = (
    Way("water", 3, ((55, 0), (57, 5), (58, 10), (56, 15), (53, 20), (53, 29))),
    Way("water", 3, ((53, 30), (53, 34))), Way("water", 3, ((52, 35), (52, 40))), Way("water", 3, ((53, 41), (53, 42))),
    Way("water", 3, ((54, 43), (54, 52))), Way("water", 2, ((54, 53), (54, 56))), Way("water", 2, ((55, 57), (55, 62))),
    Way("water", 3, ((54, 63), (54, 70), (51, 76), (47, 82), (44, 86))), Way("water", 4, ((33, 94), (31, 99))),
)  # fmt: skip
STREETS = (
    Way("cobble", 3, ((24, 48), (136, 48))), Way("cobble", 2, ((78, 23), (78, 74))),
)  # fmt: skip
LANES = (
    Way("path", 3, ((24, 48), (14, 49), (6, 52), (0, 53))),
    Way("path", 2, ((78, 24), (66, 24), (58, 25), (48, 25), (40, 26), (35, 27), (20, 27), (16, 24))),
    Way("path", 2, ((78, 24), (90, 24), (104, 25), (120, 25), (128, 25), (132, 28), (134, 31))),
    Way("path", 2, ((78, 73), (66, 73), (58, 72), (48, 71), (42, 69), (28, 69), (18, 70), (10, 70), (4, 71))),
    Way("path", 2, ((78, 73), (90, 73), (98, 76), (101, 81), (118, 81), (127, 81))),
    Way("path", 2, ((118, 26), (117, 31), (115, 36), (116, 47))),
)  # fmt: skip
ROAD_BRIDGE = Rect(54, 48, 3, 3)
"""The part of the High Street that crosses the river."""

_BELOW = ("lawn", "meadow", "wood", "wheat", "crops", "soil", "sand", "gravel")
"""Kinds of ground under the ways and the water; those on top of them are water, stone and path."""
_BANK = ("reeds", "fern_tall", "reeds", "flowers_yellow")
_STREWN = ("flowers_white", "flowers_yellow", "flowers_blue", "fern", "flowers_red", "fern_tall", "fern_tall")


def lay_country(sketch: Sketch, quarters: Sequence[Quarter], grounds: Sequence[Ground]) -> None:
    """Lay grass, fields, woods, water, streets and paths; block the water and build bridges over it."""
    for y in range(sketch.height):
        for x in range(sketch.width):
            sketch.tile("Ground", f"grass {_grass(x, y)}", x, y)
    patches = [patch for quarter in quarters for patch in quarter.patches]
    under = {kind: _patches(sketch, patches, kind) for kind in (*_BELOW, "water", "deep", "setts")}
    water = under["water"] | mask_of(sketch, _strokes(RIVER)) | _ponds(sketch, grounds)
    ways = [way for quarter in quarters for way in quarter.ways]
    cobble = mask_of(sketch, _strokes(STREETS))
    jetty = mask_of(sketch, (t for g in grounds for room in g.rooms if room.floor == "boards" for t in room))
    paths = mask_of(sketch, _strokes((*LANES, *ways)))
    open_floors = mask_of(sketch, (t for g in grounds for room in g.rooms if room.floor for t in room))
    doors = mask_of(sketch, (tile for ground in grounds for tile in ground.doors))
    paths &= ~(open_floors & ~doors)
    bridges = (paths | cobble | jetty) & water
    road_bridge = cobble & water
    built = open_floors | doors | mask_of(sketch, (tile for ground in grounds for tile in ground.walls))
    for kind in _BELOW:
        lay(sketch, "Lawn", kind, under[kind] & ~_later(under, kind) & ~built, built)
    lay(sketch, "Paths", "water", water & ~road_bridge & ~jetty, road_bridge | jetty)
    lay(sketch, "Details", "deep", under["deep"] & water & ~bridges)
    setts = under["setts"] & ~water
    joined = open_floors | doors | bridges
    lay(sketch, "Paths", "setts", setts & ~cobble, cobble | joined)
    lay(sketch, "Paths", "cobble", cobble, paths | setts | water | joined)
    lay(sketch, "Paths", "path", paths & ~water & ~cobble & ~setts, cobble | setts | joined)
    for y, x in np.argwhere(bridges & ~road_bridge & ~jetty).tolist():
        sketch.tile("Details", "bridge", x, y)
    sketch.block((x, y) for y, x in np.argwhere(water & ~bridges).tolist())
    for x in range(ROAD_BRIDGE.x - 1, ROAD_BRIDGE.x + ROAD_BRIDGE.width + 1):
        sketch.tile("Decor", "parapet_north", x, ROAD_BRIDGE.y - 1)
        sketch.tile("Decor", "parapet_south", x, ROAD_BRIDGE.y + ROAD_BRIDGE.height)


def grow(sketch: Sketch, quarters: Sequence[Quarter], decor: Iterable[Decor], grounds: Sequence[Ground]) -> None:
    """Put up fences and hedges, and all that is only there to be looked at, from north to south."""
    for kind in ("fence", "hedge", "drystone"):
        lines = [line for quarter in quarters for line in quarter.lines if line.kind == kind]
        tiles = {
            tile
            for drawn in lines
            for tile in stroke(drawn.points, 1)
            if tile in Rect(0, 0, sketch.width, sketch.height)
        }
        line(sketch, kind, tiles)
    placed = [*decor, *(item for quarter in quarters for item in quarter.decor)]
    for item in sorted(placed, key=lambda item: item.y):
        put(sketch, item)
    kept_free = {tile for ground in grounds for tile in tiles_of(ground.parts)}
    wild = [item for quarter in quarters for grove in quarter.groves for item in _trees(grove)]
    for item in sorted(wild, key=lambda item: (item.y, item.x)):
        width, height = sketch.sheet.base(item.sprite)
        covered = Rect(item.x, item.y, width, height)
        if not kept_free & set(covered) and sketch.has_room(item.sprite, item.x, item.y):
            put(sketch, item)
    _strew(sketch, kept_free)


def _trees(grove: Grove) -> Iterator[Decor]:
    for x, y in Rect(*grove.box):
        thick = grove.percent * (70 + noise(x // 4, y // 4, 85) // 3)
        if noise(x, y, 81) * 100 < thick * 2:
            kind = grove.kinds[noise(x, y, 82) % len(grove.kinds)]
            yield Decor(kind, x, y, not kind.startswith(("flowers", "fern")))


def _strew(sketch: Sketch, kept_free: set[Tile]) -> None:
    """Strew flowers over free grass, thinly, and reeds along the water."""
    for y in range(1, sketch.height - 1):
        for x in range(1, sketch.width - 1):
            if (x, y) in kept_free or not sketch.free(x, y):
                continue
            around = [sketch.layers["Paths"][y + dy, x + dx] for dx, dy in ((0, 1), (1, 0), (-1, 0), (0, -1))]
            near_water = any(_is_water(sketch, gid) for gid in around)
            if near_water and noise(x, y, 92) < 60:
                sketch.sprite(_BANK[noise(x, y, 93) % len(_BANK)], x, y, ("Details",))
            elif sketch.layers["Lawn"][y, x] == 0 and noise(x, y, 90) < 9:
                sketch.sprite(_STREWN[noise(x, y, 91) % len(_STREWN)], x, y, ("Details",))


def _is_water(sketch: Sketch, gid: int) -> bool:
    first = sketch.sheet.tile("water 0") + 1
    return bool(first <= gid < first + 47)


def _grass(x: int, y: int) -> int:
    """Return which grass grows at a tile: mostly plain, tufts and flowers in patches."""
    patch = noise(x // 4, y // 4, 12)
    if noise(x, y, 10) < 150:
        return noise(x, y, 11) % 2
    return 2 + noise(x, y, 11) % (6 if patch > 170 else 4)


def _strokes(ways: Iterable[Way]) -> Iterator[Tile]:
    return (tile for way in ways for tile in stroke(way.points, way.width))


def _patches(sketch: Sketch, patches: Iterable[Patch], kind: str) -> Mask:
    """Return where patches of a kind lie; one of grass takes away what lies below it."""
    mask = mask_of(sketch, ())
    for patch in patches:
        tiles = Rect(*patch.box) if patch.square else ellipse(*patch.box)
        if patch.kind == kind:
            mask |= mask_of(sketch, tiles)
        elif patch.kind == "grass":
            mask &= ~mask_of(sketch, tiles)
    return mask


def _later(under: dict[str, Mask], kind: str) -> Mask:
    """Return where something that lies above a kind of ground hides it."""
    above = [under[other] for other in _BELOW[_BELOW.index(kind) + 1 :]]
    hidden = np.zeros_like(under[kind])
    for mask in above:
        hidden |= mask
    return hidden


def _ponds(sketch: Sketch, grounds: Iterable[Ground]) -> Mask:
    """Return the ponds that are objects of a place, a little wider than the place says."""
    found = set()
    for ground in grounds:
        for thing in (thing for room in ground.rooms for thing in room.things if thing.name == "pond" and thing.rect):
            rect = thing.rect
            assert rect is not None
            found |= set(rect) | {
                (x, y) for x in range(rect.x + 1, rect.x + rect.width - 1) for y in (rect.y - 1, rect.y + rect.height)
            }
    return mask_of(sketch, found)
