"""A place of a town drawn by hand: its drawing, what the signs in it mean, and where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worlds.town.art.drawing import Drawing, Floors, Legend, rows_of, signs_of
from worlds.town.art.plan import Decor, Ground
from worlds.town.art.sheet import Sheet
from worlds.town.places import Tile

Points = tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """One sector. Its drawing's top left corner lies `at` a tile."""

    name: str
    kind: str
    description: str
    at: Tile
    drawing: str
    floors: Floors
    legend: Legend
    style: str = ""
    """Of its walls."""
    hours: tuple[str, str] | None = None
    landmark: bool | None = None
    extras: tuple[tuple[str, int, int], ...] = ()
    """What lies on the floor or stands before something else: sprite, column and row in the drawing."""
    more: tuple[tuple[Tile, str], ...] = ()
    """Further drawings of the same sector, each with the tile of its top left corner."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way, a water or a field: strokes of a brush `width` tiles wide through points, the brush's top left tile."""

    kind: str
    width: int
    points: Points


@dataclass(frozen=True, slots=True)
class Line:
    """A fence, a hedge or a dry stone wall, one tile wide, through points."""

    kind: str
    points: Points


@dataclass(frozen=True, slots=True)
class Patch:
    """Ground of one kind that fills an ellipse within a rectangle: left, top, width, height."""

    kind: str
    box: tuple[int, int, int, int]
    square: bool = False
    """Whether it fills the whole rectangle."""


@dataclass(frozen=True, slots=True)
class Grove:
    """Trees, bushes and flowers strewn over a rectangle (left, top, width, height), on so many tiles of a hundred."""

    box: tuple[int, int, int, int]
    kinds: tuple[str, ...]
    percent: int = 40


@dataclass(frozen=True, slots=True)
class Quarter:
    """A part of the town: its sectors, the ways between them, and what is only there to be looked at."""

    plots: tuple[Plot, ...] = ()
    ways: tuple[Way, ...] = ()
    lines: tuple[Line, ...] = ()
    patches: tuple[Patch, ...] = ()
    groves: tuple[Grove, ...] = ()
    decor: tuple[Decor, ...] = ()


def standing(sprite: str, *tiles: Tile) -> Iterator[Decor]:
    """Yield things through which nobody can walk."""
    return (Decor(sprite, x, y, True) for x, y in tiles)


def lying(sprite: str, *tiles: Tile) -> Iterator[Decor]:
    """Yield things over or past which one can walk."""
    return (Decor(sprite, x, y) for x, y in tiles)


def carry_out(plot: Plot, sheet: Sheet) -> tuple[Ground, tuple[Decor, ...]]:
    """Return a plot's sector and what is only there to be looked at."""
    signs: dict[Tile, str] = {}
    for at, drawn in ((plot.at, plot.drawing), *plot.more):
        signs |= signs_of(rows_of(drawn), at)
    drawing = Drawing(signs, plot.floors, plot.legend, sheet)
    ground = Ground(
        plot.name,
        plot.kind,
        drawing.area,
        plot.description,
        drawing.rooms,
        plot.hours,
        plot.landmark,
        plot.style,
        drawing.walls,
        drawing.doors,
    )
    extras = (Decor(sprite, plot.at[0] + x, plot.at[1] + y) for sprite, x, y in plot.extras)
    return ground, (*drawing.decor, *extras, *_doormats(ground))


def _doormats(ground: Ground) -> Iterable[Decor]:
    """Yield a mat before every entrance in the front or the back of a building."""
    inside = {*ground.walls, *ground.doors, *(tile for room in ground.rooms if room.floor for tile in room)}
    for x, y in ground.entrances:
        wide = {(x - 1, y), (x + 1, y)} & set(ground.doors)
        for step in (1, -1):
            if not wide and (x, y + step) not in inside:
                yield Decor("doormat", x, y + step)
