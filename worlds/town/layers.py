"""Tile layers of a Tiled map: which tile lies where, decoded from a list, base64, zlib or gzip."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worlds.town.node import Node

FLIP_HORIZONTAL, FLIP_VERTICAL, FLIP_DIAGONAL = 4, 2, 1
"""Bits in `TileLayer.flips`; the diagonal flip (swap x and y) is applied first."""

_WINDOW = {"zlib": zlib.MAX_WBITS, "gzip": zlib.MAX_WBITS | 16}
_ID_MASK = 0x0FFF_FFFF


@dataclass(frozen=True, slots=True, eq=False)
class TileLayer:
    """One layer to draw: global tile ids (0 = nothing) and flips, both of shape [height, width]."""

    name: str
    visible: bool
    opacity: float
    gids: NDArray[np.int32]
    flips: NDArray[np.uint8]


def read_tile_layer(node: Node, width: int, height: int, visible: bool, opacity: float) -> TileLayer | None:
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
    return TileLayer(node.text("name"), visible, opacity, gids, flips)


def _decode(node: Node, count: int) -> NDArray[np.uint32] | None:
    encoding, compression = node.text("encoding", "csv"), node.text("compression", "")
    if encoding == "csv":
        return _from_list(node, count)
    if encoding != "base64":
        node.fault(f"unknown encoding '{encoding[:40]}' (allowed: csv, base64)")
        return None
    if compression and compression not in _WINDOW:
        node.fault(f"compression '{compression[:40]}' cannot be read (allowed: none, zlib, gzip)")
        return None
    try:
        packed = base64.b64decode(node.text("data"), validate=True)
    except (binascii.Error, ValueError) as error:
        node.fault(f"the data is not valid base64: {error}")
        return None
    data = _unpack(node, packed, compression, 4 * count) if compression else packed
    if data is None:
        return None
    if len(data) != 4 * count:
        node.fault(f"the data holds {len(data)} bytes; {count} tiles need {4 * count}")
        return None
    return np.frombuffer(data, dtype="<u4").astype(np.uint32)


def _from_list(node: Node, count: int) -> NDArray[np.uint32] | None:
    data = node.fields.get("data")
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


def _unpack(node: Node, packed: bytes, compression: str, size: int) -> bytes | None:
    stream = zlib.decompressobj(_WINDOW[compression])
    try:
        # One byte more than declared is enough to see that there is too much.
        data = stream.decompress(packed, size + 1)
    except zlib.error as error:
        node.fault(f"the data is not valid {compression}: {error}")
        return None
    if len(data) > size:
        node.fault(f"the data unpacks to more than the {size} bytes that its tiles need")
        return None
    if not stream.eof:
        node.fault(f"the {compression} data is cut off")
        return None
    return data
