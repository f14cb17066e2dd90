"""Which icon of our sheet an emoji has. Knows only names and numbers; `replay.icons` draws."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

ASLEEP: Final = "sleep"
WALKING: Final = "walk"
TALKING: Final = "talk"
"""Names of icons that say more than what somebody does."""
UNKNOWN: Final = 0
"""The number of the neutral icon."""

_JOINER: Final = "\u200d"
_FILE: Final = Path(__file__).parent / "data" / "icons.json"


def icon_name(emoji: str) -> str:
    """Return the name of the first icon for the emoji in a text, ``unknown`` when there is none."""
    return icon_table().names[(icon_numbers(emoji) or [UNKNOWN])[0]]


def has_icon(emoji: str) -> bool:
    """Return whether at least one emoji in the text has an icon."""
    return bool(icon_numbers(emoji))


class IconTable(NamedTuple):
    """The contents of icons.json: an icon's side in pixels, icons in a row, names by number, numbers by emoji."""

    size: int
    columns: int
    names: list[str]
    emoji: dict[str, int]


@cache
def icon_table() -> IconTable:
    """Return the table of our sheet, read once."""
    return IconTable(**json.loads(_FILE.read_text(encoding="utf-8")))


def icon_numbers(emoji: str) -> list[int]:
    """Return the icons' numbers of the emoji in a text, in order, each once."""
    places = icon_table().emoji
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
