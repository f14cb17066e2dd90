"""Tilesets: pictures cut into tiles, or a picture for each tile; part of the map, or in a file beside it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from worlds.town.documents import read_document, read_file
from worlds.town.node import Node

MAX_TILESETS = 256
FILES = (".tsx", ".tsj", ".json", ".xml")
"""What the name of a tileset's own file ends with."""
PICTURES = ("PNG", "GIF", "JPEG", "BMP")
"""The formats of pictures that are read."""

Colour = tuple[int, int, int]

_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file, which may be missing, and the colour in it that is to be seen through."""

    path: Path
    transparent: Colour | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is such a file."""
        try:
            return self.path.is_file()
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a tile is in a picture, in pixels."""

    picture: Picture
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture cut into tiles of one size; lengths in pixels."""

    picture: Picture
    columns: int
    tile_width: int
    tile_height: int
    spacing: int
    """Between two tiles."""
    margin: int
    """Around all tiles."""

    def piece(self, index: int) -> Piece:
        """Return where a tile is, by its number in the sheet."""
        row, column = divmod(index, self.columns)
        left = self.margin + column * (self.tile_width + self.spacing)
        top = self.margin + row * (self.tile_height + self.spacing)
        return Piece(self.picture, left, top, self.tile_width, self.tile_height)


@dataclass(frozen=True, slots=True)
class Tileset:
    """Tiles with global ids. Tiles larger than the map's stand on the bottom left corner of their cell."""

    name: str
    firstgid: int
    """Global id of its first tile."""
    count: int
    """How many global ids are its own, from the first one on."""
    tiles: Sheet | Mapping[int, Piece]
    """A sheet, or a picture for each tile by its number in the set; numbers may be missing."""
    offset: tuple[int, int] = (0, 0)
    """How far to the right of and below its place a tile is drawn, in pixels."""
    file: Path | None = None
    """The file beside the map that it was read from; None when it is part of the map."""

    def piece(self, gid: int) -> Piece | None:
        """Return where the tile with a global id is; None when there is none in this set."""
        index = gid - self.firstgid
        if isinstance(self.tiles, Sheet):
            return self.tiles.piece(index) if 0 <= index < self.count else None
        return self.tiles.get(index)

    def holds(self, gids: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which of some global ids are tiles of this set."""
        if isinstance(self.tiles, Sheet):
            return (gids >= self.firstgid) & (gids < self.firstgid + self.count)
        return np.isin(gids, np.array(sorted(self.tiles), np.int32) + self.firstgid)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All its pictures, each once."""
        if isinstance(self.tiles, Sheet):
            return (self.tiles.picture,)
        return tuple(dict.fromkeys(piece.picture for piece in self.tiles.values()))


def read_tilesets(root: Node, folder: Path) -> tuple[Tileset, ...]:
    """Return the map's tilesets by rising firstgid; what is wrong is noted, and such a tileset left out."""
    found: list[Tileset] = []
    nodes = root.children("tilesets", "tileset")
    if len(nodes) > MAX_TILESETS:
        root.fault(f"more than {MAX_TILESETS} tilesets")
    for node in nodes[:MAX_TILESETS]:
        before = len(node.faults)
        firstgid = node.whole("firstgid", 1, 2**28 - 1)
        body, file = _body(node, folder)
        if body is None:
            continue
        tileset = _Reader(body, folder, file).tileset(firstgid)
        if len(node.faults) == before:
            found.append(tileset)
    found.sort(key=lambda tileset: tileset.firstgid)
    for first, second in pairwise(found):
        if first.firstgid + first.count > second.firstgid:
            root.fault(f"the tile ids of tilesets '{first.name}' and '{second.name}' overlap")
    return tuple(found)


def inside(folder: Path, base: Path, name: str) -> Path | None:
    """Return the path of file `name` seen from `base`, or None when it leaves `folder` (links followed)."""
    if not name or "\\" in name or "\0" in name or ":" in name or Path(name).is_absolute():
        return None
    try:
        path = (base / name).resolve()
        return path if path.is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError, ValueError):
        return None


def picture_size(path: Path) -> tuple[int, int] | None:
    """Return the width and height that the header of a picture says; None when there is none."""
    from PIL import Image

    try:
        with (
            warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
            Image.open(path, formats=PICTURES) as picture,
        ):
            return picture.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def _body(node: Node, folder: Path) -> tuple[Node | None, Path | None]:
    """Return the tileset itself, and the file that it is in if that is not the map."""
    if "source" not in node.fields:
        return node, None
    name = node.text("source")
    path = inside(folder, folder, name)
    if path is None:
        node.fault(f"the file '{name[:80]}' is not inside the map's folder")
        return None, None
    if path.suffix.lower() not in FILES:
        node.fault(f"'{name[:80]}' is no tileset file (allowed: {', '.join(FILES)}), or use Map > Embed Tileset")
        return None, None
    try:
        content = read_file(path)
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else error
        node.fault(f"the tileset file '{name[:80]}' cannot be read: {problem}")
        return None, None
    body = read_document(content, f"{node.place} ({name[:80]})", node.faults)
    if body is not None and body.fields.get("type", "tileset") != "tileset":
        body.fault("this file is no Tiled tileset")
        return None, None
    return body, path


class _Reader:
    """Reads one tileset."""

    def __init__(self, node: Node, folder: Path, file: Path | None) -> None:
        self._node = node
        self._folder = folder
        self._file = file

    def tileset(self, firstgid: int) -> Tileset:
        """Return the tileset; after a fault it is not to be used."""
        node, name = self._node, self._node.text("name", "")
        if name:
            node.place += f" '{name[:80]}'"
        tiles: Sheet | dict[int, Piece]
        if "image" in node.fields:
            tiles, count = self._sheet()
        else:
            tiles = self._collection()
            count = max(tiles, default=0) + 1
        offset = (0, 0)
        if "tileoffset" in node.fields:
            shift = node.child("tileoffset")
            offset = (shift.whole("x", -(10**4), 10**4, 0), shift.whole("y", -(10**4), 10**4, 0))
        return Tileset(name, firstgid, count, tiles, offset, self._file)

    def _sheet(self) -> tuple[Sheet, int]:
        node = self._node
        width, height = (node.whole(key, 1, 10**4) for key in ("tilewidth", "tileheight"))
        spacing, margin = (node.whole(key, 0, 10**4, 0) for key in ("spacing", "margin"))
        picture = self._picture(node)
        room = self._size(node, picture)
        fits = [
            max(0, (side - margin + spacing) // (tile + spacing))
            for side, tile in zip(room, (width, height), strict=True)
        ]
        columns = node.whole("columns", 1, 10**4, max(1, fits[0]))
        count = node.whole("tilecount", 1, 10**6, max(1, fits[0] * fits[1]))
        rows = -(-count // columns)
        for key, tiles, fit in (("imagewidth", columns, fits[0]), ("imageheight", rows, fits[1])):
            if all(room) and tiles > fit:
                node.fault(f"'{key}' is too small for {tiles} tiles")
        return Sheet(picture, columns, width, height, spacing, margin), count

    def _collection(self) -> dict[int, Piece]:
        """Return the tiles of a set that has a picture for each of them."""
        found: dict[int, Piece] = {}
        for node in self._node.children("tiles", "tile"):
            if "image" not in node.fields:
                continue
            number = node.whole("id", 0, 10**6)
            picture = self._picture(node)
            width, height = self._size(node, picture)
            left, top = node.whole("x", 0, 10**5, 0), node.whole("y", 0, 10**5, 0)
            wide, high = node.whole("width", 1, 10**4, max(1, width)), node.whole("height", 1, 10**4, max(1, height))
            if number in found:
                node.fault(f"there are two tiles {number}")
            found[number] = Piece(picture, left, top, wide, high)
        if not found:
            self._node.fault("this tileset has no picture")
        return found

    def _picture(self, node: Node) -> Picture:
        name = node.text("image")
        path = inside(self._folder, self._file.parent if self._file else self._folder, name)
        if path is None:
            node.fault(f"the picture '{name[:80]}' is not inside the map's folder")
        colour = node.text("transparentcolor", "")
        match = _COLOUR.fullmatch(colour)
        if colour and match is None:
            node.fault(f"'transparentcolor' must be a colour such as #ff00ff, not '{colour[:40]}'")
        value = bytes.fromhex(match[1]) if match else b""
        return Picture(path or self._folder, (value[0], value[1], value[2]) if value else None)

    def _size(self, node: Node, picture: Picture) -> tuple[int, int]:
        """Return a picture's size as the file says or, where it does not (Tiled before 1.0), as the picture does."""
        if "imagewidth" in node.fields or "imageheight" in node.fields:
            return node.whole("imagewidth", 1, 10**5), node.whole("imageheight", 1, 10**5)
        size = picture_size(picture.path)
        if size is None:
            node.fault(
                "'imagewidth' and 'imageheight' are missing, and the picture cannot be read: save it again in Tiled"
            )
        return size or (0, 0)
