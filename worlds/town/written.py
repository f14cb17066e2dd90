"""A map written as one .tmj file that needs no other files but its pictures: from what was read and checked."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from worlds.town.draft import Draft
from worlds.town.drawn import TREE, DrawnPlace
from worlds.town.layers import TileLayer
from worlds.town.tilesets import Picture, Sheet, Tileset


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture beside the map: its file's name, and its size in pixels."""

    name: str
    width: int
    height: int


def tmj(draft: Draft, pictures: Mapping[Path, PictureFile]) -> str:
    """Return the text of a .tmj file. `pictures` says what has become of every picture of the map's tilesets."""
    size, tile_size = draft.header.size, draft.header.tile_size
    layers = [_tile_layer(layer) for layer in draft.drawn.tiles]
    drawn = draft.drawn.places.items()
    layers += [_object_layer(name, places, tile_size) for name, places in drawn if places or name in TREE]
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
        "width": size.width,
        "height": size.height,
        "tilewidth": tile_size,
        "tileheight": tile_size,
        "nextlayerid": len(layers) + 1,
        "nextobjectid": len(objects) + 1,
        "properties": _properties({"name": draft.header.name}),
        "tilesets": [_tileset(tileset, pictures) for tileset in draft.tilesets],
        "layers": layers,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _tile_layer(layer: TileLayer) -> dict[str, Any]:
    height, width = layer.gids.shape
    numbers = layer.gids.astype(np.uint32) | layer.flips.astype(np.uint32) << 29
    return {
        "name": layer.name,
        "type": "tilelayer",
        "x": 0,
        "y": 0,
        "width": width,
        "height": height,
        "opacity": layer.opacity,
        "visible": layer.visible,
        "offsetx": layer.offset[0],
        "offsety": layer.offset[1],
        "encoding": "base64",
        "compression": "zlib",
        "data": base64.b64encode(zlib.compress(numbers.astype("<u4").tobytes())).decode("ascii"),
    }


def _object_layer(name: str, places: Iterable[DrawnPlace], tile_size: int) -> dict[str, Any]:
    drawn = [
        {
            "name": place.name,
            "type": "",
            "x": place.rect.x * tile_size,
            "y": place.rect.y * tile_size,
            "width": place.rect.width * tile_size,
            "height": place.rect.height * tile_size,
            "rotation": 0,
            "visible": True,
            "properties": _properties(place.properties),
        }
        for place in places
    ]
    return {
        "name": name, "type": "objectgroup", "draworder": "index", "x": 0, "y": 0, "opacity": 0.5, "visible": False,
        "objects": drawn,
    }  # fmt: skip


def _tileset(tileset: Tileset, pictures: Mapping[Path, PictureFile]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": tileset.name,
        "firstgid": tileset.firstgid,
        "tileoffset": {"x": tileset.offset[0], "y": tileset.offset[1]},
    }
    tiles = tileset.tiles
    if isinstance(tiles, Sheet):
        return said | _picture(tiles.picture, pictures) | {
            "tilewidth": tiles.tile_width, "tileheight": tiles.tile_height, "tilecount": tileset.count,
            "columns": tiles.columns, "margin": tiles.margin, "spacing": tiles.spacing,
        }  # fmt: skip
    return said | {
        "tilewidth": max(piece.width for piece in tiles.values()),
        "tileheight": max(piece.height for piece in tiles.values()),
        "tilecount": len(tiles),
        "columns": 0,
        "margin": 0,
        "spacing": 0,
        "tiles": [
            {"id": number, "x": piece.left, "y": piece.top, "width": piece.width, "height": piece.height}
            | _picture(piece.picture, pictures)
            for number, piece in sorted(tiles.items())
        ],
    }


def _picture(picture: Picture, pictures: Mapping[Path, PictureFile]) -> dict[str, Any]:
    file = pictures[picture.path]
    said = {"image": file.name, "imagewidth": file.width, "imageheight": file.height}
    if picture.transparent is None:
        return said
    return said | {"transparentcolor": f"#{bytes(picture.transparent).hex()}"}


def _properties(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": key, "type": "string", "value": text} for key, text in sorted(texts.items())]
