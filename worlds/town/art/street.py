"""Sprites of street, park and playground."""

from __future__ import annotations

from functools import partial

from worlds.town.art.furniture import DARK_WOOD, PALE_WOOD, WOOD
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light


def street_sprites() -> tuple[Sprite, ...]:
    """Return what people put up out of doors, to sit on, to play on and to look at."""
    return (
        Sprite("bench", 2, 1, 0, _bench), Sprite("climbing_frame", 2, 2, 1, _climbing_frame),
        Sprite("hopscotch", 2, 1, 0, _hopscotch), Sprite("swings", 2, 2, 1, _swings),
        Sprite("slide", 2, 2, 1, _slide), Sprite("sandpit", 2, 2, 0, _sandpit),
        Sprite("bandstand", 3, 3, 0, _bandstand), Sprite("notice_board", 2, 2, 1, _notice_board),
        Sprite("menu_board", 1, 1, 0, _menu_board), Sprite("parasol_table", 2, 2, 1, _parasol_table),
        Sprite("lamp_post", 1, 2, 1, _lamp_post), Sprite("mailbox", 1, 1, 0, _mailbox),
        Sprite("doormat", 1, 1, 0, _doormat), Sprite("parapet_north", 1, 1, 0, partial(_parapet, 9)),
        Sprite("parapet_south", 1, 1, 0, partial(_parapet, 0)), Sprite("well", 1, 2, 1, _well),
        Sprite("lantern", 1, 1, 0, _lantern), Sprite("planter", 1, 1, 0, _planter),
        Sprite("awning", 1, 1, 0, _awning),
    )  # fmt: skip


def _climbing_frame(c: Canvas) -> None:
    c.shadow(32, 60, 28, 5)
    for x, code in ((4, "#d8584e"), (14, "#4f88b8"), (25, "#d8584e")):
        c.rect(x, 6, 2, 24, code)
        c.rect(x, 6, 1, 24, light(code, 30))
    for y in (6, 13, 20):
        c.rect(4, y, 23, 2, "#e8b84a")
        c.rect(4, y + 1, 23, 1, "#b88a30")


def _hopscotch(c: Canvas) -> None:
    for x, y in ((1, 5), (7, 5), (13, 2), (13, 8), (19, 5), (25, 2), (25, 8)):
        c.frame(x, y, 7, 7, "#f4f4ee")
        c.dots("#f0d0d8" if x % 2 else "#c8e0f0", (x + 3, y + 3), (x + 3, y + 2))


def _swings(c: Canvas) -> None:
    c.shadow(32, 60, 28, 5)
    for x in (2, 28):
        c.rect(x, 5, 2, 25, "#4f88b8")
        c.rect(x, 5, 1, 25, "#9cc4e0")
    c.rect(2, 4, 28, 2, "#d8584e")
    for x in (7, 18):
        c.rect(x, 6, 1, 16, "#c8c4b8")
        c.rect(x + 6, 6, 1, 16, "#c8c4b8")
        c.rect(x - 1, 22, 9, 2, DARK_WOOD)


def _slide(c: Canvas) -> None:
    c.shadow(32, 60, 28, 5)
    c.rect(2, 8, 2, 22, "#e8b84a")
    c.rect(8, 8, 2, 22, "#e8b84a")
    for y in range(11, 29, 4):
        c.rect(3, y, 6, 1, "#b88a30")
    c.rect(2, 6, 9, 3, "#d8584e")
    for step in range(20):
        c.rect(10 + step, 8 + step, 3, 4, "#5fa8d8")
        c.dot(10 + step, 8 + step, "#b8e0f4")
        c.dot(12 + step, 11 + step, "#3a7aa8")
    c.rect(28, 27, 4, 3, "#5fa8d8")


def _sandpit(c: Canvas) -> None:
    c.rect(0, 0, 32, 31, WOOD)
    c.frame(0, 0, 32, 31, DARK_WOOD)
    c.rect(3, 3, 26, 25, "#ecd69c")
    c.speckle(3, 3, 26, 25, "#d8bc7c", 40, 15)
    c.rect(3, 3, 26, 2, "#cdb078")
    c.disc(38, 24, 8, 6, "#d8bc7c")
    c.disc(38, 22, 5, 4, "#f6e6b8")
    c.rect(9, 18, 4, 5, "#d8584e")
    c.rect(9, 18, 4, 1, "#f0a090")
    c.dots("#4f88b8", (15, 20), (16, 19), (17, 18))


def _bandstand(c: Canvas) -> None:
    c.shadow(48, 88, 48, 10)
    for size, code in ((48, "#8a7a68"), (46, "#d8ccb4"), (42, "#b08a5c")):
        c.disc(48, 47, size, size - 2, code)
    for y in range(6, 42, 4):
        for x in range(2, 46):
            if tuple(c.pixels[y, x][:3]) == (176, 138, 92):
                c.dot(x, y, "#96724a")
    for x, y in ((5, 9), (39, 9), (2, 25), (42, 25), (10, 39), (34, 39)):
        c.rect(x, y - 5, 4, 9, "#f8f4e8")
        c.rect(x + 3, y - 5, 1, 9, "#b8b0a0")
        c.rect(x, y - 6, 4, 2, "#c05a50")
    c.disc(48, 46, 8, 8, "#c05a50")
    c.disc(48, 46, 5, 5, "#e8c878")


def _notice_board(c: Canvas) -> None:
    c.shadow(32, 60, 28, 5)
    c.rect(4, 10, 2, 20, DARK_WOOD)
    c.rect(26, 10, 2, 20, DARK_WOOD)
    c.rect(2, 8, 28, 14, PALE_WOOD)
    c.frame(1, 7, 30, 16, DARK_WOOD)
    for x, y, width, tall, code in (
        (4, 10, 6, 7, "#fafaf4"),
        (12, 11, 7, 5, "#f4e8a8"),
        (21, 10, 6, 8, "#cfe4f0"),
        (13, 17, 5, 4, "#f4c8c8"),
    ):
        c.rect(x, y, width, tall, code)
        c.dot(x + width // 2, y, "#d8483c")
    c.rect(0, 4, 32, 4, "#8a4a40")
    c.rect(0, 4, 32, 1, "#b87068")


def _menu_board(c: Canvas) -> None:
    c.shadow(16, 29, 12, 4)
    c.rect(3, 1, 10, 13, WOOD)
    c.rect(4, 2, 8, 9, "#2f4f44")
    for y in (4, 6, 8):
        c.rect(5, y, 5 - y % 4, 1, "#e8f0e8")
    c.frame(2, 0, 12, 13, OUTLINE)


def _parasol_table(c: Canvas) -> None:
    c.shadow(32, 58, 30, 8)
    c.disc(32, 50, 18, 9, OUTLINE)
    c.disc(32, 48, 16, 8, "#f4efe4")
    c.rect(15, 12, 2, 12, "#b8b0a0")
    c.disc(32, 20, 30, 19, "#a04840")
    c.disc(32, 19, 28, 17, "#f6eedc")
    for y in range(c.height):
        for x in range(c.width):
            if tuple(c.pixels[y, x][:3]) == (246, 238, 220):
                dx, dy = 2 * x - 31, (2 * y - 18) * 3 // 2
                wedge = (dx > 0) + (dy > 0) + (abs(dx) > abs(dy))
                c.dot(x, y, "#dc6a58" if wedge % 2 else light("#f6eedc", 30))
    c.disc(32, 18, 4, 3, "#a04840")
    c.dots("#f8e8d8", (15, 1), (16, 1))


def _lamp_post(c: Canvas) -> None:
    c.shadow(16, 60, 8, 4)
    c.rect(7, 10, 2, 19, "#3f4a50")
    c.rect(6, 27, 4, 3, "#3f4a50")
    c.rect(5, 3, 6, 7, "#ffe9a0")
    c.rect(7, 4, 2, 5, "#fffbe4")
    c.rect(4, 2, 8, 1, "#3f4a50")
    c.rect(6, 1, 4, 1, "#3f4a50")
    c.frame(4, 2, 8, 9, "#3f4a50")


def _mailbox(c: Canvas) -> None:
    c.shadow(16, 29, 8, 4)
    c.rect(7, 8, 2, 6, DARK_WOOD)
    c.rect(4, 2, 8, 7, "#c8463c")
    c.rect(4, 2, 8, 2, "#e87a6a")
    c.rect(5, 5, 6, 1, "#5a1c18")
    c.outline()


def _doormat(c: Canvas) -> None:
    c.rect(3, 2, 10, 6, "#9a7448")
    c.frame(3, 2, 10, 6, "#6a4c30")
    c.dots("#c49a68", (5, 4), (7, 4), (9, 4), (6, 5), (8, 5), (10, 5))


def _parapet(top: int, c: Canvas) -> None:
    stone = "#a8a49c"
    c.rect(0, top, 16, 3, light(stone, 25))
    c.rect(0, top + 3, 16, 4, dark(stone, 14))
    for x in (3, 8, 13):
        c.rect(x, top, 1, 7, dark(stone, 35))
    c.rect(0, top + 6, 16, 1, dark(stone, 50))


def _lantern(c: Canvas) -> None:
    c.rect(6, 6, 5, 7, "#ffd870")
    c.rect(7, 7, 3, 4, "#fff4c0")
    c.frame(5, 5, 7, 9, "#3a3038")
    c.rect(7, 3, 3, 2, "#3a3038")


def _planter(c: Canvas) -> None:
    c.shadow(16, 30, 13, 4)
    c.rect(2, 8, 12, 6, "#b4714c")
    c.rect(2, 8, 12, 2, "#d08a60")
    for x, code in ((3, "#e8586c"), (6, "#f4c850"), (9, "#e8586c"), (12, "#f8f4f0")):
        c.disc(2 * x + 1, 13, 4, 5, "#5a9448")
        c.dots(code, (x, 4), (x - 1, 5), (x + 1, 5))
    c.outline()


def _awning(c: Canvas) -> None:
    for x in range(16):
        code = "#f4ecdc" if x // 4 % 2 else "#4f8a6a"
        c.rect(x, 5, 1, 7, code)
        c.rect(x, 12, 1, 2 if x % 4 in (1, 2) else 1, dark(code, 15))
    c.rect(0, 5, 16, 1, "#2f5a48")


def _well(c: Canvas) -> None:
    c.shadow(16, 60, 14, 5)
    c.disc(16, 48, 15, 12, "#8a8680")
    c.disc(16, 44, 15, 10, "#b8b2a8")
    c.disc(16, 44, 10, 6, "#3a5a70")
    c.rect(1, 6, 2, 16, WOOD)
    c.rect(13, 6, 2, 16, WOOD)
    c.rect(0, 3, 16, 5, "#8a4a40")
    c.rect(0, 3, 16, 1, "#b87068")
    c.rect(7, 8, 1, 8, "#d8c8a0")
    c.outline()


def _bench(c: Canvas) -> None:
    c.shadow(32, 28, 28, 4)
    c.rect(2, 2, 28, 4, WOOD)
    c.rect(2, 2, 28, 1, light(WOOD, 35))
    c.rect(2, 4, 28, 1, dark(WOOD, 30))
    c.rect(2, 7, 28, 4, light(WOOD, 15))
    c.rect(2, 9, 28, 1, dark(WOOD, 15))
    c.rect(3, 11, 2, 3, "#4a4450")
    c.rect(27, 11, 2, 3, "#4a4450")
    c.frame(1, 1, 30, 6, OUTLINE)
    c.frame(1, 6, 30, 6, OUTLINE)
