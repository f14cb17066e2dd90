"""Draws the icon sheet: what somebody does, as pixel art of 16 by 16.

``python -m replay.art.draw_icons`` makes icons.png and icons.json of replay/data/icons.txt, always the same bytes. An
icon is a line of shapes; a dark outline is added around all of them, so that it is readable on any ground.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw

DATA = Path(__file__).parent.parent / "data"
SIZE = 16
COLUMNS = 8

_COLOURS = {
    "k": "#3a2e39", "w": "#fbf7ec", "g": "#9aa0aa", "s": "#d3d8de", "b": "#4f8fd9", "c": "#9edcf0", "n": "#33508f",
    "r": "#d9483b", "o": "#ea8f38", "y": "#f6d251", "l": "#93c94e", "f": "#4c8c3f", "t": "#e3b982", "B": "#8f5f38",
    "p": "#f3a0b5", "v": "#9468c8", "h": "#f4c9a0",
}  # fmt: skip
_OUTLINE = "#33283a"


class _Recipe(NamedTuple):
    name: str
    emoji: str
    shapes: str


def draw() -> tuple[bytes, bytes]:
    """Return the bytes of icons.png, and of icons.json: the size, and the sheet's place for every emoji."""
    recipes = _recipes()
    rows = -(-len(recipes) // COLUMNS)
    sheet = _blank(COLUMNS * SIZE, rows * SIZE)
    places = {}
    for number, recipe in enumerate(recipes):
        row, column = divmod(number, COLUMNS)
        sheet.paste(_icon(recipe.shapes), (column * SIZE, row * SIZE))
        for emoji in _graphemes(recipe.emoji):
            places[emoji] = number
    table = {"size": SIZE, "columns": COLUMNS, "names": [recipe.name for recipe in recipes], "emoji": places}
    png = io.BytesIO()
    # Stored, not deflated: every version of zlib then writes the same bytes.
    sheet.save(png, "PNG", transparency=0, compress_level=0)
    text = json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return png.getvalue(), text.encode("utf-8")


def _recipes() -> list[_Recipe]:
    text = (DATA / "icons.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    heads = (head.split() for head in lines[::2])
    return [_Recipe(name, emoji, shapes) for (name, emoji), shapes in zip(heads, lines[1::2], strict=True)]


def _blank(width: int, height: int) -> Image.Image:
    picture = Image.new("P", (width, height), 0)
    picture.putpalette([part for colour in ("#000000", _OUTLINE, *_COLOURS.values()) for part in _rgb(colour)])
    return picture


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def _icon(shapes: str) -> Image.Image:
    icon = _blank(SIZE, SIZE)
    pen = ImageDraw.Draw(icon)
    inks = {letter: number for number, letter in enumerate(_COLOURS, 2)}
    for shape in shapes.split(";"):
        kind, colour, *numbers = shape.split()
        points = [int(number) for number in numbers]
        if kind == "r":
            pen.rectangle(points, fill=inks[colour])
        elif kind == "e":
            pen.ellipse(points, fill=inks[colour])
        elif kind == "l":
            pen.line(points, fill=inks[colour])
        elif kind == "p":
            pen.polygon(points, fill=inks[colour])
        else:
            pen.point(points, fill=inks[colour])
    _outline(icon, pen)
    return icon


def _outline(icon: Image.Image, pen: ImageDraw.ImageDraw) -> None:
    filled = {(i % SIZE, i // SIZE) for i, ink in enumerate(icon.tobytes()) if ink}
    for x in range(SIZE):
        for y in range(SIZE):
            if (x, y) not in filled and {(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)} & filled:
                pen.point((x, y), fill=1)


def _graphemes(emojis: str) -> list[str]:
    """Split a text into emoji: a joiner (U+200D) binds two characters, and U+FE0F is left out."""
    found: list[str] = []
    for character in emojis.replace("\ufe0f", ""):
        if found and (character == "\u200d" or found[-1].endswith("\u200d")):
            found[-1] += character
        else:
            found.append(character)
    return found


def main(folder: Path) -> None:
    """Write both files into `folder`."""
    png, table = draw()
    (folder / "icons.png").write_bytes(png)
    (folder / "icons.json").write_bytes(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
