"""A town as drawn in Tiled: tiles to walk on, walls that block sight, and places with addresses.

How to draw one is in docs/maps.md. A map is checked as a whole when it is loaded: a `TownMap` that exists is sound, and
every arena and object in it can be walked to from every other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.errors import nearest
from worlds.town.draft import Draft
from worlds.town.entrances import doors_of, spawns_of
from worlds.town.layers import TileLayer
from worlds.town.places import Arena, Place, Sector, Tile, Town, TownObject, UnknownAddress
from worlds.town.standing import main_ground, standing, standing_by_address
from worlds.town.tilesets import Tileset
from worlds.town.tree import Tree, build_tree


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
        """Read a map of Tiled, in JSON or XML. Raises BadInput that lists all faults with layer, name and tile."""
        return cls.of(Draft.load(path))

    @classmethod
    def parse(cls, content: bytes | str, source: str, folder: Path) -> TownMap:
        """Read a map from a file's content; `folder` holds its pictures and external tilesets. Raises BadInput."""
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogatepass")
        return cls.of(Draft.read(content, source, folder))

    @classmethod
    def of(cls, draft: Draft) -> TownMap:
        """Make a town of what was drawn. Raises BadInput that lists all faults, those found before too."""
        name, size = draft.header.name, draft.header.size
        places = draft.drawn.places
        tree = build_tree(draft.drawn, name, size)
        ground = main_ground(draft.blocked)
        stand = standing_by_address(tree.town, ground)
        _check_reach(tree, stand)
        doors = doors_of(places["Doors"], tree.sector_index, tree.town.sectors, draft.blocked)
        spawns = spawns_of(places["Spawns"], tree.arena_index, ground)
        draft.faults.check()
        for array in (draft.blocked, draft.opaque, ground, tree.sector_index, tree.arena_index):
            array.flags.writeable = False
        return cls(
            name=name,
            width=size.width,
            height=size.height,
            tile_size=draft.header.tile_size,
            digest=draft.digest,
            blocked=draft.blocked,
            opaque=draft.opaque,
            town=tree.town,
            sectors=tree.town.sectors,
            arenas=tree.arenas,
            objects=tree.objects,
            tile_layers=draft.drawn.tiles,
            tilesets=draft.tilesets,
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
