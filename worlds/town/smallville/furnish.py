"""Furniture of an original town, drawn with our sprites: on blocked tiles beside objects, else on the objects' own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from worlds.town.art.paint import noise
from worlds.town.art.sketch import Sketch
from worlds.town.places import Tile
from worlds.town.smallville.grids import Grid
from worlds.town.smallville.layout import UNNAMED, Layout
from worlds.town.smallville.sound import SoundTown
from worlds.town.smallville.things import Furnishing, furnishing_of

BESIDES = ("drawers", "bedside_table", "pot_plant")
"""What stands where more is blocked than a thing needs."""
NEUTRAL_INSIDE = ("pot_plant", "drawers", "crate")
NEUTRAL_OUTSIDE = ("bush", "flower_bush", "planter")
LAYERS = ("Furniture", "Decor")
_CHAIRS = ((0, -1, "chair_up"), (0, 1, "chair_down"), (-1, 0, "chair_left"), (1, 0, "chair_right"))


def furnish(sketch: Sketch, town: SoundTown, layout: Layout) -> None:
    """Put furniture on all blocked tiles of arenas, and on the tiles of objects that would not be seen otherwise."""
    taken: set[Tile] = set()
    kinds = [furnishing_of(name) for _, _, name in town.objects]
    own = _tiles_by_index(town.object_grid, len(kinds))
    beside = _tiles_by_index(layout.things, len(kinds))
    for kind, tiles in zip(kinds, own, strict=True):
        if kind.on:
            taken |= _put_on(sketch, town, kind, tiles, layout)
    for kind, tiles, near in zip(kinds, own, beside, strict=True):
        free = [tile for tile in near if tile not in taken]
        if kind.repeats and free:
            _fill(sketch, free, kind.sprites)
        elif free and not kind.on:
            _put_one(sketch, kind, tiles, free, layout)
        elif not kind.on and not kind.repeats:
            _fill(sketch, tiles[:2], kind.sprites)
        elif kind.on:
            _fill(sketch, [tile for tile in free if not layout.walls[tile[1], tile[0]]], kind.sprites)
    for y, x in np.argwhere(layout.things == UNNAMED).tolist():
        choice = NEUTRAL_INSIDE if layout.floors[y, x] >= 0 else NEUTRAL_OUTSIDE
        _put(sketch, choice[noise(x, y, 21) % len(choice)], (x, y))


def _put_one(sketch: Sketch, kind: Furnishing, own: list[Tile], near: list[Tile], layout: Layout) -> None:
    """Draw a thing once, as near above its own tiles as can be, and something neutral where else nobody can walk."""
    first = next((tile for tile in near if (tile[0], tile[1] + 1) in own), near[0])
    row = [tile for tile in near if tile[1] == first[1] and tile[0] >= first[0]]
    name = next(_by_width(sketch, kind.sprites, *first))
    if sketch.sheet.sprites[name].width > len(row):
        name = next(each for each in kind.sprites if sketch.sheet.sprites[each].width == 1)
    _put(sketch, name, first)
    covered = {(first[0] + dx, first[1]) for dx in range(sketch.sheet.sprites[name].width)}
    for x, y in near:
        if (x, y) not in covered and not layout.walls[y, x]:
            _put(sketch, BESIDES[noise(x, y, 25) % len(BESIDES)], (x, y))


def _tiles_by_index(grid: Grid, count: int) -> list[list[Tile]]:
    found: list[list[Tile]] = [[] for _ in range(count)]
    for y, x in np.argwhere(grid >= 0).tolist():
        found[int(grid[y, x])].append((x, y))
    return found


def _put_on(sketch: Sketch, town: SoundTown, kind: Furnishing, tiles: list[Tile], layout: Layout) -> set[Tile]:
    """Draw what people sit, lie or stand on; return the blocked tiles that it covers too."""
    if kind.on[0].startswith("bed"):
        return _put_beds(sketch, town, kind, tiles)
    for x, y in tiles:
        name = kind.on[noise(x, y, 22) % len(kind.on)]
        if name.startswith("chair") or name == "stool":
            towards = [chair for dx, dy, chair in _CHAIRS if _is_thing(layout, x + dx, y + dy)]
            name = towards[0] if towards else name
        _put(sketch, name, (x, y))
    return set()


def _put_beds(sketch: Sketch, town: SoundTown, kind: Furnishing, tiles: list[Tile]) -> set[Tile]:
    """Draw a bed two tiles long with its head at the wall: on a tile and the one above it, else the one below."""
    x, y = tiles[0]
    double = (x + 1, y) in tiles
    arena = int(town.arena_grid[y, x])
    above = y > 0 and int(town.arena_grid[y - 1, x]) == arena and not town.ground[y - 1, x]
    name = kind.on[noise(x, y, 23) % len(kind.on)]
    top = y - 1 if above else y
    if top + 1 < sketch.height:
        _put(sketch, f"double_{name}" if double else name, (x, top))
    wide = (x, x + 1) if double else (x,)
    return {(column, row) for column in wide for row in (top, top + 1)}


def _is_thing(layout: Layout, x: int, y: int) -> bool:
    height, width = layout.things.shape
    return 0 <= x < width and 0 <= y < height and int(layout.things[y, x]) != -1


def _fill(sketch: Sketch, tiles: Sequence[Tile], sprites: tuple[str, ...]) -> None:
    """Cover tiles with sprites, row by row, wide ones first where there is room."""
    left = set(tiles)
    for x, y in tiles:
        if (x, y) not in left:
            continue
        for name in _by_width(sketch, sprites, x, y):
            covered = {(x + dx, y) for dx in range(sketch.sheet.sprites[name].width)}
            if covered <= left:
                _put(sketch, name, (x, y))
                left -= covered
                break
        else:
            left.discard((x, y))


def _by_width(sketch: Sketch, sprites: tuple[str, ...], x: int, y: int) -> Iterator[str]:
    """Yield sprites, wide ones first; equally wide ones begin with another one from place to place."""
    turn = noise(x, y, 24) % len(sprites)
    turned = (*sprites[turn:], *sprites[:turn])
    yield from sorted(turned, key=lambda name: -sketch.sheet.sprites[name].width)


def _put(sketch: Sketch, name: str, tile: Tile) -> None:
    """Draw a sprite if there is room for it."""
    sprite = sketch.sheet.sprites[name]
    x, y = tile
    base = [(x + dx, y + dy) for dx in range(sprite.width) for dy in range(sprite.height - sprite.tall)]
    inside = all(0 <= column < sketch.width and 0 <= row < sketch.height for column, row in base)
    if inside and all(sketch.layers["Decor"][row, column] == 0 for column, row in base):
        above = [(x + dx, y - 1 - dy) for dx in range(sprite.width) for dy in range(sprite.tall)]
        if all(row < 0 or sketch.layers["Overhead 2"][row, column] == 0 for column, row in above):
            sketch.sprite(name, x, y, LAYERS)
