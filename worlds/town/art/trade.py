"""Sprites of shop, cafe and pub."""

from __future__ import annotations

from worlds.town.art.furniture import PALE_WOOD, WOOD
from worlds.town.art.kitchen import STEEL
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light, noise

GOODS = ("#d8584e", "#e8b84a", "#6aa45a", "#4f88b8", "#f2eee2", "#c98a5a")


def trade_sprites() -> tuple[Sprite, ...]:
    """Return counters, shelves of goods and what stands between them."""
    return (
        Sprite("counter_tall", 1, 3, 0, _counter_tall), Sprite("bar_counter", 1, 3, 0, _bar_counter),
        Sprite("coffee_machine", 1, 1, 0, _coffee_machine), Sprite("till_counter", 2, 1, 0, _till_counter),
        Sprite("bread_shelf", 1, 2, 1, _bread_shelf), Sprite("grocery_shelf", 2, 2, 1, _grocery_shelf),
        Sprite("stock_shelf", 1, 2, 1, _stock_shelf), Sprite("vegetable_crates", 1, 1, 0, _vegetable_crates),
        Sprite("freezer", 1, 1, 0, _freezer), Sprite("parcel_bench", 1, 1, 0, _parcel_bench),
        Sprite("bottle_shelf", 2, 2, 1, _bottle_shelf), Sprite("stool", 1, 1, 0, _stool),
        Sprite("barrel", 1, 1, 0, _barrel), Sprite("crate", 1, 1, 0, _crate),
    )  # fmt: skip


def _counter_tall(c: Canvas) -> None:
    c.shadow(16, 93, 15, 5)
    c.rect(1, 0, 14, 38, PALE_WOOD)
    c.rect(1, 0, 2, 38, light(PALE_WOOD, 30))
    c.rect(1, 38, 14, 8, dark(PALE_WOOD, 30))
    c.rect(3, 40, 4, 5, dark(PALE_WOOD, 15))
    c.rect(9, 40, 4, 5, dark(PALE_WOOD, 15))
    c.rect(4, 3, 9, 13, "#cfe8ee")
    c.frame(4, 3, 9, 13, "#7c8c94")
    for x, y, code in ((6, 6, "#d98f98"), (9, 6, "#8a5a38"), (6, 10, "#e8c878"), (9, 11, "#c98a4a")):
        c.rect(x, y, 2, 2, code)
    c.block(4, 22, 8, 5, 4, "#5a5a66")
    c.dots("#9fe0b0", (6, 23), (7, 23), (8, 23))
    c.disc(16, 68, 5, 4, "#fafaf2")
    c.frame(0, 0, 16, 47, OUTLINE)


def _bar_counter(c: Canvas) -> None:
    c.shadow(16, 93, 15, 5)
    c.rect(1, 0, 14, 38, "#8a5232")
    c.rect(1, 0, 3, 38, "#b4764a")
    c.rect(12, 0, 3, 38, "#b4764a")
    c.rect(1, 38, 14, 8, "#5f3824")
    for x in (3, 7, 11):
        c.rect(x, 40, 1, 6, "#7a4a2e")
    for y in (8, 11, 14):
        c.rect(9, y, 3, 2, "#e8c05a")
        c.rect(6, y, 3, 1, "#cfd4d8")
    for x, y in ((5, 22), (8, 28), (6, 4)):
        c.rect(x, y, 3, 4, "#e8a83c")
        c.rect(x, y, 3, 1, "#fffaf0")
    c.frame(0, 0, 16, 47, OUTLINE)


def _coffee_machine(c: Canvas) -> None:
    c.block(0, 1, 16, 8, 7, PALE_WOOD)
    c.rect(2, 0, 12, 10, STEEL)
    c.rect(2, 0, 12, 2, light(STEEL, 50))
    c.rect(4, 4, 8, 4, "#4a4450")
    c.dots("#e05040", (11, 2))
    c.rect(5, 7, 2, 2, "#fafaf2")
    c.rect(9, 7, 2, 2, "#fafaf2")
    c.frame(2, 0, 12, 10, OUTLINE)


def _till_counter(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 2, 32, 8, 5, "#8fae8a")
    c.rect(18, 0, 10, 8, "#5a5a66")
    c.rect(19, 1, 8, 2, "#b8e8c8")
    for x in (19, 21, 23, 25):
        c.dots("#e8e0cc", (x, 4), (x, 6))
    c.frame(18, 0, 10, 9, OUTLINE)
    c.rect(4, 4, 7, 4, "#e8c878")
    c.dots("#d8584e", (5, 5), (7, 5), (9, 5))


def _shelf(c: Canvas, wood: str, rows: tuple[int, ...]) -> None:
    w = c.width
    c.shadow(w, 61, w - 2, 5)
    c.rect(0, 3, w, 28, wood)
    c.rect(1, 4, w - 2, 3, light(wood, 25))
    for y in rows:
        c.rect(2, y, w - 4, 6, dark(wood, 52))
        c.rect(1, y + 6, w - 2, 1, light(wood, 20))
    c.rect(1, 29, w - 2, 2, dark(wood, 35))
    c.round_frame(0, 3, w, 28, OUTLINE)


def _bread_shelf(c: Canvas) -> None:
    _shelf(c, PALE_WOOD, (8, 15, 22))
    for y in (11, 18, 25):
        for x in (4, 9):
            c.disc(2 * x + 3, 2 * y + 3, 5, 4, "#c98a4a" if (x + y) % 2 else "#b0703a")
            c.dots("#ecc084", (x + 1, y), (x + 2, y))


def _grocery_shelf(c: Canvas) -> None:
    _shelf(c, "#b8b4a8", (8, 15, 22))
    for y in (8, 15, 22):
        for x in range(3, 28, 3):
            code = GOODS[noise(x // 6, y, 2) % len(GOODS)]
            tall = 3 + noise(x // 6, y, 3) % 3
            c.rect(x, y + 6 - tall, 2, tall, code)
            c.dot(x, y + 6 - tall, light(code, 50))


def _stock_shelf(c: Canvas) -> None:
    _shelf(c, WOOD, (8, 15, 22))
    for x, y, wide in ((3, 10, 5), (9, 9, 4), (3, 17, 4), (4, 23, 8)):
        c.rect(x, y, wide, 4 + (y == 9), "#d2a870")
        c.rect(x + wide // 2, y, 1, 4, "#a87e4c")


def _vegetable_crates(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.rect(1, 1, 14, 13, WOOD)
    for x, code in ((2, "#d8483c"), (6, "#6aa45a"), (10, "#e8983c")):
        c.rect(x, 3, 4, 7, dark(code, 35))
        for px, py in ((0, 0), (2, 1), (0, 3), (2, 4), (1, 6)):
            c.dots(code, (x + px, 3 + py), (x + px + 1, 3 + py))
            c.dot(x + px, 3 + py, light(code, 40))
    c.rect(1, 10, 14, 4, PALE_WOOD)
    c.rect(1, 12, 14, 1, dark(PALE_WOOD, 30))
    c.frame(0, 1, 16, 14, OUTLINE)


def _freezer(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(0, 1, 16, 8, 6, "#e8eef0")
    c.rect(2, 3, 12, 5, "#a8dcec")
    c.dots("#f4a0b0", (4, 5), (5, 5), (4, 6))
    c.dots("#fff0b0", (8, 4), (8, 5))
    c.dots("#8a5a38", (11, 5), (11, 6))
    c.rect(2, 11, 12, 2, "#5f9fd0")


def _parcel_bench(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(0, 2, 16, 8, 5, WOOD)
    c.rect(2, 3, 7, 5, "#d2a870")
    c.rect(5, 3, 1, 5, "#d8584e")
    c.rect(2, 5, 7, 1, "#d8584e")
    c.disc(24, 11, 4, 4, "#e8dcc0")


def _bottle_shelf(c: Canvas) -> None:
    _shelf(c, "#6a4228", (8, 15, 22))
    for y in (8, 15, 22):
        for x in range(3, 28, 3):
            code = ("#4f8a5a", "#c8843c", "#d8d0b8", "#8a3a34", "#5a84a8")[noise(x, y, 8) % 5]
            c.rect(x, y + 2, 2, 4, code)
            c.dots(code, (x, y + 1))
            c.dot(x, y + 3, light(code, 50))


def _stool(c: Canvas) -> None:
    c.shadow(16, 26, 9, 4)
    c.disc(16, 17, 9, 8, OUTLINE)
    c.disc(16, 16, 7, 6, "#b4764a")
    c.disc(15, 15, 4, 3, "#d09a6a")


def _barrel(c: Canvas) -> None:
    c.shadow(16, 29, 12, 4)
    c.rect(3, 3, 10, 11, WOOD)
    c.disc(16, 8, 10, 5, light(WOOD, 25))
    c.rect(3, 7, 10, 1, "#6a6a70")
    c.rect(3, 11, 10, 1, "#6a6a70")
    c.outline()


def _crate(c: Canvas) -> None:
    c.shadow(16, 30, 13, 4)
    c.block(2, 3, 12, 4, 7, PALE_WOOD)
    for step in range(5):
        c.dots(dark(PALE_WOOD, 45), (4 + step, 8 + step), (11 - step, 8 + step))
