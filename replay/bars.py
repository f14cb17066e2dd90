"""A small picture of counts beside each other: how many were invited, and how many came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from replay.curves import COLOURS, GRID, INK, PAPER, WIDTH, short

_LEFT, _TOP, _RIGHT, _BOTTOM = 230, 70, 60, 50
_TITLE, _ROW = 44, 26
MOST = 8
"""So many groups are drawn; it is said how many more there are."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts of one group, by what is counted."""

    title: str
    counts: Sequence[tuple[str, int]]


def draw_bars(title: str, groups: Sequence[Bars], most: int) -> Image.Image:
    """Draw the counts of each group below each other, all on a scale from 0 to `most`."""
    shown = groups[:MOST]
    height = _TOP + sum(_TITLE + _ROW * len(group.counts) for group in shown) + _BOTTOM
    picture = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(picture)
    small, bottom = ImageFont.load_default(16), height - _BOTTOM
    draw.text((_LEFT, 22), title, INK, ImageFont.load_default(24))

    def across(count: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * count / max(most, 1)

    for count in range(0, most + 1, max(1, most // 10)):
        draw.line([(across(count), _TOP + _TITLE), (across(count), bottom)], GRID)
        draw.text((across(count), bottom + 8), str(count), INK, small, anchor="ma")
    y = _TOP
    for group in shown:
        draw.rectangle((_LEFT, y + 6, WIDTH - _RIGHT, y + _TITLE - 8), PAPER)
        draw.text((_LEFT, y + _TITLE // 2), short(group.title, 110), INK, small, anchor="lm")
        y += _TITLE
        for place, (label, count) in enumerate(group.counts):
            draw.text((_LEFT - 12, y + _ROW // 2), label, INK, small, anchor="rm")
            draw.rectangle((_LEFT, y + 4, across(count), y + _ROW - 4), COLOURS[place % len(COLOURS)])
            draw.text((across(count) + 8, y + _ROW // 2), str(count), INK, small, anchor="lm")
            y += _ROW
    if len(groups) > MOST:
        draw.text((WIDTH - _RIGHT, 30), f"and {len(groups) - MOST} more", INK, small, anchor="ra")
    return picture
