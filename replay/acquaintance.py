"""A small picture of who knows whom: a row for everybody, and in it a square for everybody whom they know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from replay.curves import COLOURS, GRID, INK, PAPER, WIDTH, short
from replay.spread import Ties

_LEFT, _TOP, _BOTTOM = 230, 100, 40
_SIDE, _CELL, _READABLE = 640, 30, 12
"""Pixels: the largest side of the square and of a cell, and the smallest cell beside which a name can be read."""
_LEGEND = 130
BEFORE, SINCE = (120, 117, 130), COLOURS[1]
ONE_SIDED = (244, 214, 160)


def draw_ties(names: Sequence[str], ties: Ties) -> Image.Image:
    """Draw who knew whom at the start, who came to since, and who knows somebody by whom they are not known."""
    number = {name: place for place, name in enumerate(names)}
    pixels = np.full((max(1, len(names)),) * 2 + (3,), PAPER, np.uint8)
    for known, both, one in ((ties.know, SINCE, ONE_SIDED), (ties.knew, BEFORE, None)):
        for person, other in known:
            colour = both if (other, person) in known else one
            if colour and person in number and other in number:
                pixels[number[person], number[other]] = colour
    np.einsum("iik->ik", pixels)[:] = GRID
    cell = min(_CELL, _SIDE // len(pixels))
    side = len(pixels) * cell or _SIDE
    scaled = Image.fromarray(pixels).resize((side, side), Image.Resampling.NEAREST if cell else Image.Resampling.BOX)
    picture = Image.new("RGB", (WIDTH, _TOP + max(side, _LEGEND) + _BOTTOM), PAPER)
    draw = ImageDraw.Draw(picture)
    picture.paste(scaled, (_LEFT, _TOP))
    draw.text((_LEFT, 22), "Who knows whom", INK, ImageFont.load_default(24))
    if cell >= _READABLE:
        _name(draw, names, cell)
    draw.rectangle((_LEFT, _TOP, _LEFT + side, _TOP + side), outline=GRID)
    _explain(draw, ties, _LEFT + side + 40)
    return picture


def _name(draw: ImageDraw.ImageDraw, names: Sequence[str], cell: int) -> None:
    font = ImageFont.load_default(min(16, cell))
    for place, name in enumerate(names):
        middle = (place + 0.5) * cell
        draw.text((_LEFT - 10, _TOP + middle), f"{short(name, 24)}  {place + 1}", INK, font, anchor="rm")
        draw.text((_LEFT + middle, _TOP - 8), str(place + 1), INK, font, anchor="mb")
        for line in ((_LEFT, _TOP + place * cell, _LEFT + len(names) * cell, _TOP + place * cell),
                     (_LEFT + place * cell, _TOP, _LEFT + place * cell, _TOP + len(names) * cell)):  # fmt: skip
            draw.line(line, GRID)


def _explain(draw: ImageDraw.ImageDraw, ties: Ties, left: int) -> None:
    small = ImageFont.load_default(16)
    before = "is not known" if ties.at_start is None else f"{ties.pairs_at_start} pairs ({ties.at_start:.0%})"
    since = "" if ties.pairs_at_start is None else f": {ties.pairs_at_end - ties.pairs_at_start} pairs"
    rows = (
        (PAPER, f"At the end: {ties.pairs_at_end} pairs ({ties.at_end:.0%})"),
        (BEFORE, f"at the start: {before}"),
        (SINCE, f"since then{since}"),
        (ONE_SIDED, "only one knows the other"),
    )
    for place, (colour, text) in enumerate(rows):
        y = _TOP + 6 + 30 * place
        draw.rectangle((left, y, left + 18, y + 18), colour)
        draw.text((left + 28, y + 9), text, INK, small, anchor="lm")
