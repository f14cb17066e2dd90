"""Sprites of the farm: beasts, hay, carts, the windmill, and beds of what is grown for market."""

from __future__ import annotations

from functools import partial

from worlds.town.art.furniture import DARK_WOOD, PALE_WOOD, WOOD
from worlds.town.art.garden import SOIL
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light, noise

STRAW = "#e2bf62"


def farm_sprites() -> tuple[Sprite, ...]:
    """Return what stands, lies and grazes on a farm."""
    return (
        Sprite("cow", 2, 2, 1, _cow), Sprite("sheep", 1, 1, 0, partial(_sheep, "#f4efe2")),
        Sprite("black_sheep", 1, 1, 0, partial(_sheep, "#6a6068")), Sprite("pig", 1, 1, 0, _pig),
        Sprite("goose", 1, 1, 0, _goose), Sprite("dog", 1, 1, 0, _dog), Sprite("cat", 1, 1, 0, _cat),
        Sprite("horse", 2, 2, 1, _horse), Sprite("haystack", 2, 2, 1, _haystack),
        Sprite("hay_bale", 1, 1, 0, _hay_bale),
        Sprite("hay_heap", 2, 1, 0, _hay_heap), Sprite("cart", 2, 2, 1, _cart), Sprite("trough", 2, 1, 0, _trough),
        Sprite("scarecrow", 1, 2, 1, _scarecrow), Sprite("milk_churns", 1, 1, 0, _milk_churns),
        Sprite("sacks", 1, 1, 0, _sacks), Sprite("windmill", 4, 6, 4, _windmill),
        Sprite("milking_stall", 2, 2, 1, _milking_stall), Sprite("cheese_press", 1, 2, 1, _cheese_press),
        Sprite("pumpkins", 2, 1, 0, _pumpkins), Sprite("lavender", 2, 1, 0, _lavender),
        Sprite("sunflowers", 2, 2, 1, _sunflowers), Sprite("potato_rows", 2, 1, 0, _potato_rows),
        Sprite("wheelbarrow", 1, 1, 0, _wheelbarrow), Sprite("pump", 1, 2, 1, _pump),
    )  # fmt: skip


def _cow(c: Canvas) -> None:
    c.shadow(32, 58, 28, 6)
    for x in (8, 11, 20, 23):
        c.rect(x, 22, 2, 7, "#d8d0c4" if x % 2 else "#f2ece0")
        c.rect(x, 28, 2, 2, "#4a3a34")
    c.disc(32, 36, 22, 12, "#f6f0e4")
    c.rect(6, 14, 20, 8, "#f6f0e4")
    c.disc(28, 32, 8, 6, "#5a4238")
    c.disc(44, 38, 6, 7, "#5a4238")
    c.rect(6, 22, 20, 2, "#d8cebe")
    c.rect(2, 11, 6, 7, "#f6f0e4")
    c.rect(2, 11, 3, 3, "#5a4238")
    c.rect(1, 16, 5, 3, "#e8a8a0")
    c.dots("#2a2228", (3, 13), (2, 17), (4, 17))
    c.dots("#e8dcb8", (2, 9), (2, 10), (7, 9), (7, 10))
    c.rect(26, 14, 1, 8, "#d8cebe")
    c.dots("#5a4238", (26, 22), (27, 22))
    c.rect(17, 23, 4, 2, "#f0b8b0")
    c.outline()


def _sheep(wool: str, c: Canvas) -> None:
    c.shadow(16, 28, 13, 4)
    for x in (5, 10):
        c.rect(x, 11, 1, 3, "#4a4048")
    for x, y in ((5, 6), (8, 5), (11, 6), (6, 9), (10, 9), (8, 8)):
        c.disc(2 * x + 1, 2 * y + 1, 6, 5, dark(wool, 14))
    for x, y in ((5, 5), (8, 4), (11, 5), (7, 7)):
        c.disc(2 * x + 1, 2 * y + 1, 5, 4, wool)
    c.dots(light(wool, 40), (5, 4), (8, 3), (10, 4), (7, 6))
    c.rect(1, 5, 4, 5, "#4a4048")
    c.dots("#f4efe2", (2, 6))
    c.dots("#4a4048", (0, 5), (5, 5))
    c.outline()


def _pig(c: Canvas) -> None:
    skin = "#eeb0a4"
    c.shadow(16, 28, 13, 4)
    c.rect(4, 11, 2, 3, dark(skin, 20))
    c.rect(10, 11, 2, 3, dark(skin, 20))
    c.disc(17, 17, 12, 8, skin)
    c.rect(5, 5, 6, 1, light(skin, 35))
    c.disc(7, 15, 7, 6, skin)
    c.rect(0, 7, 3, 3, dark(skin, 22))
    c.dots("#2a2228", (3, 6))
    c.dots(dark(skin, 30), (4, 4), (5, 4), (14, 6), (15, 5))
    c.outline()


def _goose(c: Canvas) -> None:
    c.shadow(16, 28, 9, 3)
    c.disc(18, 20, 10, 7, "#f8f6ee")
    c.rect(4, 4, 2, 6, "#f8f6ee")
    c.rect(3, 3, 3, 3, "#f8f6ee")
    c.dots("#e8983c", (2, 5), (1, 5), (7, 13), (10, 13))
    c.dots("#2a2228", (4, 4))
    c.dots("#c8c4bc", (8, 11), (9, 12), (10, 11), (12, 10))
    c.outline()


def _dog(c: Canvas) -> None:
    coat = "#b4763c"
    c.shadow(16, 28, 11, 3)
    for x in (4, 6, 10, 12):
        c.rect(x, 10, 1, 4, dark(coat, 20))
    c.rect(4, 7, 9, 4, coat)
    c.rect(4, 7, 9, 1, light(coat, 30))
    c.rect(1, 4, 5, 4, coat)
    c.rect(0, 6, 2, 2, light(coat, 45))
    c.dots("#2a2228", (3, 5), (0, 6))
    c.rect(5, 3, 2, 4, dark(coat, 40))
    c.dots(coat, (13, 6), (14, 5), (14, 4))
    c.rect(4, 10, 4, 1, "#f4efe2")
    c.outline()


def _cat(c: Canvas) -> None:
    coat = "#8a8078"
    c.shadow(16, 28, 9, 3)
    c.disc(18, 20, 8, 7, coat)
    c.rect(4, 5, 5, 4, coat)
    c.dots(coat, (4, 4), (8, 4), (13, 9), (13, 8), (12, 7))
    c.dots("#d8e870", (5, 6), (7, 6))
    c.dots("#e8a8a0", (6, 7))
    c.dots(dark(coat, 35), (8, 10), (10, 9), (10, 11), (12, 10))
    c.dots("#f4efe2", (6, 11), (6, 12))
    c.outline()


def _horse(c: Canvas) -> None:
    coat, mane = "#9a6238", "#4a3228"
    c.shadow(34, 60, 26, 6)
    for x in (10, 13, 22, 25):
        c.rect(x, 20, 2, 9, dark(coat, 18 if x % 2 else 0))
        c.rect(x, 28, 2, 2, "#33282a")
    c.rect(9, 13, 18, 9, coat)
    c.rect(9, 13, 18, 2, light(coat, 25))
    c.rect(9, 20, 18, 2, dark(coat, 25))
    c.rect(6, 6, 5, 12, coat)
    c.rect(2, 6, 6, 5, coat)
    c.rect(1, 9, 4, 3, light(coat, 30))
    c.rect(9, 4, 3, 11, mane)
    c.dots(mane, (6, 4), (7, 4), (5, 5))
    c.dots("#2a2228", (5, 7), (2, 10))
    c.rect(27, 13, 2, 9, mane)
    c.outline()


def _haystack(c: Canvas) -> None:
    c.shadow(32, 60, 30, 7)
    for row in range(27):
        width = min(28, 6 + row * 26 // 20)
        c.rect(16 - width // 2, 3 + row, width, 1, dark(STRAW, row))
    for y in range(4, 30):
        for x in range(2, 30):
            if c.pixels[y, x, 3] == 255:
                roll = noise(x // 2, y, 23)
                if roll < 50:
                    c.dot(x, y, dark(STRAW, 30 + y // 2))
                elif roll > 210:
                    c.dot(x, y, light(STRAW, 35))
    c.rect(15, 0, 2, 5, WOOD)
    c.outline()


def _hay_bale(c: Canvas) -> None:
    c.shadow(16, 29, 14, 4)
    c.block(1, 3, 14, 5, 6, STRAW)
    c.speckle(2, 4, 12, 9, light(STRAW, 40), 40, 24)
    c.speckle(2, 4, 12, 9, dark(STRAW, 35), 40, 25)
    c.rect(5, 3, 1, 11, "#8a5a38")
    c.rect(10, 3, 1, 11, "#8a5a38")


def _hay_heap(c: Canvas) -> None:
    c.shadow(32, 29, 30, 4)
    for x, y, w, h in ((9, 9, 14, 9), (22, 9, 15, 9), (16, 6, 16, 9)):
        c.disc(2 * x, 2 * y, w, h, dark(STRAW, 18))
        c.disc(2 * x - 1, 2 * y - 2, w - 3, h - 3, STRAW)
    c.speckle(0, 0, 32, 16, light(STRAW, 40), 34, 26)
    c.speckle(0, 0, 32, 16, dark(STRAW, 35), 34, 27)
    c.outline()


def _cart(c: Canvas) -> None:
    c.shadow(32, 60, 30, 6)
    c.rect(2, 12, 24, 11, WOOD)
    c.rect(2, 12, 24, 3, light(WOOD, 25))
    for x in range(6, 26, 5):
        c.rect(x, 15, 1, 8, dark(WOOD, 35))
    for x, y in ((6, 9), (11, 7), (16, 9), (21, 8)):
        c.disc(2 * x + 1, 2 * y + 3, 9, 8, STRAW)
        c.dots(light(STRAW, 40), (x - 1, y), (x + 1, y - 1))
    c.rect(26, 18, 6, 2, DARK_WOOD)
    for x in (7, 20):
        c.disc(2 * x + 1, 49, 11, 11, OUTLINE)
        c.disc(2 * x + 1, 49, 8, 8, PALE_WOOD)
        c.rect(x, 21, 1, 8, DARK_WOOD)
        c.rect(x - 3, 24, 8, 1, DARK_WOOD)
    c.outline()


def _trough(c: Canvas) -> None:
    stone = "#9a978f"
    c.shadow(32, 29, 30, 4)
    c.block(1, 3, 30, 7, 5, stone)
    c.rect(3, 4, 26, 5, "#5a9ac0")
    c.rect(3, 4, 26, 1, dark("#5a9ac0", 30))
    c.dots("#c8ecf4", (7, 6), (8, 6), (18, 7), (24, 6))


def _scarecrow(c: Canvas) -> None:
    c.shadow(16, 60, 10, 4)
    c.rect(7, 12, 2, 18, WOOD)
    c.rect(1, 12, 14, 2, WOOD)
    c.rect(4, 12, 8, 9, "#c8563c")
    c.rect(2, 12, 3, 4, "#c8563c")
    c.rect(11, 12, 3, 4, "#c8563c")
    c.rect(6, 15, 3, 3, "#e8c878")
    c.disc(16, 16, 8, 8, "#ecd29a")
    c.dots("#4a3020", (6, 8), (9, 8), (7, 10), (8, 10))
    c.rect(2, 4, 12, 2, STRAW)
    c.rect(5, 1, 6, 3, STRAW)
    c.dots(STRAW, (0, 13), (0, 14), (15, 13), (15, 14), (4, 21), (6, 21), (9, 21))
    c.outline()


def _milk_churns(c: Canvas) -> None:
    c.shadow(16, 29, 13, 4)
    for x in (2, 9):
        c.rect(x, 5, 5, 9, "#b8c0c8")
        c.rect(x, 5, 2, 9, "#e4eaee")
        c.rect(x + 1, 2, 3, 3, "#98a2ac")
        c.rect(x, 9, 5, 1, "#8a949e")
    c.outline()


def _sacks(c: Canvas) -> None:
    cloth = "#cbb083"
    c.shadow(16, 29, 14, 4)
    for x, y in ((4, 9), (11, 10), (8, 5)):
        c.disc(2 * x + 1, 2 * y, 8, 8, dark(cloth, 20))
        c.disc(2 * x, 2 * y - 1, 6, 6, cloth)
        c.dots(dark(cloth, 45), (x, y - 4), (x + 1, y - 4))
    c.outline()


def _windmill(c: Canvas) -> None:
    wall, cap = "#f0e6d2", "#8a4a40"
    c.shadow(66, 186, 56, 12)
    for row in range(50):
        width = 26 + row * 14 // 50
        c.rect(32 - width // 2, 42 + row, width, 1, wall)
        c.rect(32 + width // 2 - 7, 42 + row, 7, 1, dark(wall, 18))
        c.rect(32 - width // 2, 42 + row, 3, 1, light(wall, 50))
        if row % 6 == 5:
            c.rect(32 - width // 2, 42 + row, width, 1, dark(wall, 9))
    c.rect(27, 76, 10, 16, DARK_WOOD)
    c.frame(27, 76, 10, 16, OUTLINE)
    c.rect(28, 77, 1, 14, light(DARK_WOOD, 25))
    c.dots("#f0d48a", (34, 84))
    for y in (52, 64):
        c.rect(29, y, 6, 6, "#8fc4dc")
        c.frame(28, y - 1, 8, 8, "#b8a488")
        c.rect(31, y, 1, 6, "#b8a488")
    for row in range(15):
        width = 12 + row * 20 // 14
        c.rect(32 - width // 2, 28 + row, width, 1, dark(cap, row * 2))
    c.rect(27, 28, 8, 1, light(cap, 30))
    c.outline()
    _sails(c, 32, 37)


def _sails(c: Canvas, x: int, y: int) -> None:
    for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        for step in range(7, 25):
            for out in range(1, 8):
                px, py = x + dx * step + dy * out, y + dy * step - dx * out
                code = "#c8bda6" if out in (4, 7) or step % 5 == 0 else "#fbf7ec"
                c.dots(code, (px, py), (px + 1, py))
        for step in range(2, 26):
            c.dots(DARK_WOOD, (x + dx * step, y + dy * step), (x + dx * step + 1, y + dy * step))
    c.disc(2 * x + 1, 2 * y + 1, 7, 7, OUTLINE)
    c.disc(2 * x + 1, 2 * y + 1, 5, 5, "#c8a060")


def _milking_stall(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    c.rect(0, 6, 32, 3, WOOD)
    c.rect(0, 6, 32, 1, light(WOOD, 30))
    c.rect(0, 15, 32, 2, WOOD)
    for x in (0, 15, 29):
        c.rect(x, 3, 3, 27, DARK_WOOD)
        c.rect(x, 3, 1, 27, light(DARK_WOOD, 25))
    c.rect(3, 20, 12, 8, dark(STRAW, 12))
    c.speckle(3, 20, 12, 8, light(STRAW, 40), 60, 28)
    c.rect(19, 20, 7, 8, "#b8c0c8")
    c.rect(19, 20, 7, 2, "#e4eaee")
    c.rect(19, 24, 7, 1, "#8a949e")
    c.outline()


def _cheese_press(c: Canvas) -> None:
    c.shadow(16, 61, 13, 4)
    c.rect(2, 4, 3, 25, WOOD)
    c.rect(11, 4, 3, 25, WOOD)
    c.rect(1, 4, 14, 3, dark(WOOD, 15))
    c.rect(7, 2, 2, 12, "#8a8f98")
    c.rect(4, 14, 8, 2, DARK_WOOD)
    c.disc(16, 40, 10, 8, "#f0cf68")
    c.disc(16, 37, 10, 5, "#f8e498")
    c.rect(1, 27, 14, 3, dark(WOOD, 25))
    c.outline()


def _rows_of_soil(c: Canvas) -> None:
    c.rect(1, 1, 30, 14, SOIL)
    c.frame(0, 0, 32, 16, dark(SOIL, 45))
    for y in (4, 8, 12):
        c.rect(1, y, 30, 1, dark(SOIL, 28))
        c.rect(1, y + 1, 30, 1, light(SOIL, 12))


def _pumpkins(c: Canvas) -> None:
    _rows_of_soil(c)
    for x, y in ((5, 4), (15, 10), (25, 5), (21, 12), (8, 12)):
        c.disc(2 * x - 5, 2 * y + 2, 6, 4, "#5f9a4a")
        c.disc(2 * x, 2 * y, 8, 6, "#c86a24")
        c.disc(2 * x - 1, 2 * y - 1, 6, 4, "#ee9438")
        c.dots("#f8c070", (x - 2, y - 1))
        c.dots("#4a7a3a", (x, y - 3))


def _lavender(c: Canvas) -> None:
    _rows_of_soil(c)
    for y in (3, 7, 11):
        for x in range(3, 30, 3):
            c.dots("#6f9a6a", (x, y + 2), (x + 2, y + 2))
            c.rect(x - 1, y - 1, 3, 3, "#8a62c8" if (x + y) % 2 else "#9d78da")
            c.dots("#c4a4f0", (x, y - 1), (x - 1, y))


def _sunflowers(c: Canvas) -> None:
    c.rect(1, 25, 30, 6, SOIL)
    c.frame(0, 24, 32, 8, dark(SOIL, 45))
    for x, y in ((5, 9), (12, 5), (19, 8), (26, 6), (8, 14), (23, 14)):
        c.rect(x, y, 1, 26 - y, "#4f8a3f")
        c.dots("#6aa850", (x - 2, y + 9), (x - 1, y + 8), (x + 1, y + 11), (x + 2, y + 10))
        c.disc(2 * x + 1, 2 * y, 8, 8, "#c88a20")
        c.disc(2 * x + 1, 2 * y, 7, 7, "#f6c83c")
        c.disc(2 * x + 1, 2 * y, 3, 3, "#6a4426")


def _potato_rows(c: Canvas) -> None:
    _rows_of_soil(c)
    for y in (3, 8, 13):
        for x in range(3, 31, 5):
            c.disc(2 * x + noise(x, y, 4) % 3, 2 * y - 1, 5, 4, "#4f8248")
            c.disc(2 * x - 1, 2 * y - 2, 3, 2, "#78ac58")
    c.dots("#f4efe8", (8, 2), (23, 7), (14, 12))


def _wheelbarrow(c: Canvas) -> None:
    c.shadow(16, 28, 14, 4)
    c.rect(3, 5, 9, 5, "#5f8a6a")
    c.rect(3, 5, 9, 1, light("#5f8a6a", 35))
    c.rect(4, 4, 7, 2, SOIL)
    c.dots("#78ac58", (5, 3), (8, 3), (9, 4))
    c.rect(11, 8, 5, 1, WOOD)
    c.disc(8, 23, 5, 5, "#3a3440")
    c.rect(10, 10, 1, 4, WOOD)
    c.outline()


def _pump(c: Canvas) -> None:
    iron = "#4f6a64"
    c.shadow(16, 60, 12, 5)
    c.rect(6, 8, 4, 20, iron)
    c.rect(6, 8, 1, 20, light(iron, 35))
    c.rect(5, 6, 6, 2, dark(iron, 20))
    c.rect(2, 13, 4, 2, iron)
    c.dots("#9fd0de", (2, 16), (2, 18), (2, 20))
    c.rect(10, 9, 5, 1, dark(iron, 25))
    c.rect(14, 9, 1, 6, dark(iron, 25))
    c.disc(10, 52, 10, 6, "#8a6a48")
    c.disc(10, 51, 7, 4, "#5a9ac0")
    c.outline()
