"""Sprites of beds, seats, tables and chests."""

from __future__ import annotations

from functools import partial

from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light

WOOD, PALE_WOOD, DARK_WOOD = "#a8713f", "#c99a5f", "#7a4e30"
SPINES = ("#b5483f", "#3f6d8c", "#d0a24a", "#5c8a56", "#7d5a86", "#c98a6a", "#e6dcc4")


def furniture_sprites() -> tuple[Sprite, ...]:
    """Return beds, seats, rugs, tables and chests."""
    quilts = {"blue": "#6f93b8", "rose": "#d98f98", "cream": "#e0cfa6", "green": "#86a873", "red": "#c0605a"}
    beds = [Sprite(f"double_bed_{name}", 2, 2, 0, partial(_bed, 2, code)) for name, code in quilts.items()]
    beds += [Sprite(f"bed_{name}", 1, 2, 0, partial(_bed, 1, code)) for name, code in quilts.items()]
    sofas = [Sprite(f"sofa_{name}", 2, 1, 0, partial(_sofa, quilts[name])) for name in ("green", "red", "blue")]
    chairs = [Sprite(f"chair_{name}", 1, 1, 0, partial(_chair, name)) for name in ("up", "down", "left", "right")]
    rugs = [
        Sprite(f"rug_{name}_{w}x{h}", w, h, 0, partial(_rug, code))
        for name, code in (("red", "#b4584e"), ("blue", "#5f7fa6"), ("gold", "#cf9f58"))
        for w, h in ((2, 2), (3, 2))
    ]
    return (
        *beds, *sofas, *chairs, *rugs,
        Sprite("armchair", 1, 1, 0, _armchair), Sprite("bedside_table", 1, 1, 0, _bedside_table),
        Sprite("wardrobe", 1, 2, 1, _wardrobe), Sprite("dressing_table", 1, 2, 1, _dressing_table),
        Sprite("drawers", 1, 1, 0, _drawers), Sprite("desk", 2, 1, 0, _desk),
        Sprite("desk_small", 1, 1, 0, _desk_small), Sprite("table_wide", 2, 1, 0, _table),
        Sprite("table_long", 3, 1, 0, _table), Sprite("table_round", 1, 1, 0, _table_round),
    )  # fmt: skip


def _bed(width: int, quilt: str, c: Canvas) -> None:
    w = 16 * width
    c.shadow(w, 60, w - 2, 6)
    c.rect(1, 1, w - 2, 28, "#efe8da")
    c.rect(1, 1, w - 2, 4, WOOD)
    c.rect(2, 1, w - 4, 1, light(WOOD, 35))
    for left in range(3, w - 8, 13):
        c.rect(left, 6, 10, 6, "#fdfaf2")
        c.rect(left, 11, 10, 1, "#d2cbc0")
    c.rect(1, 13, w - 2, 15, quilt)
    c.rect(1, 13, w - 2, 3, light(quilt, 45))
    c.rect(1, 15, w - 2, 1, dark(quilt, 18))
    for y in range(18, 27, 4):
        for x in range(3 + (y // 4 % 2) * 3, w - 3, 6):
            c.dots(light(quilt, 28), (x, y), (x + 1, y), (x, y + 1))
    c.rect(1, 26, w - 2, 2, dark(quilt, 22))
    c.rect(1, 28, w - 2, 2, WOOD)
    c.round_frame(0, 0, w, 31, OUTLINE)


def _sofa(cloth: str, c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.rect(1, 1, 30, 13, cloth)
    c.rect(1, 1, 30, 4, light(cloth, 15))
    c.rect(1, 1, 30, 1, light(cloth, 40))
    c.rect(4, 6, 12, 5, light(cloth, 28))
    c.rect(16, 6, 12, 5, light(cloth, 28))
    c.rect(15, 6, 1, 5, dark(cloth, 25))
    c.rect(4, 11, 24, 3, dark(cloth, 22))
    for x in (1, 28):
        c.rect(x, 4, 3, 10, dark(cloth, 8))
        c.rect(x, 4, 3, 1, light(cloth, 35))
    c.round_frame(0, 0, 32, 15, OUTLINE)


def _armchair(c: Canvas) -> None:
    cloth = "#b5654a"
    c.shadow(16, 30, 14, 4)
    c.rect(2, 1, 12, 13, cloth)
    c.rect(2, 1, 12, 4, light(cloth, 18))
    c.rect(2, 1, 12, 1, light(cloth, 45))
    c.rect(4, 6, 8, 5, light(cloth, 30))
    c.rect(4, 11, 8, 3, dark(cloth, 25))
    c.rect(1, 5, 3, 9, dark(cloth, 8))
    c.rect(12, 5, 3, 9, dark(cloth, 8))
    c.rect(1, 5, 3, 1, light(cloth, 30))
    c.rect(12, 5, 3, 1, light(cloth, 30))
    c.round_frame(1, 0, 14, 15, OUTLINE)


def _chair(way: str, c: Canvas) -> None:
    """Draw a chair; `way` is where one looks who sits on it."""
    c.rect(4, 5, 8, 6, PALE_WOOD)
    c.rect(4, 5, 8, 1, light(PALE_WOOD, 40))
    c.rect(4, 11, 8, 1, dark(PALE_WOOD, 25))
    c.rect(4, 12, 2, 2, DARK_WOOD)
    c.rect(10, 12, 2, 2, DARK_WOOD)
    if way == "down":
        c.rect(4, 1, 8, 4, WOOD)
        c.rect(4, 1, 8, 1, light(WOOD, 35))
        c.rect(5, 3, 6, 1, dark(WOOD, 30))
    elif way == "up":
        c.rect(4, 8, 8, 5, WOOD)
        c.rect(4, 8, 8, 1, light(WOOD, 35))
        c.rect(5, 10, 6, 1, dark(WOOD, 30))
    else:
        x = 3 if way == "right" else 11
        c.rect(x, 1, 2, 12, WOOD)
        c.rect(x, 1, 2, 1, light(WOOD, 35))
    c.outline()
    c.shadow(16, 27, 12, 4)


def _rug(code: str, c: Canvas) -> None:
    w, h = c.width, c.height
    c.rect(2, 2, w - 4, h - 4, code)
    c.frame(2, 2, w - 4, h - 4, dark(code, 30))
    c.frame(4, 4, w - 8, h - 8, light(code, 45))
    for y in range(8, h - 7, 5):
        for x in range(8 + y % 2 * 3, w - 7, 6):
            c.dots(light(code, 38), (x, y), (x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))
    for x in range(2, w - 2, 2):
        c.dots(light(code, 60), (x, 1), (x, h - 2))


def _bedside_table(c: Canvas) -> None:
    c.shadow(16, 29, 12, 4)
    c.block(2, 3, 12, 6, 6, WOOD)
    c.dots("#e8c878", (7, 11), (8, 11))
    c.disc(16, 10, 5, 5, "#ffe9a8")
    c.rect(7, 6, 2, 2, "#b98a4a")


def _wardrobe(c: Canvas) -> None:
    c.shadow(16, 61, 15, 5)
    c.rect(1, 4, 14, 26, WOOD)
    c.rect(1, 4, 14, 4, light(WOOD, 22))
    c.rect(1, 7, 14, 1, dark(WOOD, 35))
    for x in (2, 8):
        c.rect(x, 9, 6, 18, light(WOOD, 10))
        c.frame(x, 9, 6, 18, dark(WOOD, 28))
    c.dots("#f0d48a", (6, 18), (9, 18))
    c.rect(1, 28, 14, 2, dark(WOOD, 40))
    c.round_frame(0, 3, 16, 28, OUTLINE)


def _dressing_table(c: Canvas) -> None:
    c.disc(16, 18, 11, 15, OUTLINE)
    c.disc(16, 18, 9, 13, "#bfe0e6")
    c.dots("#eefafa", (6, 6), (6, 7), (7, 5), (5, 9))
    c.shadow(16, 61, 14, 4)
    c.block(1, 17, 14, 6, 7, PALE_WOOD)
    c.dots("#d0606a", (4, 19), (4, 20))
    c.dots("#f0e0a0", (10, 19), (11, 20))
    c.dots(OUTLINE, (5, 26), (10, 26))


def _drawers(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(1, 1, 14, 5, 9, WOOD)
    for y in (8, 11):
        c.rect(3, y, 10, 2, light(WOOD, 12))
        c.dots("#f0d48a", (7, y), (8, y))


def _desk(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(1, 2, 30, 8, 5, WOOD)
    c.rect(4, 4, 6, 4, "#f6f0e0")
    c.dots("#8a8a90", (5, 5), (6, 5), (7, 5), (5, 7), (6, 7), (8, 7))
    c.rect(13, 4, 4, 4, "#6a8a6a")
    c.rect(13, 7, 4, 1, "#e8e0cc")
    c.disc(49, 8, 5, 4, "#ffe9a8")
    c.rect(24, 5, 1, 4, "#7a5a3a")
    c.rect(22, 11, 7, 3, light(WOOD, 8))


def _desk_small(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(1, 2, 14, 8, 5, PALE_WOOD)
    c.rect(4, 4, 5, 4, "#f6f0e0")
    c.dots("#d0504a", (10, 5), (11, 4))
    c.dots("#4a78b0", (11, 7), (12, 6))


def _table(c: Canvas) -> None:
    w = c.width
    c.shadow(w, 30, w - 2, 5)
    c.block(1, 1, w - 2, 10, 3, PALE_WOOD)
    for x in range(6, w - 3, 7):
        c.rect(x, 2, 1, 9, dark(PALE_WOOD, 7))
    c.rect(2, 13, 2, 2, DARK_WOOD)
    c.rect(w - 4, 13, 2, 2, DARK_WOOD)
    c.disc(w, 11, 7, 5, "#eaf0f0")
    c.disc(w, 11, 4, 3, "#c9d8dc")
    c.dots("#d8584e", (w // 2 - 8, 5), (w // 2 - 7, 5))
    c.dots("#8ab05a", (w // 2 - 8, 4))


def _table_round(c: Canvas) -> None:
    c.shadow(16, 28, 14, 5)
    c.disc(16, 16, 16, 13, OUTLINE)
    c.disc(16, 17, 14, 11, dark(PALE_WOOD, 30))
    c.disc(16, 14, 14, 11, PALE_WOOD)
    c.disc(16, 13, 11, 8, light(PALE_WOOD, 18))
    c.disc(13, 12, 4, 3, "#f8f4ea")
    c.dots("#6a4634", (6, 6))
    c.dots("#d8707a", (10, 7), (9, 7))
    c.dots("#6f9c4a", (10, 8))
