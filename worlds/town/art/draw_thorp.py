"""Draw the shipped town: `python -m worlds.town.art.draw_thorp [folder]` writes tiles.png and thorp.tmj."""

from __future__ import annotations

import sys
from pathlib import Path

from worlds.town.art.build import raise_walls, set_things
from worlds.town.art.draw_tiles import DATA, thorp_sheet
from worlds.town.art.homes import homes
from worlds.town.art.landscape import decorate, lay_ground
from worlds.town.art.leisure import leisure_places
from worlds.town.art.public import public_places
from worlds.town.art.sheet import Sheet
from worlds.town.art.sketch import Sketch, map_text

NAME = "thorp"
WIDTH, HEIGHT = 60, 40


def thorp_text(sheet: Sheet) -> str:
    """Return the text of thorp.tmj."""
    grounds = (*homes(), *public_places(), *leisure_places())
    sketch = Sketch(sheet, WIDTH, HEIGHT)
    lay_ground(sketch, grounds)
    raise_walls(sketch, grounds)
    things = set_things(sketch, NAME, grounds)
    decorate(sketch)
    return map_text(sketch, NAME, grounds, things)


def main(folder: Path = DATA) -> None:
    """Write both files to a folder."""
    sheet = thorp_sheet()
    text = thorp_text(sheet)
    sheet.save(folder / "tiles.png")
    (folder / "thorp.tmj").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
