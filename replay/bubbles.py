"""Speech bubbles, action bubbles and name labels, placed so that they hide little and stay on the picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pygame

from replay.emoji import has_icon
from replay.icons import Icons
from replay.theme import INK, PAPER, Fonts, rounded

_SHADOW: Final = (20, 16, 30, 70)
_EDGE: Final = (92, 84, 104)
_PILL: Final = (28, 24, 40, 170)
_PILL_LIT: Final = (214, 148, 30, 235)


@dataclass(slots=True)
class Board:
    """What has been placed so far, and where things may go."""

    area: pygame.Rect
    taken: list[pygame.Rect] = field(default_factory=list)

    def place(self, size: tuple[int, int], corners: list[tuple[int, int]]) -> pygame.Rect:
        """Return the rectangle of `size` that hides least, at one of `corners` (best first), and mark it as taken."""
        best, least = None, 0
        for corner in corners:
            rect = pygame.Rect(corner, size).clamp(self.area)
            hidden = sum(_area(rect.clip(other)) for other in self.taken)
            if best is None or hidden < least:
                best, least = rect, hidden
            if not hidden:
                break
        rect = best if best is not None else pygame.Rect(self.area.topleft, size)
        self.taken.append(rect)
        return rect


def draw_name(surface: pygame.Surface, fonts: Fonts, name: str, foot: tuple[int, int], lit: bool, board: Board) -> None:
    """Write a name below the window pixel `foot`."""
    label = fonts.render(name, 11, (255, 255, 255), True)
    size = (label.get_width() + 8, label.get_height() + 1)
    x, y = foot[0] - size[0] // 2, foot[1] + 1
    aside = size[0] * 2 // 3
    corners = [(x + dx, y + dy * size[1]) for dy in (0, 1, 2) for dx in (0, -aside, aside)]
    rect = board.place(size, corners)
    surface.blit(rounded(size, 5, _PILL_LIT if lit else _PILL), rect)
    surface.blit(label, (rect.left + 4, rect.top))


def draw_action(
    surface: pygame.Surface,
    fonts: Fonts,
    icons: Icons,
    emoji: str,
    text: str,
    head: tuple[int, int],
    size: int,
    board: Board,
) -> None:
    """Draw the bubble of what somebody does above the window pixel `head`; in words where no icon is known."""
    if has_icon(emoji) or not text:
        pictures = icons.of(emoji, size)
    else:
        pictures = [fonts.render(fonts.fit(text, 11, 110), 11, INK)]
    inner = (sum(p.get_width() for p in pictures) + 2 * (len(pictures) - 1), max(p.get_height() for p in pictures))
    box = (inner[0] + 6, inner[1] + 6)
    x, y = head[0] - box[0] // 2, head[1] - box[1] - 4
    side = box[0] * 2 // 3
    corners = [(x, y), (x - side, y), (x + side, y), (x - 2 * side, y + 4), (x + 2 * side, y + 4), (x, y - box[1])]
    rect = board.place(box, corners)
    _paper(surface, rect, 6, (min(max(head[0], rect.left + 7), rect.right - 7), rect.bottom), 4)
    left = rect.left + 3
    for picture in pictures:
        surface.blit(picture, (left, rect.top + (rect.height - picture.get_height()) // 2))
        left += picture.get_width() + 2


def draw_speech(
    surface: pygame.Surface, fonts: Fonts, text: str, head: tuple[int, int], foot: tuple[int, int], board: Board
) -> None:
    """Draw what somebody says, whose head and feet are at these window pixels."""
    size, width = 13, min(230, board.area.width - 24)
    lines = fonts.wrap(text, size, width, 4)
    if not lines:
        return
    rendered = [fonts.render(line, size, INK) for line in lines]
    step = fonts.height(size)
    box = (max(line.get_width() for line in rendered) + 18, step * len(lines) + 11)
    x, above, below = head[0] - box[0] // 2, head[1] - box[1] - 9, foot[1] + 24
    shift = box[0] * 2 // 5
    corners = [
        (left, top) for top in (above, above - box[1] // 2, below, above - box[1]) for left in (x, x - shift, x + shift)
    ]
    sideways = head[1] - box[1] // 2
    corners += [(head[0] + 18, sideways), (head[0] - 18 - box[0], sideways)]
    rect = board.place(box, corners)
    if rect.top >= foot[1]:
        tip, base = (head[0], foot[1] + 17), rect.top
    elif rect.bottom <= head[1]:
        tip, base = head, rect.bottom
    else:
        tip, base = None, 0
    if tip is None:
        _paper(surface, rect, 9)
    else:
        _paper(surface, rect, 9, (min(max(tip[0], rect.left + 14), rect.right - 14), base), 6, tip)
    for number, line in enumerate(rendered):
        surface.blit(line, (rect.left + 9, rect.top + 5 + number * step))


def _paper(
    surface: pygame.Surface,
    rect: pygame.Rect,
    radius: int,
    base: tuple[int, int] | None = None,
    width: int = 0,
    tip: tuple[int, int] | None = None,
) -> None:
    """Draw a sheet of paper with a soft shadow, and a tail from `base` on its edge to `tip` (default: just below)."""
    surface.blit(rounded(rect.size, radius, _SHADOW), rect.move(1, 3))
    surface.blit(rounded(rect.size, radius, PAPER, _EDGE), rect)
    if base is None:
        return
    x, y = base
    down = 1 if y >= rect.centery else -1
    end = tip if tip is not None and 2 < (tip[1] - y) * down < 60 else (x, y + down * (width + 1))
    root = y - down if down > 0 else y
    corners = [(x - width, root - (down > 0)), (x + width, root - (down > 0)), end]
    pygame.draw.polygon(surface, PAPER, corners)
    pygame.draw.aaline(surface, _EDGE, (x - width, root), end)
    pygame.draw.aaline(surface, _EDGE, (x + width, root), end)


def _area(rect: pygame.Rect) -> int:
    return rect.width * rect.height
