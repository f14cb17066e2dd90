"""Ground: grass, paths and water with rounded edges, and the floors of rooms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from worlds.town.art.paint import TILE, Canvas, Sprite, dark, light, mix, noise, rgb

GRASS = "#83b456"
AROUND = ((0, -1), (1, 0), (0, 1), (-1, 0), (1, -1), (1, 1), (-1, 1), (-1, -1))
"""The neighbours of a tile by bit of a mask: north, east, south, west, then the corners from north-east."""

_SIDES_OF_CORNER = {4: (0, 1), 5: (1, 2), 6: (2, 3), 7: (3, 0)}


def whole_mask(mask: int) -> int:
    """Return the mask without corners that do not touch the tile over both sides; 47 masks are left."""
    for corner, sides in _SIDES_OF_CORNER.items():
        if not all(mask >> side & 1 for side in sides):
            mask &= ~(1 << corner)
    return mask


def terrain_sprites() -> tuple[Sprite, ...]:
    """Return all ground tiles: `grass 0..7`, floors, and `<kind> <mask>` for all that has edges."""
    grass = [Sprite(f"grass {variant}", 1, 1, 0, partial(_grass, variant)) for variant in range(8)]
    floors = [Sprite(name, 1, 1, 0, paint) for name, paint in _FLOORS]
    masks = sorted({whole_mask(mask) for mask in range(256)})
    blobs = [Sprite(f"{kind} {mask}", 1, 1, 0, partial(_blob, kind, mask)) for kind in _BLOBS for mask in masks]
    return (*grass, *floors, *blobs)


def _grass(variant: int, c: Canvas) -> None:
    c.rect(0, 0, TILE, TILE, GRASS)
    seed = 40 + variant
    c.speckle(0, 0, TILE, TILE, mix(GRASS, "#9cc968", 45), 26, seed)
    c.speckle(0, 0, TILE, TILE, mix(GRASS, "#6a9c48", 45), 22, seed + 50)
    for tuft in range((0, 1, 2, 2, 1, 3, 0, 2)[variant]):
        x, y = 2 + noise(tuft, variant, 7) % 11, 3 + noise(tuft, variant, 8) % 10
        c.dots("#5f9142", (x, y), (x, y - 1), (x + 2, y), (x + 2, y - 1), (x + 1, y))
        c.dots("#a5d070", (x + 1, y - 1), (x, y - 2))
    if variant == 6:
        c.dots("#f4f0e0", (4, 5), (11, 10))
        c.dots("#f0c850", (5, 5), (10, 10))
    if variant == 7:
        c.dots("#e8a0b4", (12, 4), (5, 12))
        c.dots("#b86880", (12, 5), (5, 13))


def _blob(kind: str, mask: int, c: Canvas) -> None:
    _BLOBS[kind](c, _depth(mask))


def _depth(mask: int) -> NDArray[np.int64]:
    """Return [16, 16]: how deep a pixel lies within the shape, 0 to 1000; the edge is at 500."""
    cells = np.zeros((3, 3), np.int64)
    cells[1, 1] = 1000
    for bit, (dx, dy) in enumerate(AROUND):
        cells[1 + dy, 1 + dx] = 1000 if mask >> bit & 1 else 0
    field = np.kron(cells, np.ones((TILE, TILE), np.int64))
    for _ in range(3):
        for axis in (0, 1):
            field = np.sum([np.roll(field, shift, axis) for shift in range(-2, 3)], axis=0) // 5
    middle: NDArray[np.int64] = field[TILE : 2 * TILE, TILE : 2 * TILE]
    ys, xs = np.mgrid[0:TILE, 0:TILE]
    wobble = np.array([[noise(int(x) // 2, int(y) // 2, 3) % 200 - 100 for x in xs[0]] for y in ys[:, 0]])
    edged: NDArray[np.int64] = middle + wobble
    return edged


def _fill(c: Canvas, where: NDArray[np.bool_], code: str) -> None:
    c.pixels[where] = rgb(code)


def _path(c: Canvas, depth: NDArray[np.int64]) -> None:
    base = "#d8b888"
    _fill(c, depth > 540, "#6f9c4a")
    _fill(c, depth > 620, dark(base, 22))
    _fill(c, depth > 740, base)
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] > 860 and noise(x, y, 21) < 16:
                c.dot(x, y, light(base, 35))
            if depth[y, x] > 760 and noise(x, y, 22) < 14:
                c.dot(x, y, dark(base, 16))


def _cobble(c: Canvas, depth: NDArray[np.int64]) -> None:
    joint, stone = "#8f8880", "#b6aea2"
    _fill(c, depth > 520, "#6f9c4a")
    _fill(c, depth > 600, "#7d766f")
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] <= 660:
                continue
            row = y // 4
            shifted = (x + 3 * (row % 2)) % TILE
            column = shifted // 6 if shifted < 12 else 2
            shade = (noise(column, row, 5) % 5 - 2) * 6
            face = light(stone, shade) if shade > 0 else dark(stone, -shade)
            edge = y % 4 == 3 or shifted in (5, 11, 15)
            c.dot(x, y, joint if edge else light(face, 22) if y % 4 == 0 else face)


def _lawn(c: Canvas, depth: NDArray[np.int64]) -> None:
    """Draw darker grass that fades into the common one."""
    base = mix(GRASS, "#5f9142", 34)
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] + 2 * noise(x, y, 30) > 900:
                roll = noise(x, y, 31)
                c.dot(x, y, mix(GRASS, "#5f9142", 62) if roll < 26 else GRASS if roll > 236 else base)


def _water(c: Canvas, depth: NDArray[np.int64]) -> None:
    _fill(c, depth > 480, "#6a9a48")
    _fill(c, depth > 560, "#c4a878")
    _fill(c, depth > 690, "#8a7450")
    _fill(c, depth > 740, "#b0e2ec")
    _fill(c, depth > 820, "#70b8d6")
    _fill(c, depth > 885, "#5aa4ca")
    for x, y, long in ((2, 3, 4), (10, 6, 3), (5, 11, 5), (12, 14, 3)):
        for step in range(long):
            if depth[y, (x + step) % TILE] > 885:
                c.dot((x + step) % TILE, y, "#8ccbe2")


def _deep(c: Canvas, depth: NDArray[np.int64]) -> None:
    """Draw the darker water in the middle of a lake."""
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] + 2 * noise(x // 2, y, 36) > 850:
                c.dot(x, y, "#4a92bc")
    for x, y, long in ((3, 4, 4), (10, 8, 4), (5, 12, 3)):
        for step in range(long):
            if depth[y, (x + step) % TILE] > 800:
                c.dot((x + step) % TILE, y, "#68acd0")


def _sand(c: Canvas, depth: NDArray[np.int64]) -> None:
    base = "#ead6a4"
    _fill(c, depth > 540, "#7da452")
    _fill(c, depth > 600, dark(base, 14))
    _fill(c, depth > 690, base)
    for y in range(TILE):
        for x in range(TILE):
            roll = noise(x, y, 37)
            if depth[y, x] > 700 and roll < 16:
                c.dot(x, y, dark(base, 12))
            elif depth[y, x] > 700 and roll > 244:
                c.dot(x, y, light(base, 45))


def _gravel(c: Canvas, depth: NDArray[np.int64]) -> None:
    base = "#b9b1a4"
    _fill(c, depth > 540, "#6f9c4a")
    _fill(c, depth > 610, dark(base, 28))
    _fill(c, depth > 690, base)
    for y in range(TILE):
        for x in range(TILE):
            roll = noise(x, y, 38)
            if depth[y, x] > 690:
                if roll < 44:
                    c.dot(x, y, dark(base, 16))
                elif roll > 214:
                    c.dot(x, y, light(base, 28))


def _setts(c: Canvas, depth: NDArray[np.int64]) -> None:
    """Draw the warm stones of a square, laid in fans."""
    joint, stone = "#a08c74", "#ccb494"
    _fill(c, depth > 520, "#6f9c4a")
    _fill(c, depth > 600, "#8a7862")
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] <= 650:
                continue
            row = y // 4
            shifted = (x + 2 * (row % 2)) % 4
            shade = noise((x + 2 * (row % 2)) // 4 % 4, row, 39) % 4 * 5
            face = dark(stone, shade)
            c.dot(x, y, joint if y % 4 == 3 or shifted == 3 else light(face, 24) if y % 4 == 0 else face)


def _soil_rows(c: Canvas, depth: NDArray[np.int64]) -> None:
    """Draw a ploughed field."""
    base = "#8a6446"
    _fill(c, depth > 560, "#6f9c4a")
    _fill(c, depth > 640, dark(base, 30))
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] > 690:
                ridge = (y + noise(x // 3, y // 4, 40) % 2) % 4
                code = light(base, 16) if ridge == 0 else dark(base, 20) if ridge == 3 else base
                c.dot(x, y, dark(code, 12) if noise(x, y, 41) < 24 else code)


def _wheat(c: Canvas, depth: NDArray[np.int64]) -> None:
    base = "#d8b24c"
    _fill(c, depth > 520, "#7d9a48")
    _fill(c, depth > 600, dark(base, 34))
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] > 650:
                roll = noise(x, y // 3, 42)
                stalk = x % 3 == 0
                code = dark(base, 24) if stalk and y % 6 > 2 else light(base, 34) if roll > 186 else base
                c.dot(x, y, dark(code, 16) if y % 6 == 5 and not stalk else code)


def _crops(c: Canvas, depth: NDArray[np.int64]) -> None:
    """Draw rows of green crops on brown soil."""
    base = "#8a6446"
    _fill(c, depth > 560, "#6f9c4a")
    _fill(c, depth > 640, dark(base, 30))
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] > 690:
                leafy = x % 8 in (1, 2, 3, 4) and (y + x // 8 * 2) % 5 != 4
                roll = noise(x, y, 43)
                if leafy:
                    code = "#4f8a42" if roll < 80 else "#7ab85a" if roll > 190 else "#629c4c"
                else:
                    code = dark(base, 18) if roll < 40 else base
                c.dot(x, y, code)


def _meadow(c: Canvas, depth: NDArray[np.int64]) -> None:
    """Draw high grass with flowers that fades into the common one."""
    base = mix(GRASS, "#a9c25a", 55)
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] + 2 * noise(x, y, 44) <= 900:
                continue
            roll = noise(x, y, 45)
            blade = noise(x, y // 3, 46)
            code = mix(base, "#5f9142", 40) if blade < 60 else light(base, 16) if blade > 205 else base
            if roll < 3:
                code = "#f4f0e0"
            elif roll < 6:
                code = "#f0c850"
            elif roll < 8:
                code = "#d07a9c"
            c.dot(x, y, code)


def _wood(c: Canvas, depth: NDArray[np.int64]) -> None:
    """Draw the floor of a wood: shade, leaves and moss, fading into grass."""
    base = "#5f8a47"
    for y in range(TILE):
        for x in range(TILE):
            if depth[y, x] + 2 * noise(x, y, 47) <= 900:
                continue
            roll = noise(x, y, 48)
            code = (
                "#4f7a3f"
                if roll < 60
                else "#76603e"
                if roll < 78
                else "#8a7448"
                if roll < 88
                else "#74a052"
                if roll > 236
                else base
            )
            c.dot(x, y, code)


def _planks(base: str, c: Canvas) -> None:
    for row in range(4):
        y, shift = 4 * row, (0, 9, 4, 13)[row]
        shade = (0, 6, 3, 9)[row]
        c.rect(0, y, TILE, 4, dark(base, shade))
        c.rect(0, y, TILE, 1, light(dark(base, shade), 14))
        c.rect(0, y + 3, TILE, 1, dark(base, 24))
        c.rect(shift, y, 1, 3, dark(base, 24))
        c.dots(dark(base, 14), ((shift + 5) % 16, y + 1), ((shift + 6) % 16, y + 1), ((shift + 11) % 16, y + 2))


def _checks(first: str, second: str, c: Canvas) -> None:
    for y in (0, 8):
        for x in (0, 8):
            code = first if (x + y) % 16 == 0 else second
            c.rect(x, y, 8, 8, code)
            c.rect(x, y, 8, 1, light(code, 25))
            c.rect(x, y + 7, 8, 1, dark(code, 10))
            c.rect(x + 7, y, 1, 8, dark(code, 10))


def _carpet(base: str, c: Canvas) -> None:
    c.rect(0, 0, TILE, TILE, base)
    for y in range(TILE):
        for x in range(TILE):
            if (x + 2 * y) % 4 == 0:
                c.dot(x, y, dark(base, 7))
    c.dots(light(base, 22), (3, 3), (11, 11), (2, 4), (4, 4), (10, 12), (12, 12), (3, 5), (11, 13))


def _paving(c: Canvas) -> None:
    base = "#cfc4ae"
    for x, y, width, height in ((0, 0, 9, 8), (9, 0, 7, 8), (0, 8, 5, 8), (5, 8, 11, 8)):
        code = dark(base, (x * 3 + y) % 7)
        c.rect(x, y, width, height, code)
        c.rect(x, y, width, 1, light(code, 30))
        c.rect(x + width - 1, y, 1, height, dark(base, 22))
        c.rect(x, y + height - 1, width, 1, dark(base, 22))


def _shade(north: bool, west: bool, c: Canvas) -> None:
    """Draw the shadow that a wall casts on the floor below it or to the right of it."""
    if north:
        c.pixels[0:4, :] = rgb("#1c1830", 64)
        c.pixels[4, :] = rgb("#1c1830", 32)
    if west:
        c.pixels[:, 0:3] = rgb("#1c1830", 64)
        c.pixels[4 if north else 0 :, 3] = rgb("#1c1830", 32)


def _bridge(c: Canvas) -> None:
    base = "#b08454"
    for x in range(0, TILE, 4):
        c.rect(x, 0, 4, TILE, dark(base, (0, 8, 3, 10)[x // 4]))
        c.rect(x, 0, 1, TILE, light(base, 18))
        c.rect(x + 3, 0, 1, TILE, dark(base, 40))


def _flags(c: Canvas) -> None:
    base = "#a8a49c"
    for x, y, width, height in ((0, 0, 7, 7), (7, 0, 9, 7), (0, 7, 10, 9), (10, 7, 6, 9)):
        code = dark(base, (x * 5 + y * 3) % 9)
        c.rect(x, y, width, height, code)
        c.rect(x, y, width, 1, light(code, 22))
        c.rect(x + width - 1, y, 1, height, dark(base, 30))
        c.rect(x, y + height - 1, width, 1, dark(base, 30))


def _straw(c: Canvas) -> None:
    base = "#b8955a"
    c.rect(0, 0, TILE, TILE, base)
    c.speckle(0, 0, TILE, TILE, "#d8bc74", 50, 49)
    c.speckle(0, 0, TILE, TILE, "#93703f", 40, 50)
    for x, y in ((2, 4), (9, 2), (5, 11), (12, 9), (10, 14)):
        c.rect(x, y, 3, 1, "#e6d08a")


def _boards(c: Canvas) -> None:
    """Draw the planks of a jetty, which lie across its way."""
    base = "#b08454"
    for y in range(0, TILE, 4):
        c.rect(0, y, TILE, 4, dark(base, (0, 8, 3, 10)[y // 4]))
        c.rect(0, y, TILE, 1, light(base, 18))
        c.rect(0, y + 3, TILE, 1, dark(base, 45))
    c.dots(dark(base, 55), (2, 1), (13, 1), (2, 9), (13, 9))


_BLOBS: dict[str, Callable[[Canvas, NDArray[np.int64]], None]] = {
    "path": _path, "cobble": _cobble, "water": _water, "lawn": _lawn, "deep": _deep, "sand": _sand, "gravel": _gravel,
    "setts": _setts, "soil": _soil_rows, "wheat": _wheat, "crops": _crops, "meadow": _meadow, "wood": _wood,
}  # fmt: skip

_FLOORS = (
    ("planks", partial(_planks, "#cc9a62")),
    ("planks_dark", partial(_planks, "#a97c50")),
    ("planks_grey", partial(_planks, "#b5a68e")),
    ("tiles", partial(_checks, "#ece2cc", "#d3c4a6")),
    ("bath", partial(_checks, "#d9ebec", "#b4d3d8")),
    ("carpet_rose", partial(_carpet, "#d8a4a0")),
    ("carpet_red", partial(_carpet, "#a85a54")),
    ("carpet_blue", partial(_carpet, "#8ea3bc")),
    ("carpet_green", partial(_carpet, "#9db88a")),
    ("carpet_plum", partial(_carpet, "#8a6a86")),
    ("paving", _paving),
    ("flags", _flags),
    ("straw", _straw),
    ("boards", _boards),
    ("clay", partial(_checks, "#d8a27c", "#c48a66")),
    ("chess", partial(_checks, "#e6e4de", "#9aa4a6")),
    ("bridge", _bridge),
    ("shade north", partial(_shade, True, False)),
    ("shade west", partial(_shade, False, True)),
    ("shade corner", partial(_shade, True, True)),
)
