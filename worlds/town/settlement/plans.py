"""Plans of buildings and gardens, drawn in letters (see `worlds.town.art.drawing`), and how they are carried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from worlds.town.art.drawing import Drawing, Floors, Legend, rows_of, signs_of
from worlds.town.art.plan import Decor, Ground
from worlds.town.art.sheet import Sheet
from worlds.town.places import Tile

STYLES = ("stone", "rose", "timber", "brick", "cream")


@dataclass(frozen=True, slots=True)
class Plan:
    """One kind of building or garden."""

    kind: str
    description: str
    drawing: str
    floors: Floors
    legend: Legend
    hours: tuple[str, str] | None = None
    residents: int = 0
    """How many people can sleep here."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in tiles."""
        rows = rows_of(self.drawing)
        return len(rows[0]), len(rows)


@dataclass(frozen=True, slots=True)
class Site:
    """A plan carried out somewhere."""

    ground: Ground
    decor: tuple[Decor, ...]
    plan: Plan
    fronts_north: bool


def build(plan: Plan, name: str, at: Tile, sheet: Sheet, rng: Random, *, upside_down: bool = False) -> Site:
    """Carry out a plan with its top left corner at a tile, maybe mirrored, its front in the south or the north."""
    rows = list(rows_of(plan.drawing))
    if upside_down:
        rows.reverse()
    if rng.random() < 0.5:
        rows = [row[::-1] for row in rows]
    signs = signs_of(rows, at)
    looks = {
        tile: rng.choice(plan.legend[sign].sprites)
        for tile, sign in signs.items()
        if sign in plan.legend and plan.legend[sign].sprites
    }
    drawing = Drawing(signs, plan.floors, plan.legend, sheet, looks)
    ground = Ground(
        name,
        plan.kind,
        drawing.area,
        plan.description,
        drawing.rooms,
        plan.hours,
        style=rng.choice(STYLES),
        walls=drawing.walls,
        doors=drawing.doors,
    )
    return Site(ground, (*drawing.decor, *_chairs(drawing)), plan, upside_down)


def _chairs(drawing: Drawing) -> Iterator[Decor]:
    """Yield chairs above and below all tables."""
    for piece in drawing.pieces:
        if piece.sprite.startswith("table"):
            for x in range(piece.rect.x, piece.rect.x + piece.rect.width):
                for dy, chair in ((-1, "chair_down"), (1, "chair_up")):
                    if drawing.is_floor((x, piece.rect.y + dy)):
                        yield Decor(chair, x, piece.rect.y + dy)
