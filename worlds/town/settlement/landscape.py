"""The ground of a settlement: grass, streets, paths to the doors, ponds and trees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

import numpy as np

from worlds.town.art.ground import Mask, lay
from worlds.town.art.sketch import Sketch
from worlds.town.places import Rect, Tile
from worlds.town.settlement.plans import Site
from worlds.town.settlement.quarter import HEIGHT, STREETS, WIDTH, Quarter

_CELL = 4
"""At most one tree grows in a square of so many tiles."""
_TREES = ("oak", "lime", "beech", "maple", "birch", "fir")
_LAMPS = 14
"""Tiles from one street lamp to the next."""


def lay_ground(sketch: Sketch, quarters: Sequence[Quarter]) -> None:
    """Lay grass, streets, the paths to all front doors, and ponds; block the ponds."""
    _sow(sketch)
    streets, paths, water, paved = street_tiles(sketch), path_tiles(sketch, quarters), _none(sketch), _none(sketch)
    for site in (site for quarter in quarters for site in quarter.sites):
        for x, y in site.ground.doors:
            paved[y, x] = True
        for room in site.ground.rooms:
            for part in room.parts:
                paved[part.area] |= room.floor == "paving"
            for thing in room.things:
                if thing.rect and thing.solid:
                    water[thing.rect.area] = True
                    sketch.block(thing.rect)
    lay(sketch, "Paths", "water", water)
    lay(sketch, "Paths", "cobble", streets, paths)
    lay(sketch, "Paths", "path", paths & ~streets & ~paved, streets | paths | paved)


def plant(sketch: Sketch, quarters: Sequence[Quarter], rng: Random) -> None:
    """Plant trees where nothing else is, more of them on meadows, and put up lamps along the streets."""
    taken = street_tiles(sketch) | path_tiles(sketch, quarters)
    for site in (site for quarter in quarters for site in quarter.sites):
        for part in site.ground.parts:
            taken[part.area] = True
    lamps = taken.copy()
    taken = _spread(taken)
    wild = np.ones_like(taken)
    for quarter in quarters:
        wild[quarter.rect.area] = False
        for meadow in quarter.meadows:
            wild[meadow.area] = True
    for top in range(0, sketch.height - _CELL + 1, _CELL):
        for left in range(0, sketch.width - _CELL + 1, _CELL):
            x, y = left + rng.randrange(2), top + 1 + rng.randrange(2)
            if rng.random() < (0.45 if wild[y, x] else 0.12) and not taken[y, x : x + 2].any():
                sketch.block(sketch.sprite(rng.choice(_TREES), x, y))
    for x, y in _beside_streets(sketch):
        if not lamps[y, x]:
            sketch.block(sketch.sprite("lamp_post", x, y))


def street_tiles(sketch: Sketch) -> Mask:
    """Return where the streets of all quarters are, those on which nothing is built too."""
    found = _none(sketch)
    for top in range(0, sketch.height, HEIGHT):
        for left in range(0, sketch.width, WIDTH):
            for street in STREETS:
                found[_moved(street, left, top).area] = True
    return found


def path_tiles(sketch: Sketch, quarters: Iterable[Quarter]) -> Mask:
    """Return the paths that lead from the front doors of all buildings straight to the street."""
    streets, found = street_tiles(sketch), _none(sketch)
    for quarter in quarters:
        for site in quarter.sites:
            for x, y, step in _front_doors(site):
                y += step
                while 0 <= y < sketch.height and not streets[y, x]:
                    found[y, x] = True
                    y += step
    return found


def _front_doors(site: Site) -> Iterable[tuple[int, int, int]]:
    """Yield the doors in the front wall, with the step that leads out."""
    building = site.ground.building
    if building is None:
        return
    for x, y in site.ground.doors:
        if y == building.y and site.fronts_north:
            yield x, y, -1
        elif y == building.y + building.height - 1 and not site.fronts_north:
            yield x, y, 1


def _beside_streets(sketch: Sketch) -> Iterable[Tile]:
    along = [street for street in STREETS if street.width > street.height]
    for top in range(0, sketch.height, HEIGHT):
        for street in (street for street in along if top + street.y <= sketch.height):
            for x in range(_LAMPS // 2, sketch.width, _LAMPS):
                yield x, top + street.y - 1


def _sow(sketch: Sketch) -> None:
    """Let grass grow: mostly plain, with tufts and flowers."""
    variants = np.array([sketch.sheet.tile(f"grass {number}") + 1 for number in range(8)])
    y, x = np.mgrid[0 : sketch.height, 0 : sketch.width]
    roll = (x * 7919 + y * 104729 + x * y * 31) % 251
    sketch.layers["Ground"][:] = variants[np.where(roll < 150, roll % 2, 2 + roll % 6)]


def _spread(mask: Mask) -> Mask:
    """Return a mask with all neighbours of its tiles."""
    padded = np.pad(mask, 1)
    height, width = mask.shape
    spread: Mask = np.logical_or.reduce([padded[y : y + height, x : x + width] for y in range(3) for x in range(3)])
    return spread


def _none(sketch: Sketch) -> Mask:
    return np.zeros((sketch.height, sketch.width), bool)


def _moved(rect: Rect, dx: int, dy: int) -> Rect:
    return Rect(rect.x + dx, rect.y + dy, rect.width, rect.height)
