"""A map under construction: layers of sprite tiles and blocked tiles."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from worlds.town.art.plan import Ground, Room, Thing
from worlds.town.art.sheet import Sheet
from worlds.town.places import Rect, Tile

LAYERS = (
    "Ground", "Lawn", "Paths", "Shade", "Details", "Walls", "Furniture", "Decor", "Overhead", "Overhead 2",
    "Overhead 3", "Collisions",
)  # fmt: skip
_ABOVE = ("Overhead", "Overhead 2", "Overhead 3")


class Sketch:
    """Tiles by layer, [height, width] global ids, 0 where there is nothing."""

    def __init__(self, sheet: Sheet, width: int, height: int) -> None:
        self.sheet, self.width, self.height = sheet, width, height
        self.layers: dict[str, NDArray[np.int64]] = {name: np.zeros((height, width), np.int64) for name in LAYERS}

    def tile(self, layer: str, name: str, x: int, y: int, dx: int = 0, dy: int = 0) -> None:
        """Set one tile to a part of a sprite."""
        self.layers[layer][y, x] = self.sheet.tile(name, dx, dy) + 1

    def sprite(self, name: str, x: int, y: int, layers: Iterable[str] = ("Furniture", "Decor")) -> Rect:
        """Put a sprite with its base at (x, y) and return the base; each tile takes the first free layer."""
        sprite = self.sheet.sprites[name]
        for dy in range(sprite.height):
            for dx in range(sprite.width):
                at = (x + dx, y + dy - sprite.tall)
                if 0 <= at[0] < self.width and 0 <= at[1] < self.height:
                    self._first_free(_ABOVE if dy < sprite.tall else layers, name, at, (dx, dy))
        return Rect(x, y, sprite.width, sprite.height - sprite.tall)

    def block(self, tiles: Iterable[Tile]) -> None:
        """Make tiles impassable."""
        for x, y in tiles:
            self.tile("Collisions", "blocked", x, y)

    def free(self, x: int, y: int) -> bool:
        """Return whether nothing but ground lies at a tile."""
        return all(self.layers[name][y, x] == 0 for name in LAYERS[2:] if not name.startswith("Overhead"))

    def has_room(self, name: str, x: int, y: int) -> bool:
        """Return whether a sprite with its base at (x, y) fits: on free ground, and below few tree tops."""
        sprite = self.sheet.sprites[name]
        for dy in range(sprite.height):
            for dx in range(sprite.width):
                at = (x + dx, y + dy - sprite.tall)
                inside = 0 <= at[0] < self.width and 0 <= at[1] < self.height
                if dy >= sprite.tall and not (inside and self.free(*at)):
                    return False
                if dy < sprite.tall and inside and self.layers[_ABOVE[-1]][at[1], at[0]]:
                    return False
        return True

    def _first_free(self, layers: Iterable[str], name: str, at: Tile, part: Tile) -> None:
        for layer in layers:
            if self.layers[layer][at[1], at[0]] == 0:
                self.tile(layer, name, *at, *part)
                return
        raise ValueError(f"no layer is free for '{name}' at {at}")


def address(town: str, ground: Ground, room: Room, thing: Thing) -> str:
    """Return the address of an object in the plan."""
    return ":".join((town, ground.name, room.name, thing.name))
