"""Sprites of chapel and churchyard, town hall, post office and surgery."""

from __future__ import annotations

from functools import partial

from worlds.town.art.furniture import DARK_WOOD, PALE_WOOD, SPINES, WOOD
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light

STONE = "#a8a59c"


def civic_sprites() -> tuple[Sprite, ...]:
    """Return what stands where a village meets, prays, posts its letters and is healed."""
    return (
        Sprite("pew", 3, 1, 0, _pew), Sprite("pew_short", 2, 1, 0, _pew), Sprite("altar", 2, 2, 1, _altar),
        Sprite("organ", 2, 3, 2, _organ), Sprite("lectern", 1, 2, 1, _lectern), Sprite("font", 1, 1, 0, _font),
        Sprite("candles", 1, 2, 1, _candles), Sprite("bell_ropes", 1, 2, 1, _bell_ropes),
        Sprite("gravestone", 1, 1, 0, partial(_gravestone, False)),
        Sprite("gravecross", 1, 1, 0, partial(_gravestone, True)),
        Sprite("grave_flowers", 1, 2, 0, _grave_flowers), Sprite("podium", 2, 1, 0, _podium),
        Sprite("ballot_box", 1, 1, 0, _ballot_box),
        Sprite("flag", 1, 2, 1, _flag), Sprite("stage_curtain", 6, 2, 1, _stage_curtain),
        Sprite("chair_row", 3, 1, 0, _chair_row), Sprite("map_table", 2, 1, 0, _map_table),
        Sprite("pigeonholes", 2, 2, 1, _pigeonholes), Sprite("post_counter", 2, 1, 0, _post_counter),
        Sprite("mail_sacks", 1, 1, 0, _mail_sacks), Sprite("exam_couch", 1, 2, 0, _exam_couch),
        Sprite("medicine_cabinet", 1, 2, 1, _medicine_cabinet), Sprite("scales", 1, 2, 1, _scales),
        Sprite("folding_screen", 1, 2, 1, _folding_screen), Sprite("dispensary_counter", 2, 1, 0, _dispensary_counter),
        Sprite("skeleton", 1, 2, 1, _skeleton), Sprite("typewriter", 1, 1, 0, _typewriter),
        Sprite("safe", 1, 1, 0, _safe),
    )  # fmt: skip


def _pew(c: Canvas) -> None:
    w = c.width
    c.shadow(w, 30, w - 2, 4)
    c.rect(1, 1, w - 2, 6, DARK_WOOD)
    c.rect(1, 1, w - 2, 2, light(DARK_WOOD, 30))
    c.rect(1, 7, w - 2, 5, WOOD)
    c.rect(1, 7, w - 2, 1, light(WOOD, 20))
    c.rect(1, 11, w - 2, 2, dark(WOOD, 35))
    for x in (1, w - 3):
        c.rect(x, 1, 2, 13, dark(DARK_WOOD, 15))
    c.frame(0, 0, w, 14, OUTLINE)


def _altar(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    c.rect(1, 14, 30, 15, "#f6f0e2")
    c.rect(1, 14, 30, 5, "#fffdf4")
    c.rect(12, 14, 8, 15, "#7a4f86")
    c.rect(12, 14, 8, 5, light("#7a4f86", 25))
    c.rect(1, 27, 30, 2, "#d8cfb8")
    c.rect(15, 3, 2, 11, "#d8b050")
    c.rect(12, 6, 8, 2, "#d8b050")
    for x in (5, 26):
        c.rect(x, 9, 2, 6, "#fbf7ea")
        c.dots("#f6a83c", (x, 7), (x + 1, 8))
    c.frame(0, 13, 32, 17, OUTLINE)


def _organ(c: Canvas) -> None:
    c.shadow(32, 92, 31, 5)
    c.rect(0, 4, 32, 40, DARK_WOOD)
    for index, x in enumerate(range(2, 30, 4)):
        top = 2 + abs(index - 3) * 3
        c.rect(x, top, 3, 24 - top, "#c8ccd0")
        c.rect(x, top, 1, 24 - top, "#f0f4f6")
        c.rect(x + 1, 20, 1, 2, "#4a4a52")
    c.rect(0, 24, 32, 3, WOOD)
    c.rect(3, 29, 26, 3, "#fbf7ec")
    c.rect(3, 34, 26, 3, "#fbf7ec")
    for x in range(4, 29, 3):
        c.dots("#2a2228", (x, 29), (x, 34))
    c.rect(9, 40, 14, 5, WOOD)
    c.rect(9, 40, 14, 1, light(WOOD, 35))
    c.frame(0, 23, 32, 23, OUTLINE)


def _lectern(c: Canvas) -> None:
    c.shadow(16, 60, 11, 4)
    c.rect(7, 14, 3, 14, WOOD)
    c.rect(4, 27, 9, 3, dark(WOOD, 20))
    c.rect(2, 8, 12, 7, DARK_WOOD)
    c.rect(3, 8, 5, 5, "#fbf7ea")
    c.rect(8, 8, 5, 5, "#f0e8d4")
    c.dots("#a89c88", (4, 10), (5, 10), (6, 10), (9, 10), (10, 10), (11, 10), (4, 12), (10, 12))
    c.outline()


def _font(c: Canvas) -> None:
    c.shadow(16, 29, 12, 4)
    c.rect(6, 9, 4, 5, STONE)
    c.rect(4, 13, 8, 2, dark(STONE, 20))
    c.disc(16, 12, 13, 8, dark(STONE, 12))
    c.disc(16, 11, 13, 6, light(STONE, 20))
    c.disc(16, 11, 9, 4, "#70b8d6")
    c.outline()


def _candles(c: Canvas) -> None:
    c.shadow(16, 60, 10, 4)
    c.rect(7, 14, 2, 15, "#d8b050")
    c.rect(5, 28, 6, 2, "#b08a38")
    c.rect(2, 13, 12, 1, "#d8b050")
    for x in (2, 7, 12):
        c.rect(x, 7, 2, 6, "#fbf7ea")
        c.dots("#f6a83c", (x, 5), (x + 1, 6))
        c.dots("#fff0a0", (x, 6))
    c.outline()


def _bell_ropes(c: Canvas) -> None:
    for x, end in ((3, 26), (8, 23), (13, 27)):
        c.rect(x, 0, 1, end, "#d8c8a0")
        c.rect(x - 1, end - 8, 3, 5, "#b8403c")
        c.rect(x - 1, end - 6, 3, 1, "#f6eedc")
        c.rect(x - 1, end, 3, 2, "#d8c8a0")


def _gravestone(cross: bool, c: Canvas) -> None:
    c.shadow(17, 29, 12, 4)
    if cross:
        c.rect(6, 1, 4, 13, STONE)
        c.rect(3, 4, 10, 3, STONE)
        c.rect(6, 1, 1, 13, light(STONE, 30))
        c.rect(9, 7, 1, 7, dark(STONE, 25))
    else:
        c.disc(16, 10, 10, 9, STONE)
        c.rect(3, 5, 10, 9, STONE)
        c.rect(3, 5, 2, 9, light(STONE, 25))
        c.rect(11, 5, 2, 9, dark(STONE, 20))
        c.rect(6, 5, 4, 1, dark(STONE, 40))
        c.rect(6, 7, 4, 1, dark(STONE, 40))
    c.dots("#6a9a50", (3, 13), (4, 12), (12, 13))
    c.outline()


def _grave_flowers(c: Canvas) -> None:
    stone = Canvas(1, 1)
    _gravestone(False, stone)
    c.paste(stone, 0, 0)
    c.rect(3, 17, 10, 12, "#6a9c4a")
    c.frame(2, 16, 12, 14, "#8a8680")
    for x, y, code in (
        (5, 19, "#f4f0f8"),
        (9, 20, "#e8586c"),
        (6, 24, "#f4cc48"),
        (10, 25, "#f4f0f8"),
        (8, 22, "#9a7ad0"),
    ):
        c.dots(code, (x, y), (x + 1, y), (x, y + 1))


def _podium(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 4, 32, 6, 5, DARK_WOOD)
    c.block(10, 0, 12, 4, 6, WOOD)
    c.rect(13, 1, 6, 2, "#fbf7ea")
    c.rect(14, 5, 4, 4, "#d8b050")


def _ballot_box(c: Canvas) -> None:
    c.shadow(16, 30, 13, 4)
    c.block(2, 4, 12, 4, 7, "#4f6a8c")
    c.rect(5, 5, 6, 1, "#1c2430")
    c.rect(7, 2, 3, 3, "#fbf7ea")
    c.rect(6, 10, 4, 3, "#f6eedc")


def _flag(c: Canvas) -> None:
    c.shadow(16, 60, 10, 4)
    c.rect(4, 2, 1, 27, "#d8b050")
    c.rect(2, 28, 6, 2, DARK_WOOD)
    for y in range(4, 20):
        width = 9 - (y - 4) // 4
        code = "#4f88b8" if y < 9 else "#f6eedc" if y < 14 else "#5f9458"
        c.rect(5, y, width, 1, code)
        c.dot(5 + width - 2, y, dark(code, 22))
    c.outline()


def _stage_curtain(c: Canvas) -> None:
    cloth, w = "#a8444a", c.width
    c.rect(0, 2, w, 3, "#d8b050")
    for x in range(w):
        c.rect(x, 5, 1, 21, dark(cloth, (0, 6, 16, 30, 16, 6)[x % 6]))
        c.rect(x, 26, 1, 2, "#d8b050" if x % 2 else "#f0d080")
    for x in range(w):
        c.rect(x, 5, 1, 3 + (x % 12 in (4, 5, 6, 7)) * 2, dark(cloth, 26))
    c.rect(0, 28, w, 3, DARK_WOOD)
    c.rect(0, 28, w, 1, light(DARK_WOOD, 30))
    c.frame(0, 2, w, 29, OUTLINE)


def _chair_row(c: Canvas) -> None:
    for left in (0, 16, 32):
        c.rect(left + 4, 5, 8, 6, PALE_WOOD)
        c.rect(left + 4, 5, 8, 1, light(PALE_WOOD, 40))
        c.rect(left + 4, 8, 8, 5, "#7a4f5a")
        c.rect(left + 4, 8, 8, 1, light("#7a4f5a", 30))
        c.rect(left + 4, 13, 2, 2, DARK_WOOD)
        c.rect(left + 10, 13, 2, 2, DARK_WOOD)
    c.outline()
    c.shadow(48, 28, 44, 4)


def _map_table(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 2, 32, 9, 4, WOOD)
    c.rect(3, 3, 26, 7, "#ecdcb0")
    c.rect(5, 4, 9, 4, "#a8c888")
    c.rect(14, 3, 2, 7, "#8fc4dc")
    c.rect(17, 5, 8, 4, "#c8d89a")
    c.rect(3, 6, 26, 1, "#c88a5a")
    c.dots("#c8463c", (9, 5), (21, 7), (24, 4))


def _pigeonholes(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    c.rect(0, 3, 32, 28, WOOD)
    for y in range(5, 29, 6):
        for x in range(2, 30, 7):
            c.rect(x, y, 6, 5, dark(WOOD, 58))
            code = ("#fbf7ea", "#e8d8b0", "", "#cfe0ea", "#f4c8b8")[(x // 7 + y) % 5]
            if code:
                c.rect(x + 1, y + 2, 4, 3, code)
                c.dot(x + 4, y + 2, "#c8463c")
    c.round_frame(0, 3, 32, 28, OUTLINE)


def _post_counter(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 2, 32, 8, 5, "#a85a54")
    c.rect(4, 1, 7, 3, "#c8ccd0")
    c.rect(6, 4, 3, 3, "#8a949e")
    c.rect(15, 4, 6, 4, "#fbf7ea")
    c.dots("#c8463c", (19, 5), (20, 5))
    c.rect(23, 3, 6, 5, "#d2a870")
    c.rect(25, 3, 1, 5, "#8a5a38")
    c.rect(2, 11, 28, 1, "#d8b050")


def _mail_sacks(c: Canvas) -> None:
    cloth = "#8a97a8"
    c.shadow(16, 29, 14, 4)
    for x, y in ((4, 8), (11, 9)):
        c.rect(x - 3, y - 4, 7, 9, cloth)
        c.rect(x - 3, y - 4, 2, 9, light(cloth, 25))
        c.rect(x - 2, y - 6, 5, 3, "#fbf7ea")
        c.rect(x - 1, y, 3, 2, "#c8463c")
    c.outline()


def _exam_couch(c: Canvas) -> None:
    c.shadow(16, 60, 14, 5)
    c.rect(2, 1, 12, 27, "#9cc4c0")
    c.rect(2, 1, 12, 6, "#fbfdfb")
    c.rect(5, 7, 6, 20, "#f2f8f6")
    c.rect(2, 26, 12, 3, dark("#9cc4c0", 30))
    c.round_frame(1, 0, 14, 30, OUTLINE)


def _medicine_cabinet(c: Canvas) -> None:
    c.shadow(16, 61, 13, 4)
    c.rect(1, 3, 14, 27, "#f2f4f0")
    c.rect(1, 3, 14, 3, "#ffffff")
    for y in (8, 14, 20):
        c.rect(2, y, 12, 5, "#b8d4d8")
        for x, code in ((3, "#c86a4a"), (6, "#5f8fb8"), (9, "#6aa46a"), (12, "#e8c050")):
            c.rect(x, y + 1 + (x + y) % 2, 2, 4 - (x + y) % 2, code)
    c.rect(7, 4, 2, 1, "#c8463c")
    c.rect(1, 26, 14, 4, "#c8d0cc")
    c.round_frame(0, 2, 16, 29, OUTLINE)


def _scales(c: Canvas) -> None:
    c.shadow(16, 60, 12, 4)
    c.rect(7, 6, 2, 20, "#c8ccd0")
    c.rect(3, 5, 10, 3, "#f6f6f0")
    c.dots("#c8463c", (6, 6))
    c.block(3, 24, 10, 3, 3, "#4f6a8c")
    c.outline()


def _folding_screen(c: Canvas) -> None:
    for x, lean in ((0, 1), (5, 0), (10, 1)):
        c.rect(x, 3 + lean, 6, 25, "#cfe0d8")
        c.rect(x, 3 + lean, 1, 25, WOOD)
        c.rect(x, 3 + lean, 6, 1, WOOD)
        c.rect(x + 5, 3 + lean, 1, 25, dark("#cfe0d8", 20))
    c.outline()
    c.shadow(16, 60, 14, 4)


def _dispensary_counter(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 2, 32, 8, 5, "#dfe8e2")
    c.rect(4, 3, 3, 5, "#8a5a38")
    c.rect(9, 2, 3, 6, "#5f8fb8")
    c.rect(15, 5, 6, 3, "#fbf7ea")
    c.disc(52, 12, 6, 4, "#c8ccd0")
    c.rect(27, 2, 1, 4, "#a8a49c")
    c.rect(14, 11, 1, 3, "#c8463c")
    c.rect(13, 12, 3, 1, "#c8463c")


def _skeleton(c: Canvas) -> None:
    bone = "#f4efe0"
    c.shadow(16, 60, 11, 4)
    c.rect(12, 2, 1, 27, "#8a8a92")
    c.rect(4, 28, 10, 2, "#8a8a92")
    c.disc(15, 13, 7, 8, bone)
    c.dots("#33282e", (6, 6), (8, 6), (7, 8))
    for y in (12, 14, 16):
        c.rect(5, y, 6, 1, bone)
    c.rect(7, 10, 1, 10, bone)
    c.dots(bone, (4, 12), (3, 14), (3, 16), (11, 12), (11, 14), (11, 16))
    c.rect(6, 19, 4, 2, bone)
    c.rect(6, 21, 1, 7, bone)
    c.rect(9, 21, 1, 7, bone)


def _typewriter(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(0, 4, 16, 7, 4, WOOD)
    c.rect(4, 0, 8, 4, "#fbf7ea")
    c.rect(3, 3, 10, 6, "#33404a")
    c.rect(3, 3, 10, 1, "#5f7080")
    c.dots("#c8ccd0", (4, 6), (6, 6), (8, 6), (10, 6), (5, 7), (7, 7), (9, 7))


def _safe(c: Canvas) -> None:
    c.shadow(16, 30, 13, 4)
    c.block(2, 2, 12, 3, 10, "#5a6a64")
    c.disc(16, 19, 5, 5, "#c8ccd0")
    c.disc(16, 19, 2, 2, "#33404a")
    c.dots("#d8b050", (12, 8), (12, 11))
    c.dots(SPINES[2], (4, 7))
