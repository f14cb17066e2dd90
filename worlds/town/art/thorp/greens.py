"""What grows where nobody planted it."""

from __future__ import annotations

WOOD = (
    "oak", "fir", "beech", "pine", "alder", "oak", "plane", "fern", "bush", "birch", "fir", "beech",
    "flowers_mushrooms",
)  # fmt: skip
EDGE = ("hawthorn", "birch", "bush", "lime", "fern", "flower_bush", "fern_tall", "berry_bush", "alder")
"""At the edge of a wood, and in hedgerows."""
MEADOW = (
    "fern_tall", "flowers_white", "flowers_yellow", "fern_tall", "flowers_red", "fern_tall", "flowers_violet",
    "flowers_blue",
)  # fmt: skip
