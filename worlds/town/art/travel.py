"""Sprites of railway and water: rails, platform, a wagon, boats and jetties."""

from __future__ import annotations

from functools import partial

from worlds.town.art.furniture import DARK_WOOD, PALE_WOOD, WOOD
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light, noise

STEEL = "#9aa0a8"
BALLAST = "#a39c92"


def travel_sprites() -> tuple[Sprite, ...]:
    """Return what takes people away and brings them back."""
    return (
        Sprite("rails", 2, 1, 0, _rails), Sprite("crossing", 2, 1, 0, _crossing),
        Sprite("platform_edge", 1, 1, 0, _platform_edge), Sprite("signal", 1, 3, 2, _signal),
        Sprite("wagon", 2, 4, 1, partial(_wagon, "#8a4a40")), Sprite("coach", 2, 5, 1, partial(_wagon, "#4f7a5a")),
        Sprite("timetable", 2, 2, 1, _timetable), Sprite("ticket_counter", 2, 1, 0, _ticket_counter),
        Sprite("luggage", 1, 1, 0, _luggage), Sprite("trolley", 2, 1, 0, _trolley),
        Sprite("telegraph", 1, 1, 0, _telegraph), Sprite("stove_iron", 1, 2, 1, _stove_iron),
        Sprite("rowing_boat", 1, 2, 0, partial(_rowing_boat, "#4f7fb0")),
        Sprite("rowing_boat_red", 1, 2, 0, partial(_rowing_boat, "#c8563c")),
        Sprite("sailing_boat", 2, 3, 1, _sailing_boat),
        Sprite("mooring", 1, 1, 0, _mooring), Sprite("swan", 1, 1, 0, _swan), Sprite("weir", 1, 1, 0, _weir),
        Sprite("stepping_stone", 1, 1, 0, _stepping_stone), Sprite("fish_crates", 1, 1, 0, _fish_crates),
        Sprite("anchor", 1, 1, 0, _anchor), Sprite("barrier", 2, 1, 0, _barrier),
    )  # fmt: skip


def _rails(c: Canvas) -> None:
    c.rect(0, 0, 32, 16, BALLAST)
    for y in range(16):
        for x in range(32):
            roll = noise(x, y, 33)
            if roll < 40:
                c.dot(x, y, dark(BALLAST, 22))
            elif roll > 216:
                c.dot(x, y, light(BALLAST, 25))
    for y in (2, 10):
        c.rect(2, y, 28, 4, DARK_WOOD)
        c.rect(2, y, 28, 1, light(DARK_WOOD, 22))
        c.rect(2, y + 3, 28, 1, dark(DARK_WOOD, 35))
    for x in (7, 22):
        c.rect(x, 0, 3, 16, STEEL)
        c.rect(x, 0, 1, 16, light(STEEL, 45))
        c.rect(x + 2, 0, 1, 16, dark(STEEL, 40))


def _crossing(c: Canvas) -> None:
    for y in range(0, 16, 4):
        c.rect(0, y, 32, 4, dark(WOOD, (0, 9, 4, 12)[y // 4]))
        c.rect(0, y, 32, 1, light(WOOD, 15))
        c.rect(0, y + 3, 32, 1, dark(WOOD, 38))
    for x in (7, 22):
        c.rect(x, 0, 3, 16, STEEL)
        c.rect(x, 0, 1, 16, light(STEEL, 45))
        c.rect(x + 2, 0, 1, 16, dark(STEEL, 40))


def _platform_edge(c: Canvas) -> None:
    c.rect(8, 0, 5, 16, "#e2d9c4")
    c.rect(10, 0, 1, 16, "#f6e8a8")
    c.rect(13, 0, 3, 16, "#6a655e")
    c.rect(13, 0, 1, 16, "#3f3c3a")
    c.rect(8, 15, 5, 1, "#b8ae98")


def _signal(c: Canvas) -> None:
    c.shadow(16, 92, 10, 4)
    c.rect(7, 6, 2, 40, "#f2f0e8")
    for y in range(14, 44, 8):
        c.rect(7, y, 2, 4, "#33303a")
    c.rect(9, 7, 7, 4, "#c8463c")
    c.rect(12, 7, 1, 4, "#f6f0e0")
    c.disc(12, 20, 5, 5, "#33303a")
    c.disc(12, 20, 3, 3, "#7ade7a")
    c.rect(5, 45, 6, 2, "#6a655e")


def _wagon(code: str, c: Canvas) -> None:
    high = c.height
    c.shadow(32, 2 * high - 8, 32, 10)
    c.rect(2, 4, 28, high - 12, code)
    c.rect(2, 4, 28, high - 26, dark("#8a8a86", 8))
    c.rect(2, 4, 9, high - 26, light("#8a8a86", 22))
    for y in range(9, high - 22, 8):
        c.rect(2, y, 28, 1, dark("#8a8a86", 30))
    c.rect(2, high - 22, 28, 2, light(code, 30))
    c.rect(2, high - 20, 28, 12, code)
    for x in (5, 13, 21):
        c.rect(x, high - 18, 6, 5, "#a8d8e8" if high > 70 else dark(code, 22))
        c.frame(x, high - 18, 6, 5, dark(code, 45))
    c.rect(2, high - 10, 28, 2, dark(code, 40))
    for x in (5, 22):
        c.rect(x, high - 8, 5, 5, "#33303a")
        c.rect(x + 1, high - 7, 3, 2, "#6a6a70")
    c.rect(14, high - 7, 4, 4, "#4a4a50")
    c.outline()


def _timetable(c: Canvas) -> None:
    c.shadow(32, 60, 28, 5)
    c.rect(4, 10, 2, 20, "#3f4a50")
    c.rect(26, 10, 2, 20, "#3f4a50")
    c.rect(2, 3, 28, 19, "#2f5a48")
    c.rect(4, 5, 24, 3, "#f6eedc")
    for y in range(10, 21, 3):
        c.rect(4, y, 5, 1, "#f4d878")
        c.rect(11, y, 9 + y % 4, 1, "#dfe8e0")
        c.rect(24, y, 3, 1, "#dfe8e0")
    c.frame(1, 2, 30, 21, OUTLINE)


def _ticket_counter(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 3, 32, 7, 5, "#5f7a5a")
    c.rect(8, 0, 16, 6, "#cfe8ee")
    c.frame(7, 0, 18, 7, DARK_WOOD)
    c.rect(14, 4, 4, 3, "#33303a")
    c.rect(3, 5, 3, 3, "#f4d878")
    c.rect(27, 5, 3, 2, "#fbf7ea")


def _luggage(c: Canvas) -> None:
    c.shadow(16, 29, 13, 4)
    c.block(1, 7, 13, 2, 5, "#8a5a38")
    c.rect(4, 7, 1, 7, "#d8b050")
    c.rect(10, 7, 1, 7, "#d8b050")
    c.block(3, 2, 10, 2, 4, "#4f7fb0")
    c.rect(7, 1, 3, 1, OUTLINE)


def _trolley(c: Canvas) -> None:
    c.shadow(32, 29, 28, 4)
    c.rect(2, 9, 27, 2, "#3f4a50")
    c.rect(28, 1, 2, 9, "#3f4a50")
    for x in (6, 22):
        c.disc(2 * x + 1, 25, 5, 5, "#33303a")
    c.block(4, 3, 9, 2, 4, "#b4694a")
    c.block(13, 1, 8, 3, 5, PALE_WOOD)
    c.block(21, 4, 6, 2, 3, "#5f8a6a")


def _telegraph(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(0, 4, 16, 7, 4, DARK_WOOD)
    c.rect(3, 2, 6, 5, "#d8b050")
    c.disc(12, 9, 4, 4, "#fbf7ea")
    c.rect(11, 5, 3, 3, "#33303a")
    c.rect(11, 4, 3, 1, STEEL)


def _stove_iron(c: Canvas) -> None:
    c.shadow(16, 61, 12, 4)
    c.rect(7, 0, 2, 12, "#3a3a42")
    c.rect(3, 11, 10, 17, "#3a3a42")
    c.rect(3, 11, 3, 17, "#5a5a64")
    c.rect(2, 11, 12, 2, "#5a5a64")
    c.rect(5, 17, 6, 5, "#e0672c")
    c.rect(6, 18, 4, 3, "#f6c04c")
    c.rect(4, 28, 2, 2, "#3a3a42")
    c.rect(10, 28, 2, 2, "#3a3a42")
    c.outline()


def _rowing_boat(code: str, c: Canvas) -> None:
    c.disc(16, 32, 15, 30, OUTLINE)
    c.disc(16, 31, 13, 28, code)
    c.disc(16, 31, 9, 23, dark(WOOD, 10))
    for y in (9, 15, 21):
        c.rect(4, y, 8, 2, PALE_WOOD)
    c.rect(2, 14, 1, 8, PALE_WOOD)
    c.rect(13, 14, 1, 8, PALE_WOOD)
    c.dots(light(code, 50), (4, 5), (3, 8), (3, 11))


def _sailing_boat(c: Canvas) -> None:
    c.disc(32, 78, 26, 14, OUTLINE)
    c.disc(32, 77, 24, 12, "#e8e0cc")
    c.disc(32, 75, 18, 6, dark(WOOD, 10))
    c.rect(4, 39, 24, 2, "#4f7fb0")
    c.rect(16, 2, 1, 36, DARK_WOOD)
    for row in range(32):
        c.rect(17, 4 + row, 1 + row * 11 // 32, 1, "#fbf7ea")
        c.dot(17 + row * 11 // 32, 4 + row, "#cfc6b2")
    for row in range(22):
        width = row * 7 // 22
        c.rect(15 - width, 12 + row, width, 1, "#e88a6a")
    c.dots("#d8584e", (17, 2), (18, 2), (19, 3))


def _mooring(c: Canvas) -> None:
    c.rect(6, 2, 4, 12, DARK_WOOD)
    c.rect(6, 2, 1, 12, light(DARK_WOOD, 25))
    c.disc(16, 5, 5, 3, light(WOOD, 20))
    c.rect(5, 7, 6, 2, "#d8c8a0")
    c.dots("#c8ecf4", (4, 14), (5, 15), (10, 14), (11, 15))


def _swan(c: Canvas) -> None:
    c.disc(17, 21, 11, 6, "#fdfcf6")
    c.rect(4, 4, 2, 6, "#fdfcf6")
    c.rect(3, 3, 3, 2, "#fdfcf6")
    c.dots("#ee8a38", (2, 4), (1, 4))
    c.dots("#33282e", (3, 3))
    c.dots("#d8dcd8", (8, 9), (10, 8), (12, 9), (13, 8))
    c.dots("#c8ecf4", (2, 13), (3, 13), (12, 14), (14, 13))


def _weir(c: Canvas) -> None:
    c.rect(0, 4, 16, 8, "#cfeaf2")
    for x in range(16):
        if x % 3 != 1:
            c.rect(x, 5, 1, 6 + noise(x, 2, 9) % 4, "#f6fdfd" if x % 3 else "#9fd4e4")
    c.rect(0, 3, 16, 1, "#8ab8c8")
    for x in range(0, 16, 2):
        c.dot(x + noise(x, 5, 4) % 2, 13 + x % 3, "#f6fdfd")


def _stepping_stone(c: Canvas) -> None:
    c.disc(16, 18, 13, 11, "#4a88ac")
    c.disc(16, 17, 12, 10, "#7d7a74")
    c.disc(15, 15, 10, 7, "#a8a49a")
    c.disc(13, 13, 5, 3, "#c8c4b8")


def _fish_crates(c: Canvas) -> None:
    c.shadow(16, 29, 14, 4)
    c.block(1, 3, 14, 6, 5, PALE_WOOD)
    for x, y in ((3, 4), (7, 5), (10, 4), (4, 7), (9, 7)):
        c.rect(x, y, 4, 1, "#a8bcc8")
        c.dot(x + 3, y, "#e8f0f4")
    c.rect(1, 11, 14, 1, dark(PALE_WOOD, 35))


def _anchor(c: Canvas) -> None:
    iron = "#4a4f58"
    c.disc(16, 5, 5, 5, iron)
    c.dot(8, 2, "#83b456")
    c.rect(7, 4, 2, 10, iron)
    c.rect(4, 6, 8, 1, iron)
    c.dots(
        iron,
        (2, 9),
        (2, 10),
        (3, 11),
        (4, 12),
        (5, 13),
        (6, 14),
        (9, 14),
        (10, 13),
        (11, 12),
        (12, 11),
        (13, 10),
        (13, 9),
    )
    c.dots(light(iron, 40), (7, 5), (7, 8), (7, 11))


def _barrier(c: Canvas) -> None:
    c.shadow(32, 28, 28, 4)
    c.rect(1, 4, 3, 10, "#6a655e")
    for x in range(3, 31):
        code = "#d8483c" if x // 5 % 2 else "#f6f2e8"
        c.rect(x, 5, 1, 3, code)
        c.dot(x, 7, dark(code, 25))
    c.rect(28, 8, 2, 6, "#6a655e")
