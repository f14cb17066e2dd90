"""Colours, and text in them."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Final

import pygame

from replay.clock import Colour

NIGHT: Final[Colour] = (34, 32, 48)
CARD: Final[Colour] = (47, 44, 64)
CARD_LIT: Final[Colour] = (66, 61, 90)
LINE: Final[Colour] = (70, 66, 92)
TEXT: Final[Colour] = (244, 239, 226)
MUTED: Final[Colour] = (166, 160, 184)
ACCENT: Final[Colour] = (246, 197, 84)
TALK: Final[Colour] = (132, 206, 235)
THOUGHT: Final[Colour] = (204, 170, 244)
WORLD: Final[Colour] = (246, 150, 96)
FAULT: Final[Colour] = (240, 110, 110)
PAPER: Final[Colour] = (255, 252, 243)
INK: Final[Colour] = (46, 40, 56)

INTERFACE: Final = (NIGHT, CARD, LINE, TEXT, MUTED, ACCENT, TALK, THOUGHT, WORLD, PAPER, INK)
"""The colours that a picture must not lose, however few it may have."""

_NO_CHARACTER: Final = "\uffff"
_MAX_CACHED: Final = 1500
_MAX_TEXT: Final = 600


class Fonts:
    """Renders text, antialiased, and remembers it.

    DejaVu Sans is used where the system has it, because it is light and wide in scripts; else the font that ships with
    pygame. What a font has no glyph for is left out.
    """

    def __init__(self) -> None:
        pygame.font.init()
        self._paths = {False: _font_path("DejaVuSans.ttf"), True: _font_path("DejaVuSans-Bold.ttf")}
        self._missing: bytes | None = None
        self._fonts: dict[tuple[int, bool], pygame.font.Font] = {}
        self._rendered: OrderedDict[tuple[str, int, bool, Colour], pygame.Surface] = OrderedDict()
        self._known: dict[str, bool] = {}

    def font(self, size: int, bold: bool = False) -> pygame.font.Font:
        """Return a font; `size` in pixels."""
        key = (size, bold)
        if key not in self._fonts:
            self._fonts[key] = pygame.font.Font(self._paths[bold], size)
        return self._fonts[key]

    def clean(self, text: str) -> str:
        """Return one line that can be rendered: no control characters, no glyph the font lacks, bounded in length."""
        line = " ".join(text[:_MAX_TEXT].split())
        return "".join(character for character in line if self._has(character)).strip()

    def render(self, text: str, size: int, colour: Colour, bold: bool = False) -> pygame.Surface:
        """Return one line of text as a surface; do not draw on it."""
        key = (text, size, bold, colour)
        found = self._rendered.get(key)
        if found is None:
            found = self.font(size, bold).render(self.clean(text), True, colour)
            self._rendered[key] = found
            if len(self._rendered) > _MAX_CACHED:
                self._rendered.popitem(last=False)
        else:
            self._rendered.move_to_end(key)
        return found

    def width(self, text: str, size: int, bold: bool = False) -> int:
        """Return the width of a clean line in pixels."""
        return self.font(size, bold).size(text)[0]

    def height(self, size: int) -> int:
        """Return the distance from line to line in pixels."""
        return self.font(size).get_linesize()

    def fit(self, text: str, size: int, width: int, bold: bool = False) -> str:
        """Return the text, cut short with an ellipsis where it is wider than `width` pixels."""
        line = self.clean(text)
        if self.width(line, size, bold) <= width:
            return line
        low, high = 0, len(line)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(line[:middle].rstrip() + "…", size, bold) <= width:
                low = middle
            else:
                high = middle - 1
        return line[:low].rstrip() + "…"

    def wrap(self, text: str, size: int, width: int, lines: int) -> list[str]:
        """Break a text into at most `lines` lines of at most `width` pixels; what is left over becomes an ellipsis."""
        words = self.clean(text).split(" ")
        broken: list[str] = []
        while words and words != [""]:
            if len(broken) == lines - 1:
                return [*broken, self.fit(" ".join(words), size, width)]
            line = words.pop(0)
            while words and self.width(f"{line} {words[0]}", size) <= width:
                line += f" {words.pop(0)}"
            broken.append(self.fit(line, size, width))
        return broken

    def _has(self, character: str) -> bool:
        known = self._known.get(character)
        if known is None:
            known = self._known[character] = character == " " or (character.isprintable() and self._draws(character))
        return known

    def _draws(self, character: str) -> bool:
        if self._missing is None:
            self._missing = self._glyph(_NO_CHARACTER)
        # Metrics do not tell: a font gives those of its box for every glyph it lacks.
        return not "\ud800" <= character <= "\udfff" and self._glyph(character) != self._missing

    def _glyph(self, character: str) -> bytes:
        return pygame.image.tobytes(self.font(14).render(character, True, INK), "RGBA")


@lru_cache(maxsize=400)
def rounded(
    size: tuple[int, int], radius: int, fill: tuple[int, ...], edge: tuple[int, ...] | None = None
) -> pygame.Surface:
    """Return a rectangle with smooth round corners, in colours with or without alpha; do not draw on it."""
    fine = 3
    wide, high = max(1, size[0]), max(1, size[1])
    large = pygame.Surface((wide * fine, high * fine), pygame.SRCALPHA, 32)
    outer = edge or fill
    # Transparent pixels take the colour too, lest smoothing mixes black into the corners.
    large.fill((*outer[:3], 0))
    pygame.draw.rect(large, outer, large.get_rect(), border_radius=radius * fine)
    if edge:
        inner = large.get_rect().inflate(-2 * fine, -2 * fine)
        pygame.draw.rect(large, fill, inner, border_radius=(radius - 1) * fine)
    return pygame.transform.smoothscale(large, (wide, high))


def _font_path(name: str) -> str:
    """Return the path of a DejaVu font of the system, or else of the font in pygame's own folder."""
    found = pygame.font.match_font("dejavusans")
    path = Path(found).with_name(name) if found else None
    # By its full path: given no path, pygame draws its font smaller than asked for.
    return str(path if path and path.is_file() else Path(pygame.__file__).with_name(pygame.font.get_default_font()))
