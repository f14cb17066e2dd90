"""The light of the day over a picture of the town, and lamps around those who are awake at night."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import pygame

from replay.clock import Colour

_LAMP: Final = (255, 226, 176)


def shed(
    surface: pygame.Surface, area: pygame.Rect, light: Colour, lamps: Iterable[tuple[int, int]], reach: int
) -> None:
    """Tint `area` with the light of the day; `lamps` are points around which it is brighter."""
    if light == (255, 255, 255):
        return
    shade = pygame.Surface(area.size, 0, 32)
    shade.fill(light)
    glow = _lamp(max(4, reach), light)
    for x, y in lamps:
        corner = (x - area.left - glow.get_width() // 2, y - area.top - glow.get_height() // 2)
        shade.blit(glow, corner, special_flags=pygame.BLEND_RGB_MAX)
    surface.blit(shade, area, special_flags=pygame.BLEND_RGB_MULT)


@lru_cache(maxsize=32)
def _lamp(reach: int, light: Colour) -> pygame.Surface:
    """Return a round lamp that fades into the light around it."""
    glow = pygame.Surface((2 * reach, 2 * reach), 0, 32)
    glow.fill(light)
    steps = 24
    for step in range(steps):
        part = ((step + 1) / steps) ** 1.5
        colour = [
            round(dark + (bright - dark) * part) if bright > dark else dark
            for dark, bright in zip(light, _LAMP, strict=True)
        ]
        pygame.draw.circle(glow, colour, (reach, reach), round(reach * (1 - step / steps)))
    return glow
