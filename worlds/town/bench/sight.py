"""What it costs to see who is near, with few and with many people who are as close together."""

from __future__ import annotations

import random
from math import inf, sqrt
from typing import Any

import numpy as np

from worlds.town.bench.timing import each, row
from worlds.town.map import TownMap
from worlds.town.places import Tile
from worlds.town.walk import Walk
from worlds.town.world import TownWorld

SIGHT, PACE = 8, 10
WALK = 40
"""Tiles to the right or down, at most, that those walk who do."""
NOW = 60


class _Eyes:
    """Somebody who waits for whatever comes."""

    listening = True
    next_time = inf

    def rouse(self, time: int) -> None:
        """Nothing else is to be measured."""


def crowd(town_map: TownMap, people: int, share: float) -> list[dict[str, Any]]:
    """Put people into a square corner with a share of the map, every other one walking; let all do everything once."""
    world, dice = TownWorld(town_map, SIGHT, PACE), random.Random(people)
    side = sqrt(share)
    corner = np.argwhere(town_map.ground[: int(side * town_map.height), : int(side * town_map.width)])
    ground = {(int(x), int(y)) for y, x in corner}
    tiles = dice.choices(sorted(ground), k=people)
    everybody = [world.add_person(f"person {number}", tile, _Eyes()) for number, tile in enumerate(tiles)]
    walks = [Walk(1, _way(world, tile, ground, dice), PACE) for tile in tiles[::2]]
    out = each(world.set_walk, zip(everybody[::2], walks, strict=True))
    looks = each(world.in_sight, ((person, NOW) for person in everybody))
    waits = each(world.next_encounter, ((person, NOW, 3600) for person in everybody))
    town = f"{people:,} people, {len(ground) / people:.0f} tiles each"
    return [
        row(town, "sets out", out),
        row(town, "looks around", looks),
        row(town, "waits for whom it will meet", waits),
    ]


def _way(world: TownWorld, tile: Tile, ground: set[Tile], dice: random.Random) -> tuple[Tile, ...]:
    goal = tile[0] + dice.randint(0, WALK), tile[1] + dice.randint(0, WALK)
    return (world.paths.path(tile, goal) if goal in ground else None) or (tile,)
