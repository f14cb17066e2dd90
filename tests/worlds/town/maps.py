"""Small maps for the tests, built from drawings in text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from worlds.town.map import TownMap

SHIPPED = Path(__file__).parents[3] / "worlds" / "town" / "data" / "thorp.tmj"

HOUSE = """
#########
#...#...#
#...#...#
#.......#
#...#...#
###.#####
.........
.........
"""
"""A house of two rooms with a door between them and one to the ground in the south."""


def layer(name: str, rows: list[str], number: int = 1) -> dict[str, Any]:
    """A tile layer: `#` is a tile, everything else none."""
    data = [1 if char == "#" else 0 for row in rows for char in row]
    return {"id": number, "name": name, "type": "tilelayer", "width": len(rows[0]), "height": len(rows), "data": data}


def rectangle(name: str, x: float, y: float, width: float, height: float, **properties: str) -> dict[str, Any]:
    """A rectangle in tiles of 16 pixels."""
    listed = [{"name": key, "type": "string", "value": value} for key, value in properties.items()]
    sides = {"x": 16 * x, "y": 16 * y, "width": 16 * width, "height": 16 * height}
    return {"id": 1, "name": name, "rotation": 0, **sides, "properties": listed}


def plain(drawing: str) -> dict[str, Any]:
    """A map with walls only, and one sector and arena that cover it."""
    rows = drawing.split()
    size = len(rows[0]), len(rows)
    document = house(rows)
    document["layers"][1]["objects"] = [rectangle("all", 0, 0, *size, kind="home", description="all")]
    document["layers"][2]["objects"] = [rectangle("all", 0, 0, *size, description="all")]
    document["layers"][3]["objects"] = []
    del document["layers"][4]
    return document


def house(rows: list[str] | None = None) -> dict[str, Any]:
    """A map with a house: sector `House`, arenas `west` and `east`, objects `bed` (free) and `stove` (blocked)."""
    rows = rows or HOUSE.split()
    blocked = ["." * len(rows[0])] * len(rows)
    if len(rows) > 4:
        blocked[4] = "." * 5 + "#" + "." * (len(rows[0]) - 6)
    layers = [
        layer("Walls", rows),
        _objects("Sectors", rectangle("House", 0, 0, 9, 6, kind="home", description="a house")),
        _objects(
            "Arenas",
            rectangle("west", 1, 1, 3, 4, description="a bedroom"),
            rectangle("east", 5, 1, 3, 4, description="a kitchen"),
        ),
        _objects(
            "Objects",
            rectangle("bed", 1, 1, 1, 2, state="made", affordances="sleeping | slept in | 20"),
            rectangle("stove", 5, 4, 1, 1, state="off", affordances="cooking a meal | hot | 20\nwiping it | wet | 5"),
        ),
        layer("Collisions", blocked),
    ]
    return {
        "type": "map",
        "version": "1.10",
        "orientation": "orthogonal",
        "infinite": False,
        "width": len(rows[0]),
        "height": len(rows),
        "tilewidth": 16,
        "tileheight": 16,
        "properties": [{"name": "name", "type": "string", "value": "town"}],
        "tilesets": [tileset()],
        "layers": layers,
    }


def tileset(**changes: Any) -> dict[str, Any]:
    """A tileset of four tiles."""
    return {
        "firstgid": 1, "name": "small", "image": "small.png", "imagewidth": 32, "imageheight": 32, "tilewidth": 16,
        "tileheight": 16, "tilecount": 4, "columns": 2, "margin": 0, "spacing": 0, **changes,
    }  # fmt: skip


def parse(document: dict[str, Any], folder: Path = Path("/maps")) -> TownMap:
    """Read a map from its JSON object."""
    return TownMap.parse(json.dumps(document), "test.tmj", folder)


def walls(*rows: str) -> TownMap:
    """A map of one arena with the walls drawn."""
    return parse(plain("\n".join(rows)))


def _objects(name: str, *rectangles: dict[str, Any]) -> dict[str, Any]:
    return {"id": 1, "name": name, "type": "objectgroup", "objects": list(rectangles)}
