"""Draw the shipped town: `python -m worlds.town.art.draw_thorp [folder]` writes tiles.png and thorp.tmj."""

from __future__ import annotations

import sys
from pathlib import Path

from worlds.town.art.build import raise_walls, set_things
from worlds.town.art.document import map_text
from worlds.town.art.draw_tiles import DATA, thorp_sheet
from worlds.town.art.plot import carry_out
from worlds.town.art.sheet import Sheet
from worlds.town.art.sketch import Sketch
from worlds.town.art.thorp import (
    bridge_street,
    brook_farm,
    chapel_hill,
    forge_lane,
    heron_lane,
    lakeside,
    lantern_corner,
    market,
    mill_side,
    south_end,
    square_side,
    station,
    weavers_row,
)
from worlds.town.art.thorp.country import grow, lay_country

NAME = "thorp"
WIDTH, HEIGHT = 140, 100
QUARTERS = tuple(
    quarter.QUARTER
    for quarter in (
        mill_side, bridge_street, lantern_corner, market, square_side, station, chapel_hill, weavers_row, brook_farm,
        forge_lane, lakeside, south_end, heron_lane,
    )
)  # fmt: skip


def thorp_text(sheet: Sheet) -> str:
    """Return the text of thorp.tmj."""
    built = [carry_out(plot, sheet) for quarter in QUARTERS for plot in quarter.plots]
    grounds = [ground for ground, _ in built]
    sketch = Sketch(sheet, WIDTH, HEIGHT)
    lay_country(sketch, QUARTERS, grounds)
    raise_walls(sketch, grounds)
    things = set_things(sketch, NAME, grounds)
    grow(sketch, QUARTERS, (item for _, decor in built for item in decor), grounds)
    doors = [tile for ground in grounds if ground.hours for tile in ground.entrances]
    return map_text(sketch, NAME, grounds, things, doors)


def main(folder: Path = DATA) -> None:
    """Write both files to a folder."""
    sheet = thorp_sheet()
    text = thorp_text(sheet)
    sheet.save(folder / "tiles.png")
    (folder / "thorp.tmj").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
