"""The people's sprites."""

from __future__ import annotations

import pygame

from replay.tracks import Heading


class People:
    """Placeholder."""

    tiles_high = 1.25

    def frame(self, figure: int, heading: Heading, phase: float, height: int) -> pygame.Surface:
        """Return a frame."""
        s = pygame.Surface((16, 20), pygame.SRCALPHA, 32)
        c = pygame.Color(0)
        c.hsva = (figure * 67 % 360, 60, 80, 100)
        pygame.draw.rect(s, c, (4, 9, 8, 7))
        pygame.draw.rect(s, (60, 60, 90), (5, 15, 6, 4))
        pygame.draw.circle(s, (240, 200, 160), (8, 5), 4)
        return pygame.transform.scale(s, (height * 16 // 20, height))

    def face(self, figure: int, size: int) -> pygame.Surface:
        """Return a face."""
        return self.frame(figure, Heading.DOWN, 0, size)
