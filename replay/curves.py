"""A small picture of counts that rise over time: how many people know something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

WIDTH = 1200
"""Pixels, of all pictures that are drawn beneath each other."""
_SIZE = (WIDTH, 640)
_LEFT, _TOP, _RIGHT, _BOTTOM = 90, 70, 40, 150
PAPER, INK, GRID = (250, 249, 246), (45, 42, 60), (222, 219, 212)
COLOURS = ((214, 90, 60), (52, 120, 190), (70, 150, 90), (150, 90, 170), (190, 150, 40), (90, 110, 120))


@dataclass(frozen=True, slots=True)
class Curve:
    """How many have it from which time on: (time, count), times rising."""

    label: str
    steps: Sequence[tuple[int, int]]


def draw_curves(curves: Sequence[Curve], end: int, most: int, labels: Sequence[tuple[int, str]]) -> Image.Image:
    """Draw counts from 0 to `most` over times from 0 to `end`, with `labels` below some times."""
    picture = Image.new("RGB", _SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    small, large = ImageFont.load_default(16), ImageFont.load_default(24)
    width, height = _SIZE[0] - _LEFT - _RIGHT, _SIZE[1] - _TOP - _BOTTOM

    def at(time: float, count: float) -> tuple[float, float]:
        return _LEFT + width * time / max(end, 1), _TOP + height * (1 - count / max(most, 1))

    draw.text((_LEFT, 22), "How many people know it", INK, large)
    for part in range(5):
        count = round(most * part / 4)
        y = at(0, count)[1]
        draw.line([(_LEFT, y), (_SIZE[0] - _RIGHT, y)], GRID)
        draw.text((_LEFT - 12, y), str(count), INK, small, anchor="rm")
    for time, label in labels:
        x = at(time, 0)[0]
        draw.line([(x, _TOP), (x, _TOP + height)], GRID)
        draw.text((x, _TOP + height + 10), label, INK, small, anchor="ma")
    for number, curve in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        points, before = [at(0, 0)], 0
        for time, count in curve.steps:
            points += [at(time, before), at(time, count)]
            before = count
        draw.line([*points, at(end, before)], colour, 3, joint="curve")
        if number < len(COLOURS):
            y = _TOP + height + 44 + 16 * number
            draw.rectangle((_LEFT, y + 3, _LEFT + 22, y + 11), colour)
            draw.text((_LEFT + 32, y), short(curve.label), INK, ImageFont.load_default(14))
    return picture


def short(text: str, letters: int = 130) -> str:
    """Return a text, cut to so many letters."""
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
