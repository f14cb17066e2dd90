"""A small canvas for pixel art. Everything is integer arithmetic on an array, so a drawing is the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TILE = 16
"""Side of a tile in pixels."""

Color = tuple[int, int, int, int]
Pixels = NDArray[np.uint8]
"""[height, width, 4], red, green, blue, alpha."""

OUTLINE = "#3a2c34"


def rgb(code: str, alpha: int = 255) -> Color:
    """Return the colour of "#rrggbb"."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16), alpha


def mix(first: str, second: str, percent: int) -> str:
    """Return `first` with so many percent of `second` in it."""
    a, b = rgb(first), rgb(second)
    parts = [(x * (100 - percent) + y * percent + 50) // 100 for x, y in zip(a[:3], b[:3], strict=True)]
    return "#" + "".join(f"{part:02x}" for part in parts)


def dark(code: str, percent: int = 25) -> str:
    """Return a colour in the shade: darker, a little bluer."""
    return mix(code, "#221c38", percent)


def light(code: str, percent: int = 25) -> str:
    """Return a colour in the sun: lighter, a little warmer."""
    return mix(code, "#fff6d8", percent)


def noise(x: int, y: int, seed: int = 0) -> int:
    """Return a number from 0 to 255 that depends on the place only."""
    value = (x * 374761393 + y * 668265263 + seed * 2246822519) & 0xFFFFFFFF
    value = ((value ^ (value >> 13)) * 1274126177) & 0xFFFFFFFF
    return (value ^ (value >> 16)) & 255


class Canvas:
    """A picture of `width` x `height` tiles, transparent at first. Coordinates in pixels; the rest is cut off."""

    def __init__(self, width: int, height: int) -> None:
        self.pixels: Pixels = np.zeros((height * TILE, width * TILE, 4), np.uint8)
        self.height, self.width = self.pixels.shape[:2]

    def dot(self, x: int, y: int, code: str) -> None:
        """Colour one pixel."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self.pixels[y, x] = rgb(code)

    def dots(self, code: str, *places: tuple[int, int]) -> None:
        """Colour several pixels."""
        for x, y in places:
            self.dot(x, y, code)

    def rect(self, x: int, y: int, width: int, height: int, code: str) -> None:
        """Fill a rectangle."""
        self.pixels[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = rgb(code)

    def frame(self, x: int, y: int, width: int, height: int, code: str) -> None:
        """Draw the border of a rectangle, one pixel thick."""
        self.rect(x, y, width, 1, code)
        self.rect(x, y + height - 1, width, 1, code)
        self.rect(x, y, 1, height, code)
        self.rect(x + width - 1, y, 1, height, code)

    def round_frame(self, x: int, y: int, width: int, height: int, code: str) -> None:
        """Draw the border of a rectangle without its corner pixels."""
        self.rect(x + 1, y, width - 2, 1, code)
        self.rect(x + 1, y + height - 1, width - 2, 1, code)
        self.rect(x, y + 1, 1, height - 2, code)
        self.rect(x + width - 1, y + 1, 1, height - 2, code)

    def clear(self, x: int, y: int, width: int = 1, height: int = 1) -> None:
        """Make a rectangle transparent again."""
        self.pixels[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = 0

    def disc(self, cx2: int, cy2: int, width: int, height: int, code: str) -> None:
        """Fill an ellipse whose centre is (cx2 / 2, cy2 / 2) pixels, `width` x `height` pixels in size."""
        if width <= 0 or height <= 0:
            return
        ys, xs = np.mgrid[0 : self.height, 0 : self.width]
        dx, dy = 2 * xs + 1 - cx2, 2 * ys + 1 - cy2
        inside = dx * dx * height * height + dy * dy * width * width <= width * width * height * height
        self.pixels[inside] = rgb(code)

    def shadow(self, cx2: int, cy2: int, width: int, height: int, alpha: int = 60) -> None:
        """Lay a soft shadow on the ground: an ellipse as in `disc`, drawn only where nothing is yet."""
        ys, xs = np.mgrid[0 : self.height, 0 : self.width]
        dx, dy = 2 * xs + 1 - cx2, 2 * ys + 1 - cy2
        inside = dx * dx * height * height + dy * dy * width * width <= width * width * height * height
        self.pixels[inside & (self.pixels[..., 3] == 0)] = rgb("#1c1830", alpha)

    def speckle(self, x: int, y: int, width: int, height: int, code: str, per_256: int, seed: int = 0) -> None:
        """Colour some of the pixels of a rectangle that are not transparent."""
        for row in range(max(0, y), min(self.height, y + height)):
            for column in range(max(0, x), min(self.width, x + width)):
                if self.pixels[row, column, 3] == 255 and noise(column, row, seed) < per_256:
                    self.pixels[row, column] = rgb(code)

    def outline(self, code: str = OUTLINE) -> None:
        """Draw a line around all that is opaque, on its outermost pixels' outer side."""
        solid = self.pixels[..., 3] == 255
        near = np.zeros_like(solid)
        near[1:] |= solid[:-1]
        near[:-1] |= solid[1:]
        near[:, 1:] |= solid[:, :-1]
        near[:, :-1] |= solid[:, 1:]
        self.pixels[near & ~solid] = rgb(code)

    def block(self, x: int, y: int, width: int, top: int, front: int, code: str) -> None:
        """Draw a solid thing seen from above and in front: `top` pixels of lit top, `front` pixels of shaded front."""
        self.rect(x, y, width, top, code)
        self.rect(x, y, width, 1, light(code, 35))
        self.rect(x, y + top, width, front, dark(code, 28))
        self.rect(x, y + top, width, 1, dark(code, 12))
        self.frame(x, y, width, top + front, dark(code, 70))

    def paste(self, other: Canvas, x: int, y: int) -> None:
        """Copy another canvas over this one, its transparent pixels left out (no blending)."""
        part = self.pixels[y : y + other.height, x : x + other.width]
        seen = other.pixels[: part.shape[0], : part.shape[1], 3] > 0
        part[seen] = other.pixels[: part.shape[0], : part.shape[1]][seen]


Painter = Callable[[Canvas], None]


@dataclass(frozen=True, slots=True)
class Sprite:
    """A named picture of whole tiles. Its top `tall` rows stand above its base and hide people behind it."""

    name: str
    width: int
    height: int
    tall: int
    paint: Painter

    def draw(self) -> Canvas:
        """Return the picture."""
        canvas = Canvas(self.width, self.height)
        self.paint(canvas)
        return canvas
