"""Sprites of single pieces in a home: shelves, hearth, instruments, what hangs on the wall."""

from __future__ import annotations

from functools import partial

from worlds.town.art.furniture import DARK_WOOD, PALE_WOOD, SPINES, WOOD
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light, noise


def piece_sprites() -> tuple[Sprite, ...]:
    """Return bookcases, fireplace, piano, easel and the like."""
    return (
        Sprite("bookcase", 2, 2, 1, partial(_bookcase, PALE_WOOD)),
        Sprite("bookcase_old", 2, 2, 1, partial(_bookcase, DARK_WOOD)), Sprite("dresser", 2, 2, 1, _dresser),
        Sprite("fireplace", 2, 2, 1, _fireplace), Sprite("piano", 2, 2, 1, _piano), Sprite("easel", 1, 2, 1, _easel),
        Sprite("paint_shelf", 1, 2, 1, _paint_shelf),
        Sprite("pottery_wheel", 1, 1, 0, _pottery_wheel), Sprite("sewing_machine", 1, 1, 0, _sewing_machine),
        Sprite("record_player", 1, 1, 0, _record_player), Sprite("guitar", 1, 1, 0, _guitar),
        Sprite("toy_chest", 1, 1, 0, _toy_chest), Sprite("pot_plant", 1, 1, 0, _pot_plant),
        Sprite("floor_lamp", 1, 2, 1, _floor_lamp), Sprite("picture", 1, 1, 0, _picture),
        Sprite("window", 1, 1, 0, _window), Sprite("clock", 1, 1, 0, _clock),
    )  # fmt: skip


def _bookcase(wood: str, c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    c.rect(0, 3, 32, 28, wood)
    c.rect(1, 4, 30, 3, light(wood, 25))
    for y in (8, 15, 22):
        c.rect(2, y, 28, 6, dark(wood, 62))
        x = 3
        while x < 28:
            width = 2 + noise(x, y, 3) % 2
            tall = 4 + noise(x, y, 4) % 2
            spine = SPINES[noise(x, y, 5) % len(SPINES)]
            if noise(x, y, 6) > 30:
                c.rect(x, y + 6 - tall, width, tall, spine)
                c.rect(x, y + 6 - tall, 1, tall, light(spine, 25))
            x += width
        c.rect(1, y + 6, 30, 1, light(wood, 15))
    c.rect(1, 29, 30, 2, dark(wood, 35))
    c.round_frame(0, 3, 32, 28, OUTLINE)


def _dresser(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    c.rect(2, 4, 28, 14, PALE_WOOD)
    c.rect(4, 6, 24, 11, dark(PALE_WOOD, 45))
    for y in (7, 12):
        for x in (5, 10, 15, 20, 25):
            c.disc(2 * x + 3, 2 * y + 4, 4, 4, "#f4f6f8")
            c.dots("#5f86b4", (x + 1, y + 1))
        c.rect(3, y + 4, 26, 1, light(PALE_WOOD, 20))
    c.frame(2, 4, 28, 14, OUTLINE)
    c.block(1, 17, 30, 5, 9, PALE_WOOD)
    for x in (3, 12, 21):
        c.frame(x, 24, 8, 5, dark(PALE_WOOD, 35))
        c.dots("#f0d48a", (x + 4, 26))


def _fireplace(c: Canvas) -> None:
    stone = "#a09a94"
    c.rect(2, 1, 28, 29, stone)
    for y in range(1, 30):
        for x in range(2, 30):
            if y % 5 == 0 or (x + 3 * (y // 5 % 2)) % 7 == 0:
                c.dot(x, y, dark(stone, 22))
    c.rect(0, 11, 32, 4, WOOD)
    c.rect(0, 11, 32, 1, light(WOOD, 35))
    c.rect(0, 14, 32, 1, dark(WOOD, 40))
    c.rect(8, 17, 16, 12, "#2c2228")
    c.rect(9, 26, 14, 3, "#5a3a28")
    c.disc(32, 48, 10, 8, "#e0672c")
    c.disc(32, 50, 7, 6, "#f6a83c")
    c.disc(32, 52, 3, 4, "#fff0a0")
    c.dots("#f6a83c", (13, 20), (18, 19))
    c.rect(5, 29, 22, 2, dark(stone, 30))
    c.dots("#e8dfc8", (4, 10), (4, 9), (27, 10))
    c.rect(13, 6, 6, 5, "#e8dcc0")
    c.frame(13, 6, 6, 5, DARK_WOOD)
    c.frame(2, 0, 28, 30, OUTLINE)


def _piano(c: Canvas) -> None:
    wood = "#5a3828"
    c.shadow(32, 61, 30, 5)
    c.rect(1, 8, 30, 22, wood)
    c.rect(1, 8, 30, 3, light(wood, 25))
    c.rect(9, 13, 14, 6, "#f6f0e0")
    c.dots("#6a6a70", (11, 15), (13, 15), (15, 16), (18, 15), (20, 16))
    c.rect(2, 20, 28, 4, "#fbf7ec")
    for x in range(3, 29, 3):
        c.rect(x, 20, 1, 2, "#2a2228")
    c.rect(1, 24, 30, 2, light(wood, 15))
    c.rect(1, 26, 30, 4, dark(wood, 25))
    c.round_frame(0, 7, 32, 24, OUTLINE)


def _easel(c: Canvas) -> None:
    c.shadow(16, 60, 12, 4)
    c.rect(4, 16, 2, 14, WOOD)
    c.rect(10, 16, 2, 14, WOOD)
    c.rect(2, 5, 12, 15, "#f7f2e4")
    c.rect(3, 6, 10, 6, "#9cc8e0")
    c.rect(3, 12, 10, 4, "#88b060")
    c.rect(3, 15, 10, 4, "#d8b870")
    c.disc(20, 16, 4, 4, "#f4d060")
    c.frame(2, 5, 12, 15, OUTLINE)
    c.rect(1, 20, 14, 2, DARK_WOOD)
    c.rect(7, 2, 2, 3, WOOD)


def _paint_shelf(c: Canvas) -> None:
    c.rect(1, 3, 14, 27, WOOD)
    for y in (6, 14, 22):
        c.rect(2, y, 12, 7, dark(WOOD, 55))
        for index, x in enumerate((3, 6, 9, 12)):
            code = ("#d8584e", "#4f88b8", "#e8c050", "#6aa45a", "#a06ab0", "#f2eee2")[(index + y) % 6]
            c.rect(x, y + 3, 2, 4, code)
            c.dot(x, y + 2, "#e8e8e8")
    c.round_frame(0, 2, 16, 29, OUTLINE)


def _pottery_wheel(c: Canvas) -> None:
    c.shadow(16, 29, 14, 5)
    c.block(1, 4, 14, 6, 5, "#8a8078")
    c.disc(16, 14, 10, 6, "#c8bcb0")
    c.disc(16, 12, 6, 5, "#b4694a")
    c.disc(16, 10, 4, 2, "#7a4030")


def _sewing_machine(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(1, 4, 14, 7, 4, WOOD)
    c.rect(4, 3, 8, 3, "#2f3440")
    c.rect(10, 3, 2, 6, "#2f3440")
    c.rect(4, 3, 2, 5, "#2f3440")
    c.dots("#e8c878", (6, 4), (8, 4))
    c.rect(3, 8, 5, 2, "#d98f98")


def _record_player(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(1, 3, 14, 7, 5, WOOD)
    c.disc(14, 14, 8, 6, "#26222a")
    c.disc(14, 14, 2, 2, "#d8584e")
    c.dots("#e8e8e8", (12, 5), (12, 6), (11, 7))
    c.dots("#f0d48a", (4, 12), (11, 12))


def _guitar(c: Canvas) -> None:
    c.shadow(16, 29, 10, 4)
    c.rect(7, 0, 2, 7, DARK_WOOD)
    c.disc(16, 16, 7, 6, "#d08a44")
    c.disc(16, 23, 9, 7, "#d08a44")
    c.disc(16, 19, 3, 3, "#4a2c20")
    c.rect(6, 12, 4, 1, DARK_WOOD)
    c.outline()


def _toy_chest(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(1, 4, 14, 4, 7, "#5f8fc0")
    c.rect(3, 10, 10, 2, "#f0d060")
    c.disc(10, 5, 5, 5, "#d8584e")
    c.rect(9, 1, 4, 4, "#f0d060")
    c.dots("#fff6d8", (4, 1))


def _pot_plant(c: Canvas) -> None:
    c.shadow(16, 30, 10, 4)
    for x, y in ((5, 4), (9, 2), (11, 5), (7, 6), (4, 7), (10, 8)):
        c.disc(2 * x + 1, 2 * y + 1, 5, 5, "#4f8a4a")
        c.dots("#86bf6a", (x, y - 1), (x - 1, y))
    c.rect(5, 9, 6, 5, "#c0714a")
    c.rect(4, 9, 8, 2, "#d88a5c")
    c.outline()


def _floor_lamp(c: Canvas) -> None:
    c.shadow(16, 60, 8, 4)
    c.rect(7, 12, 2, 17, "#6a5030")
    c.rect(5, 28, 6, 2, "#6a5030")
    c.rect(4, 5, 8, 7, "#f6dc98")
    c.rect(5, 4, 6, 1, "#fff2c8")
    c.rect(3, 9, 10, 3, "#f0cc7c")
    c.outline()


def _picture(c: Canvas) -> None:
    c.rect(3, 7, 10, 7, "#8fc0d8")
    c.rect(3, 11, 10, 3, "#7aa858")
    c.dots("#f4d060", (10, 8), (11, 8))
    c.frame(3, 7, 10, 7, DARK_WOOD)


def _window(c: Canvas) -> None:
    c.rect(3, 7, 10, 7, "#a8d8e8")
    c.dots("#e8f8fc", (5, 9), (6, 8), (10, 10), (11, 9), (5, 12), (10, 12))
    c.rect(8, 7, 1, 7, "#f6efe0")
    c.rect(3, 10, 10, 1, "#f6efe0")
    c.frame(2, 6, 12, 9, "#f6efe0")
    c.rect(2, 14, 12, 1, "#b8a890")
    c.rect(2, 6, 12, 1, "#8a7a68")


def _clock(c: Canvas) -> None:
    c.disc(16, 20, 9, 9, OUTLINE)
    c.disc(16, 20, 7, 7, "#f8f4e6")
    c.dots(OUTLINE, (8, 9), (8, 8), (9, 10), (8, 10))
