"""Sprites of workshops: smithy, kiln, loom, boats, and the baker's and brewer's things."""

from __future__ import annotations

from worlds.town.art.furniture import DARK_WOOD, PALE_WOOD, WOOD
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light

BRICK = "#b4664a"
IRON = "#4a4f58"


def craft_sprites() -> tuple[Sprite, ...]:
    """Return what people make things with."""
    return (
        Sprite("forge", 2, 2, 1, _forge), Sprite("anvil", 1, 1, 0, _anvil), Sprite("grindstone", 1, 1, 0, _grindstone),
        Sprite("quench_tub", 1, 1, 0, _quench_tub), Sprite("tool_rack", 2, 2, 1, _tool_rack),
        Sprite("coal_heap", 1, 1, 0, _coal_heap), Sprite("workbench", 2, 1, 0, _workbench),
        Sprite("kiln", 2, 3, 2, _kiln), Sprite("loom", 2, 2, 1, _loom), Sprite("sculpture", 1, 2, 1, _sculpture),
        Sprite("canvases", 2, 2, 1, _canvases), Sprite("pot_shelf", 2, 2, 1, _pot_shelf),
        Sprite("plinth_vase", 1, 2, 1, _plinth_vase), Sprite("boat_frame", 3, 2, 0, _boat_frame),
        Sprite("net_rack", 2, 2, 1, _net_rack), Sprite("oars", 1, 2, 1, _oars),
        Sprite("canoe_rack", 2, 2, 1, _canoe_rack),
        Sprite("flour_sacks", 1, 1, 0, _flour_sacks), Sprite("cake_counter", 2, 1, 0, _cake_counter),
        Sprite("keg_rack", 2, 2, 1, _keg_rack), Sprite("reception_desk", 2, 1, 0, _reception_desk),
        Sprite("spinning_wheel", 1, 1, 0, _spinning_wheel), Sprite("drum_kit", 2, 2, 1, _drum_kit),
        Sprite("telescope", 1, 1, 0, _telescope), Sprite("model_ship", 1, 1, 0, _model_ship),
        Sprite("aquarium", 1, 1, 0, _aquarium), Sprite("seedling_table", 2, 1, 0, _seedling_table),
        Sprite("potting_bench", 2, 1, 0, _potting_bench), Sprite("lemon_tree", 1, 2, 1, _lemon_tree),
        Sprite("television", 1, 1, 0, _television), Sprite("bunk_bed", 1, 2, 0, _bunk_bed),
        Sprite("radio", 1, 1, 0, _radio), Sprite("butcher_block", 1, 1, 0, _butcher_block),
    )  # fmt: skip


def _bricks(c: Canvas, x: int, y: int, width: int, height: int, code: str = BRICK) -> None:
    c.rect(x, y, width, height, code)
    for py in range(y, y + height):
        for px in range(x, x + width):
            if py % 4 == 3 or (px + 3 * (py // 4 % 2)) % 6 == 0:
                c.dot(px, py, dark(code, 26))


def _forge(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    _bricks(c, 8, 0, 16, 14, "#8a7f78")
    _bricks(c, 1, 13, 30, 17)
    c.rect(1, 13, 30, 3, light(BRICK, 25))
    c.rect(5, 16, 22, 7, "#2a2024")
    c.disc(32, 40, 18, 6, "#c8441f")
    c.disc(32, 40, 12, 4, "#f6a03c")
    c.disc(32, 39, 5, 2, "#fff0a0")
    c.dots("#f6c04c", (11, 17), (20, 16), (15, 15))
    c.rect(3, 26, 6, 4, "#2a2024")
    c.frame(8, 0, 16, 14, OUTLINE)
    c.frame(0, 12, 32, 19, OUTLINE)


def _anvil(c: Canvas) -> None:
    c.shadow(16, 29, 12, 4)
    c.rect(4, 10, 8, 5, DARK_WOOD)
    c.rect(3, 4, 11, 3, light(IRON, 30))
    c.rect(0, 4, 4, 2, light(IRON, 15))
    c.rect(3, 7, 10, 1, IRON)
    c.rect(6, 7, 4, 3, dark(IRON, 15))
    c.rect(3, 4, 11, 1, light(IRON, 55))
    c.dots("#f6a83c", (8, 3), (9, 3))
    c.outline()


def _grindstone(c: Canvas) -> None:
    c.shadow(16, 29, 12, 4)
    c.rect(2, 8, 12, 2, WOOD)
    c.rect(3, 10, 2, 4, WOOD)
    c.rect(11, 10, 2, 4, WOOD)
    c.disc(16, 15, 10, 10, "#a8a49c")
    c.disc(15, 14, 7, 7, "#c4c0b6")
    c.disc(16, 15, 2, 2, IRON)
    c.outline()


def _quench_tub(c: Canvas) -> None:
    c.shadow(16, 29, 13, 4)
    c.rect(2, 5, 12, 9, WOOD)
    c.rect(2, 11, 12, 1, IRON)
    c.disc(16, 11, 12, 6, light(WOOD, 25))
    c.disc(16, 11, 9, 4, "#4f7f98")
    c.dots("#b8e0ec", (6, 5), (10, 6))
    c.outline()


def _tool_rack(c: Canvas) -> None:
    c.rect(1, 4, 30, 16, WOOD)
    c.rect(1, 4, 30, 2, light(WOOD, 25))
    for x, head, handle in ((4, 4, 9), (10, 3, 10), (16, 5, 8), (22, 3, 10), (27, 2, 9)):
        c.rect(x, 8, 1, handle, PALE_WOOD)
        c.rect(x - head // 2, 8, head + 1, 2, light(IRON, 20))
    c.shadow(32, 61, 30, 4)
    c.block(1, 20, 30, 4, 6, DARK_WOOD)
    c.dots("#c8ccd0", (5, 21), (6, 21), (14, 22), (15, 22), (24, 21))
    c.frame(0, 3, 32, 18, OUTLINE)


def _coal_heap(c: Canvas) -> None:
    c.shadow(16, 29, 14, 4)
    for x, y in ((4, 11), (8, 12), (12, 11), (6, 8), (10, 8), (8, 5)):
        c.disc(2 * x + 1, 2 * y, 6, 6, "#2c2a32")
        c.dots("#5a5864", (x, y - 1), (x - 1, y))
    c.outline()


def _workbench(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 3, 32, 7, 5, PALE_WOOD)
    c.rect(3, 4, 7, 2, light(IRON, 20))
    c.rect(12, 5, 6, 1, WOOD)
    c.rect(18, 4, 2, 3, IRON)
    c.rect(23, 1, 5, 5, light(IRON, 10))
    c.rect(24, 2, 3, 1, "#d8dce0")
    c.dots("#e8d0a0", (10, 7), (14, 8), (20, 8), (27, 8))
    c.rect(4, 10, 8, 4, dark(PALE_WOOD, 10))


def _kiln(c: Canvas) -> None:
    c.shadow(32, 92, 31, 6)
    _bricks(c, 12, 1, 8, 14, "#9a5a44")
    for row in range(32):
        half = min(15, 7 + row * 10 // 20)
        c.rect(16 - half, 13 + row, 2 * half, 1, dark(BRICK, max(0, row - 18)))
        if row % 4 == 3:
            c.rect(16 - half, 13 + row, 2 * half, 1, dark(BRICK, 34))
        for x in range(16 - half, 16 + half):
            if (x + 3 * (row // 4 % 2)) % 6 == 0:
                c.dot(x, 13 + row, dark(BRICK, 30))
    c.disc(32, 66, 14, 16, "#2a2024")
    c.rect(9, 34, 14, 9, "#2a2024")
    c.disc(32, 80, 10, 8, "#e0672c")
    c.disc(32, 82, 6, 5, "#f6c04c")
    c.outline()
    c.dots("#c8c4c0", (15, 0), (17, 0))


def _loom(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    for x in (1, 28):
        c.rect(x, 2, 3, 28, WOOD)
        c.rect(x, 2, 1, 28, light(WOOD, 30))
    c.rect(1, 3, 30, 3, PALE_WOOD)
    for x in range(5, 28, 2):
        c.rect(x, 6, 1, 10, "#f2ead8")
    for y, code in ((15, "#b4584e"), (17, "#d0a24a"), (19, "#4f7f98"), (21, "#b4584e"), (23, "#5f8a5a")):
        c.rect(4, y, 24, 2, code)
        c.rect(4, y, 24, 1, light(code, 25))
    c.rect(1, 25, 30, 3, PALE_WOOD)
    c.rect(1, 27, 30, 1, dark(PALE_WOOD, 30))
    c.outline()


def _sculpture(c: Canvas) -> None:
    marble = "#e8e4dc"
    c.shadow(16, 61, 13, 4)
    c.block(2, 22, 12, 3, 6, "#8a857c")
    c.disc(16, 13, 7, 8, marble)
    c.rect(6, 10, 5, 12, marble)
    c.rect(4, 13, 9, 5, marble)
    c.rect(9, 10, 2, 12, dark(marble, 20))
    c.rect(5, 13, 1, 5, "#ffffff")
    c.dots(dark(marble, 30), (7, 6), (9, 6))
    c.outline()


def _canvases(c: Canvas) -> None:
    c.shadow(32, 61, 30, 4)
    for x, y, width, tall, sky, land in (
        (1, 8, 14, 20, "#9cc8e0", "#88b060"), (17, 4, 13, 24, "#e8b490", "#7a5a86"),
        (9, 14, 15, 16, "#f2e2b8", "#c8763c"),
    ):  # fmt: skip
        c.rect(x, y, width, tall, "#f4ecd8")
        c.rect(x + 1, y + 1, width - 2, tall - 2, sky)
        c.rect(x + 1, y + tall * 2 // 3, width - 2, tall // 3, land)
        c.disc(2 * x + width, 2 * y + tall - 5, 4, 4, light(sky, 60))
        c.frame(x, y, width, tall, DARK_WOOD)


def _pot_shelf(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    c.rect(0, 3, 32, 28, WOOD)
    for number, y in enumerate((6, 14, 22)):
        c.rect(2, y, 28, 7, dark(WOOD, 55))
        for index, x in enumerate(range(4, 29, 5)):
            code = ("#b4694a", "#7f9aa0", "#d8c08a", "#5f7f98", "#c88a6a")[(index + 2 * number) % 5]
            tall = 3 + (index + number) % 3
            c.rect(x, y + 7 - tall, 4, tall, code)
            c.rect(x, y + 7 - tall, 1, tall, light(code, 35))
            c.rect(x + 1, y + 6 - tall, 2, 1, dark(code, 30))
    c.round_frame(0, 3, 32, 28, OUTLINE)


def _plinth_vase(c: Canvas) -> None:
    c.shadow(16, 61, 12, 4)
    c.block(3, 18, 10, 3, 9, "#efeae0")
    c.disc(16, 26, 9, 10, "#3f7a98")
    c.rect(6, 6, 4, 4, "#3f7a98")
    c.rect(5, 5, 6, 2, light("#3f7a98", 25))
    c.dots("#e8c878", (6, 12), (8, 13), (10, 12))
    c.dots("#a8d8e8", (6, 10), (6, 11))
    c.outline()


def _boat_frame(c: Canvas) -> None:
    c.shadow(48, 58, 46, 8)
    for x in (9, 35):
        c.rect(x, 22, 3, 9, WOOD)
        c.rect(x - 3, 28, 9, 2, DARK_WOOD)
    c.disc(48, 30, 46, 24, dark(PALE_WOOD, 45))
    c.disc(48, 28, 44, 21, PALE_WOOD)
    c.disc(48, 27, 36, 14, dark(WOOD, 30))
    for x in range(10, 40, 5):
        c.rect(x, 8, 2, 12, PALE_WOOD)
    c.rect(8, 13, 32, 2, light(PALE_WOOD, 20))
    c.outline()


def _net_rack(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    for x in (2, 28):
        c.rect(x, 6, 2, 24, WOOD)
    c.rect(1, 6, 30, 2, WOOD)
    for y in range(8, 26):
        sag = (16 - abs(16 - y)) // 8
        for x in range(4, 28):
            if (x + y) % 4 == 0 or (x - y) % 4 == 0:
                c.dot(x, y + sag, "#5f7f78")
    c.dots("#d8584e", (6, 24), (12, 26), (19, 26), (25, 24))
    c.dots("#f2ead8", (7, 24), (13, 26), (20, 26))


def _oars(c: Canvas) -> None:
    c.shadow(16, 60, 10, 4)
    for x, lean in ((4, 1), (10, -1)):
        for y in range(6, 29):
            c.rect(x + lean * (y - 6) // 12, y, 1, 1, PALE_WOOD)
        c.rect(x - 1, 2, 3, 8, light(PALE_WOOD, 20))
        c.rect(x - 1, 4, 3, 1, "#4f88b8")
    c.outline()


def _canoe_rack(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    for x in (3, 27):
        c.rect(x, 4, 2, 26, WOOD)
    for y, code in ((5, "#5f9458"), (14, "#c8563c"), (22, "#4f7fb0")):
        c.disc(32, 2 * y + 6, 32, 7, dark(code, 40))
        c.disc(32, 2 * y + 5, 30, 5, code)
        c.rect(8, y + 1, 16, 1, light(code, 40))


def _flour_sacks(c: Canvas) -> None:
    c.shadow(16, 29, 14, 4)
    for x, y in ((4, 9), (11, 9), (7, 5)):
        c.rect(x - 3, y - 3, 7, 8, "#ece4d0")
        c.rect(x - 3, y - 3, 2, 8, "#fbf7ea")
        c.rect(x - 3, y + 3, 7, 2, "#c8bc9e")
        c.dots("#b0763c", (x, y), (x + 1, y), (x, y + 1))
    c.outline()


def _cake_counter(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 2, 32, 8, 5, PALE_WOOD)
    c.rect(2, 1, 28, 7, "#cfe8ee")
    c.frame(1, 0, 30, 9, "#7c8c94")
    for x, code, top in (
        (4, "#8a5a38", "#f8f0e0"),
        (11, "#f0c8d0", "#d8485c"),
        (18, "#e8c878", "#b06a30"),
        (24, "#f6eedc", "#5f9458"),
    ):
        c.rect(x, 4, 5, 3, code)
        c.rect(x, 3, 5, 1, light(code, 40))
        c.dots(top, (x + 2, 2))


def _keg_rack(c: Canvas) -> None:
    c.shadow(32, 61, 30, 5)
    c.rect(0, 14, 32, 2, DARK_WOOD)
    c.rect(0, 28, 32, 2, DARK_WOOD)
    for x, y in ((8, 8), (23, 8), (8, 22), (23, 22)):
        c.disc(2 * x + 1, 2 * y, 14, 13, dark(WOOD, 35))
        c.disc(2 * x + 1, 2 * y, 12, 11, WOOD)
        c.disc(2 * x + 1, 2 * y, 8, 7, light(WOOD, 20))
        c.rect(x, y + 3, 2, 3, "#d8b050")
    c.outline()


def _reception_desk(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 2, 32, 7, 6, "#7a4428")
    c.rect(3, 4, 8, 4, "#f6f0e0")
    c.rect(7, 4, 1, 4, "#b8b0a0")
    c.disc(36, 10, 5, 4, "#e8c050")
    c.rect(24, 2, 5, 5, "#3f6d8c")
    c.rect(25, 3, 3, 1, "#e8e0cc")


def _spinning_wheel(c: Canvas) -> None:
    c.shadow(16, 29, 13, 4)
    c.disc(20, 14, 11, 11, DARK_WOOD)
    c.disc(20, 14, 8, 8, "#e8d8b4")
    c.disc(20, 14, 2, 2, DARK_WOOD)
    c.rect(9, 3, 1, 8, DARK_WOOD)
    c.rect(6, 7, 8, 1, DARK_WOOD)
    c.rect(1, 10, 11, 2, WOOD)
    c.rect(2, 5, 2, 5, WOOD)
    c.disc(6, 10, 4, 5, "#f4efe4")
    c.outline()


def _drum_kit(c: Canvas) -> None:
    c.shadow(32, 60, 30, 6)
    c.rect(5, 8, 1, 18, "#8a8a92")
    c.rect(26, 8, 1, 18, "#8a8a92")
    c.disc(12, 16, 12, 4, "#e0b84a")
    c.disc(52, 16, 12, 4, "#e0b84a")
    c.disc(32, 42, 16, 16, "#33303a")
    c.disc(32, 42, 13, 13, "#f4efe4")
    for x in (10, 21):
        c.rect(x - 4, 13, 9, 5, "#b8403c")
        c.disc(2 * x + 1, 26, 9, 4, "#f4efe4")
    c.disc(12, 48, 10, 5, "#f4efe4")
    c.rect(1, 24, 10, 4, "#b8403c")
    c.outline()


def _telescope(c: Canvas) -> None:
    c.shadow(16, 29, 11, 4)
    for x0, x1 in ((8, 4), (8, 8), (8, 12)):
        for step in range(7):
            c.dot(x0 + (x1 - x0) * step // 6, 8 + step, WOOD)
    for step in range(9):
        c.rect(3 + step, 9 - step * 7 // 9, 3, 3, "#4f6a8c" if step < 6 else "#d8b050")
    c.outline()


def _model_ship(c: Canvas) -> None:
    c.shadow(16, 30, 13, 4)
    c.block(1, 8, 14, 3, 4, WOOD)
    c.rect(3, 6, 10, 2, DARK_WOOD)
    c.rect(5, 0, 1, 6, DARK_WOOD)
    c.rect(9, 1, 1, 5, DARK_WOOD)
    c.rect(3, 1, 3, 4, "#f6f0e0")
    c.rect(8, 2, 4, 3, "#f6f0e0")


def _aquarium(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(0, 9, 16, 2, 4, DARK_WOOD)
    c.rect(1, 2, 14, 7, "#7cc4dc")
    c.rect(1, 2, 14, 1, "#d8f2f8")
    c.rect(1, 8, 14, 1, "#d8c088")
    c.dots("#ee8a38", (5, 5), (6, 5), (4, 5), (10, 4), (11, 4))
    c.dots("#5f9a54", (3, 7), (3, 6), (13, 7), (13, 6), (13, 5))
    c.frame(0, 1, 16, 9, OUTLINE)


def _seedling_table(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 4, 32, 7, 4, PALE_WOOD)
    for x in range(2, 30, 4):
        c.rect(x, 6, 3, 3, "#b4694a")
        c.dots("#6aa850", (x, 4), (x + 1, 5), (x + 2, 4), (x + 1, 3))
        if x % 8 == 2:
            c.dots("#f08ab0" if x % 16 == 2 else "#f4c850", (x + 1, 2))


def _potting_bench(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 3, 32, 8, 4, WOOD)
    c.disc(14, 13, 10, 5, "#5a4030")
    c.rect(15, 4, 4, 4, "#b4694a")
    c.rect(15, 4, 4, 1, "#d88a5c")
    c.rect(21, 5, 4, 3, "#b4694a")
    c.rect(26, 3, 4, 5, "#6a9a8a")
    c.rect(30, 4, 2, 1, "#6a9a8a")


def _lemon_tree(c: Canvas) -> None:
    c.shadow(16, 60, 12, 4)
    c.rect(7, 14, 2, 8, WOOD)
    for x, y in ((8, 5), (5, 8), (11, 8), (8, 11)):
        c.disc(2 * x, 2 * y, 8, 7, "#3f7a45")
        c.disc(2 * x - 1, 2 * y - 2, 5, 4, "#5f9f55")
    c.dots("#f6d84a", (5, 6), (10, 5), (8, 9), (12, 10), (4, 10), (7, 12))
    c.rect(4, 21, 8, 8, "#c0714a")
    c.rect(3, 21, 10, 2, "#d88a5c")
    c.outline()


def _television(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(1, 9, 14, 2, 4, WOOD)
    c.rect(2, 1, 12, 8, "#3a3640")
    c.rect(3, 2, 8, 6, "#6fa0b8")
    c.dots("#c8e8f0", (4, 3), (5, 3), (4, 4))
    c.dots("#e8c050", (12, 3), (12, 5))


def _bunk_bed(c: Canvas) -> None:
    c.shadow(16, 60, 14, 6)
    c.rect(1, 1, 14, 29, WOOD)
    c.rect(3, 3, 10, 5, "#fdfaf2")
    c.rect(3, 8, 10, 6, "#5f93a8")
    c.rect(3, 8, 10, 1, light("#5f93a8", 45))
    c.rect(1, 14, 14, 3, dark(WOOD, 20))
    c.rect(3, 18, 10, 4, "#fdfaf2")
    c.rect(3, 22, 10, 6, "#d0884a")
    c.rect(3, 22, 10, 1, light("#d0884a", 45))
    for y in range(4, 28, 4):
        c.rect(13, y, 2, 1, light(WOOD, 40))
    c.round_frame(0, 0, 16, 31, OUTLINE)


def _radio(c: Canvas) -> None:
    c.shadow(16, 30, 13, 4)
    c.block(1, 8, 14, 3, 4, DARK_WOOD)
    c.rect(3, 2, 10, 6, WOOD)
    c.rect(3, 2, 10, 1, light(WOOD, 35))
    c.rect(4, 4, 4, 3, "#e8d8b0")
    c.disc(21, 11, 4, 4, "#f6e8b8")
    c.frame(2, 1, 12, 8, OUTLINE)


def _butcher_block(c: Canvas) -> None:
    c.shadow(16, 29, 14, 4)
    c.block(1, 3, 14, 7, 4, PALE_WOOD)
    c.rect(4, 5, 5, 2, "#d8dce0")
    c.rect(9, 5, 3, 2, DARK_WOOD)
    c.rect(4, 8, 4, 1, "#c8563c")
