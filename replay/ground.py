"""The map as a picture, made once, and the part of it that a camera sees."""

from __future__ import annotations

from typing import Final

import numpy as np
import pygame
from PIL import Image

from replay.camera import Camera
from replay.pictures import to_surface
from replay.scenery import Scenery
from worlds.town.layers import FLIP_DIAGONAL, FLIP_HORIZONTAL, FLIP_VERTICAL, TileLayer
from worlds.town.map import TownMap

MAX_PIXELS: Final = 40_000_000
"""A map that would be larger as a picture is drawn with smaller tiles."""

ABOVE: Final = ("above", "foreground", "roof", "overhead")
"""A tile layer whose name begins so is drawn over the people."""

_MEADOW: Final = (146, 184, 110)
_FLOOR: Final = (222, 205, 172)
_ROOM: Final = (232, 217, 188)
_WALL: Final = (104, 86, 84)
_THING: Final = (176, 140, 104)


class Ground:
    """A map's layers as two surfaces, below and above the people; `tile` is the side of a tile in its pixels."""

    def __init__(self, scenery: Scenery) -> None:
        town = scenery.town_map
        room = int((MAX_PIXELS / (town.width * town.height)) ** 0.5)
        self.tile = max(1, min(town.tile_size, room))
        self.size = (town.width * self.tile, town.height * self.tile)
        painter = _TilePainter(scenery, self.tile)
        visible = [layer for layer in town.tile_layers if layer.visible and layer.opacity > 0]
        above = [layer for layer in visible if layer.name.casefold().startswith(ABOVE)]
        self.below = pygame.Surface(self.size, 0, 32)
        self.below.blit(_plain(town, self.tile), (0, 0))
        if any(picture is not None for picture in scenery.pictures):
            for layer in visible:
                if layer not in above:
                    painter.paint(layer, self.below)
        self.above: pygame.Surface | None = None
        if above:
            self.above = pygame.Surface(self.size, pygame.SRCALPHA, 32)
            for layer in above:
                painter.paint(layer, self.above)
        self._seen: dict[int, tuple[tuple[object, ...], pygame.Surface, tuple[int, int]]] = {}

    def draw(self, surface: pygame.Surface, camera: Camera, *, above: bool = False) -> None:
        """Draw what the camera sees of the map below the people, or of what is above them."""
        source = self.above if above else self.below
        if source is None:
            return
        view = (camera.origin, camera.scale, tuple(camera.viewport))
        seen = self._seen.get(above)
        if seen is None or seen[0] != view:
            seen = (view, *_seen_part(source, camera))
            self._seen[above] = seen
        surface.blit(seen[1], seen[2])


def _seen_part(source: pygame.Surface, camera: Camera) -> tuple[pygame.Surface, tuple[int, int]]:
    """Return the scaled part of the map in the viewport, and where it goes in the window."""
    left, top = camera.to_map(*camera.viewport.topleft)
    right, bottom = camera.to_map(*camera.viewport.bottomright)
    part = pygame.Rect(int(left), int(top), int(right - left) + 3, int(bottom - top) + 3).clip(source.get_rect())
    x0, y0 = camera.to_window(part.left, part.top)
    x1, y1 = camera.to_window(part.right, part.bottom)
    size = (max(1, x1 - x0), max(1, y1 - y0))
    return scaled(source.subsurface(part), size), (x0, y0)


def scaled(picture: pygame.Surface, size: tuple[int, int]) -> pygame.Surface:
    """Return pixel art in another size: its pixels stay sharp, and all equally wide to within a smooth edge."""
    width, height = picture.get_size()
    times = max(1, -(-size[0] // width))
    if size == (width, height):
        return picture.copy()
    if (width * times, height * times) == size:
        return pygame.transform.scale(picture, size)
    if times > 1:
        picture = pygame.transform.scale(picture, (width * times, height * times))
    return pygame.transform.smoothscale(picture, size)


class _TilePainter:
    """Cuts tiles out of the tilesets' pictures, turns them, and remembers them."""

    def __init__(self, scenery: Scenery, tile: int) -> None:
        self._tilesets = scenery.town_map.tilesets
        self._pictures = scenery.pictures
        self._tile = tile
        self._tiles: dict[tuple[int, int], pygame.Surface | None] = {}

    def paint(self, layer: TileLayer, target: pygame.Surface) -> None:
        """Draw a layer's tiles onto a picture of the whole map."""
        sheet = target
        if layer.opacity < 1:
            sheet = pygame.Surface(target.get_size(), pygame.SRCALPHA, 32)
        for y, x in np.argwhere(layer.gids).tolist():
            tile = self._cut(int(layer.gids[y, x]), int(layer.flips[y, x]))
            if tile is not None:
                sheet.blit(tile, (x * self._tile, y * self._tile))
        if sheet is not target:
            sheet.set_alpha(round(layer.opacity * 255))
            target.blit(sheet, (0, 0))

    def _cut(self, gid: int, flips: int) -> pygame.Surface | None:
        key = (gid, flips)
        if key not in self._tiles:
            self._tiles[key] = self._cut_anew(gid, flips)
        return self._tiles[key]

    def _cut_anew(self, gid: int, flips: int) -> pygame.Surface | None:
        for tileset, picture in zip(self._tilesets, self._pictures, strict=True):
            if tileset.firstgid <= gid < tileset.firstgid + tileset.count and picture is not None:
                left, top, width, height = tileset.box(gid)
                return to_surface(_turned(picture.crop((left, top, left + width, top + height)), flips, self._tile))
        return None


def _turned(tile: Image.Image, flips: int, side: int) -> Image.Image:
    for bit, method in (
        (FLIP_DIAGONAL, Image.Transpose.TRANSPOSE),
        (FLIP_HORIZONTAL, Image.Transpose.FLIP_LEFT_RIGHT),
        (FLIP_VERTICAL, Image.Transpose.FLIP_TOP_BOTTOM),
    ):
        if flips & bit:
            tile = tile.transpose(method)
    return tile if tile.width == side else tile.resize((side, side), Image.Resampling.BOX)


def _plain(town: TownMap, tile: int) -> pygame.Surface:
    """Return the map in plain colours: what is seen when the tiles' pictures are missing."""
    cells = np.empty((town.height, town.width, 3), np.uint8)
    checks = (np.add.outer(np.arange(town.height), np.arange(town.width)) % 2)[..., None].astype(np.uint8)
    cells[:] = np.array(_MEADOW, np.uint8) - checks * 4
    cells[town.sector_index >= 0] = (172, 196, 132)
    indoors = town.arena_index >= 0
    cells[indoors] = np.array([_FLOOR, _ROOM], np.uint8)[town.arena_index[indoors] % 2]
    cells[town.blocked] = (128, 112, 100)
    cells[town.opaque] = _WALL
    for part in (part for thing in town.objects for part in thing.parts):
        cells[part.area] = _THING
    small = pygame.image.frombytes(cells.tobytes(), (town.width, town.height), "RGB")
    return pygame.transform.scale(small, (town.width * tile, town.height * tile))
