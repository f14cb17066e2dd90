"""The people's sprites, cut from the sheet that replay/art/draw_people.py draws."""

from __future__ import annotations

import json
from typing import Final

import pygame
from PIL import Image
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from replay.pictures import DATA, own_picture, to_surface
from replay.tracks import Heading

TILES_HIGH: Final = 1.5
"""How many tiles a figure is high: a little more than drawn, since people matter more than furniture."""

_STEPS_PER_TILE: Final = 2
_FINE: Final = 6


@dataclass(frozen=True)
class _Sheet:
    """The contents of people.json; lengths in pixels."""

    image: str
    width: int
    height: int
    headings: list[str]
    frames: int
    walk: list[int]
    people: list[str]


class People:
    """Figures by number (any whole number; there are fewer looks than people), in the sizes that were asked for."""

    def __init__(self) -> None:
        self._sheet = TypeAdapter(_Sheet).validate_python(json.loads((DATA / "people.json").read_text("utf-8")))
        self._picture = own_picture(self._sheet.image)
        self._made: dict[tuple[int, ...], pygame.Surface] = {}

    def frame(self, figure: int, heading: Heading, way: float | None, height: int) -> pygame.Surface:
        """Return a figure `height` pixels high; `way` is the tiles walked so far, None for somebody who stands."""
        walk = self._sheet.walk
        frame = 0 if way is None else walk[int(way * _STEPS_PER_TILE) % len(walk)]
        key = (figure % len(self._sheet.people), heading, frame, height)
        if key not in self._made:
            self._made[key] = to_surface(_resized(self._cut(*key[:3]), height))
        return self._made[key]

    def face(self, figure: int, size: int) -> pygame.Surface:
        """Return the upper part of a figure, `size` pixels high and wide."""
        key = (figure % len(self._sheet.people), size)
        if key not in self._made:
            self._made[key] = to_surface(_resized(self._cut(key[0], 0, 0).crop((0, 0, 16, 16)), size))
        return self._made[key]

    def _cut(self, figure: int, heading: int, frame: int) -> Image.Image:
        sheet = self._sheet
        column = sheet.headings.index(Heading(heading).name.lower()) * sheet.frames + frame
        left, top = column * sheet.width, figure * sheet.height
        return self._picture.crop((left, top, left + sheet.width, top + sheet.height))


def _resized(picture: Image.Image, height: int) -> Image.Image:
    """Return pixel art `height` pixels high, sharp and with its shape kept."""
    width = max(1, round(picture.width * height / picture.height))
    whole = picture.resize((picture.width * _FINE, picture.height * _FINE), Image.Resampling.NEAREST)
    return whole.resize((width, height), Image.Resampling.BOX)
