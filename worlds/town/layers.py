"""Tile layers of a Tiled map: which tile lies where, decoded from a list, CSV text or base64."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worlds.town.node import Node
from worlds.town.packed import COMPRESSIONS, unpacked

FLIP_HORIZONTAL, FLIP_VERTICAL, FLIP_DIAGONAL = 4, 2, 1
"""Bits in `TileLayer.flips`; the diagonal flip (swap x and y) is applied first."""

_ID_MASK = 0x0FFF_FFFF
_PLAIN = re.compile(r"[\d,\s]*", re.ASCII)
_NUMBER = re.compile(r"\s*\d{1,10}\s*", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class TileLayer:
    """One layer to draw: global tile ids (0 = nothing) and flips, both of shape [height, width]."""

    name: str
    visible: bool
    opacity: float
    gids: NDArray[np.int32]
    flips: NDArray[np.uint8]
    offset: tuple[float, float] = (0.0, 0.0)
    """How far to the right and down it is drawn, in pixels."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a layer is to be seen, the groups that it is in included."""

    visible: bool = True
    opacity: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)
    """How far to the right and down it is drawn, in pixels."""

    def of(self, node: Node) -> Look:
        """Return the look of a layer within this group."""
        visible = node.flag("visible", True) and self.visible
        opacity = self.opacity * min(max(node.number("opacity", 1), 0.0), 1.0)
        x, y = self.offset
        return Look(visible, opacity, (x + node.number("offsetx", 0), y + node.number("offsety", 0)))


def read_tile_layer(node: Node, width: int, height: int, look: Look) -> TileLayer | None:
    """Return the layer in `node`, or None after noting why it cannot be read."""
    before = len(node.faults)
    if (node.whole("width", 1, 10**6), node.whole("height", 1, 10**6)) != (width, height):
        node.fault(f"the layer's size differs from the map's, {width} x {height} tiles")
    if "chunks" in node.fields:
        node.fault("infinite maps cannot be read: switch off Map > Map Properties > Infinite")
    if len(node.faults) > before:
        return None
    raw = _decode(node, width * height)
    if raw is None:
        return None
    grid = raw.reshape(height, width)
    gids = (grid & _ID_MASK).astype(np.int32)
    flips = (grid >> 29).astype(np.uint8)
    gids.flags.writeable = flips.flags.writeable = False
    return TileLayer(node.text("name"), look.visible, look.opacity, gids, flips, look.offset)


def _decode(node: Node, count: int) -> NDArray[np.uint32] | None:
    encoding, compression = node.text("encoding", "csv"), node.text("compression", "")
    if encoding == "csv":
        return _from_list(node, count)
    if encoding != "base64":
        node.fault(f"unknown encoding '{encoding[:40]}' (allowed: csv, base64)")
        return None
    if compression and compression not in COMPRESSIONS:
        node.fault(f"compression '{compression[:40]}' cannot be read (allowed: none, {', '.join(COMPRESSIONS)})")
        return None
    try:
        data = unpacked(node.text("data"), compression, 4 * count)
    except ValueError as error:
        node.fault(str(error))
        return None
    return np.frombuffer(data, dtype="<u4").astype(np.uint32)


def _from_list(node: Node, count: int) -> NDArray[np.uint32] | None:
    data = node.fields.get("data")
    if isinstance(data, str):
        data = _numbers(data)
    if not isinstance(data, list):
        node.fault("'data' must be a list of tile numbers, as encoding csv says")
        return None
    if len(data) != count:
        node.fault(f"the data holds {len(data)} tiles; the map has {count}")
        return None
    for index, value in enumerate(data):
        if type(value) is not int or not 0 <= value < 2**32:
            node.fault(f"tile number {index + 1} in the data must be a whole number from 0 to 2^32 - 1")
            return None
    return np.array(data, dtype=np.uint32)


def _numbers(text: str) -> list[int] | list[int | None]:
    """Return the whole numbers between commas; None for what is none."""
    parts = text.split(",")
    if _PLAIN.fullmatch(text):
        try:
            return list(map(int, parts))
        except ValueError:
            pass
    return [int(part) if _NUMBER.fullmatch(part) else None for part in parts]
