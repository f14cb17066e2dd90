"""A town as drawn in Tiled: tiles to walk on, walls that block sight, and places with addresses.

How to draw one is in docs/maps.md. A map is checked as a whole when it is loaded: a `TownMap` that exists is sound, and
every arena and object in it can be walked to from every other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadInput, nearest
from worlds.town.drawn import Drawn, read_layers
from worlds.town.entrances import doors_of, spawns_of
from worlds.town.faults import Faults
from worlds.town.layers import TileLayer
from worlds.town.node import MAX_BYTES, Node, read_json
from worlds.town.places import SEPARATOR, Arena, Place, Rect, Sector, Tile, Town, TownObject, UnknownAddress
from worlds.town.standing import main_ground, standing, standing_by_address
from worlds.town.tilesets import Tileset, read_tilesets
from worlds.town.tree import Tree, build_tree

MAX_SIDE = 1000
WALLS = "Walls"
COLLISIONS = "Collisions"


@dataclass(frozen=True, eq=False, slots=True)
class TownMap:
    """A sound map. Lengths in tiles unless said otherwise; arrays are read-only and of shape [height, width]."""

    name: str
    width: int
    height: int
    tile_size: int
    """Side of a tile in pixels."""
    digest: str
    """SHA-256 of the map file's content, in hexadecimal."""
    blocked: NDArray[np.bool_] = field(repr=False)
    """True where nobody can walk."""
    opaque: NDArray[np.bool_] = field(repr=False)
    """True where nobody can see through."""
    town: Town = field(repr=False)
    sectors: tuple[Sector, ...] = field(repr=False)
    """In file order, as are `arenas` and `objects`."""
    arenas: tuple[Arena, ...] = field(repr=False)
    objects: tuple[TownObject, ...] = field(repr=False)
    tile_layers: tuple[TileLayer, ...] = field(repr=False)
    """Bottom to top, hidden ones too."""
    tilesets: tuple[Tileset, ...] = field(repr=False)
    """By rising first global tile id."""
    ground: NDArray[np.bool_] = field(repr=False)
    """True for the free tiles that can be walked to: the largest region of free tiles."""
    arena_index: NDArray[np.int32] = field(repr=False)
    """The index in `arenas` of the arena that covers a tile, -1 outside of them."""
    """Which tiles a place covers is said by these grids and by its parts, not by the rectangle around them."""
    sector_index: NDArray[np.int32] = field(repr=False)
    """The same for `sectors`."""
    doors: Mapping[Tile, int] = field(repr=False)
    """The index in `sectors` of the sector to which a door tile leads; doors in file order."""
    spawns: tuple[Tile, ...] = field(repr=False)
    """Where people begin whose home holds such a tile, in file order; each is in an arena."""
    _places: Mapping[str, Place] = field(repr=False)
    _standing: Mapping[str, tuple[Tile, ...]] = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> TownMap:
        """Read a Tiled JSON map (.tmj). Raises BadInput that lists all faults with layer, name and tile."""
        try:
            if path.stat().st_size > MAX_BYTES:
                raise BadInput(str(path), f"the map is larger than {MAX_BYTES // 2**20} MiB")
            text = path.read_bytes().decode("utf-8")
        except OSError as error:
            raise BadInput(str(path), f"the map cannot be read: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise BadInput(str(path), f"the map is not text in UTF-8: {error}") from error
        return cls.parse(text, str(path), path.parent)

    @classmethod
    def parse(cls, text: str, source: str, folder: Path) -> TownMap:
        """Read a map from its JSON text; `folder` holds its pictures and external tilesets. Raises BadInput."""
        faults = Faults(source)
        root = read_json(text, "", faults)
        name, size, tile_size = _read_header(root)
        tilesets = read_tilesets(root, folder, tile_size)
        tilesets_sound = not len(faults)
        drawn = read_layers(root, size.width, size.height, tile_size)
        if tilesets_sound:
            _check_gids(drawn, tilesets, faults)
        blocked, opaque = _walls(root, drawn, size)
        tree = build_tree(drawn, name, size)
        ground = main_ground(blocked)
        stand = standing_by_address(tree.town, ground)
        _check_reach(tree, stand)
        doors = doors_of(drawn.places["Doors"], tree.sector_index, tree.town.sectors, blocked)
        spawns = spawns_of(drawn.places["Spawns"], tree.arena_index, ground)
        faults.check()
        for array in (blocked, opaque, ground, tree.sector_index, tree.arena_index):
            array.flags.writeable = False
        return cls(
            name=name,
            width=size.width,
            height=size.height,
            tile_size=tile_size,
            digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            blocked=blocked,
            opaque=opaque,
            town=tree.town,
            sectors=tree.town.sectors,
            arenas=tree.arenas,
            objects=tree.objects,
            tile_layers=drawn.tiles,
            tilesets=tilesets,
            ground=ground,
            arena_index=tree.arena_index,
            sector_index=tree.sector_index,
            doors=MappingProxyType(doors),
            spawns=spawns,
            _places=_by_address(tree),
            _standing=stand,
        )

    def __contains__(self, tile: Tile) -> bool:
        return 0 <= tile[0] < self.width and 0 <= tile[1] < self.height

    def sector_at(self, tile: Tile) -> Sector | None:
        """Return the sector that covers a tile; None outside of all, and off the map."""
        index = int(self.sector_index[tile[1], tile[0]]) if tile in self else -1
        return self.sectors[index] if index >= 0 else None

    def arena_at(self, tile: Tile) -> Arena | None:
        """Return the arena that covers a tile; None outside of all, and off the map."""
        index = int(self.arena_index[tile[1], tile[0]]) if tile in self else -1
        return self.arenas[index] if index >= 0 else None

    def address_at(self, tile: Tile) -> str:
        """Return the address of the arena, else of the sector, else of the town at a tile."""
        place = self.arena_at(tile) or self.sector_at(tile) or self.town
        return place.address

    def resolve(self, address: str) -> Place:
        """Return the town, sector, arena or object at an address. Raises UnknownAddress, which names the nearest."""
        place = self._places.get(address)
        if place is None:
            raise UnknownAddress(f"no place has the address '{address}'{nearest(address, self._places)}")
        return place

    def standing_tiles(self, address: str) -> tuple[Tile, ...]:
        """Return the free tiles where a person stands to be at an address, row by row; never empty.

        Of an object: its own free tiles, else the free tiles beside it in the same arena. Of an arena: its free tiles
        without objects, else its free tiles. Of a sector: those of its arenas. Raises UnknownAddress.
        """
        return standing(self.resolve(address), self._standing, self.ground)


def _read_header(root: Node) -> tuple[str, Rect, int]:
    """Return the town's name, its size in tiles and the side of a tile in pixels; raise BadInput when one is wrong."""
    if root.fields.get("type", "map") != "map":
        root.faults.stop("", "this JSON file is no Tiled map")
    if root.text("orientation") != "orthogonal":
        root.fault("'orientation' must be orthogonal")
    if root.flag("infinite", False):
        root.fault("infinite maps cannot be read: switch off Map > Map Properties > Infinite")
    size = Rect(0, 0, root.whole("width", 1, MAX_SIDE), root.whole("height", 1, MAX_SIDE))
    tile_size = root.whole("tilewidth", 1, 512)
    if root.whole("tileheight", 1, 512) != tile_size:
        root.fault("tiles must be square: 'tilewidth' and 'tileheight' differ")
    properties = root.properties(("name",))
    name = properties.get("name", "")
    if "name" not in properties:
        root.fault("the map property 'name', the town's name, is missing (Map > Map Properties > Custom Properties)")
    elif not name or not name.isprintable() or SEPARATOR in name or len(name) > 80:
        root.fault(f"the map property 'name' must be 1 to 80 printable characters without '{SEPARATOR}'")
    root.faults.check()
    return name, size, tile_size


def _check_gids(drawn: Drawn, tilesets: tuple[Tileset, ...], faults: Faults) -> None:
    for layer in drawn.tiles:
        known = layer.gids == 0
        for tileset in tilesets:
            known |= (layer.gids >= tileset.firstgid) & (layer.gids < tileset.firstgid + tileset.count)
        unknown = np.argwhere(~known)
        if len(unknown):
            y, x = (int(value) for value in unknown[0])
            more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
            faults.add(f"layer '{layer.name}', tile ({x}, {y})", f"tile id {layer.gids[y, x]} is in no tileset{more}")


def _walls(root: Node, drawn: Drawn, size: Rect) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return what blocks walking and what blocks sight."""
    blocked = np.zeros((size.height, size.width), bool)
    opaque = np.zeros_like(blocked)
    if WALLS not in drawn.tile_layer_names and COLLISIONS not in drawn.tile_layer_names:
        near = nearest(WALLS, [name[:80] for name in drawn.tile_layer_names])
        root.fault(f"no tile layer '{WALLS}' or '{COLLISIONS}' says where nobody can walk{near}")
    for layer in drawn.tiles:
        if layer.name in (WALLS, COLLISIONS):
            blocked |= layer.gids > 0
        if layer.name == WALLS:
            opaque |= layer.gids > 0
    return blocked, opaque


def _by_address(tree: Tree) -> dict[str, Place]:
    places: list[Place] = [tree.town, *tree.town.sectors, *tree.arenas, *tree.objects]
    return {place.address: place for place in places}


def _check_reach(tree: Tree, stand: Mapping[str, tuple[Tile, ...]]) -> None:
    """Note every arena and object to which nobody can walk."""
    for sector in tree.town.sectors:
        for arena in sector.arenas:
            if not stand[arena.address]:
                tree.origin[arena.address].fault(
                    "no free tile of this arena can be walked to from the rest of the town"
                )
            for item in arena.objects:
                if not stand[item.address]:
                    tree.origin[item.address].fault(
                        "nobody can walk to this object or to a tile beside it in its arena"
                    )
