"""Trees, bushes and hedges."""

from __future__ import annotations

from functools import partial

from worlds.town.art.paint import Canvas, Sprite, dark, light, noise

BARK = "#6f4c34"


def plant_sprites() -> tuple[Sprite, ...]:
    """Return what grows in gardens, park and wood."""
    oaks = (("oak", "#568f46"), ("lime", "#78a848"), ("beech", "#4a8052"), ("maple", "#c2803c"))
    hedges = [Sprite(f"hedge {mask}", 1, 1, 0, partial(_hedge, mask)) for mask in range(16)]
    return (
        *(Sprite(name, 2, 3, 2, partial(_oak, code)) for name, code in oaks),
        Sprite("apple_tree", 2, 3, 2, _apple_tree), Sprite("willow", 3, 4, 3, _willow), Sprite("fir", 1, 2, 1, _fir),
        Sprite("birch", 1, 3, 2, _birch), Sprite("bush", 1, 1, 0, partial(_bush, "")),
        Sprite("flower_bush", 1, 1, 0, partial(_bush, "#f4b8d0")), Sprite("fern", 1, 1, 0, _fern),
        Sprite("flowers_red", 1, 1, 0, partial(_flowers, "#e0505c")), Sprite("reeds", 1, 1, 0, _reeds),
        Sprite("flowers_yellow", 1, 1, 0, partial(_flowers, "#f4cc48")), Sprite("stone", 1, 1, 0, _stone),
        Sprite("flowers_blue", 1, 1, 0, partial(_flowers, "#7a8ee0")),
        Sprite("flowers_white", 1, 1, 0, partial(_flowers, "#fafaf4")), *hedges,
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


def _oak(leaf: str, c: Canvas) -> None:
    c.shadow(34, 86, 30, 10)
    c.rect(13, 32, 6, 12, BARK)
    c.rect(13, 32, 2, 12, light(BARK, 22))
    c.rect(18, 32, 1, 12, dark(BARK, 40))
    c.rect(11, 43, 3, 2, BARK)
    c.rect(18, 43, 3, 2, BARK)
    canopy = Canvas(2, 3)
    _crown(canopy, leaf, ((16, 11, 18), (8, 18, 14), (24, 18, 14), (11, 27, 15), (21, 27, 15), (16, 20, 18)))
    c.paste(canopy, 0, 0)


def _apple_tree(c: Canvas) -> None:
    _oak("#6a9e4a", c)
    for x, y in ((7, 17), (12, 10), (20, 12), (25, 20), (15, 22), (9, 27), (20, 29), (14, 31)):
        c.rect(x, y, 2, 2, "#d8402f")
        c.dot(x, y, "#f4a088")


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
