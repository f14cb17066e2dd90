"""Which part of the map is seen, and how large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import pygame

MAX_ZOOM: Final = 8.0


@dataclass(slots=True)
class Camera:
    """Looks at the map point `centre` (in map pixels) through `viewport` (a rectangle of the window).

    `zoom` is window pixels per map pixel; None shows the whole map.
    """

    world: tuple[int, int]
    viewport: pygame.Rect
    zoom: float | None = None
    centre: tuple[float, float] | None = None

    @property
    def fitting(self) -> float:
        """The zoom at which the whole map is seen."""
        return min(self.viewport.width / self.world[0], self.viewport.height / self.world[1], MAX_ZOOM)

    @property
    def scale(self) -> float:
        """The zoom in force."""
        return self.fitting if self.zoom is None else self.zoom

    @property
    def sees_everything(self) -> bool:
        """Whether the whole map is seen."""
        return self.scale <= self.fitting

    @property
    def origin(self) -> tuple[int, int]:
        """Where the map's top left corner lies in the window; the map never leaves the viewport for no reason."""
        cx, cy = self.centre or (self.world[0] / 2, self.world[1] / 2)
        return (
            _place(self.viewport.left, self.viewport.width, self.world[0] * self.scale, cx * self.scale),
            _place(self.viewport.top, self.viewport.height, self.world[1] * self.scale, cy * self.scale),
        )

    def to_window(self, x: float, y: float) -> tuple[int, int]:
        """Return the window pixel of a point in map pixels."""
        left, top = self.origin
        return round(left + x * self.scale), round(top + y * self.scale)

    def to_map(self, x: float, y: float) -> tuple[float, float]:
        """Return the map pixel under a window pixel."""
        left, top = self.origin
        return (x - left) / self.scale, (y - top) / self.scale

    def zoomed(self, factor: float, at: tuple[int, int]) -> Self:
        """Return the camera zoomed by `factor`, keeping the map point under window pixel `at` where it is."""
        fitting = self.fitting
        zoom = min(max(self.scale * factor, fitting), max(MAX_ZOOM, fitting))
        if zoom <= fitting * 1.001:
            return type(self)(self.world, self.viewport)
        x, y = self.to_map(*at)
        middle = self.viewport.center
        centre = (x - (at[0] - middle[0]) / zoom, y - (at[1] - middle[1]) / zoom)
        return type(self)(self.world, self.viewport, zoom, centre).settled()

    def moved(self, dx: float, dy: float) -> Self:
        """Return the camera moved by window pixels."""
        x, y = self.centre or (self.world[0] / 2, self.world[1] / 2)
        return type(self)(self.world, self.viewport, self.zoom, (x + dx / self.scale, y + dy / self.scale)).settled()

    def looking_at(self, x: float, y: float) -> Self:
        """Return the camera centred on a map pixel."""
        return type(self)(self.world, self.viewport, self.zoom, (x, y)).settled()

    def settled(self) -> Self:
        """Return the camera with a centre from which nothing beyond the map is seen."""
        if self.centre is None:
            return self
        centre = tuple(
            min(max(at, half), whole - half) if 2 * half < whole else whole / 2
            for at, whole, half in zip(
                self.centre,
                self.world,
                (self.viewport.width / self.scale / 2, self.viewport.height / self.scale / 2),
                strict=True,
            )
        )
        return type(self)(self.world, self.viewport, self.zoom, (centre[0], centre[1]))


def _place(start: int, room: int, length: float, centre: float) -> int:
    if length <= room:
        return round(start + (room - length) / 2)
    return round(min(start, max(start + room / 2 - centre, start + room - length)))
