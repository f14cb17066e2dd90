"""All sprites of the town on one sheet, and where each of them stands on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from worlds.town.art.paint import TILE, Canvas, Sprite

COLUMNS = 32


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture of tiles in COLUMNS columns, and the (column, row) of every sprite's top left tile."""

    canvas: Canvas
    sprites: dict[str, Sprite]
    places: dict[str, tuple[int, int]]

    @property
    def rows(self) -> int:
        """How many rows of tiles there are."""
        return int(self.canvas.height) // TILE

    def tile(self, name: str, dx: int = 0, dy: int = 0) -> int:
        """Return the local id of a tile of a sprite."""
        column, row = self.places[name]
        return (row + dy) * COLUMNS + column + dx

    def base(self, name: str) -> tuple[int, int]:
        """Return the width and height in tiles of what a sprite stands on."""
        sprite = self.sprites[name]
        return sprite.width, sprite.height - sprite.tall

    def save(self, path: Path) -> None:
        """Write the picture as a PNG file."""
        from PIL import Image

        Image.fromarray(self.canvas.pixels).save(path, optimize=True)


def make_sheet(sprites: Iterable[Sprite]) -> Sheet:
    """Lay the sprites out in rows from left to right; the very first tile stays empty."""
    by_name: dict[str, Sprite] = {}
    places: dict[str, tuple[int, int]] = {}
    column, row, height = 1, 0, 1
    for sprite in sprites:
        if sprite.name in by_name:
            raise ValueError(f"two sprites are called '{sprite.name}'")
        if column + sprite.width > COLUMNS or (sprite.height != height and column > 0):
            column, row, height = 0, row + height, sprite.height
        by_name[sprite.name], places[sprite.name] = sprite, (column, row)
        column += sprite.width
    canvas = Canvas(COLUMNS, row + height)
    for name, (x, y) in places.items():
        canvas.paste(by_name[name].draw(), x * TILE, y * TILE)
    return Sheet(canvas, by_name, places)
