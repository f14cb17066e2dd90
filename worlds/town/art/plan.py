"""The words in which a town is laid out by a script: sectors, arenas, things and decoration at tile coordinates."""

from __future__ import annotations

from dataclasses import dataclass

from worlds.town.places import Rect, Tile


@dataclass(frozen=True, slots=True)
class Thing:
    """One object: its sprite with the base's top left tile, its idle state, and its uses line by line."""

    name: str
    sprite: str
    x: int
    y: int
    state: str
    uses: str
    seats: int = 1
    solid: bool = True
    rect: Rect | None = None
    """What the object covers, where that is not the sprite's base."""


@dataclass(frozen=True, slots=True)
class Room:
    """One arena with its floor ("" leaves the ground as it is) and the things in it."""

    name: str
    rect: Rect
    description: str
    floor: str
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """One sector. Tiles of `building` that are neither room nor door become walls."""

    name: str
    kind: str
    rect: Rect
    description: str
    rooms: tuple[Room, ...]
    hours: tuple[str, str] | None = None
    building: Rect | None = None
    walls: str = ""
    doors: tuple[Tile, ...] = ()


@dataclass(frozen=True, slots=True)
class Decor:
    """Something to look at that nobody uses."""

    sprite: str
    x: int
    y: int
    solid: bool = False
