"""The whole town in a corner of a picture that shows a part of it: where that part lies, and where everybody is."""

from __future__ import annotations

from typing import Final

import pygame

from replay.camera import Camera
from replay.clock import Colour
from replay.ground import Ground
from replay.moment import Moment
from replay.theme import ACCENT, NIGHT, TALK

_PART: Final = 0.24
"""Of the width of the town's part of the picture."""
_WIDEST: Final = 240
_GAP: Final = 12
_PERSON: Final[Colour] = (255, 255, 255)


class MiniMap:
    """Draws the small map, and tells which point of the town lies under a pixel of it."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._picture: pygame.Surface | None = None

    def box(self, area: pygame.Rect) -> pygame.Rect:
        """Return where it lies in the town's part of a picture: at the lower left."""
        width = min(_WIDEST, round(area.width * _PART))
        height = max(1, round(width * self._ground.size[1] / self._ground.size[0]))
        return pygame.Rect(area.left + _GAP, area.bottom - _GAP - height, width, height)

    def point_at(self, camera: Camera, at: tuple[int, int]) -> tuple[float, float] | None:
        """Return the map pixel under a window pixel on the small map; None beside it, and when it is not shown."""
        box = self.box(camera.viewport)
        if camera.sees_everything or not box.collidepoint(at):
            return None
        scale = self._ground.size[0] / box.width
        return (at[0] - box.left) * scale, (at[1] - box.top) * scale

    def draw(self, surface: pygame.Surface, camera: Camera, moment: Moment, light: Colour) -> None:
        """Draw it, unless the camera sees the whole town anyway."""
        if camera.sees_everything:
            return
        box = self.box(camera.viewport)
        surface.fill(NIGHT, box.inflate(6, 6))
        picture = self._scaled(box.size).copy()
        picture.fill(light, special_flags=pygame.BLEND_RGB_MULT)
        surface.blit(picture, box)
        scale = box.width / self._ground.size[0]
        left, top = camera.to_map(*camera.viewport.topleft)
        right, bottom = camera.to_map(*camera.viewport.bottomright)
        seen = pygame.Rect(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale)
        pygame.draw.rect(surface, ACCENT, seen.move(box.topleft).clip(box), 1)
        for person in (person for person in moment.people if person.tile is not None):
            x, y = ((value + 0.5) * self._ground.tile * scale for value in person.point)
            dot = (round(box.left + x), round(box.top + y))
            pygame.draw.circle(surface, NIGHT, dot, 3)
            pygame.draw.circle(surface, TALK if person.partners else _PERSON, dot, 2)

    def _scaled(self, size: tuple[int, int]) -> pygame.Surface:
        if self._picture is None or self._picture.get_size() != size:
            whole = self._ground.below.copy()
            if self._ground.above is not None:
                whole.blit(self._ground.above, (0, 0))
            self._picture = pygame.transform.smoothscale(whole, size)
        return self._picture
