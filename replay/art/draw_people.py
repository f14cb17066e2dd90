"""Draws the people of the town: `python -m replay.art.draw_people [folder]` writes people.png and people.json.

A figure is 16 x 20 pixels. One row per person; in a row four headings (down, left, right, up) with three frames each:
standing, left foot forward, right foot forward. A walk shows frames 1, 0, 2, 0. people.json says the same for programs.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

DATA = Path(__file__).resolve().parent.parent / "data"
WIDTH, HEIGHT = 16, 20
HEADINGS = ("down", "left", "right", "up")
FRAMES = 3

_OUTLINE = "#33283a"
_SHOE = "#4a3640"


@dataclass(frozen=True, slots=True)
class Figure:
    """How one person looks. Hair: short, bob, long, bun, curly, bald, cap, tail; garment: shirt, dress, apron, coat."""

    name: str
    skin: str
    hair: str
    hair_color: str
    garment: str
    color: str
    trousers: str
    beard: bool = False
    glasses: bool = False


FIGURES = (
    Figure("baker", "#f2c9a2", "bun", "#8a4a2a", "apron", "#d8695c", "#5a6a8a"),
    Figure("student", "#8a5a3c", "curly", "#2c2028", "shirt", "#e8b84a", "#3f5a7a"),
    Figure("teacher", "#f6d8b8", "bob", "#c88a3a", "dress", "#5f8f6a", "#4a4450", glasses=True),
    Figure("miller", "#eab98c", "short", "#8f8a86", "coat", "#7a6a9a", "#5a4a40", beard=True),
    Figure("painter", "#d8a070", "long", "#2f2430", "shirt", "#4f9ab0", "#8a4a58"),
    Figure("farmer", "#c98a5a", "cap", "#5a8a4a", "shirt", "#c8563c", "#4f6488"),
    Figure("librarian", "#f4d0b0", "bun", "#b8b4b0", "dress", "#9a5a86", "#4a4450", glasses=True),
    Figure("landlord", "#e8b48a", "bald", "#7a4a30", "apron", "#4a7a58", "#4a3a38", beard=True),
    Figure("musician", "#6f4630", "short", "#221a20", "coat", "#b8483f", "#33384a"),
    Figure("girl", "#f8d6b6", "tail", "#d8a83c", "dress", "#e88aa0", "#6a7ab0"),
    Figure("boy", "#e6b088", "short", "#7a4526", "shirt", "#5fa8d8", "#7a5a3a"),
    Figure("grandmother", "#f0cdb0", "curly", "#e0dcd8", "dress", "#6a86b8", "#4a4450"),
    Figure("postman", "#b87a4e", "cap", "#2f4a86", "coat", "#3f6ab0", "#2f3a5a"),
    Figure("gardener", "#f2c6a0", "tail", "#a8482c", "shirt", "#8ab04a", "#6a5a48"),
    Figure("doctor", "#a06a44", "bob", "#2a2026", "coat", "#f0efe8", "#5a7a8a", glasses=True),
    Figure("fisherman", "#eebc94", "short", "#c8c0b8", "shirt", "#e8dcc0", "#3f5a6a", beard=True),
    Figure("farmer's wife", "#f0c4a0", "bob", "#b0562e", "apron", "#7a9a4a", "#5a4a58"),
    Figure("schoolgirl", "#f2caa6", "tail", "#7a4a2c", "shirt", "#7a62b0", "#3f4a6a"),
    Figure("old farmer", "#ecc4a4", "bun", "#eae6e2", "coat", "#8a5a6a", "#4a4450"),
    Figure("smith", "#d8a27a", "bald", "#3a2a26", "apron", "#5a5a66", "#3a3a44", beard=True),
    Figure("postmistress", "#f4d2b2", "curly", "#a8642e", "coat", "#b83f44", "#33405a"),
    Figure("drummer", "#e8b890", "curly", "#c8923c", "shirt", "#33333f", "#5a6a8a"),
    Figure("weaver", "#f2d2b8", "bob", "#d4d0cc", "dress", "#c07a9a", "#4a4450", glasses=True),
    Figure("clerk", "#f0cdb0", "short", "#6a625e", "coat", "#4a5568", "#33384a", glasses=True),
    Figure("shopkeeper", "#c68e62", "long", "#3a2620", "apron", "#d8923c", "#5a4a40"),
    Figure("station master", "#b07c50", "cap", "#2f3a44", "coat", "#37474f", "#2a323a", beard=True),
    Figure("innkeeper", "#f2c8a4", "bun", "#c8622c", "dress", "#4f8a7a", "#4a4450"),
    Figure("organist", "#94603e", "short", "#8f8a88", "shirt", "#7a8a5a", "#4a4038", glasses=True),
    Figure("waitress", "#f6d4b4", "long", "#e0b45a", "apron", "#5f8fc0", "#4a4450"),
    Figure("potter", "#c08a5e", "curly", "#3a2a24", "shirt", "#b86a44", "#6a6a72", beard=True),
)


class _Stamp:
    """One frame: a grid of colours, "" where nothing is."""

    def __init__(self) -> None:
        self.rows = [[""] * WIDTH for _ in range(HEIGHT)]

    def rect(self, x: int, y: int, width: int, height: int, code: str) -> None:
        for row in range(y, y + height):
            for column in range(x, x + width):
                self.rows[row][column] = code

    def dots(self, code: str, *places: tuple[int, int]) -> None:
        for x, y in places:
            self.rows[y][x] = code

    def mirrored(self) -> _Stamp:
        other = _Stamp()
        other.rows = [list(reversed(row)) for row in self.rows]
        return other

    def pixels(self) -> NDArray[np.uint8]:
        """Return [HEIGHT, WIDTH, 4] with a dark outline around the figure."""
        found = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
        for y in range(HEIGHT):
            for x in range(WIDTH):
                code = self.rows[y][x] or (_OUTLINE if self._beside(x, y) else "")
                if code:
                    found[y, x] = (*_rgb(code), 255)
        return found

    def _beside(self, x: int, y: int) -> bool:
        around = ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))
        return any(0 <= cx < WIDTH and 0 <= cy < HEIGHT and self.rows[cy][cx] for cx, cy in around)


def draw() -> tuple[NDArray[np.uint8], str]:
    """Return the sheet [rows, columns, 4] and the text of people.json."""
    columns = len(HEADINGS) * FRAMES
    sheet = np.zeros((len(FIGURES) * HEIGHT, columns * WIDTH, 4), np.uint8)
    for row, figure in enumerate(FIGURES):
        for index, heading in enumerate(HEADINGS):
            for frame in range(FRAMES):
                x = (index * FRAMES + frame) * WIDTH
                sheet[row * HEIGHT : (row + 1) * HEIGHT, x : x + WIDTH] = _frame(figure, heading, frame).pixels()
    layout = {
        "image": "people.png",
        "width": WIDTH,
        "height": HEIGHT,
        "headings": HEADINGS,
        "frames": FRAMES,
        "walk": [1, 0, 2, 0],
        "people": [figure.name for figure in FIGURES],
    }
    return sheet, json.dumps(layout, indent=1) + "\n"


def main(folder: Path = DATA) -> None:
    """Write both files to a folder."""
    sheet, layout = draw()
    Image.fromarray(sheet).save(folder / "people.png", optimize=True)
    (folder / "people.json").write_text(layout, encoding="utf-8", newline="\n")


def _frame(figure: Figure, heading: str, frame: int) -> _Stamp:
    stamp = _Stamp()
    if heading == "right":
        return _frame(figure, "left", frame).mirrored()
    _legs(stamp, figure, heading, frame)
    _body(stamp, figure, heading, frame)
    _head(stamp, figure, heading)
    return stamp


def _legs(s: _Stamp, figure: Figure, heading: str, frame: int) -> None:
    cloth = figure.trousers if figure.garment != "dress" else figure.skin
    if heading == "left":
        for x, lift in {0: ((6, 0), (8, 0)), 1: ((5, 0), (9, 1)), 2: ((9, 0), (5, 1))}[frame]:
            s.rect(x, 15, 2, 3 - lift, cloth)
            s.rect(x - (lift == 0), 17 - lift, 2 + (lift == 0), 1, _SHOE)
        return
    for x, lift in {0: ((5, 0), (9, 0)), 1: ((5, 0), (9, 1)), 2: ((5, 1), (9, 0))}[frame]:
        s.rect(x, 15, 2, 3 - lift, cloth)
        s.rect(x, 17 - lift, 2, 1, _SHOE)


def _body(s: _Stamp, figure: Figure, heading: str, frame: int) -> None:
    color, shade, lit = figure.color, _mix(figure.color, "#2a2040", 28), _mix(figure.color, "#fff6d8", 28)
    swing = {0: 0, 1: 1, 2: -1}[frame]
    if heading == "left":
        s.rect(5, 10, 6, 5, color)
        s.rect(9, 10, 2, 5, shade)
        s.rect(7 + swing, 11, 2, 3, lit)
        s.rect(7 + swing, 14, 2, 1, figure.skin)
    else:
        s.rect(4, 10, 8, 5, color)
        s.rect(4, 10, 8, 1, lit)
        s.rect(4, 14, 8, 1, shade)
        for x, drop in ((3, max(0, swing)), (12, max(0, -swing))):
            s.rect(x, 11, 1, 3 - drop, shade)
            s.rect(x, 14 - drop, 1, 1, figure.skin)
    if figure.garment == "dress":
        s.rect(4, 14, 8, 2, color)
        s.rect(4, 16, 8, 1, shade)
    elif figure.garment == "coat":
        s.rect(4 if heading != "left" else 5, 14, 8 if heading != "left" else 6, 2, color)
        if heading == "down":
            s.rect(7, 10, 2, 6, shade)
            s.dots("#f4ead8", (7, 10), (8, 10))
    elif figure.garment == "apron" and heading != "up":
        s.rect(5, 11, 6 if heading == "down" else 2, 5, "#f4efe4")
        s.rect(5, 15, 6 if heading == "down" else 2, 1, "#cfc8ba")
    elif figure.garment == "shirt" and heading == "down":
        s.dots(figure.skin, (7, 10), (8, 10))


def _head(s: _Stamp, figure: Figure, heading: str) -> None:
    skin, shade = figure.skin, _mix(figure.skin, "#7a3a30", 22)
    s.rect(4, 3, 8, 7, skin)
    s.rect(5, 2, 6, 1, skin)
    if heading == "down":
        s.dots(_OUTLINE, (6, 6), (9, 6), (6, 7), (9, 7))
        s.dots(_mix(skin, "#e0605a", 35), (5, 8), (10, 8))
        s.dots(shade, (7, 9), (8, 9))
    elif heading == "left":
        s.dots(_OUTLINE, (5, 6), (5, 7))
        s.dots(_mix(skin, "#e0605a", 35), (6, 8))
    _beard(s, figure, heading)
    if figure.glasses and heading == "down":
        s.dots(_mix(skin, "#40506a", 70), (5, 7), (7, 7), (8, 7), (10, 7))
        s.dots("#dff0f4", (5, 6), (7, 6), (8, 6), (10, 6))
    _hair(s, figure, heading)


def _beard(s: _Stamp, figure: Figure, heading: str) -> None:
    if not figure.beard or heading == "up":
        return
    if heading == "down":
        s.rect(4, 8, 8, 2, figure.hair_color)
        s.dots(_mix(figure.skin, "#7a3a30", 40), (7, 8), (8, 8))
    else:
        s.rect(4, 8, 5, 2, figure.hair_color)


def _hair(s: _Stamp, figure: Figure, heading: str) -> None:
    code = figure.hair_color
    lit, shade = _mix(code, "#fff0d0", 25), _mix(code, "#2a1a30", 30)
    if figure.hair == "bald":
        s.dots(_mix(figure.skin, "#ffffff", 45), (6, 3), (7, 3))
        if heading != "down":
            s.rect(9 if heading == "left" else 4, 6, 3 if heading == "left" else 8, 2, code)
        return
    s.rect(5, 1, 6, 1, code)
    s.rect(4, 2, 8, 3, code)
    s.rect(5, 2, 4, 1, lit)
    if heading == "up":
        s.rect(4, 4, 8, 4, code)
        s.rect(4, 7, 8, 1, shade)
    elif heading == "left":
        s.rect(8, 3, 4, 5, code)
        s.rect(10, 5, 2, 3, shade)
    else:
        s.dots(code, (4, 5), (11, 5))
    _style(s, figure.hair, heading, code, shade)


def _style(s: _Stamp, hair: str, heading: str, code: str, shade: str) -> None:
    if hair in ("long", "bob"):
        bottom = 12 if hair == "long" else 9
        if heading == "up":
            s.rect(4, 5, 8, bottom - 5, code)
            s.rect(4, bottom - 1, 8, 1, shade)
        elif heading == "left":
            s.rect(9, 5, 3, bottom - 5, code)
        else:
            s.rect(3, 4, 2, bottom - 4, code)
            s.rect(11, 4, 2, bottom - 4, code)
    elif hair == "bun":
        s.rect(6 if heading != "left" else 9, 0, 4 if heading != "left" else 3, 2, shade)
    elif hair == "curly":
        s.rect(3, 2, 10, 3, code)
        s.dots(code, (3, 5), (12, 5), (5, 0), (7, 0), (9, 0), (3, 6), (12, 6))
        s.dots(shade, (5, 3), (8, 2), (10, 4), (4, 4))
    elif hair == "tail":
        if heading == "left":
            s.rect(11, 4, 2, 6, code)
        elif heading == "up":
            s.rect(7, 4, 2, 8, shade)
        else:
            s.rect(12, 4, 1, 5, code)
            s.rect(3, 4, 1, 5, code)
    elif hair == "cap":
        s.rect(4, 4, 8, 1, shade)
        if heading == "down":
            s.rect(3, 4, 10, 1, shade)
        elif heading == "left":
            s.rect(2, 4, 4, 1, shade)


def _rgb(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def _mix(first: str, second: str, percent: int) -> str:
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent + 50) // 100:02x}" for a, b in pairs)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
