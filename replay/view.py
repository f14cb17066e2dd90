"""What a picture of a run shows: size, moment, and what the onlooker has chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import pygame

from worlds.town.map import TownMap

MIN_SIZE: Final = (480, 320)
MAX_SIZE: Final = (3840, 2400)
_BAR: Final = 46


@dataclass(frozen=True, slots=True)
class View:
    """One picture to draw: at `time` seconds, playing at `speed` simulated seconds per second.

    `followed` is the agent whose details are shown, `linger` how long lines of speech stay (see `Timeline.state`),
    `since` the time of the picture before (trails are drawn from there), `scroll` the first row of the list of people,
    `note` a remark at the picture's edge; `steady` keeps the light even within a quarter of an hour, and `still` leaves
    out what can only be used in a window.
    """

    time: float
    speed: float = 1
    playing: bool = True
    followed: int | None = None
    linger: float = 0
    since: float | None = None
    steady: bool = False
    still: bool = False
    scroll: int = 0
    help: bool = False
    note: str = ""


class Layout(NamedTuple):
    """Where the parts of a picture lie."""

    town: pygame.Rect
    panel: pygame.Rect
    bar: pygame.Rect

    @classmethod
    def of(cls, size: tuple[int, int]) -> Layout:
        """Divide a picture of `size` pixels: the town, a panel at its right, and the bar of time below."""
        width, height = size
        panel, bar = _panel_width(width), _BAR
        return cls(
            pygame.Rect(0, 0, width - panel, height - bar),
            pygame.Rect(width - panel, 0, panel, height - bar),
            pygame.Rect(0, height - bar, width, bar),
        )


def picture_size(town: TownMap, width: int) -> tuple[int, int]:
    """Return the size of a picture `width` pixels wide in which the town fills its part; neither flat nor tall."""
    height = round((width - _panel_width(width)) * town.height / town.width) + _BAR
    return width, min(max(height, width * 9 // 20), width * 3 // 4)


def _panel_width(width: int) -> int:
    return min(max(round(width * 0.25), 216), 360)


def speed_label(speed: float) -> str:
    """Return ``60x`` for a speed."""
    return f"{speed:g}×"
