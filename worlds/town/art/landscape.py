"""The ground of Thorp, and all in it that is only there to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from worlds.town.art.paint import noise
from worlds.town.art.plan import Decor, Ground
from worlds.town.art.scenery import indoors, outdoors
from worlds.town.art.sketch import Sketch
from worlds.town.art.terrain import AROUND, whole_mask
from worlds.town.places import Rect, Tile

BRIDGES = (Rect(13, 18, 5, 3), Rect(13, 38, 5, 1))
STREETS = (Rect(0, 18, 60, 3), Rect(38, 0, 2, 40))
PATHS = (
    Rect(4, 14, 1, 4), Rect(22, 11, 1, 7), Rect(33, 16, 1, 2), Rect(45, 16, 1, 2), Rect(54, 13, 1, 5),
    Rect(6, 21, 1, 2),
    Rect(30, 21, 3, 2), Rect(44, 21, 1, 1), Rect(54, 21, 1, 7), Rect(51, 28, 7, 1), Rect(51, 29, 1, 7),
    Rect(51, 35, 7, 1), Rect(40, 32, 11, 1), Rect(17, 38, 21, 1), Rect(17, 34, 1, 4), Rect(12, 38, 2, 1),
    Rect(13, 21, 1, 17), Rect(40, 36, 5, 1), Rect(52, 24, 5, 1), Rect(52, 26, 5, 1), Rect(52, 25, 1, 1),
    Rect(56, 25, 1, 1),
)  # fmt: skip
POND = Rect(52, 30, 5, 3)
POND_EDGE = tuple((x, y) for x in (53, 54, 55) for y in (29, 33))
FENCES = (
    Rect(18, 11, 1, 5), Rect(26, 11, 1, 5), Rect(18, 16, 4, 1), Rect(23, 16, 4, 1), Rect(40, 13, 1, 3),
    Rect(50, 13, 1, 3),
    Rect(40, 16, 5, 1), Rect(46, 16, 5, 1), Rect(40, 34, 1, 2), Rect(40, 37, 1, 2),
)  # fmt: skip
HEDGES = (
    Rect(49, 33, 1, 7), Rect(59, 21, 1, 19), Rect(50, 39, 9, 1), Rect(50, 21, 3, 1), Rect(56, 21, 3, 1),
    Rect(41, 39, 8, 1),
    Rect(0, 39, 13, 1), Rect(0, 33, 1, 6),
)  # fmt: skip


def lay_ground(sketch: Sketch, grounds: Sequence[Ground]) -> None:
    """Lay grass, water, streets and paths; block the water."""
    for y in range(sketch.height):
        for x in range(sketch.width):
            sketch.tile("Ground", f"grass {_grass(x, y)}", x, y)
    water, bridges = {*_river(sketch.height), *POND, *POND_EDGE}, _tiles(BRIDGES)
    streets, paths = _tiles(STREETS), _tiles(PATHS) - water
    # Ways run on under doors and paved rooms, so that they meet without a strip of grass between.
    paved = {tile for ground in grounds for room in ground.rooms if room.floor == "paving" for tile in room.rect}
    joined = paved | {tile for ground in grounds for tile in ground.doors} | bridges
    built = _tiles(ground.building for ground in grounds if ground.building)
    _blob(sketch, "Lawn", "lawn", _patches(sketch, water | streets | paths | paved | built))
    _blob(sketch, "Paths", "water", water, skip=bridges)
    _blob(sketch, "Paths", "cobble", streets, joined=joined | paths | water)
    _blob(sketch, "Paths", "path", paths, skip=streets, joined=joined | streets)
    sketch.block(sorted(water - bridges))
    for x, y in sorted(bridges & water):
        if y > STREETS[0].y + STREETS[0].height:
            sketch.tile("Details", "bridge", x, y)
    for x in range(13, 18):
        sketch.tile("Decor", "parapet_north", x, 17)
        sketch.tile("Decor", "parapet_south", x, 21)


def decorate(sketch: Sketch) -> None:
    """Put up fences, hedges and trees, and furnish the rooms with what nobody uses."""
    _line(sketch, "fence", FENCES)
    _line(sketch, "hedge", HEDGES)
    for item in (*indoors(), *outdoors()):
        _put(sketch, item)
    _scatter(sketch)


def _put(sketch: Sketch, item: Decor) -> None:
    flat = item.sprite.startswith(("rug", "doormat", "flowers", "lily", "reeds", "fern"))
    base = sketch.sprite(item.sprite, item.x, item.y, ("Details", "Decor") if flat else ("Furniture", "Decor"))
    if item.solid:
        sketch.block(base)


def _grass(x: int, y: int) -> int:
    """Return which grass grows at a tile: mostly plain, tufts and flowers in patches."""
    patch = noise(x // 4, y // 4, 12)
    if noise(x, y, 10) < 150:
        return noise(x, y, 11) % 2
    return 2 + noise(x, y, 11) % (6 if patch > 170 else 4)


def _tiles(rects: Iterable[Rect]) -> set[Tile]:
    return {tile for rect in rects for tile in rect}


def _river(height: int) -> Iterator[Tile]:
    """Yield the tiles of the river: past the mill wheel, below the bridge, out in the south."""
    bends = ((3, 14, 16), (5, 13, 15), (11, 12, 14), (13, 13, 15), (23, 14, 16), (27, 14, 15), (33, 15, 16))
    for y in range(height):
        left, right = next(((left, right) for end, left, right in bends if y < end), (14, 16))
        for x in range(left, right + 1):
            yield x, y


def _patches(sketch: Sketch, taken: set[Tile]) -> set[Tile]:
    """Return where the grass is darker: round patches of a few tiles."""
    found = set()
    for cell_y in range(0, sketch.height, 4):
        for cell_x in range(0, sketch.width, 4):
            if noise(cell_x, cell_y, 55) < 90:
                x, y = cell_x + noise(cell_x, cell_y, 56) % 3, cell_y + noise(cell_x, cell_y, 57) % 3
                found |= {(x + dx, y + dy) for dx in range(-1, 3) for dy in range(-1, 2)}
    return {(x, y) for x, y in found - taken if 0 <= x < sketch.width and 0 <= y < sketch.height}


def _blob(
    sketch: Sketch, layer: str, kind: str, tiles: set[Tile], skip: Iterable[Tile] = (), joined: Iterable[Tile] = ()
) -> None:
    """Lay tiles of one kind with the edges that their neighbours ask for; beyond the map everything goes on."""
    skipped, known = set(skip), tiles | set(joined)
    for x, y in sorted(tiles - skipped):
        mask = 0
        for bit, (dx, dy) in enumerate(AROUND):
            near = (x + dx, y + dy)
            outside = not (0 <= near[0] < sketch.width and 0 <= near[1] < sketch.height)
            mask |= (outside or near in known) << bit
        sketch.tile(layer, f"{kind} {whole_mask(mask)}", x, y)


def _line(sketch: Sketch, kind: str, parts: Iterable[Rect]) -> None:
    """Draw a fence or a hedge; every tile joins its neighbours of the same kind."""
    tiles = {tile for part in parts for tile in part}
    for x, y in sorted(tiles):
        around = enumerate(((0, -1), (1, 0), (0, 1), (-1, 0)))
        mask = sum(((x + dx, y + dy) in tiles) << bit for bit, (dx, dy) in around)
        sketch.tile("Furniture", f"{kind} {mask}", x, y)
    sketch.block(sorted(tiles))


def _scatter(sketch: Sketch) -> None:
    """Strew flowers and stones over free grass, thinly."""
    kinds = ("flowers_white", "flowers_yellow", "flowers_blue", "fern", "flowers_red")
    for y in range(sketch.height):
        for x in range(sketch.width):
            grass = sketch.layers["Ground"][y, x] <= sketch.sheet.tile("grass 7") + 1
            if grass and sketch.free(x, y) and noise(x, y, 90) < 7:
                sketch.sprite(kinds[noise(x, y, 91) % len(kinds)], x, y, ("Details",))
