"""Sprites of squares and streets: stalls, fountain, monuments, signs and vehicles."""

from __future__ import annotations

from functools import partial

from worlds.town.art.furniture import DARK_WOOD, PALE_WOOD, WOOD
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light
from worlds.town.art.trade import GOODS

STONE = "#b4b0a6"
IRON = "#3f4a50"


def market_sprites() -> tuple[Sprite, ...]:
    """Return what stands on a market square and along streets."""
    stalls = (("red", "#cf5a4c"), ("blue", "#4f7fb0"), ("green", "#5f9458"), ("gold", "#dca640"))
    return (
        *(Sprite(f"stall_{name}", 3, 3, 2, partial(_stall, code, n)) for n, (name, code) in enumerate(stalls)),
        Sprite("fountain", 3, 3, 1, _fountain), Sprite("statue", 2, 3, 2, _statue),
        Sprite("signpost", 1, 2, 1, _signpost),
        Sprite("phone_box", 1, 2, 1, _phone_box), Sprite("pillar_box", 1, 2, 1, _pillar_box),
        Sprite("bicycle", 2, 1, 0, _bicycle), Sprite("flagpole", 1, 4, 3, _flagpole),
        Sprite("bollard", 1, 1, 0, _bollard),
        Sprite("flower_cart", 2, 2, 1, _flower_cart), Sprite("flower_tub", 1, 1, 0, _flower_tub),
        Sprite("twin_lamp", 1, 3, 2, _twin_lamp), Sprite("picnic_table", 2, 2, 0, _picnic_table),
        Sprite("clock_post", 1, 3, 2, _clock_post), Sprite("goal", 3, 2, 1, _goal),
        Sprite("standing_stone", 1, 2, 1, _standing_stone), Sprite("campfire", 1, 1, 0, _campfire),
        Sprite("log_seat", 2, 1, 0, _log_seat), Sprite("tent", 3, 3, 1, _tent), Sprite("spring", 2, 2, 1, _spring),
        *(Sprite(f"line_{name}", 1, 1, 0, partial(_line, *sides)) for name, sides in _LINES.items()),
        Sprite("line_circle", 5, 5, 0, _line_circle),
    )  # fmt: skip


def _stall(code: str, goods: int, c: Canvas) -> None:
    c.shadow(48, 92, 46, 6)
    for x in (2, 44):
        c.rect(x, 14, 2, 31, PALE_WOOD)
    c.rect(2, 32, 44, 13, WOOD)
    c.rect(2, 32, 44, 6, PALE_WOOD)
    c.rect(2, 37, 44, 1, dark(WOOD, 25))
    for x in range(8, 44, 8):
        c.rect(x, 38, 1, 7, dark(WOOD, 25))
    for index, x in enumerate(range(5, 42, 7)):
        ware = GOODS[(index + 2 * goods) % len(GOODS)]
        for px, py in ((0, 0), (2, 0), (4, 0), (1, -2), (3, -2)):
            c.rect(x + px, 34 + py, 2, 2, ware)
            c.dot(x + px, 34 + py, light(ware, 45))
    for row in range(20):
        lean = max(0, 4 - row // 3)
        for x in range(lean, 48 - lean):
            stripe = code if x // 6 % 2 == 0 else "#f6eedc"
            c.dot(x, 3 + row, light(stripe, 25) if row < 2 else dark(stripe, 14) if row > 14 else stripe)
    for x in range(48):
        stripe = code if x // 6 % 2 == 0 else "#f6eedc"
        for drop in range(3 if x % 6 in (2, 3) else 2 if x % 6 in (1, 4) else 1):
            c.dot(x, 23 + drop, dark(stripe, 22))
    c.rect(4, 2, 40, 1, dark(code, 45))
    c.outline()


def _fountain(c: Canvas) -> None:
    c.shadow(48, 84, 48, 20)
    for size, tall, code in ((48, 30, dark(STONE, 62)), (46, 28, dark(STONE, 25)), (46, 24, light(STONE, 20))):
        c.disc(48, 64, size, tall, code)
    c.disc(48, 62, 38, 17, dark("#5aa4ca", 35))
    c.disc(48, 64, 36, 15, "#5aa4ca")
    for x, y, long in ((9, 33, 4), (32, 31, 5), (14, 37, 5), (29, 37, 4)):
        c.rect(x, y, long, 1, "#a8dcec")
    c.rect(21, 12, 6, 20, STONE)
    c.rect(21, 12, 2, 20, light(STONE, 35))
    c.rect(25, 12, 2, 20, dark(STONE, 25))
    c.disc(48, 28, 22, 8, dark(STONE, 40))
    c.disc(48, 25, 22, 7, light(STONE, 15))
    c.disc(48, 25, 16, 4, "#70b8d6")
    c.rect(22, 5, 4, 7, light(STONE, 20))
    c.disc(48, 9, 7, 6, light(STONE, 30))
    for x, top, tall in ((14, 15, 12), (33, 15, 12), (17, 16, 14), (30, 16, 14)):
        c.rect(x, top, 1, tall, "#d8f2f8")
    c.dots("#e8fafc", (22, 1), (24, 0), (26, 1), (21, 3), (27, 3), (13, 28), (34, 28), (17, 31), (30, 31))


def _statue(c: Canvas) -> None:
    bronze = "#6a8478"
    c.shadow(32, 90, 28, 8)
    c.block(5, 30, 22, 5, 12, STONE)
    c.rect(9, 37, 14, 4, "#c8b070")
    c.rect(7, 27, 18, 4, light(STONE, 15))
    c.rect(12, 12, 8, 15, bronze)
    c.rect(12, 12, 3, 15, light(bronze, 25))
    c.rect(10, 14, 3, 9, bronze)
    c.rect(19, 14, 3, 6, dark(bronze, 20))
    c.disc(32, 17, 8, 8, bronze)
    c.dots(light(bronze, 40), (14, 6), (15, 6))
    c.rect(11, 4, 10, 2, dark(bronze, 25))
    c.rect(13, 2, 6, 2, dark(bronze, 25))
    c.rect(21, 8, 1, 19, dark(bronze, 40))
    c.outline()


def _signpost(c: Canvas) -> None:
    c.shadow(16, 60, 10, 4)
    c.rect(7, 3, 2, 27, WOOD)
    c.rect(7, 3, 1, 27, light(WOOD, 25))
    for x, y, width in ((2, 5, 12), (3, 10, 12), (1, 15, 11)):
        c.rect(x, y, width, 4, "#f2ead2")
        c.rect(x, y + 3, width, 1, "#c8bc9c")
        c.rect(x + 2, y + 1, width - 5, 1, "#6a5a4a")
    c.outline()


def _phone_box(c: Canvas) -> None:
    red = "#c8463c"
    c.shadow(16, 61, 14, 4)
    c.rect(2, 2, 12, 28, red)
    c.rect(2, 2, 2, 28, light(red, 25))
    c.rect(12, 2, 2, 28, dark(red, 25))
    c.rect(4, 3, 8, 2, "#f6eedc")
    for y in (7, 13, 19):
        c.rect(4, y, 8, 5, "#a8d8e8")
        c.rect(7, y, 1, 5, red)
        c.dots("#e8f8fc", (5, y + 1))
    c.rect(4, 25, 8, 3, dark(red, 15))
    c.round_frame(1, 1, 14, 30, OUTLINE)


def _pillar_box(c: Canvas) -> None:
    red = "#c8463c"
    c.shadow(16, 60, 12, 4)
    c.rect(4, 10, 8, 19, red)
    c.rect(4, 10, 2, 19, light(red, 30))
    c.rect(10, 10, 2, 19, dark(red, 28))
    c.disc(16, 19, 11, 6, light(red, 12))
    c.rect(5, 14, 6, 1, "#33202a")
    c.rect(6, 17, 4, 4, "#f6eedc")
    c.rect(4, 28, 8, 2, "#33282e")
    c.outline()


def _bicycle(c: Canvas) -> None:
    c.shadow(32, 29, 28, 4)
    for x in (7, 23):
        c.disc(2 * x + 1, 20, 11, 11, "#33303a")
        c.disc(2 * x + 1, 20, 8, 8, "#b8b4ae")
        c.clear(x - 2, 8, 5, 4)
        c.rect(x, 7, 1, 6, "#8a8680")
        c.rect(x - 3, 9, 7, 1, "#8a8680")
    for step in range(8):
        c.dots("#4f88b8", (8 + step, 9 - step // 2), (16 + step, 5 + step // 2))
    c.rect(9, 5, 13, 1, "#4f88b8")
    c.rect(7, 3, 5, 1, DARK_WOOD)
    c.rect(21, 2, 1, 4, "#33303a")
    c.rect(20, 1, 5, 1, "#33303a")


def _flagpole(c: Canvas) -> None:
    c.shadow(16, 124, 10, 4)
    c.rect(7, 4, 2, 58, "#e8e4da")
    c.rect(8, 4, 1, 58, "#a8a498")
    c.disc(16, 6, 4, 4, "#e8c050")
    for x in range(7):
        wave = (0, 0, 1, 1, 1, 0, 0)[x]
        c.rect(9 + x, 6 + wave, 1, 4, "#4f88b8")
        c.rect(9 + x, 10 + wave, 1, 3, "#f6eedc")
        c.rect(9 + x, 13 + wave, 1, 4, "#5f9458")
    c.rect(5, 60, 6, 3, STONE)


def _bollard(c: Canvas) -> None:
    c.shadow(16, 28, 8, 4)
    c.rect(6, 5, 4, 9, IRON)
    c.rect(6, 5, 1, 9, light(IRON, 30))
    c.disc(16, 9, 5, 5, light(IRON, 15))
    c.rect(6, 8, 4, 1, "#d8cfae")


def _flower_cart(c: Canvas) -> None:
    c.shadow(32, 60, 30, 6)
    c.rect(3, 15, 26, 9, "#7a9a86")
    c.rect(3, 15, 26, 2, light("#7a9a86", 30))
    c.rect(3, 22, 26, 2, dark("#7a9a86", 28))
    for index, x in enumerate(range(4, 29, 4)):
        code = ("#e8586c", "#f4c850", "#f6f0ee", "#9a7ad0", "#f08ab0")[index % 5]
        c.disc(2 * x + 1, 24, 7, 8, "#4f8a4a")
        c.disc(2 * x + 1, 17 + index % 2 * 3, 6, 5, code)
        c.dot(x, 7 + index % 2, light(code, 50))
    for x in (8, 23):
        c.disc(2 * x + 1, 51, 9, 9, OUTLINE)
        c.disc(2 * x + 1, 51, 6, 6, PALE_WOOD)
    c.outline()


def _flower_tub(c: Canvas) -> None:
    c.shadow(16, 29, 12, 4)
    c.rect(4, 8, 8, 6, WOOD)
    c.rect(4, 10, 8, 1, IRON)
    for x, y, code in ((4, 6, "#f4c850"), (8, 4, "#e8586c"), (11, 6, "#f4c850"), (7, 7, "#f8f4f0")):
        c.disc(2 * x + 1, 2 * y + 2, 5, 5, "#4f8a4a")
        c.dots(code, (x, y), (x + 1, y), (x, y - 1))
    c.outline()


def _twin_lamp(c: Canvas) -> None:
    c.shadow(16, 92, 10, 4)
    c.rect(7, 10, 2, 35, IRON)
    c.rect(6, 43, 4, 3, IRON)
    c.rect(2, 9, 12, 1, IRON)
    for x in (1, 11):
        c.rect(x, 2, 4, 7, "#ffe9a0")
        c.rect(x + 1, 3, 2, 4, "#fffbe4")
        c.frame(x - 1 if x > 1 else x, 1, 5, 9, IRON)
    c.rect(7, 5, 2, 5, IRON)


def _picnic_table(c: Canvas) -> None:
    c.shadow(32, 60, 30, 6)
    for y in (3, 22):
        c.rect(2, y, 28, 4, WOOD)
        c.rect(2, y, 28, 1, light(WOOD, 30))
        c.frame(1, y - 1, 30, 6, OUTLINE)
    c.block(0, 9, 32, 9, 3, PALE_WOOD)
    c.rect(1, 13, 30, 1, dark(PALE_WOOD, 14))
    c.rect(11, 11, 5, 4, "#d8584e")
    c.disc(42, 25, 4, 3, "#f4efe4")


def _clock_post(c: Canvas) -> None:
    c.shadow(16, 92, 10, 4)
    c.rect(7, 14, 2, 31, IRON)
    c.rect(5, 43, 6, 3, IRON)
    c.disc(16, 17, 15, 15, OUTLINE)
    c.disc(16, 17, 12, 12, "#fbf7ea")
    c.dots(OUTLINE, (8, 8), (8, 7), (8, 5), (8, 6), (9, 9), (10, 9))
    c.dots("#a8a498", (8, 3), (8, 13), (3, 8), (13, 8))
    c.rect(6, 15, 4, 2, "#c8a050")


def _goal(c: Canvas) -> None:
    for x in range(4, 45, 4):
        c.rect(x, 8, 1, 20, "#e8ece8")
    for y in range(10, 28, 4):
        c.rect(3, y, 42, 1, "#e8ece8")
    c.rect(2, 5, 3, 25, "#fbfbf6")
    c.rect(43, 5, 3, 25, "#fbfbf6")
    c.rect(2, 5, 44, 3, "#fbfbf6")
    c.rect(2, 8, 44, 1, "#b8bcb8")
    c.rect(4, 6, 1, 24, "#b8bcb8")
    c.rect(45, 6, 1, 24, "#b8bcb8")


def _standing_stone(c: Canvas) -> None:
    stone = "#8f928e"
    c.shadow(18, 60, 15, 6)
    for row in range(26):
        width = 6 + min(row, 8) * 4 // 8 + row // 9
        c.rect(8 - width // 2, 4 + row, width, 1, stone)
        c.rect(8 - width // 2, 4 + row, 3, 1, light(stone, 22))
        c.rect(8 + width // 2 - 2, 4 + row, 2, 1, dark(stone, 25))
    c.dots("#7a9a5a", (5, 26), (6, 27), (6, 25), (9, 28), (5, 19), (8, 5), (9, 5))
    c.dots(dark(stone, 40), (8, 12), (9, 13), (7, 18), (8, 19))
    c.outline()


def _campfire(c: Canvas) -> None:
    for x, y in ((2, 11), (4, 13), (8, 14), (11, 13), (13, 10), (2, 8), (12, 8)):
        c.disc(2 * x + 1, 2 * y + 1, 4, 3, "#8a8884")
        c.dot(x, y - 1, "#b8b4ac")
    c.rect(4, 10, 8, 2, DARK_WOOD)
    c.disc(16, 18, 7, 9, "#e0672c")
    c.disc(16, 20, 5, 6, "#f6a83c")
    c.disc(16, 21, 3, 4, "#fff0a0")
    c.dots("#f6a83c", (6, 3), (9, 2))


def _log_seat(c: Canvas) -> None:
    bark = "#7a5638"
    c.shadow(32, 28, 30, 4)
    c.rect(2, 4, 26, 9, bark)
    c.rect(2, 4, 26, 2, light(bark, 30))
    c.rect(2, 11, 26, 2, dark(bark, 30))
    for x, y in ((6, 8), (13, 7), (20, 9)):
        c.rect(x, y, 4, 1, dark(bark, 28))
    c.disc(56, 17, 6, 9, "#d8b080")
    c.disc(56, 17, 3, 5, "#b88a58")
    c.outline()


def _tent(c: Canvas) -> None:
    cloth = "#c8764a"
    c.shadow(48, 88, 46, 10)
    for row in range(34):
        half = 3 + row * 19 // 33
        c.rect(24 - half, 8 + row, half, 1, light(cloth, 14))
        c.rect(24, 8 + row, half, 1, dark(cloth, 16))
        if row > 9:
            gap = (row - 9) // 4
            c.rect(24 - gap, 8 + row, 2 * gap, 1, "#4a3028")
    c.rect(23, 4, 2, 6, PALE_WOOD)
    for step in range(34):
        c.dot(24 - 3 - step * 19 // 33, 8 + step, light(cloth, 45))
    c.dots(PALE_WOOD, (1, 42), (2, 43), (46, 42), (45, 43))
    c.outline()


def _spring(c: Canvas) -> None:
    stone = "#8f928e"
    c.shadow(32, 60, 30, 6)
    for x, y, w, h in ((7, 14, 13, 12), (16, 10, 15, 13), (25, 14, 13, 12)):
        c.disc(2 * x, 2 * y, w + 2, h + 2, dark(stone, 55))
        c.disc(2 * x, 2 * y, w, h, stone)
        c.disc(2 * x - 3, 2 * y - 4, w - 6, h - 7, light(stone, 22))
    c.rect(14, 15, 4, 9, "#b8e4f0")
    c.rect(15, 15, 1, 9, "#f2fcfc")
    c.disc(32, 52, 26, 10, "#5a7a60")
    c.disc(32, 52, 23, 8, "#5aa4ca")
    c.dots("#e8fafc", (13, 24), (18, 24), (15, 23), (10, 26), (21, 27))
    c.dots("#6a9a50", (4, 18), (5, 17), (27, 18), (28, 19), (20, 8))


_LINES = {
    "h": (True, False, True, False), "v": (False, True, False, True), "tl": (False, False, True, True),
    "tr": (True, False, False, True), "bl": (False, True, True, False), "br": (True, True, False, False),
    "l": (False, True, True, True), "r": (True, True, False, True),
}  # fmt: skip
"""Whether a chalk line goes to the west, north, east, south: along, corners, and where the middle line begins."""


def _line(west: bool, north: bool, east: bool, south: bool, c: Canvas) -> None:
    chalk = "#f2f4ea"
    if west:
        c.rect(0, 7, 9, 2, chalk)
    if east:
        c.rect(7, 7, 9, 2, chalk)
    if north:
        c.rect(7, 0, 2, 9, chalk)
    if south:
        c.rect(7, 7, 2, 9, chalk)


def _line_circle(c: Canvas) -> None:
    c.disc(80, 80, 68, 68, "#f2f4ea")
    inner = Canvas(5, 5)
    inner.disc(80, 80, 64, 64, "#f2f4ea")
    c.pixels[inner.pixels[..., 3] > 0] = 0
    c.rect(0, 39, 80, 2, "#f2f4ea")
    c.disc(80, 80, 4, 4, "#f2f4ea")
