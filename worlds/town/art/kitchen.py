"""Sprites of kitchens and bathrooms."""

from __future__ import annotations

from worlds.town.art.furniture import PALE_WOOD
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light

STEEL, ENAMEL = "#a9b2ba", "#eef0ec"


def kitchen_sprites() -> tuple[Sprite, ...]:
    """Return stoves, basins and the like."""
    return (
        Sprite("stove", 1, 1, 0, _stove), Sprite("sink", 1, 1, 0, _sink), Sprite("fridge", 1, 2, 1, _fridge),
        Sprite("oven", 1, 2, 1, _oven), Sprite("worktable", 2, 1, 0, _worktable),
        Sprite("washbasin", 1, 2, 1, _washbasin), Sprite("toilet", 1, 1, 0, _toilet),
        Sprite("bathtub", 1, 2, 0, _bathtub), Sprite("shower", 1, 1, 0, _shower),
    )  # fmt: skip


def _stove(c: Canvas) -> None:
    c.block(0, 1, 16, 8, 7, "#dfe2e0")
    for x, y in ((9, 7), (23, 7), (9, 14), (23, 14)):
        c.disc(x, y, 5, 3, "#4a4450")
    c.rect(3, 11, 10, 4, "#3a3a44")
    c.rect(4, 12, 8, 1, "#7a6a5a")
    c.dots("#d8584e", (3, 9), (6, 9), (9, 9), (12, 9))


def _sink(c: Canvas) -> None:
    c.block(0, 1, 16, 9, 6, PALE_WOOD)
    c.rect(2, 3, 12, 6, STEEL)
    c.rect(3, 4, 10, 4, "#7c8790")
    c.dots("#e8f0f4", (7, 2), (7, 3), (8, 3), (8, 4))
    c.rect(2, 12, 5, 3, light(PALE_WOOD, 12))
    c.rect(9, 12, 5, 3, light(PALE_WOOD, 12))


def _fridge(c: Canvas) -> None:
    c.shadow(16, 61, 14, 4)
    c.rect(1, 4, 14, 26, ENAMEL)
    c.rect(1, 4, 14, 3, "#ffffff")
    c.rect(1, 13, 14, 1, "#a8b0b0")
    c.rect(12, 4, 3, 26, "#d0d6d4")
    c.rect(3, 9, 1, 3, "#808890")
    c.rect(3, 16, 1, 5, "#808890")
    c.dots("#d8584e", (8, 17), (9, 17))
    c.dots("#e8b84a", (8, 20))
    c.rect(1, 28, 14, 2, "#8a9090")
    c.round_frame(0, 3, 16, 28, OUTLINE)


def _oven(c: Canvas) -> None:
    brick = "#b4664a"
    c.rect(0, 3, 16, 28, brick)
    for y in range(3, 31):
        for x in range(16):
            if y % 4 == 3 or (x + 3 * (y // 4 % 2)) % 6 == 0:
                c.dot(x, y, dark(brick, 28))
    c.rect(0, 3, 16, 4, "#8f8f92")
    c.disc(16, 40, 12, 14, "#2c2228")
    c.rect(2, 20, 12, 7, "#2c2228")
    c.disc(16, 50, 8, 5, "#e0672c")
    c.disc(16, 51, 5, 3, "#f6c04c")
    c.rect(1, 27, 14, 2, "#6a6a70")
    c.frame(0, 2, 16, 29, OUTLINE)


def _worktable(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(1, 1, 30, 9, 4, "#d8c8a8")
    c.speckle(2, 2, 28, 8, "#f8f4e8", 40, 4)
    c.disc(20, 10, 7, 5, "#f2dfb4")
    c.rect(17, 3, 9, 2, "#b07a48")
    c.dots("#8a5a30", (16, 3), (26, 4))
    c.disc(48, 14, 5, 4, "#c98a4a")
    c.dots("#e8b070", (23, 6))


def _washbasin(c: Canvas) -> None:
    c.rect(3, 6, 10, 9, "#bfe0e6")
    c.frame(3, 6, 10, 9, "#8a9aa0")
    c.dots("#f2fcfc", (5, 9), (6, 8), (7, 7), (9, 12), (10, 11))
    c.shadow(16, 59, 12, 4)
    c.disc(16, 44, 14, 10, OUTLINE)
    c.disc(16, 44, 12, 8, "#fafcfa")
    c.disc(16, 44, 8, 4, "#b8d4da")
    c.rect(6, 26, 4, 4, "#d4dcdc")
    c.rect(7, 18, 2, 3, "#90a0a8")


def _toilet(c: Canvas) -> None:
    c.shadow(16, 29, 10, 4)
    c.rect(4, 0, 8, 5, "#fafcfa")
    c.rect(4, 4, 8, 1, "#c4d0d0")
    c.disc(16, 18, 10, 10, "#fafcfa")
    c.disc(16, 18, 6, 6, "#b8d4da")
    c.dots("#90a0a8", (10, 2))
    c.outline("#75838a")


def _bathtub(c: Canvas) -> None:
    c.shadow(16, 60, 14, 4)
    c.rect(1, 1, 14, 28, "#fafcfa")
    c.rect(3, 4, 10, 21, "#9fd0de")
    c.rect(3, 4, 10, 2, "#78b0c4")
    for x, y in ((5, 15), (9, 17), (7, 20), (10, 13)):
        c.disc(2 * x + 1, 2 * y + 1, 4, 4, "#f0fafc")
    c.rect(7, 1, 2, 4, "#90a0a8")
    c.rect(1, 26, 14, 3, "#cfd8d8")
    c.round_frame(0, 0, 16, 30, "#75838a")


def _shower(c: Canvas) -> None:
    c.rect(1, 1, 14, 14, "#d5ebf0")
    c.frame(1, 1, 14, 14, "#8fb4c0")
    c.rect(3, 3, 10, 10, "#bcdde6")
    c.disc(16, 16, 3, 3, "#6a7c84")
    c.rect(7, 1, 2, 4, "#7c8c94")
    c.dots("#ffffff", (5, 5), (10, 5), (4, 8), (11, 9), (6, 11), (9, 12))
