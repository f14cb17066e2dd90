"""A map as it was drawn: all that its file and its tilesets say, before it is known whether it makes a town."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import BadInput
from worlds.town.documents import read_document, read_file
from worlds.town.drawn import Drawn, read_layers
from worlds.town.faults import Faults
from worlds.town.header import Header, blocking, read_header
from worlds.town.standing import Mask
from worlds.town.tilesets import Tileset, read_tilesets


@dataclass(frozen=True, eq=False, slots=True)
class Draft:
    """A map with what is wrong with it so far."""

    header: Header
    tilesets: tuple[Tileset, ...]
    """By rising first global tile id."""
    drawn: Drawn
    blocked: Mask
    opaque: Mask
    digest: str
    """SHA-256 of the map file's content, in hexadecimal."""
    faults: Faults

    @classmethod
    def load(cls, path: Path) -> Draft:
        """Read a map of Tiled, in JSON or XML. Raises BadInput when its file cannot be read or its size not be told."""
        try:
            return cls.read(read_file(path), str(path), path.parent)
        except OSError as error:
            raise BadInput(str(path), f"the map cannot be read: {error.strerror or error}") from error
        except ValueError as error:
            raise BadInput(str(path), f"the map cannot be read: {error}") from error

    @classmethod
    def read(cls, content: bytes, source: str, folder: Path) -> Draft:
        """Read a map from a file's content; `folder` holds its pictures and external tilesets.

        Raises BadInput when nothing about its layers could be told; everything else is noted in `faults`.
        """
        faults = Faults(source)
        root = read_document(content, "", faults)
        if root is None:
            raise faults.error()
        header = read_header(root)
        before = len(faults)
        tilesets = read_tilesets(root, folder)
        tilesets_sound = len(faults) == before
        drawn = read_layers(root, header.size, header.tile_size)
        if tilesets_sound:
            _check_gids(drawn, tilesets, faults)
        blocked, opaque = blocking(root, drawn, header.size)
        return cls(header, tilesets, drawn, blocked, opaque, hashlib.sha256(content).hexdigest(), faults)


def _check_gids(drawn: Drawn, tilesets: tuple[Tileset, ...], faults: Faults) -> None:
    for layer in drawn.tiles:
        known = layer.gids == 0
        for tileset in tilesets:
            known |= tileset.holds(layer.gids)
        unknown = np.argwhere(~known)
        if len(unknown):
            y, x = (int(value) for value in unknown[0])
            more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
            faults.add(f"layer '{layer.name}', tile ({x}, {y})", f"tile id {layer.gids[y, x]} is in no tileset{more}")
