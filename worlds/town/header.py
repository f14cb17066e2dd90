"""What a map says about itself: its name, its size, and what blocks walking and sight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import closest
from worlds.town.drawn import BLOCKING, COLLISIONS, WALLS, Drawn
from worlds.town.node import Node
from worlds.town.places import SEPARATOR, Rect
from worlds.town.standing import Mask

MAX_SIDE = 1000


@dataclass(frozen=True, slots=True)
class Header:
    """The town's name, its size in tiles, and the side of a tile in pixels."""

    name: str
    size: Rect
    tile_size: int


def read_header(root: Node) -> Header:
    """Return what a map says about itself. Raises BadInput when nothing on its layers could be told from that."""
    if root.fields.get("type", "map") != "map":
        root.faults.stop("", "this is a Tiled tileset, not a map")
    if root.text("orientation") != "orthogonal":
        root.fault(
            f"'orientation' must be orthogonal, not {root.text('orientation', '')[:40]}: a town is seen from above"
        )
    if root.flag("infinite", False):
        root.fault("infinite maps cannot be read: switch off Map > Map Properties > Infinite")
    size = Rect(0, 0, root.whole("width", 1, MAX_SIDE), root.whole("height", 1, MAX_SIDE))
    tile_size = root.whole("tilewidth", 1, 512)
    if root.whole("tileheight", 1, 512) != tile_size:
        root.fault("tiles must be square: 'tilewidth' and 'tileheight' differ")
    tellable = not len(root.faults)
    name = _name(root)
    if not tellable:
        root.faults.check()
    return Header(name, size, tile_size)


def _name(root: Node) -> str:
    properties = root.properties(("name",))
    name = properties.get("name", "")
    if "name" not in properties:
        root.fault("the map property 'name', the town's name, is missing (Map > Map Properties > Custom Properties)")
    elif not name or not name.isprintable() or SEPARATOR in name or len(name) > 80:
        root.fault(f"the map property 'name' must be 1 to 80 printable characters without '{SEPARATOR}'")
    return name


def blocking(root: Node, drawn: Drawn, size: Rect) -> tuple[Mask, Mask]:
    """Return what blocks walking and what blocks sight."""
    blocked = np.zeros((size.height, size.width), bool)
    opaque = np.zeros_like(blocked)
    if not set(BLOCKING) & set(drawn.tile_layer_names):
        near = closest(WALLS, [name[:80] for name in drawn.tile_layer_names])
        how = f"add one (Layer > New > Tile Layer), or rename {repr(near) if near else 'the one that shows it'}"
        root.fault(f"no tile layer '{WALLS}' or '{COLLISIONS}' says where nobody can walk: {how}")
    for layer in drawn.tiles:
        if layer.name in BLOCKING:
            blocked |= layer.gids > 0
        if layer.name == WALLS:
            opaque |= layer.gids > 0
    return blocked, opaque
