"""Sprites of school and library, and the games of the pub."""

from __future__ import annotations

from worlds.town.art.furniture import DARK_WOOD, PALE_WOOD, SPINES, WOOD
from worlds.town.art.paint import OUTLINE, Canvas, Sprite, dark, light


def study_sprites() -> tuple[Sprite, ...]:
    """Return desks, boards and office machines, billiards and darts."""
    return (
        Sprite("billiard_table", 2, 1, 0, _billiard_table), Sprite("dartboard", 1, 2, 1, _dartboard),
        Sprite("blackboard", 3, 2, 1, _blackboard), Sprite("teacher_desk", 2, 1, 0, _teacher_desk),
        Sprite("pupil_desk", 1, 1, 0, _pupil_desk), Sprite("filing_cabinet", 1, 2, 1, _filing_cabinet),
        Sprite("photocopier", 1, 1, 0, _photocopier), Sprite("tea_corner", 1, 1, 0, _tea_corner),
        Sprite("library_desk", 2, 1, 0, _library_desk), Sprite("newspaper_rack", 1, 1, 0, _newspaper_rack),
        Sprite("computer", 1, 1, 0, _computer), Sprite("globe", 1, 1, 0, _globe),
    )  # fmt: skip


def _billiard_table(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 0, 32, 12, 3, "#7a4428")
    c.rect(2, 2, 28, 8, "#3f8a5c")
    c.rect(2, 2, 28, 1, "#2f6a48")
    for x, y, code in (
        (8, 6, "#ffffff"),
        (20, 5, "#e8b84a"),
        (22, 7, "#d8483c"),
        (24, 5, "#4f68b8"),
        (22, 4, "#2a2228"),
    ):
        c.dot(x, y, code)
    c.dots("#1c1820", (2, 2), (29, 2), (2, 9), (29, 9), (15, 2), (15, 9))
    c.rect(10, 8, 8, 1, "#d8b070")


def _dartboard(c: Canvas) -> None:
    c.disc(16, 19, 10, 10, "#2a2228")
    c.disc(16, 19, 8, 8, "#e8dcb8")
    c.disc(16, 19, 6, 6, "#3f7a4c")
    c.disc(16, 19, 4, 4, "#e8dcb8")
    c.dots("#d8483c", (7, 9), (8, 9))
    c.dots("#f0d060", (10, 7), (11, 6))


def _blackboard(c: Canvas) -> None:
    c.rect(3, 3, 42, 12, WOOD)
    c.rect(5, 4, 38, 9, "#2f4f44")
    for x, y in ((8, 6), (10, 6), (12, 7), (15, 6), (17, 6), (24, 6), (26, 7), (28, 6), (33, 6), (36, 6), (38, 7)):
        c.rect(x, y, 1, 2, "#dfe8e0")
    for x in (9, 14, 25, 34):
        c.rect(x, 10, 4, 1, "#b4c8bc")
    c.rect(3, 13, 42, 1, light(WOOD, 30))
    c.dots("#ffffff", (20, 13), (21, 13), (30, 13))
    c.frame(3, 3, 42, 12, DARK_WOOD)


def _teacher_desk(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(1, 2, 30, 8, 5, DARK_WOOD)
    c.rect(4, 4, 7, 4, "#f6f0e0")
    c.rect(7, 4, 1, 4, "#b8b0a0")
    c.disc(40, 10, 4, 4, "#d8483c")
    c.dots("#6aa45a", (20, 3))
    c.rect(24, 4, 4, 4, SPINES[1])


def _pupil_desk(c: Canvas) -> None:
    c.shadow(16, 30, 12, 4)
    c.block(2, 3, 12, 7, 4, PALE_WOOD)
    c.rect(4, 5, 4, 3, "#f6f0e0")
    c.dots("#4a78b0", (10, 5), (10, 6))


def _filing_cabinet(c: Canvas) -> None:
    code = "#8f9a94"
    c.shadow(16, 61, 13, 4)
    c.rect(2, 6, 12, 24, code)
    c.rect(2, 6, 12, 4, light(code, 30))
    for y in (11, 17, 23):
        c.frame(3, y, 10, 6, dark(code, 30))
        c.rect(6, y + 2, 4, 1, "#e8e4d0")
    c.round_frame(1, 5, 14, 26, OUTLINE)


def _photocopier(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(1, 2, 14, 6, 7, "#d8d6cc")
    c.rect(3, 3, 8, 4, "#8a96a0")
    c.dots("#6adf8a", (12, 4))
    c.rect(3, 10, 10, 2, "#fafaf4")


def _tea_corner(c: Canvas) -> None:
    c.block(0, 2, 16, 8, 5, PALE_WOOD)
    c.disc(10, 10, 6, 6, "#d8584e")
    c.dots("#f0a090", (4, 4))
    c.dots("#d8584e", (8, 5), (9, 4))
    c.rect(11, 5, 3, 3, "#fafaf4")


def _library_desk(c: Canvas) -> None:
    c.shadow(32, 30, 30, 4)
    c.block(0, 2, 32, 8, 5, WOOD)
    for index, y in enumerate((7, 5, 3)):
        c.rect(3, y, 7, 2, SPINES[index])
    c.disc(46, 10, 5, 3, "#6aa46a")
    c.rect(22, 6, 2, 3, "#d8b050")
    c.rect(14, 5, 5, 3, "#f6f0e0")


def _newspaper_rack(c: Canvas) -> None:
    c.shadow(16, 30, 12, 4)
    c.rect(2, 1, 12, 13, WOOD)
    for y in (2, 6, 10):
        c.rect(3, y, 10, 3, "#ece8dc")
        c.rect(4, y + 1, 4, 1, "#77757a")
        c.rect(9, y + 1, 3, 1, "#a8a4a4")
    c.frame(1, 0, 14, 15, OUTLINE)


def _computer(c: Canvas) -> None:
    c.shadow(16, 30, 14, 4)
    c.block(0, 5, 16, 6, 4, WOOD)
    c.rect(3, 0, 10, 8, "#d0ccc0")
    c.rect(4, 1, 8, 5, "#3f6d8c")
    c.dots("#b8e0f0", (5, 2), (6, 2), (5, 4), (7, 4), (8, 4))
    c.frame(3, 0, 10, 8, OUTLINE)
    c.rect(4, 9, 8, 1, "#e8e4d8")


def _globe(c: Canvas) -> None:
    c.disc(16, 13, 8, 8, "#5fa0d0")
    c.dots("#7ab858", (6, 5), (7, 5), (6, 6), (8, 8), (9, 7), (9, 8))
    c.rect(7, 11, 2, 2, WOOD)
    c.rect(5, 13, 6, 1, WOOD)
    c.outline()
