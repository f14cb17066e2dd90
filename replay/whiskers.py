"""A small picture of ratings with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from replay.curves import COLOURS, GRID, INK, PAPER, short

_WIDTH, _ROW = 1200, 64
_LEFT, _TOP, _RIGHT, _BOTTOM = 330, 80, 60, 110


@dataclass(frozen=True, slots=True)
class Whisker:
    """A value with a narrow and a wide interval: the wide one is drawn pale and thick, the narrow one as a line."""

    label: str
    value: float
    line: tuple[float, float]
    bar: tuple[float, float]


def draw_whiskers(title: str, legend: str, rows: Sequence[Whisker], to: Path) -> None:
    """Draw one row for each value, from the top down, over a common scale; `legend` are the lines below it.

    Raises `OSError`.
    """
    height = _TOP + _ROW * len(rows) + _BOTTOM
    picture = Image.new("RGB", (_WIDTH, height), PAPER)
    draw = ImageDraw.Draw(picture)
    small, large = ImageFont.load_default(16), ImageFont.load_default(24)
    bounds = [bound for row in rows for bound in (row.value, *row.line, *row.bar)]
    low, high = floor(min(bounds) - 0.5), ceil(max(bounds) + 0.5)
    bottom = height - _BOTTOM

    def across(value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (value - low) / (high - low)

    draw.text((_LEFT, 22), title, INK, large)
    for value in range(low, high + 1, max(1, (high - low) // 10)):
        draw.line([(across(value), _TOP), (across(value), bottom)], GRID)
        draw.text((across(value), bottom + 10), str(value), INK, small, anchor="ma")
    for number, row in enumerate(rows):
        colour = COLOURS[number % len(COLOURS)]
        pale = tuple((part + 2 * paper) // 3 for part, paper in zip(colour, PAPER, strict=True))
        y = _TOP + _ROW * (number + 0.5)
        draw.text((_LEFT - 20, y), short(row.label, 36), INK, small, anchor="rm")
        draw.rectangle((across(row.bar[0]), y - 11, across(row.bar[1]), y + 11), pale)
        draw.line([(across(row.line[0]), y), (across(row.line[1]), y)], colour, 4)
        for bound in row.line:
            draw.line([(across(bound), y - 9), (across(bound), y + 9)], colour, 4)
        draw.ellipse((across(row.value) - 8, y - 8, across(row.value) + 8, y + 8), colour)
        draw.text((across(row.value), y - 13), f"{row.value:.1f}", INK, ImageFont.load_default(14), anchor="mb")
    for number, line in enumerate(legend.splitlines()):
        draw.text((_LEFT, bottom + 46 + 22 * number), short(line, 90), INK, small)
    picture.save(to)
