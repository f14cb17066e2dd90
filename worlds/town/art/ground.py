"""Laying ground: shapes of tiles with the edges that their neighbours ask for, lines of fence, and ways and waters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from worlds.town.art.paint import noise
from worlds.town.art.sketch import Sketch
from worlds.town.art.terrain import AROUND, whole_mask
from worlds.town.places import Tile

Mask = NDArray[np.bool_]
"""[height, width]"""


def mask_of(sketch: Sketch, tiles: Iterable[Tile]) -> Mask:
    """Return where some tiles are; those beyond the map are left out."""
    mask = np.zeros((sketch.height, sketch.width), bool)
    for x, y in tiles:
        if 0 <= x < sketch.width and 0 <= y < sketch.height:
            mask[y, x] = True
    return mask


def lay(sketch: Sketch, layer: str, kind: str, tiles: Mask, joined: Mask | None = None) -> None:
    """Lay tiles of one kind; they run on into the tiles of `joined`, and beyond the map everything goes on."""
    around = np.pad(tiles if joined is None else tiles | joined, 1, constant_values=True)
    masks = np.zeros(tiles.shape, np.int64)
    for bit, (dx, dy) in enumerate(AROUND):
        masks |= around[1 + dy : 1 + dy + sketch.height, 1 + dx : 1 + dx + sketch.width].astype(np.int64) << bit
    gids = np.array([sketch.sheet.tile(f"{kind} {whole_mask(mask)}") + 1 for mask in range(256)])
    sketch.layers[layer][tiles] = gids[masks][tiles]


def line(sketch: Sketch, kind: str, tiles: Iterable[Tile]) -> None:
    """Put up a fence, a hedge or a wall of stones; every tile joins its neighbours of the same kind."""
    there = set(tiles)
    for x, y in sorted(there):
        around = enumerate(((0, -1), (1, 0), (0, 1), (-1, 0)))
        mask = sum(((x + dx, y + dy) in there) << bit for bit, (dx, dy) in around)
        sketch.tile("Furniture", f"{kind} {mask}", x, y)
    sketch.block(sorted(there))


def stroke(points: Sequence[Tile], width: int) -> Iterator[Tile]:
    """Yield the tiles of a way through some points; each names the top left tile of a brush `width` tiles wide.

    Every tile touches the next one with a side, so that one can walk along it.
    """
    for (x0, y0), (x1, y1) in pairwise([*points, points[-1]]):
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        above = y0
        for step in range(steps + 1):
            left, top = x0 + (x1 - x0) * step // steps, y0 + (y1 - y0) * step // steps
            yield from ((left + dx, y + dy) for y in {above, top} for dx in range(width) for dy in range(width))
            above = top


def ellipse(left: int, top: int, width: int, height: int) -> Iterator[Tile]:
    """Yield the tiles of an ellipse that fills a rectangle, as a hand would draw it: with an uneven edge."""
    for y in range(height):
        for x in range(width):
            dx, dy = (2 * x + 1 - width) / width, (2 * y + 1 - height) / height
            uneven = noise((left + x) // 3, (top + y) // 3, 86) + noise(left + x, top + y, 87) // 2
            if dx * dx + dy * dy <= 1.12 - uneven / 1000:
                yield left + x, top + y
