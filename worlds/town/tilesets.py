"""Tilesets: pictures cut into tiles, embedded in the map or in a .tsj file beside it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from worlds.town.node import MAX_BYTES, Node, read_json


@dataclass(frozen=True, slots=True)
class Tileset:
    """One picture of tiles; lengths in pixels. Whether the picture exists is the renderer's business."""

    name: str
    firstgid: int
    """Global id of its first tile."""
    count: int
    columns: int
    tile_size: int
    spacing: int
    """Between two tiles."""
    margin: int
    """Around all tiles."""
    image: Path
    file: Path | None = None
    """The file beside the map that it was read from; None when it is part of the map."""

    def box(self, gid: int) -> tuple[int, int, int, int]:
        """Return (left, top, width, height) of a tile in the picture."""
        row, column = divmod(gid - self.firstgid, self.columns)
        step = self.tile_size + self.spacing
        return self.margin + column * step, self.margin + row * step, self.tile_size, self.tile_size


def read_tilesets(root: Node, folder: Path, tile_size: int) -> tuple[Tileset, ...]:
    """Return the map's tilesets by rising firstgid; what is wrong is noted, and such a tileset left out."""
    found = []
    for node in root.children("tilesets", "tileset"):
        before = len(node.faults)
        firstgid = node.whole("firstgid", 1, 2**28 - 1)
        body, file = _body(node, folder)
        if body is None:
            continue
        tileset = _read(body, firstgid, file, folder, tile_size)
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
    except (OSError, RuntimeError):
        return None


def _body(node: Node, folder: Path) -> tuple[Node | None, Path | None]:
    """Return the tileset's own JSON object, and the file that it is in if that is not the map."""
    if "source" not in node.fields:
        return node, None
    name = node.text("source")
    path = inside(folder, folder, name)
    if path is None:
        node.fault(f"the file '{name[:80]}' is not inside the map's folder")
        return None, None
    if path.suffix.lower() not in (".tsj", ".json"):
        node.fault(f"'{name[:80]}' must be a JSON tileset: save it as .tsj, or use Map > Embed Tileset")
        return None, None
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("too large")
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        node.fault(f"the tileset file '{name[:80]}' cannot be read: {error}")
        return None, None
    return read_json(text, f"{node.place} ({name[:80]})", node.faults), path


def _read(node: Node, firstgid: int, file: Path | None, folder: Path, tile_size: int) -> Tileset:
    name = node.text("name", "")
    if name:
        node.place += f" '{name[:80]}'"
    count = node.whole("tilecount", 1, 10**6)
    columns = node.whole("columns", 1, 10**4)
    spacing, margin = node.whole("spacing", 0, 10**4, 0), node.whole("margin", 0, 10**4, 0)
    for key in ("tilewidth", "tileheight"):
        if (size := node.whole(key, 1, 10**4)) != tile_size:
            node.fault(f"'{key}' is {size}; the map's tiles are {tile_size} pixels")
    step, rows = tile_size + spacing, -(-count // columns)
    for key, tiles in (("imagewidth", columns), ("imageheight", rows)):
        if node.whole(key, 1, 10**5) < margin + tiles * step - spacing:
            node.fault(f"'{key}' is too small for {tiles} tiles")
    image = node.text("image")
    path = inside(folder, file.parent if file else folder, image)
    if path is None:
        node.fault(f"the picture '{image[:80]}' is not inside the map's folder")
    return Tileset(name, firstgid, count, columns, tile_size, spacing, margin, path or folder, file)
