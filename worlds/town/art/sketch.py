"""A map under construction: layers of sprite tiles, blocked tiles and places, written as a Tiled map."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worlds.town.art.paint import TILE
from worlds.town.art.plan import Ground, Room, Thing
from worlds.town.art.sheet import COLUMNS, Sheet
from worlds.town.places import Rect, Tile

LAYERS = (
    "Ground", "Lawn", "Paths", "Shade", "Details", "Walls", "Furniture", "Decor", "Overhead", "Overhead 2",
    "Collisions",
)  # fmt: skip


class Sketch:
    """Tiles by layer, [height, width] global ids, 0 where there is nothing."""

    def __init__(self, sheet: Sheet, width: int, height: int) -> None:
        self.sheet, self.width, self.height = sheet, width, height
        self.layers: dict[str, NDArray[np.int64]] = {name: np.zeros((height, width), np.int64) for name in LAYERS}

    def tile(self, layer: str, name: str, x: int, y: int, dx: int = 0, dy: int = 0) -> None:
        """Set one tile to a part of a sprite."""
        self.layers[layer][y, x] = self.sheet.tile(name, dx, dy) + 1

    def sprite(self, name: str, x: int, y: int, layers: Iterable[str] = ("Furniture", "Decor")) -> Rect:
        """Put a sprite with its base at (x, y) and return the base; each tile takes the first free layer."""
        sprite = self.sheet.sprites[name]
        above = ("Overhead", "Overhead 2")
        for dy in range(sprite.height):
            for dx in range(sprite.width):
                at = (x + dx, y + dy - sprite.tall)
                if 0 <= at[0] < self.width and 0 <= at[1] < self.height:
                    self._first_free(above if dy < sprite.tall else layers, name, at, (dx, dy))
        return Rect(x, y, sprite.width, sprite.height - sprite.tall)

    def block(self, tiles: Iterable[Tile]) -> None:
        """Make tiles impassable."""
        for x, y in tiles:
            self.tile("Collisions", "blocked", x, y)

    def free(self, x: int, y: int) -> bool:
        """Return whether nothing but ground lies at a tile."""
        return all(self.layers[name][y, x] == 0 for name in LAYERS[2:] if not name.startswith("Overhead"))

    def _first_free(self, layers: Iterable[str], name: str, at: Tile, part: Tile) -> None:
        for layer in layers:
            if self.layers[layer][at[1], at[0]] == 0:
                self.tile(layer, name, *at, *part)
                return
        raise ValueError(f"no layer is free for '{name}' at {at}")


def map_text(sketch: Sketch, name: str, grounds: Iterable[Ground], things: dict[str, Rect]) -> str:
    """Return the map as the text of a .tmj file. `things` gives the rectangle of each object by its address."""
    layers = [_tile_layer(number, layer, sketch) for number, layer in enumerate(LAYERS, 1)]
    objects = _object_layers(name, tuple(grounds), things, len(layers))
    count = sum(len(layer["objects"]) for layer in objects)
    document = {
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
        "nextlayerid": len(layers) + len(objects) + 1,
        "nextobjectid": count + 1,
        "properties": [_property("name", name)],
        "tilesets": [_tileset(sketch.sheet)],
        "layers": layers + objects,
    }
    text = json.dumps(document, indent=1, ensure_ascii=False)
    for layer in LAYERS:
        rows = ",\n".join(",".join(str(gid) for gid in row) for row in sketch.layers[layer].tolist())
        text = text.replace(f'"@{layer}"', f"[\n{rows}\n]")
    return text + "\n"


def _tile_layer(number: int, name: str, sketch: Sketch) -> dict[str, Any]:
    return {
        "id": number, "name": name, "type": "tilelayer", "x": 0, "y": 0, "width": sketch.width, "height": sketch.height,
        "opacity": 1, "visible": name != "Collisions", "data": f"@{name}",
    }  # fmt: skip


def _tileset(sheet: Sheet) -> dict[str, Any]:
    return {
        "firstgid": 1, "name": "thorp", "image": "tiles.png", "imagewidth": COLUMNS * TILE,
        "imageheight": sheet.rows * TILE, "tilewidth": TILE, "tileheight": TILE, "tilecount": sheet.rows * COLUMNS,
        "columns": COLUMNS, "margin": 0, "spacing": 0,
    }  # fmt: skip


def _object_layers(
    town: str, grounds: tuple[Ground, ...], things: dict[str, Rect], before: int
) -> list[dict[str, Any]]:
    sectors = [(ground.name, ground.rect, _ground_properties(ground)) for ground in grounds]
    arenas = [(room.name, room.rect, [_property("description", room.description)]) for g in grounds for room in g.rooms]
    objects = [
        (thing.name, things[address(town, ground, room, thing)], _thing_properties(thing))
        for ground in grounds for room in ground.rooms for thing in room.things
    ]  # fmt: skip
    layers = []
    number = 0
    colors = ("#ffd84848", "#ff48a0d8", "#ff50b860")
    for index, (name, places) in enumerate((("Sectors", sectors), ("Arenas", arenas), ("Objects", objects))):
        drawn = []
        for label, rect, properties in places:
            number += 1
            drawn.append({
                "id": number, "name": label, "type": "", "x": rect.x * TILE, "y": rect.y * TILE,
                "width": rect.width * TILE, "height": rect.height * TILE, "rotation": 0, "visible": True,
                "properties": properties,
            })  # fmt: skip
        layers.append({
            "id": before + index + 1, "name": name, "type": "objectgroup", "draworder": "index", "x": 0, "y": 0,
            "opacity": 0.5, "visible": False, "color": colors[index], "objects": drawn,
        })  # fmt: skip
    return layers


def address(town: str, ground: Ground, room: Room, thing: Thing) -> str:
    """Return the address of an object in the plan."""
    return ":".join((town, ground.name, room.name, thing.name))


def _ground_properties(ground: Ground) -> list[dict[str, Any]]:
    hours = {"opens": ground.hours[0], "closes": ground.hours[1]} if ground.hours else {}
    texts = {"kind": ground.kind, "description": ground.description, **hours}
    return [_property(key, texts[key]) for key in sorted(texts)]


def _thing_properties(thing: Thing) -> list[dict[str, Any]]:
    found = [_property("affordances", thing.uses)]
    if thing.seats != 1:
        found.append({"name": "seats", "type": "int", "value": thing.seats})
    return [*found, _property("state", thing.state)]


def _property(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "type": "string", "value": value}
