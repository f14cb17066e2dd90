"""Icons for what people do: an emoji's picture from our own sheet, since few systems have a font with emoji."""

from __future__ import annotations

import json
from functools import cache
from typing import Final, NamedTuple

import pygame
from PIL import Image

from replay.pictures import DATA, own_picture, to_surface

_JOINER: Final = "\u200d"
_UNKNOWN: Final = 0
ASLEEP: Final = "sleep"
"""The name of the icon of sleep."""


def icon_name(emoji: str) -> str:
    """Return the name of the icon of an emoji, ``unknown`` when there is none."""
    return _table().names[(_numbers(emoji) or [_UNKNOWN])[0]]


def has_icon(emoji: str) -> bool:
    """Return whether at least one emoji in the text has an icon."""
    return bool(_numbers(emoji))


class Icons:
    """The sheet, and its icons in the sizes that were asked for."""

    def __init__(self) -> None:
        self._sheet = own_picture("icons.png")
        self._made: dict[tuple[int, int], pygame.Surface] = {}

    def of(self, emoji: str, size: int, most: int = 2) -> list[pygame.Surface]:
        """Return the icons of the emoji in a text, `size` pixels wide; the neutral one when none is known."""
        return [self._icon(number, size) for number in (_numbers(emoji) or [_UNKNOWN])[:most]]

    def _icon(self, number: int, size: int) -> pygame.Surface:
        if (number, size) not in self._made:
            side, columns = _table().size, _table().columns
            row, column = divmod(number, columns)
            box = (column * side, row * side, (column + 1) * side, (row + 1) * side)
            icon = self._sheet.crop(box)
            if size != side:
                whole = icon.resize((side * 8, side * 8), Image.Resampling.NEAREST)
                icon = whole.resize((size, size), Image.Resampling.BOX)
            self._made[number, size] = to_surface(icon)
        return self._made[number, size]


class _Table(NamedTuple):
    size: int
    columns: int
    names: list[str]
    emoji: dict[str, int]


@cache
def _table() -> _Table:
    return _Table(**json.loads((DATA / "icons.json").read_text(encoding="utf-8")))


def _numbers(emoji: str) -> list[int]:
    """Return the icons' numbers of the emoji in a text, in order, each once."""
    places = _table().emoji
    found: list[int] = []
    for cluster in _clusters(emoji[:64]):
        number = places.get(cluster, places.get(cluster.split(_JOINER)[0]))
        if number is not None and number not in found:
            found.append(number)
    return found


def _clusters(text: str) -> list[str]:
    """Split a text into emoji; variation selectors and skin tones are left out."""
    clusters: list[str] = []
    for character in text:
        if character in "\ufe0e\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff":
            continue
        if clusters and (character == _JOINER or clusters[-1].endswith(_JOINER)):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters
