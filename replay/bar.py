"""The bar of time below the town: where in the run we are, and when people talked."""

from __future__ import annotations

from typing import Final

import pygame

from replay.clock import Clock
from replay.theme import ACCENT, CARD, LINE, MUTED, NIGHT, TALK, TEXT, Fonts
from replay.timeline import Timeline
from replay.view import View, speed_label

_STEPS: Final = (300, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400, 28 * 86400)
_LEFT: Final = 104
_RIGHT: Final = 24


class TimeBar:
    """Draws the bar, and tells which time lies under a pixel."""

    def __init__(self, timeline: Timeline, fonts: Fonts) -> None:
        self._timeline = timeline
        self._fonts = fonts
        self._marks: tuple[tuple[int, int], pygame.Surface] | None = None

    def track(self, bar: pygame.Rect, still: bool = False) -> pygame.Rect:
        """Return the part of the bar along which time runs; `still` without the button at its left."""
        left = _RIGHT if still else _LEFT
        return pygame.Rect(bar.left + left, bar.top + 11, max(10, bar.width - left - _RIGHT), 10)

    def time_at(self, bar: pygame.Rect, x: int) -> float:
        """Return the time under the window column `x`."""
        track = self.track(bar)
        return min(max((x - track.left) / track.width, 0.0), 1.0) * self._timeline.end

    def button(self, bar: pygame.Rect) -> pygame.Rect:
        """Return where the button for play and pause is."""
        return pygame.Rect(bar.left + 12, bar.top + 8, 30, 30)

    def draw(self, surface: pygame.Surface, bar: pygame.Rect, view: View) -> None:
        """Draw everything of the bar."""
        pygame.draw.rect(surface, NIGHT, bar)
        pygame.draw.line(surface, LINE, bar.topleft, bar.topright)
        track = self.track(bar, view.still)
        if not view.still:
            self._draw_button(surface, self.button(bar), view.playing)
            label = self._fonts.render(speed_label(view.speed), 14, TEXT, True)
            surface.blit(label, label.get_rect(midleft=(bar.left + 52, bar.centery)))
        if self._marks is None or self._marks[0] != track.size:
            self._marks = (track.size, self._draw_marks(track))
        surface.blit(self._marks[1], (track.left - 30, track.top))
        at = track.left + round(track.width * view.time / max(1, self._timeline.end))
        pygame.draw.rect(surface, ACCENT, (track.left, track.bottom - 3, at - track.left, 3), border_radius=2)
        pygame.draw.circle(surface, NIGHT, (at, track.centery), 9)
        pygame.draw.circle(surface, ACCENT, (at, track.centery), 7)

    def _draw_button(self, surface: pygame.Surface, box: pygame.Rect, playing: bool) -> None:
        pygame.draw.circle(surface, CARD, box.center, 15)
        x, y = box.center
        if playing:
            pygame.draw.rect(surface, ACCENT, (x - 6, y - 6, 4, 12))
            pygame.draw.rect(surface, ACCENT, (x + 2, y - 6, 4, 12))
        else:
            pygame.draw.polygon(surface, ACCENT, [(x - 4, y - 7), (x + 8, y), (x - 4, y + 7)])

    def _draw_marks(self, track: pygame.Rect) -> pygame.Surface:
        """Return the track with its conversations and the labelled times, which only change with its size."""
        end, clock = max(1, self._timeline.end), self._timeline.clock
        marks = pygame.Surface((track.width + 60, 34), 0, 32)
        marks.fill(NIGHT)
        pygame.draw.rect(marks, CARD, (30, 0, track.width, track.height), border_radius=4)
        for begin, finish in self._timeline.conversations:
            left = 30 + round(begin / end * track.width)
            wide = max(2, round((finish - begin) / end * track.width))
            pygame.draw.rect(marks, TALK, (left, 1, min(wide, track.width + 30 - left), track.height - 5))
        for time in _round_times(clock, end, track.width):
            x = 30 + round(time / end * track.width)
            label = self._fonts.render(_tick_label(clock, time, end), 10, MUTED)
            pygame.draw.line(marks, LINE, (x, track.height + 1), (x, track.height + 4))
            marks.blit(label, label.get_rect(midtop=(x, track.height + 5)))
        return marks


def _round_times(clock: Clock, end: int, width: int) -> list[int]:
    """Return the times to label: round ones by the clock, at least 70 pixels apart."""
    step = next((step for step in _STEPS if step / end * width >= 70), 365 * 86400)
    midnight = round(clock.hour(0) * 3600)
    first = -midnight % step
    return list(range(first, end + 1, step))


def _tick_label(clock: Clock, time: int, end: int) -> str:
    instant = clock.instant(time)
    if end > 86400 and (instant.hour, instant.minute) == (0, 0):
        return clock.label(time)[:-6]
    return clock.time_label(time)
