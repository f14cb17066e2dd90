"""What lies over the town at times: help, and short notes."""

from __future__ import annotations

from typing import Final

import pygame

from replay.theme import ACCENT, MUTED, TEXT, Fonts

_KEYS: Final = (
    ("Space", "play or pause"),
    ("+  −  or  ↑ ↓", "faster, slower"),
    ("← →", "one minute back or on; with Shift ten"),
    ("Home  End", "to the begin, to the end"),
    ("Click a person", "follow them; again, or F, to stop"),
    ("Tab", "follow the next person"),
    ("Wheel, drag", "zoom, move the map; or click the small map"),
    ("0   P", "show the whole map, show the people"),
    ("Click the bar", "go to that time"),
    ("H  or  F1", "this help"),
    ("Esc  or  Q", "quit"),
)


def draw_help(surface: pygame.Surface, area: pygame.Rect, fonts: Fonts) -> None:
    """Draw the list of keys in the middle of `area`."""
    box = pygame.Rect(0, 0, min(430, area.width - 20), 26 * len(_KEYS) + 62)
    box.center = area.center
    sheet = pygame.Surface(box.size, pygame.SRCALPHA, 32)
    pygame.draw.rect(sheet, (26, 24, 38, 236), sheet.get_rect(), border_radius=12)
    pygame.draw.rect(sheet, (*ACCENT, 255), sheet.get_rect(), 1, border_radius=12)
    sheet.blit(fonts.render("Watching a run", 18, ACCENT, True), (22, 16))
    for number, (keys, what) in enumerate(_KEYS):
        y = 52 + 26 * number
        sheet.blit(fonts.render(keys, 13, TEXT, True), (22, y))
        sheet.blit(fonts.render(fonts.fit(what, 13, box.width - 172), 13, MUTED), (152, y))
    surface.blit(sheet, box)


def draw_note(surface: pygame.Surface, area: pygame.Rect, fonts: Fonts, note: str) -> None:
    """Write a short note at the top left of `area`."""
    text = fonts.render(fonts.fit(note, 12, area.width - 40), 12, TEXT)
    sheet = pygame.Surface((text.get_width() + 18, text.get_height() + 9), pygame.SRCALPHA, 32)
    pygame.draw.rect(sheet, (26, 24, 38, 205), sheet.get_rect(), border_radius=8)
    sheet.blit(text, (9, 4))
    surface.blit(sheet, (area.left + 10, area.top + 10))
