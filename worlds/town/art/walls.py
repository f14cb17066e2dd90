"""Walls seen from above and in front: a light cap, and below it the face that looks south."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from worlds.town.art.paint import TILE, Canvas, Sprite, dark, light, mix, noise

CAP = 6
"""Pixels of cap above a face."""
NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8

_STRIPS = {"left": (0, 11), "right": (5, 11)}
"""Where a wall that runs north and south stands in its tile: from, width. It stands at the side of the room."""


@dataclass(frozen=True, slots=True)
class Style:
    """The colours of one kind of wall."""

    name: str
    cap: str
    outside: str
    inside: str
    pattern: str


STYLES = (
    Style("stone", "#8c8f98", "#a3a4a6", "#e2d7bc", "stone"),
    Style("rose", "#b4765f", "#f0dcc4", "#efc9bf", "plaster"),
    Style("timber", "#6d4a34", "#f0e6ce", "#d9cfa8", "timber"),
    Style("brick", "#7d4a42", "#b8664e", "#dfcfb0", "brick"),
    Style("cream", "#7a8a78", "#f2e7cb", "#cfdcc8", "plaster"),
    Style("sandstone", "#a08a64", "#dcc08c", "#eee4cc", "stone"),
    Style("blue", "#5c7088", "#c2d4e2", "#d5dfe6", "plaster"),
    Style("ochre", "#94703e", "#e8c27a", "#f0e2bc", "plaster"),
    Style("barn", "#6a3f38", "#a8503f", "#b98a62", "boards"),
    Style("white", "#7d8288", "#f6f3ea", "#e6e0d4", "boards"),
    Style("glass", "#d5dcd6", "#bfe2e2", "#d2ecea", "panes"),
)


def wall_name(style: str, mask: int, side: str, face: str) -> str:
    """Return the name of the wall tile with walls in the directions of `mask`; `face` is "in" or "out"."""
    return f"wall {style} {mask} {side} {'in' if mask & SOUTH else face}"


def wall_sprites() -> tuple[Sprite, ...]:
    """Return the tiles of all walls."""
    found = []
    for style in STYLES:
        for mask in range(16):
            for side in _STRIPS:
                for face in ("in",) if mask & SOUTH else ("in", "out"):
                    paint = partial(_wall, style, mask, side, face)
                    found.append(Sprite(wall_name(style.name, mask, side, face), 1, 1, 0, paint))
    return tuple(found)


def _wall(style: Style, mask: int, side: str, face: str, c: Canvas) -> None:
    start, width = _STRIPS[side]
    upright = bool(mask & (NORTH | SOUTH))
    left = 0 if mask & WEST or not upright else start
    right = TILE if mask & EAST or not upright else start + width
    pattern = style.pattern if face == "out" else "paper"
    _face(c, style, pattern, left, right)
    _cap(c, style, left, 0, right - left, CAP)
    if mask & SOUTH:
        _cap(c, style, start, 0, width, TILE)
        _join(c, style, mask, start, width)
    elif mask & NORTH and not (mask & WEST and mask & EAST):
        c.rect(start + 1, 0, width - 2, 2, style.cap)
        c.rect(start, 0, 1, 2, dark(style.cap, 45))
        c.rect(start + width - 1, 0, 1, 2, dark(style.cap, 45))
    elif mask & NORTH:
        c.rect(start + 1, 0, width - 2, 2, style.cap)


def _cap(c: Canvas, style: Style, x: int, y: int, width: int, height: int) -> None:
    c.rect(x, y, width, height, style.cap)
    c.speckle(x, y, width, height, light(style.cap, 12), 40, 61)
    c.rect(x, y, width, 1, light(style.cap, 40))
    if height < TILE:
        c.rect(x, y + height - 1, width, 1, dark(style.cap, 45))
    else:
        c.rect(x, 0, 1, TILE, light(style.cap, 30))
        c.rect(x + width - 1, 0, 1, TILE, dark(style.cap, 40))


def _join(c: Canvas, style: Style, mask: int, start: int, width: int) -> None:
    """Make one surface of the caps that meet in a tile with wall below."""
    if mask & NORTH:
        c.rect(start + 1, 0, width - 2, 1, style.cap)
    if mask & WEST:
        c.rect(start, 1, 1, CAP - 2, style.cap)
    if mask & EAST:
        c.rect(start + width - 1, 1, 1, CAP - 2, style.cap)


def _face(c: Canvas, style: Style, pattern: str, left: int, right: int) -> None:
    code = style.inside if pattern == "paper" else style.outside
    c.rect(left, CAP, right - left, TILE - CAP, code)
    if pattern == "paper":
        for x in range(left + left % 4, right, 4):
            c.rect(x, CAP + 2, 1, 6, dark(code, 8))
        c.rect(left, TILE - 2, right - left, 2, dark(code, 45))
        c.rect(left, TILE - 2, right - left, 1, dark(code, 25))
    elif pattern == "brick":
        _courses(c, code, left, right, 5, 8)
    elif pattern == "stone":
        _courses(c, code, left, right, 5, 18)
    elif pattern == "timber":
        c.rect(left, TILE - 3, right - left, 2, style.cap)
        for x in (2, 13):
            if left <= x < right - 1:
                c.rect(x, CAP, 2, TILE - CAP, style.cap)
    elif pattern == "boards":
        for y in range(CAP + 3, TILE - 1, 3):
            c.rect(left, y, right - left, 1, dark(code, 18))
    elif pattern == "panes":
        for x in range(left + (4 - left) % 5, right, 5):
            c.rect(x, CAP, 1, TILE - CAP, style.cap)
        c.rect(left, TILE - 5, right - left, 1, style.cap)
        c.dots("#f4fcfc", (left + 2, CAP + 3), (left + 3, CAP + 2))
    elif pattern == "plaster":
        c.speckle(left, CAP, right - left, TILE - CAP, dark(code, 10), 40, 63)
        c.rect(left, TILE - 4, right - left, 3, mix(code, style.cap, 60))
        c.rect(left, TILE - 4, right - left, 1, mix(code, style.cap, 25))
    c.rect(left, CAP, right - left, 2, dark(code, 32))
    if pattern != "paper":
        c.rect(left, TILE - 1, right - left, 1, dark(code, 55))


def _courses(c: Canvas, code: str, left: int, right: int, long: int, spread: int) -> None:
    for y in range(CAP + 2, TILE):
        row = (y - CAP - 2) // 3
        for x in range(left, right):
            shifted = x + 2 * (row % 2)
            if (y - CAP - 2) % 3 == 2 or shifted % long == long - 1:
                c.dot(x, y, dark(code, 30))
            else:
                shade = noise(shifted // long % 3, row, 9) % spread
                c.dot(x, y, dark(code, shade))
