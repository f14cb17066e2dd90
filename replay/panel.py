"""The panel beside the town: the clock, everybody with what they do, and what has happened."""

from __future__ import annotations

from typing import Final

import pygame

from engine.phrases import listed
from replay.captions import Caption, CaptionKind, place_name
from replay.clock import Clock, Colour
from replay.icons import Icons
from replay.moment import Moment, Person
from replay.people import People
from replay.theme import ACCENT, CARD, CARD_LIT, FAULT, LINE, MUTED, NIGHT, TALK, TEXT, THOUGHT, WORLD, Fonts, rounded
from replay.view import View

_MARGIN: Final = 14
_HEADER: Final = 92
_ROW: Final = 38
_SMALL_ROW: Final = 20
_COLOURS: Final[dict[CaptionKind, Colour]] = {
    CaptionKind.ACT: TEXT,
    CaptionKind.TALK: TALK,
    CaptionKind.THOUGHT: THOUGHT,
    CaptionKind.PLAN: ACCENT,
    CaptionKind.WORLD: WORLD,
    CaptionKind.FAULT: FAULT,
}


class Panel:
    """Draws the panel, and tells whose row lies under a pixel."""

    def __init__(
        self, title: str, clock: Clock, figures: tuple[int, ...], fonts: Fonts, icons: Icons, people: People
    ) -> None:
        self._title = title[:1].upper() + title[1:]
        self._clock = clock
        self._figures = figures
        self._fonts = fonts
        self._icons = icons
        self._people = people

    def rows(self, panel: pygame.Rect, count: int, scroll: int = 0) -> list[tuple[int, pygame.Rect]]:
        """Return (agent, rectangle) of the rows that are shown: low ones when there are many people."""
        room = (panel.height - _HEADER) * 76 // 100
        height = _ROW if count * _ROW <= room else max(_SMALL_ROW, min(_ROW, room // max(1, count)))
        shown = min(count, max(1, room // height))
        first = min(max(0, scroll), count - shown)
        left, wide = panel.left + 8, panel.width - 16
        return [
            (first + number, pygame.Rect(left, panel.top + _HEADER + number * height, wide, height - 2))
            for number in range(shown)
        ]

    def draw(self, surface: pygame.Surface, panel: pygame.Rect, view: View, moment: Moment) -> None:
        """Draw everything of the panel."""
        pygame.draw.rect(surface, NIGHT, panel)
        pygame.draw.line(surface, LINE, panel.topleft, panel.bottomleft)
        self._draw_header(surface, panel, moment)
        bottom = panel.top + _HEADER
        for index, row in self.rows(panel, len(moment.people), view.scroll):
            self._draw_row(surface, row, moment.people[index], index == view.followed)
            bottom = row.bottom
        if view.followed is not None:
            bottom = self._draw_details(surface, panel, bottom + 6, moment.people[view.followed])
        self._draw_captions(surface, panel, bottom + 12, moment.captions)

    def _draw_header(self, surface: pygame.Surface, panel: pygame.Rect, moment: Moment) -> None:
        left, wide = panel.left + _MARGIN, panel.width - 2 * _MARGIN
        clock = self._fonts.render(self._clock.time_label(moment.time), 38 if wide > 250 else 32, TEXT, True)
        surface.blit(clock, clock.get_rect(midleft=(left - 1, panel.top + 31)))
        beside = left + clock.get_width() + 12
        room = panel.right - _MARGIN - beside
        day, date = self._clock.day_labels(moment.time)
        surface.blit(
            self._fonts.render(self._fonts.fit(day, 14, room, True), 14, ACCENT, True), (beside, panel.top + 14)
        )
        surface.blit(self._fonts.render(self._fonts.fit(date, 12, room), 12, MUTED), (beside, panel.top + 33))
        walking = sum(person.walking for person in moment.people)
        talking = sum(bool(person.partners) for person in moment.people)
        here = sum(person.tile is not None for person in moment.people)
        people = f"{here} people, " if wide > 250 else ""
        status = f"{self._title}  ·  {people}{walking} walking, {talking} talking"
        surface.blit(self._fonts.render(self._fonts.fit(status, 12, wide), 12, MUTED), (left, panel.top + 62))

    def _draw_row(self, surface: pygame.Surface, row: pygame.Rect, person: Person, lit: bool) -> None:
        surface.blit(rounded(row.size, 6, CARD_LIT, ACCENT) if lit else rounded(row.size, 6, CARD), row)
        tall = row.height >= _ROW - 6
        face = self._people.face(self._figures[person.index], min(row.height - 2, 30))
        surface.blit(face, face.get_rect(center=(row.left + 20, row.centery)))
        left, right = row.left + 40, row.right - 8
        if person.acting is not None and person.tile is not None:
            icon = self._icons.of(shown_emoji(person), 20 if tall else 16, 1)[0]
            right -= icon.get_width()
            surface.blit(icon, icon.get_rect(midleft=(right, row.centery)))
            right -= 6
        name = person.name if tall else person.short_name
        if tall:
            label = self._fonts.render(self._fonts.fit(name, 13, right - left, True), 13, TEXT, True)
            surface.blit(label, (left, row.top + 2))
            doing = self._fonts.render(self._fonts.fit(_doing(person), 12, right - left), 12, _doing_colour(person))
            surface.blit(doing, (left, row.top + 18))
            return
        label = self._fonts.render(self._fonts.fit(name, 12, (right - left) // 2, True), 12, TEXT, True)
        surface.blit(label, label.get_rect(midleft=(left, row.centery)))
        left += label.get_width() + 8
        doing = self._fonts.render(self._fonts.fit(_doing(person), 11, right - left), 11, _doing_colour(person))
        surface.blit(doing, doing.get_rect(midleft=(left, row.centery)))

    def _draw_details(self, surface: pygame.Surface, panel: pygame.Rect, top: int, person: Person) -> int:
        lines: list[tuple[str, Colour]] = [(person.name, ACCENT)]
        wide = panel.width - 2 * _MARGIN - 12
        if person.acting is not None:
            lines += [(line, TEXT) for line in self._fonts.wrap(person.acting.description, 12, wide, 3)]
            if place := place_name(person.acting.address, 3):
                lines.append((place, MUTED))
            since, until = (self._clock.time_label(t) for t in (person.acting.since, person.acting.until))
            lines.append((f"{since} to {until}", MUTED))
        if person.walking:
            lines.append((f"walking to {place_name(person.walking_to)}" if person.walking_to else "walking", MUTED))
        if person.partners:
            lines.append((f"talking with {listed(person.partners)}", TALK))
        box = pygame.Rect(panel.left + 8, top, panel.width - 16, 17 * len(lines) + 12)
        surface.blit(rounded(box.size, 6, CARD), box)
        for number, (line, colour) in enumerate(lines):
            text = self._fonts.render(self._fonts.fit(line, 12, wide), 12, colour, number == 0)
            surface.blit(text, (panel.left + _MARGIN + 4, top + 6 + 17 * number))
        return box.bottom

    def _draw_captions(
        self, surface: pygame.Surface, panel: pygame.Rect, top: int, captions: tuple[Caption, ...]
    ) -> None:
        """Write the latest captions, the newest at the top, until the panel is full; old ones fade."""
        left, wide = panel.left + _MARGIN, panel.width - 2 * _MARGIN
        if panel.bottom - top < 40:
            return
        surface.blit(self._fonts.render("WHAT HAPPENED", 10, MUTED, True), (left, top))
        y, step = top + 19, 16
        for number, caption in enumerate(reversed(captions)):
            label = self._fonts.render(self._clock.time_label(caption.time), 11, MUTED)
            indent = 42
            lines = self._fonts.wrap(caption.text, 12, wide - indent, 2)
            if y + step * len(lines) > panel.bottom - 6:
                return
            fade = max(0.55, 1 - number * 0.05)
            colour = _mixed(_COLOURS[caption.kind], NIGHT, fade)
            surface.blit(label, (left, y + 1))
            for line in lines:
                surface.blit(self._fonts.render(line, 12, colour), (left + indent, y))
                y += step
            y += 5


def shown_emoji(person: Person) -> str:
    """Return the emoji for what somebody does: talking goes before the action it interrupts."""
    if person.partners:
        return "💬"
    return person.acting.emoji if person.acting is not None else ""


def _doing(person: Person) -> str:
    if person.tile is None:
        return "not here yet"
    if person.partners:
        return f"talking with {listed((name.split() or ['?'])[0] for name in person.partners)}"
    if person.walking and person.walking_to:
        where = place_name(person.walking_to, 1) or person.walking_to
        return f"walking to {where}"
    return person.acting.description if person.acting is not None else "standing"


def _doing_colour(person: Person) -> Colour:
    return TALK if person.partners and person.tile is not None else MUTED


def _mixed(colour: Colour, ground: Colour, part: float) -> Colour:
    red, green, blue = (round(b + (c - b) * part) for c, b in zip(colour, ground, strict=True))
    return red, green, blue
