"""Sprites of gardens and water."""

from __future__ import annotations

from functools import partial

from worlds.town.art.furniture import DARK_WOOD, PALE_WOOD, WOOD
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light

SOIL = "#7d5a40"


def garden_sprites() -> tuple[Sprite, ...]:
    """Return beds of plants, fences, sheds and beasts."""
    fences = [Sprite(f"fence {mask}", 1, 1, 0, partial(_fence, mask)) for mask in range(16)]
    return (
        *fences,
        Sprite("roses", 2, 1, 0, partial(_bed, "#4f8a4a", ("#d8485c", "#f08a98", "#f6d0d4"))),
        Sprite("flower_bed", 2, 1, 0, partial(_bed, "#5a9a50", ("#f0c850", "#c86ac0", "#f4f0f8"))),
        Sprite("tomatoes", 2, 1, 0, partial(_rows, "#5a9448", "#d8402f")), Sprite("cabbages", 2, 1, 0, _cabbages),
        Sprite("herbs", 2, 1, 0, partial(_rows, "#7aa868", "#b494d0")), Sprite("beans", 2, 2, 1, _beans),
        Sprite("beehive", 1, 1, 0, _beehive), Sprite("chopping_block", 1, 1, 0, _chopping_block),
        Sprite("washing_line", 3, 2, 1, _washing_line), Sprite("hen_house", 2, 2, 1, _hen_house),
        Sprite("hen", 1, 1, 0, _hen), Sprite("compost", 1, 1, 0, _compost), Sprite("shed", 2, 2, 1, _shed),
        Sprite("boat", 2, 1, 0, _boat), Sprite("duck", 1, 1, 0, _duck), Sprite("lily", 1, 1, 0, _lily),
        Sprite("mill_wheel", 1, 3, 0, _mill_wheel), Sprite("log_pile", 1, 1, 0, _log_pile),
    )  # fmt: skip


def _fence(mask: int, c: Canvas) -> None:
    """A picket fence that goes on to the north (1), east (2), south (4), west (8)."""
    pale, shade = "#f2ead8", "#b8aa90"
    if mask & 5:
        top, bottom = (0 if mask & 1 else 5), (16 if mask & 4 else 13)
        c.rect(7, top, 2, bottom - top, shade)
        for y in range(top, bottom - 2, 4):
            c.rect(6, y, 4, 3, pale)
            c.rect(6, y + 2, 4, 1, shade)
    left, right = (0 if mask & 8 else 6), (16 if mask & 2 else 10)
    if mask & 10 or not mask & 5:
        c.rect(left, 6, right - left, 2, shade)
        c.rect(left, 10, right - left, 2, shade)
        for x in range(left + (left == 0), right - 1, 4):
            c.rect(x, 3, 2, 11, pale)
            c.rect(x, 13, 2, 1, shade)
            c.dot(x + 1, 3, shade)
    c.rect(6, 3, 4, 11, pale)
    c.rect(6, 13, 4, 1, shade)
    c.rect(9, 4, 1, 10, shade)


def _soil(c: Canvas, width: int, top: int = 1) -> None:
    c.rect(1, top, width - 2, 15 - top, SOIL)
    c.frame(0, top - 1, width, 17 - top, dark(SOIL, 45))
    c.speckle(1, top, width - 2, 14 - top, dark(SOIL, 25), 50, 12)
    c.speckle(1, top, width - 2, 14 - top, light(SOIL, 18), 30, 13)


def _bed(leaf: str, flowers: tuple[str, ...], c: Canvas) -> None:
    _soil(c, 32)
    for index, (x, y) in enumerate(
        ((5, 5), (11, 4), (17, 5), (23, 4), (27, 6), (4, 10), (9, 11), (15, 10), (21, 11), (27, 11))
    ):
        c.disc(2 * x, 2 * y, 7, 6, dark(leaf, 22))
        c.disc(2 * x - 1, 2 * y - 1, 5, 4, leaf)
        flower = flowers[index % len(flowers)]
        c.dots(flower, (x - 1, y - 2), (x, y - 2), (x - 1, y - 1), (x, y - 1), (x + 2, y))
        c.dot(x - 1, y - 2, light(flower, 50))


def _rows(leaf: str, fruit: str, c: Canvas) -> None:
    _soil(c, 32)
    for x in (5, 13, 21, 28):
        c.rect(x, 1, 1, 12, PALE_WOOD)
        for y in (4, 8, 12):
            c.disc(2 * x + 1, 2 * y - 1, 6, 4, dark(leaf, 18))
            c.disc(2 * x, 2 * y - 2, 4, 3, leaf)
            c.dots(fruit, (x - 1, y), (x + 1, y - 1), (x + 1, y))
            c.dot(x + 1, y - 1, light(fruit, 40))


def _cabbages(c: Canvas) -> None:
    _soil(c, 32)
    for x, y in ((5, 4), (13, 4), (21, 4), (28, 4), (5, 11), (13, 11), (21, 11), (28, 11)):
        c.disc(2 * x, 2 * y, 7, 6, "#4f8a52")
        c.disc(2 * x, 2 * y, 5, 4, "#84bc74")
        c.disc(2 * x - 1, 2 * y - 1, 2, 2, "#c4e4a8")


def _beans(c: Canvas) -> None:
    c.rect(1, 19, 30, 12, SOIL)
    c.frame(0, 18, 32, 14, dark(SOIL, 45))
    c.speckle(1, 19, 30, 11, dark(SOIL, 25), 50, 12)
    for x in (5, 15, 26):
        for step in range(22):
            c.dots(PALE_WOOD, (x - 3 + step // 8, 27 - step), (x + 3 - step // 8, 27 - step))
        for y in range(8, 27, 4):
            c.disc(2 * x + (y % 8) - 3, 2 * y, 7, 5, "#4f8a48")
            c.disc(2 * x + (y % 8) - 5, 2 * y - 2, 4, 3, "#7ab85c")
        c.dots("#d8584e", (x - 2, 12), (x + 2, 18), (x - 1, 22))


def _beehive(c: Canvas) -> None:
    c.shadow(16, 30, 12, 4)
    for y, width in ((2, 6), (4, 9), (7, 11), (10, 11), (12, 10)):
        c.rect(8 - width // 2, y, width, 2, "#e0b458")
        c.rect(8 - width // 2, y + 1, width, 1, "#b88a3a")
    c.rect(7, 10, 3, 2, "#4a3020")
    c.outline()
    c.dots("#3a2c1c", (2, 4), (13, 2), (14, 8))
    c.dots("#f4d870", (1, 4), (12, 2), (15, 8))


def _chopping_block(c: Canvas) -> None:
    c.shadow(16, 29, 12, 4)
    c.rect(4, 6, 8, 8, DARK_WOOD)
    c.disc(16, 13, 9, 5, "#d8b080")
    c.disc(16, 13, 4, 2, "#b88a58")
    c.dots("#c8d0d8", (8, 4), (9, 5), (8, 5), (9, 4), (10, 5))
    for step in range(5):
        c.dot(10 + step, 4 - step, WOOD)
    c.rect(0, 12, 3, 2, "#d8b080")
    c.rect(13, 13, 3, 2, "#d8b080")


def _washing_line(c: Canvas) -> None:
    c.shadow(10, 60, 8, 4)
    c.shadow(86, 60, 8, 4)
    for x in (3, 43):
        c.rect(x, 5, 2, 25, WOOD)
        c.rect(x - 2, 6, 6, 2, WOOD)
    c.rect(5, 7, 38, 1, "#e8e4d8")
    for x, width, tall, code in (
        (8, 8, 10, "#fafaf4"),
        (18, 6, 8, "#6f93b8"),
        (26, 7, 11, "#d98f98"),
        (35, 6, 8, "#e8c878"),
    ):
        c.rect(x, 8, width, tall, code)
        c.rect(x + width - 1, 8, 1, tall, dark(code, 18))
        c.dots("#8a6a4a", (x + 1, 7), (x + width - 2, 7))


def _hen_house(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    c.rect(3, 14, 26, 15, "#c07a50")
    for x in range(6, 28, 4):
        c.rect(x, 14, 1, 15, dark("#c07a50", 28))
    c.rect(6, 20, 7, 9, "#3a2820")
    c.rect(18, 18, 7, 5, "#a8d8e8")
    c.frame(18, 18, 7, 5, "#f2ead8")
    for step in range(8):
        c.rect(1 + step // 3, 15 - step, 30 - 2 * (step // 3), 1, dark("#8a4a40", step * 2))
    c.rect(1, 15, 30, 1, light("#8a4a40", 30))
    c.outline()


def _hen(c: Canvas) -> None:
    c.shadow(16, 26, 8, 3)
    c.disc(15, 19, 8, 6, "#f4ead8")
    c.rect(10, 6, 3, 4, "#f4ead8")
    c.dots("#d8483c", (11, 5), (12, 5), (13, 8))
    c.dots("#e8a83c", (13, 7))
    c.dots("#2a2228", (11, 7))
    c.dots("#c8b898", (6, 9), (7, 10), (8, 9))


def _compost(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.rect(1, 4, 14, 10, WOOD)
    c.disc(16, 11, 13, 9, "#5a4030")
    c.dots("#8ab05a", (5, 4), (9, 3), (11, 5))
    c.dots("#e8983c", (7, 5), (10, 6))
    c.rect(1, 9, 14, 2, PALE_WOOD)
    c.rect(1, 12, 14, 2, PALE_WOOD)
    c.frame(0, 8, 16, 7, OUTLINE)


def _shed(c: Canvas) -> None:
    c.shadow(32, 62, 31, 5)
    c.rect(2, 13, 28, 17, "#8a9a78")
    for x in range(5, 30, 4):
        c.rect(x, 13, 1, 17, dark("#8a9a78", 28))
    c.rect(6, 17, 8, 13, DARK_WOOD)
    c.dots("#f0d48a", (12, 24))
    c.rect(18, 18, 8, 6, "#a8d8e8")
    c.frame(18, 18, 8, 6, "#f2ead8")
    for step in range(11):
        c.rect(step // 4, 14 - step, 32 - 2 * (step // 4), 1, dark("#75656a", (step % 4) * 9))
    c.rect(0, 14, 32, 1, light("#75656a", 30))
    c.outline()


def _boat(c: Canvas) -> None:
    c.disc(32, 18, 28, 11, OUTLINE)
    c.disc(32, 17, 26, 9, "#c8564a")
    c.disc(32, 16, 22, 6, "#8a5a38")
    c.rect(11, 5, 2, 6, PALE_WOOD)
    c.rect(19, 5, 2, 6, PALE_WOOD)


def _duck(c: Canvas) -> None:
    c.disc(14, 20, 9, 5, "#f8f6ee")
    c.rect(10, 5, 3, 4, "#4f8a5a")
    c.dots("#e8a83c", (13, 7))
    c.dots("#c8c0b0", (4, 10), (6, 11), (7, 10))
    c.dots("#c8ecf4", (2, 13), (3, 13), (9, 13), (10, 13))


def _lily(c: Canvas) -> None:
    for x, y in ((5, 5), (11, 9), (5, 12)):
        c.disc(2 * x, 2 * y, 6, 4, "#5a9a54")
        c.dots("#86c070", (x - 1, y - 1))
    c.dots("#f8c8d8", (11, 7), (12, 7), (11, 8))
    c.dots("#fff8f8", (12, 8))


def _mill_wheel(c: Canvas) -> None:
    c.rect(4, 2, 9, 44, DARK_WOOD)
    c.frame(3, 1, 11, 46, OUTLINE)
    for y in range(3, 46, 5):
        c.rect(2, y, 13, 2, WOOD)
        c.rect(2, y, 13, 1, light(WOOD, 30))
    c.rect(0, 22, 5, 4, "#6a6a70")
    c.dots("#e8f8fc", (1, 45), (3, 46), (14, 44), (15, 46), (13, 46), (15, 40))


def _log_pile(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    for x, y in ((4, 11), (8, 11), (12, 11), (6, 7), (10, 7), (8, 4)):
        c.disc(2 * x, 2 * y, 5, 5, DARK_WOOD)
        c.disc(2 * x, 2 * y, 3, 3, "#d8b080")
