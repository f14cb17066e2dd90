"""Trees, bushes and hedges."""

from __future__ import annotations

from functools import partial

from worlds.town.art.paint import Canvas, Sprite, dark, light, noise

BARK = "#6f4c34"


def plant_sprites() -> tuple[Sprite, ...]:
    """Return what grows in gardens, park and wood."""
    trees = (
        ("oak", "#568f46", "full"), ("lime", "#78a848", "leaning"), ("beech", "#4a8052", "round"),
        ("maple", "#c2803c", "full"), ("plane", "#6a9a58", "round"), ("alder", "#4f8548", "leaning"),
    )  # fmt: skip
    hedges = [Sprite(f"hedge {mask}", 1, 1, 0, partial(_hedge, mask)) for mask in range(16)]
    stones = [Sprite(f"drystone {mask}", 1, 1, 0, partial(_drystone, mask)) for mask in range(16)]
    return (
        *(Sprite(name, 2, 3, 2, partial(_tree, code, shape)) for name, code, shape in trees),
        Sprite("apple_tree", 2, 3, 2, partial(_fruit_tree, "#6a9e4a", "#d8402f")),
        Sprite("willow", 3, 4, 3, _willow), Sprite("fir", 1, 2, 1, _fir),
        Sprite("birch", 1, 3, 2, _birch), Sprite("bush", 1, 1, 0, partial(_bush, "")),
        Sprite("flower_bush", 1, 1, 0, partial(_bush, "#f4b8d0")), Sprite("fern", 1, 1, 0, _fern),
        Sprite("flowers_red", 1, 1, 0, partial(_flowers, "#e0505c")), Sprite("reeds", 1, 1, 0, _reeds),
        Sprite("flowers_yellow", 1, 1, 0, partial(_flowers, "#f4cc48")), Sprite("stone", 1, 1, 0, _stone),
        Sprite("flowers_blue", 1, 1, 0, partial(_flowers, "#7a8ee0")),
        Sprite("flowers_white", 1, 1, 0, partial(_flowers, "#fafaf4")), *hedges, *stones,
        Sprite("flowers_violet", 1, 1, 0, partial(_flowers, "#a06ad0")),
        Sprite("cherry", 2, 3, 2, partial(_blossoming, "#e8a4bc", "#fbe0e8")),
        Sprite("pear_tree", 2, 3, 2, partial(_fruit_tree, "#5f9a52", "#dcd050")),
        Sprite("hawthorn", 2, 2, 1, _hawthorn), Sprite("linden", 4, 5, 4, _linden), Sprite("pine", 2, 4, 3, _pine),
        Sprite("poplar", 1, 4, 3, _poplar), Sprite("stump", 1, 1, 0, _stump),
        Sprite("fallen_log", 2, 1, 0, _fallen_log),
        Sprite("rock", 2, 2, 1, _rock), Sprite("flowers_mushrooms", 1, 1, 0, _mushrooms),
        Sprite("berry_bush", 1, 1, 0, partial(_bush, "#b8304a")), Sprite("fern_tall", 1, 1, 0, _tall_grass),
        Sprite("hollow_oak", 3, 4, 3, _hollow_oak),
    )  # fmt: skip


def _crown(c: Canvas, leaf: str, lumps: tuple[tuple[int, int, int], ...]) -> None:
    """Draw a crown of round lumps (x, y, size): outline, shade below, light from the upper left."""
    for x, y, size in lumps:
        c.disc(2 * x, 2 * y, size + 2, size + 2, dark(leaf, 58))
    for x, y, size in lumps:
        c.disc(2 * x, 2 * y, size, size, dark(leaf, 26))
    for x, y, size in lumps:
        c.disc(2 * x - 2, 2 * y - 3, size - 3, size - 4, leaf)
    for x, y, size in lumps:
        c.disc(2 * x - 5, 2 * y - 6, size - 8, size - 9, light(leaf, 20))
    _leaves(c, leaf)


def _clusters(c: Canvas, leaf: str, lumps: tuple[tuple[int, int, int], ...]) -> None:
    """Draw a large crown: every lump has its own light and shade, those in front last."""
    for x, y, size in lumps:
        c.disc(2 * x, 2 * y, size + 2, size + 2, dark(leaf, 58))
    for x, y, size in lumps:
        c.disc(2 * x, 2 * y, size, size, dark(leaf, 36))
        c.disc(2 * x - 1, 2 * y - 2, size - 2, size - 3, dark(leaf, 10))
        c.disc(2 * x - 3, 2 * y - 5, size - 7, size - 8, light(leaf, 6))
        c.disc(2 * x - 6, 2 * y - 9, size - 14, size - 15, light(leaf, 24))
    _leaves(c, leaf)


def _leaves(c: Canvas, leaf: str) -> None:
    for y in range(c.height):
        for x in range(c.width):
            if c.pixels[y, x, 3] != 255:
                continue
            roll = noise(x, y, 17)
            if roll < 26 and noise(x + 1, y + 1, 17) > 26:
                c.dot(x, y, light(leaf, 34) if y < c.height // 3 else light(leaf, 12))
            elif roll > 232:
                c.dot(x, y, dark(leaf, 36))


_SHAPES = {
    "full": ((16, 11, 18), (8, 18, 14), (24, 18, 14), (11, 27, 15), (21, 27, 15), (16, 20, 18)),
    "round": ((16, 12, 21), (9, 20, 17), (23, 20, 17), (16, 27, 18), (16, 20, 22)),
    "leaning": ((14, 10, 16), (22, 13, 15), (8, 19, 15), (25, 21, 13), (12, 28, 14), (21, 28, 15), (16, 20, 17)),
}
"""Crowns as lumps (x, y, size)."""


def _tree(leaf: str, shape: str, c: Canvas) -> None:
    c.shadow(34, 86, 30, 10)
    c.rect(13, 32, 6, 12, BARK)
    c.rect(13, 32, 2, 12, light(BARK, 22))
    c.rect(18, 32, 1, 12, dark(BARK, 40))
    c.rect(11, 43, 3, 2, BARK)
    c.rect(18, 43, 3, 2, BARK)
    canopy = Canvas(2, 3)
    _crown(canopy, leaf, _SHAPES[shape])
    c.paste(canopy, 0, 0)


def _fruit_tree(leaf: str, fruit: str, c: Canvas) -> None:
    _tree(leaf, "full", c)
    for x, y in ((7, 17), (12, 10), (20, 12), (25, 20), (15, 22), (9, 27), (20, 29), (14, 31)):
        c.rect(x, y, 2, 2, fruit)
        c.dot(x, y, light(fruit, 50))


def _blossoming(leaf: str, blossom: str, c: Canvas) -> None:
    _tree(leaf, "round", c)
    for y in range(4, 34):
        for x in range(2, 30):
            if c.pixels[y, x, 3] == 255 and noise(x, y, 19) < 24:
                c.dots(blossom, (x, y), (x + x % 2, y + y % 2))


def _willow(c: Canvas) -> None:
    leaf = "#8aac58"
    c.shadow(48, 118, 42, 12)
    c.rect(21, 40, 6, 20, BARK)
    c.rect(21, 40, 2, 20, light(BARK, 22))
    c.rect(19, 58, 10, 2, BARK)
    canopy = Canvas(3, 4)
    _crown(canopy, leaf, ((24, 13, 22), (12, 18, 18), (36, 18, 18), (24, 24, 24)))
    for x in range(3, 45):
        edge = abs(x - 24)
        bottom = 48 - edge // 3 + noise(x, 1, 2) % 8 - (8 if 17 < x < 31 else 0)
        for y in range(20 + edge // 4, bottom):
            shade = noise(x, y // 4, 9)
            code = dark(leaf, 30) if x % 3 == 0 else leaf if shade > 70 else light(leaf, 22)
            canopy.dot(x, y, code)
        canopy.dot(x, bottom, dark(leaf, 55))
    c.paste(canopy, 0, 0)


def _fir(c: Canvas) -> None:
    leaf = "#3f7a58"
    c.shadow(17, 59, 14, 5)
    c.rect(7, 26, 3, 4, BARK)
    for row in range(26):
        width = 2 + (row % 9) + row // 5
        width = min(width, 14)
        c.rect(8 - width // 2, 2 + row, width, 1, leaf if row % 9 < 6 else dark(leaf, 28))
        c.dot(8 - width // 2, 2 + row, light(leaf, 25))
    c.outline(dark(leaf, 62))


def _birch(c: Canvas) -> None:
    c.shadow(17, 91, 13, 5)
    c.rect(7, 26, 3, 19, "#ece6da")
    c.rect(9, 26, 1, 19, "#bdb4a6")
    c.dots("#4a4248", (7, 30), (8, 34), (7, 39), (8, 42))
    canopy = Canvas(1, 3)
    _crown(canopy, "#92b85a", ((8, 9, 11), (6, 17, 10), (10, 18, 10), (8, 25, 11)))
    c.paste(canopy, 0, 0)


def _bush(flower: str, c: Canvas) -> None:
    c.shadow(17, 28, 14, 5)
    canopy = Canvas(1, 1)
    _crown(canopy, "#5a9448", ((5, 9, 9), (11, 9, 9), (8, 7, 10)))
    c.paste(canopy, 0, 0)
    if flower:
        for x, y in ((4, 6), (8, 4), (11, 8), (6, 10), (12, 5)):
            c.dots(flower, (x, y), (x + 1, y), (x, y + 1))
            c.dot(x, y, light(flower, 50))


def _fern(c: Canvas) -> None:
    for dx, dy in ((-5, -3), (-3, -6), (0, -7), (3, -6), (5, -3)):
        for step in range(7):
            x, y = 8 + dx * step // 6, 13 + dy * step // 6
            c.dots("#4f8f4c", (x, y), (x + 1, y), (x, y - 1))
            c.dot(x, y - 1, "#86bf62" if step % 2 else "#5fa050")


def _flowers(code: str, c: Canvas) -> None:
    for x, y in ((3, 4), (9, 3), (13, 7), (5, 9), (10, 12), (2, 13)):
        c.dots("#4f8a3f", (x, y + 1), (x, y + 2), (x + 1, y + 2))
        c.dots(code, (x - 1, y), (x + 1, y), (x, y - 1))
        c.dots(light(code, 45), (x, y))


def _reeds(c: Canvas) -> None:
    for x, top in ((3, 4), (5, 1), (8, 5), (11, 2), (13, 6)):
        c.rect(x, top, 1, 14 - top, "#5f8f4a")
        c.rect(x + 1, top + 4, 1, 10 - top, "#86b060")
        if top < 4:
            c.rect(x, top, 1, 4, "#7a4e30")


def _stone(c: Canvas) -> None:
    c.shadow(16, 26, 13, 4)
    c.disc(16, 20, 11, 8, "#6e6c74")
    c.disc(15, 18, 9, 6, "#9a98a0")
    c.disc(13, 16, 4, 2, "#c4c2c8")


def _hedge(mask: int, c: Canvas) -> None:
    """A clipped hedge that goes on to the north (1), east (2), south (4), west (8)."""
    leaf = "#4f8a44"
    left, right = (0 if mask & 8 else 1), (16 if mask & 2 else 15)
    top, bottom = (0 if mask & 1 else 2), (16 if mask & 4 else 15)
    c.rect(left, top, right - left, bottom - top, leaf)
    if not mask & 4:
        c.rect(left, bottom - 6, right - left, 6, dark(leaf, 30))
    if not mask & 1:
        c.rect(left, top, right - left, 2, light(leaf, 30))
    c.speckle(0, 0, 16, 16, light(leaf, 22), 34, 71)
    c.speckle(0, 0, 16, 16, dark(leaf, 34), 34, 72)
    edge = dark(leaf, 58)
    if not mask & 8:
        c.rect(left, top, 1, bottom - top, edge)
    if not mask & 2:
        c.rect(right - 1, top, 1, bottom - top, edge)
    if not mask & 1:
        c.rect(left, top, right - left, 1, edge)
    if not mask & 4:
        c.rect(left, bottom - 1, right - left, 1, edge)


def _hawthorn(c: Canvas) -> None:
    c.shadow(32, 58, 28, 8)
    c.rect(14, 22, 4, 6, BARK)
    canopy = Canvas(2, 2)
    _crown(canopy, "#679a50", ((16, 9, 15), (9, 14, 13), (23, 14, 13), (16, 17, 16)))
    c.paste(canopy, 0, 0)
    for x, y in ((8, 10), (13, 6), (19, 8), (24, 13), (11, 16), (18, 18), (22, 19), (7, 16)):
        c.dots("#f8f0f0", (x, y), (x + 1, y), (x, y + 1))


def _linden(c: Canvas) -> None:
    """The tree of a village green: old, wide, with a bench's width of shade."""
    c.shadow(66, 148, 60, 16)
    c.rect(27, 52, 10, 24, BARK)
    c.rect(27, 52, 3, 24, light(BARK, 22))
    c.rect(35, 52, 2, 24, dark(BARK, 40))
    for x, width in ((23, 5), (35, 6)):
        c.rect(x, 73, width, 3, BARK)
    canopy = Canvas(4, 5)
    lumps = (
        (32, 15, 26), (18, 20, 22), (46, 20, 22), (10, 33, 18), (54, 33, 18), (22, 34, 26), (42, 34, 26), (14, 45, 18),
        (50, 45, 18), (26, 49, 20), (39, 49, 20), (32, 30, 28),
    )  # fmt: skip
    _clusters(canopy, "#6f9e46", lumps)
    c.paste(canopy, 0, 0)


def _hollow_oak(c: Canvas) -> None:
    c.shadow(50, 118, 44, 12)
    c.rect(18, 38, 12, 22, BARK)
    c.rect(18, 38, 3, 22, light(BARK, 22))
    c.rect(28, 38, 2, 22, dark(BARK, 40))
    c.rect(14, 57, 6, 3, BARK)
    c.rect(28, 57, 7, 3, BARK)
    c.disc(48, 98, 7, 12, "#2c2024")
    canopy = Canvas(3, 4)
    _clusters(canopy, "#47793e", ((24, 13, 22), (11, 21, 18), (37, 21, 18), (15, 33, 20), (33, 33, 20), (24, 25, 24)))
    c.paste(canopy, 0, 0)


def _pine(c: Canvas) -> None:
    leaf = "#35694e"
    c.shadow(34, 122, 26, 8)
    c.rect(14, 54, 4, 7, BARK)
    c.rect(14, 54, 1, 7, light(BARK, 20))
    for tier, (top, rows, widest) in enumerate(((2, 18, 12), (13, 20, 18), (26, 20, 23), (39, 18, 28))):
        for row in range(rows):
            width = max(2, widest * (row + 2) // (rows + 1))
            code = dark(leaf, 30) if row > rows - 4 else leaf
            c.rect(16 - width // 2, top + row, width, 1, code)
            c.rect(16 - width // 2, top + row, max(1, width // 4), 1, light(leaf, 18))
            if row > rows - 3:
                for x in range(16 - width // 2, 16 + width // 2, 3):
                    c.clear(x + tier % 2, top + row)
    _leaves(c, leaf)
    c.outline(dark(leaf, 60))


def _poplar(c: Canvas) -> None:
    c.shadow(17, 122, 14, 5)
    c.rect(7, 52, 3, 10, BARK)
    canopy = Canvas(1, 4)
    lumps = ((8, 8, 8), (8, 15, 11), (8, 23, 13), (8, 32, 14), (8, 41, 14), (8, 48, 11))
    _crown(canopy, "#7ba04a", lumps)
    c.paste(canopy, 0, 0)


def _stump(c: Canvas) -> None:
    c.shadow(16, 27, 12, 4)
    c.rect(4, 7, 8, 7, BARK)
    c.rect(2, 12, 12, 2, BARK)
    c.disc(16, 14, 9, 5, "#d8b080")
    c.disc(16, 14, 5, 3, "#b88a58")
    c.dots("#6a9a50", (4, 11), (5, 12), (11, 12))


def _fallen_log(c: Canvas) -> None:
    c.shadow(32, 27, 28, 4)
    c.rect(3, 5, 24, 8, BARK)
    c.rect(3, 5, 24, 2, light(BARK, 25))
    c.rect(3, 11, 24, 2, dark(BARK, 35))
    c.disc(55, 18, 6, 8, "#d8b080")
    c.disc(55, 18, 3, 4, "#b88a58")
    c.dots("#6fa452", (5, 5), (6, 5), (7, 4), (12, 5), (13, 5), (19, 5))
    c.rect(14, 3, 2, 3, BARK)


def _rock(c: Canvas) -> None:
    stone = "#8c8c92"
    c.shadow(32, 58, 29, 8)
    c.disc(32, 40, 28, 20, dark(stone, 45))
    c.disc(32, 37, 26, 19, stone)
    c.disc(26, 30, 17, 11, light(stone, 22))
    c.disc(22, 25, 8, 4, light(stone, 45))
    for x, y in ((18, 19), (19, 20), (20, 22), (9, 21), (10, 22)):
        c.dot(x, y, dark(stone, 35))
    c.dots("#6a9a50", (6, 24), (7, 25), (8, 26), (24, 25), (25, 24), (23, 26))


def _mushrooms(c: Canvas) -> None:
    for x, y, code in ((4, 8, "#c8463c"), (9, 11, "#c8463c"), (12, 6, "#c89a5a")):
        c.rect(x, y, 1, 3, "#f4ecd8")
        c.rect(x - 1, y - 1, 3, 1, code)
        c.dot(x, y - 2, code)
        c.dot(x - 1, y - 1, light(code, 50))


def _tall_grass(c: Canvas) -> None:
    for x, y, lean in ((2, 13, -1), (5, 14, 0), (8, 12, 1), (11, 14, -1), (13, 13, 1), (4, 9, 1), (10, 8, 0)):
        for step in range(6):
            code = "#5f9142" if step < 3 else "#a8c868"
            c.dot(x + lean * (step // 3), y - step, code)


def _drystone(mask: int, c: Canvas) -> None:
    """A low wall of field stones that goes on to the north (1), east (2), south (4), west (8)."""
    stone = "#a09c94"
    left, right = (0 if mask & 8 else 2), (16 if mask & 2 else 14)
    top, bottom = (0 if mask & 1 else 4), (16 if mask & 4 else 14)
    wide = bool(mask & 10) or not mask & 5
    if not wide:
        left, right = 4, 12
    for y in range(top, bottom):
        for x in range(left, right):
            if wide and mask & 5 and not (4 <= x < 12) and not 4 <= y < 14:
                continue
            row = y // 4
            shifted = (x + 3 * (row % 2)) % 16
            joint = y % 4 == 3 or shifted % 5 == 4
            shade = noise(shifted // 5, row, 35) % 4 * 6
            c.dot(
                x, y, dark(stone, 42) if joint else light(dark(stone, shade), 26) if y % 4 == 0 else dark(stone, shade)
            )
    c.dots("#7a9a5a", (left + 1, bottom - 1), ((left + right) // 2, bottom - 1))
    c.outline(dark(stone, 62))
