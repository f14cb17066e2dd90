"""Icons for what people do: an emoji's picture from our own sheet, since few systems have a font with emoji."""

from __future__ import annotations

import pygame
from PIL import Image

from replay.emoji import UNKNOWN, icon_numbers, icon_table
from replay.pictures import own_picture, to_surface


class Icons:
    """The sheet, and its icons in the sizes that were asked for."""

    def __init__(self) -> None:
        self._sheet = own_picture("icons.png")
        self._made: dict[tuple[int, int], pygame.Surface] = {}

    def of(self, emoji: str, size: int, most: int = 2) -> list[pygame.Surface]:
        """Return the icons of the emoji in a text, `size` pixels wide; the neutral one when none is known."""
        return [self._icon(number, size) for number in (icon_numbers(emoji) or [UNKNOWN])[:most]]

    def _icon(self, number: int, size: int) -> pygame.Surface:
        if (number, size) not in self._made:
            side, columns = icon_table().size, icon_table().columns
            row, column = divmod(number, columns)
            box = (column * side, row * side, (column + 1) * side, (row + 1) * side)
            icon = self._sheet.crop(box)
            if size != side:
                whole = icon.resize((side * 8, side * 8), Image.Resampling.NEAREST)
                icon = whole.resize((size, size), Image.Resampling.BOX)
            self._made[number, size] = to_surface(icon)
        return self._made[number, size]
