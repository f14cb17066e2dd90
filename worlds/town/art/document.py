"""A sketched map as the text of a Tiled map: its tiles written out, or packed so that large towns stay small files."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worlds.town.art.paint import TILE
from worlds.town.art.plan import Ground, Room, Thing
from worlds.town.art.sheet import COLUMNS, Sheet
from worlds.town.art.sketch import Sketch, address
from worlds.town.places import Rect, Tile

PICTURE = "tiles.png"

_COLORS = {
    "Sectors": "#ffd84848",
    "Arenas": "#ff48a0d8",
    "Objects": "#ff50b860",
    "Doors": "#ffe0a030",
    "Spawns": "#ffb050d0",
}
"""In which Tiled shows the rectangles of each layer."""

Properties = Mapping[str, str | int | bool]
Drawn = tuple[str, Rect, Properties]
"""A rectangle with its name and what it says."""


def map_text(
    sketch: Sketch, town: str, grounds: Iterable[Ground], things: Mapping[str, Rect], doors: Iterable[Tile] = ()
) -> str:
    """Return the text of a .tmj file with its tiles written out, one line for each row of a layer.

    `things` gives the rectangle of each object by its address; `doors` are those that shut when their sector closes.
    """
    document = _document(sketch, town, _rectangles(town, tuple(grounds), things, doors))
    for layer in document["layers"]:
        if layer["type"] == "tilelayer":
            layer["data"] = f"@{layer['name']}"
    text = json.dumps(document, indent=1, ensure_ascii=False)
    for name, tiles in sketch.layers.items():
        rows = ",\n".join(",".join(map(str, row)) for row in tiles.tolist())
        text = text.replace(f'"@{name}"', f"[\n{rows}\n]")
    return text + "\n"


def packed_map(sketch: Sketch, town: str, grounds: Iterable[Ground], things: Mapping[str, Rect]) -> str:
    """Return the same map with compressed tiles, on one line."""
    return packed_text(sketch, town, _rectangles(town, tuple(grounds), things, ()))


def packed_text(sketch: Sketch, town: str, drawn: Mapping[str, Iterable[Drawn]]) -> str:
    """Return the text of a .tmj file, on one line, with what is drawn on its object layers, by their names."""
    document = _document(sketch, town, drawn)
    for layer in document["layers"]:
        if layer["type"] == "tilelayer":
            layer |= {"encoding": "base64", "compression": "zlib", "data": _packed(sketch.layers[layer["name"]])}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _packed(gids: NDArray[np.int64]) -> str:
    return base64.b64encode(zlib.compress(gids.astype("<u4").tobytes())).decode("ascii")


def _document(sketch: Sketch, town: str, places: Mapping[str, Iterable[Drawn]]) -> dict[str, Any]:
    layers = [_tile_layer(name, sketch) for name in sketch.layers]
    layers += [_object_layer(name, drawn) for name, drawn in places.items()]
    for number, layer in enumerate(layers, 1):
        layer["id"] = number
    objects = [item for layer in layers for item in layer.get("objects", ())]
    for number, item in enumerate(objects, 1):
        item["id"] = number
    return {
        "type": "map",
        "version": "1.10",
        "tiledversion": "1.10.2",
        "compressionlevel": -1,
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


def _tile_layer(name: str, sketch: Sketch) -> dict[str, Any]:
    return {
        "id": 0, "name": name, "type": "tilelayer", "x": 0, "y": 0, "width": sketch.width, "height": sketch.height,
        "opacity": 1, "visible": name != "Collisions",
    }  # fmt: skip


def _tileset(sheet: Sheet) -> dict[str, Any]:
    return {
        "firstgid": 1, "name": "thorp", "image": PICTURE, "imagewidth": COLUMNS * TILE,
        "imageheight": sheet.rows * TILE, "tilewidth": TILE, "tileheight": TILE, "tilecount": sheet.rows * COLUMNS,
        "columns": COLUMNS, "margin": 0, "spacing": 0,
    }  # fmt: skip


def _object_layer(name: str, places: Iterable[Drawn]) -> dict[str, Any]:
    drawn = [
        {
            "id": 0, "name": label, "type": "", "x": rect.x * TILE, "y": rect.y * TILE, "width": rect.width * TILE,
            "height": rect.height * TILE, "rotation": 0, "visible": True, "properties": _properties(said),
        }
        for label, rect, said in places
    ]  # fmt: skip
    return {
        "id": 0, "name": name, "type": "objectgroup", "draworder": "index", "x": 0, "y": 0, "opacity": 0.5,
        "visible": False, "color": _COLORS[name], "objects": drawn,
    }  # fmt: skip


def _rectangles(
    town: str, grounds: tuple[Ground, ...], things: Mapping[str, Rect], doors: Iterable[Tile]
) -> dict[str, list[Drawn]]:
    """Yield all places by layer; of several parts of one place the first says what it is."""
    rooms = [(ground, room) for ground in grounds for room in ground.rooms]
    layers: dict[str, list[Drawn]] = {
        "Sectors": [part for ground in grounds for part in _parts(ground.name, ground.parts, _of_ground(ground))],
        "Arenas": [part for _, room in rooms for part in _parts(room.name, room.parts, _of_room(room))],
        "Objects": [
            (thing.name, things[address(town, ground, room, thing)], _of_thing(thing))
            for ground, room in rooms
            for thing in room.things
        ],
    }
    shut: list[Drawn] = [("", Rect(x, y, 1, 1), {}) for x, y in doors]
    if shut:
        layers["Doors"] = shut
    return layers


def _parts(name: str, rects: Iterable[Rect], said: Properties) -> Iterator[Drawn]:
    for number, rect in enumerate(rects):
        yield name, rect, said if number == 0 else {}


def _of_ground(ground: Ground) -> Properties:
    hours = {"opens": ground.hours[0], "closes": ground.hours[1]} if ground.hours else {}
    landmark = {} if ground.landmark is None else {"landmark": ground.landmark}
    return {"kind": ground.kind, "description": ground.description, **hours, **landmark}


def _of_room(room: Room) -> Properties:
    return {"description": room.description, **({} if room.capacity is None else {"capacity": room.capacity})}


def _of_thing(thing: Thing) -> Properties:
    said: dict[str, str | int | bool] = {"state": thing.state, "affordances": "\n".join(thing.uses)}
    if thing.seats != 1:
        said["seats"] = thing.seats
    if thing.consequences:
        said["consequences"] = "\n".join(thing.consequences)
    return said


def _properties(said: Properties) -> list[dict[str, Any]]:
    kinds = {str: "string", int: "int", bool: "bool"}
    return [{"name": key, "type": kinds[type(value)], "value": value} for key, value in sorted(said.items())]
