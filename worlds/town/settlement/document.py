"""A sketched map as the text of a Tiled map, with its tiles compressed: large towns stay small files."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worlds.town.art.paint import TILE
from worlds.town.art.plan import Ground, Thing
from worlds.town.art.sheet import COLUMNS, Sheet
from worlds.town.art.sketch import Sketch, address
from worlds.town.places import Rect

PICTURE = "tiles.png"


Drawn = tuple[str, Rect, Mapping[str, str]]
"""A rectangle on an object layer: its name, where it lies, and its properties."""


def packed_map(sketch: Sketch, town: str, grounds: Iterable[Ground], things: Mapping[str, Rect]) -> str:
    """Return the text of a .tmj file. `things` gives the rectangle of each object by its address."""
    return packed_text(sketch, town, _rectangles(town, tuple(grounds), things))


def packed_text(sketch: Sketch, town: str, drawn: Mapping[str, Iterable[Drawn]]) -> str:
    """Return the text of a .tmj file with what is drawn on its object layers, by their names."""
    layers = [_tiles(name, tiles) for name, tiles in sketch.layers.items()]
    layers += [_places(name, places) for name, places in drawn.items()]
    for number, layer in enumerate(layers, 1):
        layer["id"] = number
    objects = [item for layer in layers for item in layer.get("objects", ())]
    for number, item in enumerate(objects, 1):
        item["id"] = number
    document = {
        "type": "map",
        "version": "1.10",
        "tiledversion": "1.10.2",
        "orientation": "orthogonal",
        "renderorder": "right-down",
        "infinite": False,
        "width": sketch.width,
        "height": sketch.height,
        "tilewidth": TILE,
        "tileheight": TILE,
        "nextlayerid": len(layers) + 1,
        "nextobjectid": len(objects) + 1,
        "properties": _properties({"name": town}),
        "tilesets": [_tileset(sketch.sheet)],
        "layers": layers,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _tiles(name: str, gids: NDArray[np.int64]) -> dict[str, Any]:
    height, width = gids.shape
    packed = zlib.compress(gids.astype("<u4").tobytes())
    return {
        "name": name,
        "type": "tilelayer",
        "x": 0,
        "y": 0,
        "width": width,
        "height": height,
        "opacity": 1,
        "visible": name != "Collisions",
        "encoding": "base64",
        "compression": "zlib",
        "data": base64.b64encode(packed).decode("ascii"),
    }


def _tileset(sheet: Sheet) -> dict[str, Any]:
    return {
        "firstgid": 1,
        "name": "thorp",
        "image": PICTURE,
        "imagewidth": COLUMNS * TILE,
        "imageheight": sheet.rows * TILE,
        "tilewidth": TILE,
        "tileheight": TILE,
        "tilecount": sheet.rows * COLUMNS,
        "columns": COLUMNS,
        "margin": 0,
        "spacing": 0,
    }


def _rectangles(town: str, grounds: tuple[Ground, ...], things: Mapping[str, Rect]) -> dict[str, list[Drawn]]:
    rooms = [(ground, room) for ground in grounds for room in ground.rooms]
    return {
        "Sectors": [(ground.name, ground.rect, _of_ground(ground)) for ground in grounds],
        "Arenas": [(room.name, room.rect, {"description": room.description}) for _, room in rooms],
        "Objects": [
            (thing.name, things[address(town, ground, room, thing)], _of_thing(thing))
            for ground, room in rooms
            for thing in room.things
        ],
    }


def _of_ground(ground: Ground) -> dict[str, str]:
    hours = {"opens": ground.hours[0], "closes": ground.hours[1]} if ground.hours else {}
    return {"kind": ground.kind, "description": ground.description, **hours}


def _of_thing(thing: Thing) -> dict[str, str]:
    seats = {"seats": str(thing.seats)} if thing.seats != 1 else {}
    return {"state": thing.state, "affordances": thing.uses, **seats}


def _places(name: str, places: Iterable[Drawn]) -> dict[str, Any]:
    drawn = [
        {
            "name": label,
            "type": "",
            "x": rect.x * TILE,
            "y": rect.y * TILE,
            "width": rect.width * TILE,
            "height": rect.height * TILE,
            "rotation": 0,
            "visible": True,
            "properties": _properties(texts),
        }
        for label, rect, texts in places
    ]
    return {
        "name": name, "type": "objectgroup", "draworder": "index", "x": 0, "y": 0, "opacity": 0.5, "visible": False,
        "objects": drawn,
    }  # fmt: skip


def _properties(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": key, "type": "string", "value": text} for key, text in sorted(texts.items())]
