"""Draw the town's tileset: `python -m worlds.town.art.draw_tiles [folder]` writes tiles.png."""

from __future__ import annotations

import sys
from pathlib import Path

from worlds.town.art.civic import civic_sprites
from worlds.town.art.craft import craft_sprites
from worlds.town.art.farm import farm_sprites
from worlds.town.art.furniture import furniture_sprites
from worlds.town.art.garden import garden_sprites
from worlds.town.art.kitchen import kitchen_sprites
from worlds.town.art.market import market_sprites
from worlds.town.art.paint import Canvas, Sprite
from worlds.town.art.pieces import piece_sprites
from worlds.town.art.plants import plant_sprites
from worlds.town.art.sheet import Sheet, make_sheet
from worlds.town.art.street import street_sprites
from worlds.town.art.study import study_sprites
from worlds.town.art.terrain import terrain_sprites
from worlds.town.art.trade import trade_sprites
from worlds.town.art.travel import travel_sprites
from worlds.town.art.walls import wall_sprites

DATA = Path(__file__).resolve().parent.parent / "data"


def thorp_sheet() -> Sheet:
    """Return the sheet with every sprite of the town; those of one height stand side by side."""
    ground = (Sprite("blocked", 1, 1, 0, _blocked), *terrain_sprites(), *wall_sprites())
    rooms = (*furniture_sprites(), *piece_sprites(), *kitchen_sprites(), *trade_sprites(), *study_sprites())
    work = (*craft_sprites(), *civic_sprites(), *farm_sprites(), *market_sprites(), *travel_sprites())
    things = (*rooms, *work, *garden_sprites(), *street_sprites(), *plant_sprites())
    return make_sheet((*ground, *sorted(things, key=lambda sprite: sprite.height)))


def _blocked(c: Canvas) -> None:
    """Draw the mark on the hidden layer of collisions, for the eyes of the map's author."""
    c.frame(1, 1, 14, 14, "#d83838")
    for step in range(3, 13):
        c.dots("#d83838", (step, step), (step, 15 - step))


def main(folder: Path = DATA) -> None:
    """Write tiles.png to a folder."""
    thorp_sheet().save(folder / "tiles.png")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
