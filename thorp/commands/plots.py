"""The picture that `evaluate RUN --plot` draws: how news spread, who knows whom, who came where they were invited."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from engine.errors import BadInput
from engine.kernel.clock import DAY, HOUR, Clock
from replay.acquaintance import draw_ties
from replay.bars import Bars, draw_bars
from replay.curves import Curve, draw_curves
from replay.spread import Findings, Spread


def draw_findings(found: Findings, names: Sequence[str], clock: Clock, to: Path) -> None:
    """Draw all that a log says about people together, below each other in one picture. Raises `BadInput`."""
    parts = [_spread(found, len(names), clock), draw_ties(names, found.ties)]
    gatherings = [_attendance(spread, clock, found.end) for spread in found.spreads if spread.item.start is not None]
    if gatherings:
        parts.append(draw_bars("Who came where they were invited", gatherings, len(names)))
    picture = Image.new("RGB", (parts[0].width, sum(part.height for part in parts)))
    top = 0
    for part in parts:
        picture.paste(part, (0, top))
        top += part.height
    try:
        picture.save(to)
    except OSError as error:
        raise BadInput("--plot", f"{to} cannot be written: {error.strerror or error}") from error


def _spread(found: Findings, people: int, clock: Clock) -> Image.Image:
    curves = [
        Curve(spread.item.text, [(each.time, number) for number, each in enumerate(spread.learned, start=1)])
        for spread in found.spreads
    ]
    every = max(HOUR, -(-found.end // (8 * HOUR)) * HOUR)
    first = -clock.second_of_day(0) % HOUR
    labels = [(time, f"{clock.at(time):%a %H:%M}") for time in range(first, found.end + 1, min(every, DAY))]
    return draw_curves(curves, found.end, people, labels)


def _attendance(spread: Spread, clock: Clock, end: int) -> Bars:
    start = spread.item.start or 0
    until_then = ", after the end" if start >= end else "" if spread.is_over(end) else ", so far"
    when = f"{clock.at(start):%a %H:%M}{until_then}"
    counts = {
        "invited": spread.invited,
        "meant to go": spread.accepted,
        "did not mean to": spread.declined,
        "came": spread.came,
        "there by chance": spread.passers_by,
    }
    return Bars(f"{when}: {spread.item.text}", [(label, len(those)) for label, those in counts.items()])
