"""What is in Thorp only to be looked at, place by place."""

from __future__ import annotations

from worlds.town.art.plan import Decor


def indoors() -> tuple[Decor, ...]:
    """Return chairs, rugs, plants and what hangs on the walls."""
    chairs = (
        ("down", 9, 10), ("down", 10, 10), ("up", 9, 12), ("up", 10, 12),
        ("down", 19, 8), ("down", 20, 8), ("left", 21, 9), ("up", 6, 6),
        ("down", 52, 9), ("up", 53, 11), ("up", 44, 5),
        ("down", 2, 25), ("down", 4, 25), ("up", 2, 27), ("up", 3, 27), ("left", 5, 26),
        ("up", 30, 31), ("left", 31, 32),
        ("down", 33, 11), ("down", 34, 11), ("up", 33, 13), ("up", 34, 13), ("left", 35, 13),
        ("right", 19, 27), ("up", 20, 28), ("down", 22, 26), ("up", 22, 28),
        ("right", 42, 25), ("left", 44, 25), ("up", 43, 26), ("down", 43, 24),
        ("up", 42, 9), ("up", 44, 9), ("up", 42, 11), ("up", 44, 11), ("up", 46, 11), ("up", 48, 11),
    )  # fmt: skip
    desks = ((42, 8), (44, 8), (42, 10), (44, 10), (46, 10), (48, 10))
    walls = (
        ("window", 3, 3), ("picture", 6, 3), ("window", 9, 3), ("window", 2, 13), ("window", 8, 13), ("clock", 4, 8),
        ("window", 20, 2), ("window", 19, 10), ("window", 25, 10), ("picture", 25, 6), ("picture", 19, 6),
        ("window", 32, 3), ("window", 33, 3), ("clock", 31, 9), ("window", 31, 15), ("window", 35, 15),
        ("picture", 34, 9),
        ("window", 45, 2), ("window", 46, 2), ("clock", 47, 6), ("window", 43, 12), ("window", 47, 12),
        ("picture", 42, 2),
        ("window", 56, 3), ("picture", 56, 3), ("window", 52, 12), ("window", 56, 12), ("picture", 52, 7),
        ("window", 3, 23), ("window", 10, 23), ("picture", 5, 23), ("clock", 7, 23), ("window", 3, 33),
        ("window", 10, 33),
        ("picture", 3, 28), ("window", 21, 24), ("clock", 23, 24), ("window", 24, 24), ("picture", 21, 29),
        ("window", 21, 33), ("window", 24, 33), ("window", 33, 33), ("window", 32, 37), ("window", 35, 37),
        ("clock", 33, 23), ("window", 31, 29), ("picture", 35, 29), ("lantern", 43, 22), ("lantern", 45, 22),
        ("window", 46, 22), ("window", 43, 31), ("window", 47, 31), ("picture", 45, 27), ("window", 44, 31),
    )  # fmt: skip
    rugs = (
        ("rug_red_3x2", 2, 10), ("rug_blue_2x2", 4, 5), ("rug_gold_2x2", 22, 8), ("rug_red_2x2", 8, 25),
        ("rug_blue_2x2", 10, 31), ("rug_gold_3x2", 32, 31), ("rug_red_2x2", 55, 5), ("rug_blue_3x2", 32, 6),
        ("rug_gold_2x2", 54, 9), ("rug_red_2x2", 21, 4), ("rug_gold_2x2", 31, 35),
    )  # fmt: skip
    plants = ((6, 4), (2, 7), (35, 5), (32, 14), (48, 5), (19, 28), (52, 11), (11, 27), (36, 32), (48, 26))
    return (
        *(Decor(f"chair_{way}", x, y) for way, x, y in chairs), *(Decor("pupil_desk", x, y, True) for x, y in desks),
        *(Decor(name, x, y) for name, x, y in walls), *(Decor(name, x, y) for name, x, y in rugs),
        *(Decor("pot_plant", x, y, True) for x, y in plants), Decor("barrel", 48, 30, True),
        Decor("stool", 45, 23), Decor("stool", 45, 24), Decor("stool", 45, 25), Decor("crate", 35, 28, True),
        Decor("crate", 35, 24, True), Decor("barrel", 26, 32, True), Decor("crate", 25, 32, True),
        Decor("bedside_table", 4, 4, True), Decor("floor_lamp", 6, 12, True), Decor("bedside_table", 4, 32, False),
    )  # fmt: skip


def outdoors() -> tuple[Decor, ...]:
    """Return trees, flowers, lamps and beasts."""
    trees = (
        ("oak", 0, 2), ("fir", 12, 1), ("fir", 0, 5), ("birch", 0, 9), ("oak", 16, 4), ("lime", 27, 1),
        ("beech", 16, 11),
        ("oak", 27, 8), ("fir", 28, 12), ("birch", 27, 15), ("maple", 36, 16), ("lime", 9, 17), ("oak", 40, 1),
        ("fir", 50, 2), ("fir", 59, 6), ("oak", 56, 1), ("birch", 59, 12), ("lime", 50, 12), ("beech", 3, 1),
        ("fir", 8, 1),
        ("oak", 0, 21), ("maple", 10, 22), ("birch", 0, 27), ("fir", 0, 31), ("apple_tree", 4, 38),
        ("apple_tree", 8, 38),
        ("lime", 16, 26), ("oak", 18, 36), ("beech", 22, 37), ("maple", 26, 36), ("birch", 28, 33), ("fir", 28, 26),
        ("birch", 17, 31), ("oak", 57, 26), ("lime", 50, 26), ("maple", 50, 38), ("fir", 58, 29),
        ("fir", 33, 1), ("oak", 20, 1), ("birch", 37, 22), ("fir", 37, 1), ("beech", 46, 1),
    )  # fmt: skip
    flat = (
        ("flowers_red", 2, 16), ("flowers_yellow", 6, 16), ("flowers_white", 20, 17), ("flowers_red", 25, 17),
        ("flowers_white", 29, 22), ("flowers_blue", 7, 15),
        ("flowers_blue", 19, 11), ("flowers_yellow", 23, 13), ("flowers_red", 21, 13), ("flowers_white", 24, 15),
        ("flowers_blue", 52, 16), ("flowers_yellow", 56, 16), ("fern", 51, 13), ("fern", 52, 14), ("fern", 58, 13),
        ("fern", 51, 15), ("flowers_red", 29, 16), ("flowers_white", 31, 16), ("flowers_yellow", 35, 16),
        ("fern", 56, 13),
        ("flowers_red", 3, 22), ("flowers_blue", 8, 22), ("flowers_white", 58, 24), ("flowers_red", 50, 24),
        ("flowers_yellow", 56, 29), ("flowers_white", 57, 38), ("flowers_red", 46, 33), ("reeds", 13, 15),
        ("reeds", 17, 14),
        ("reeds", 16, 25), ("reeds", 14, 29), ("reeds", 14, 31), ("reeds", 12, 12), ("reeds", 11, 9),
        ("lily", 56, 30), ("fern", 28, 35),
        ("flowers_blue", 27, 34), ("flowers_yellow", 20, 34), ("flowers_blue", 42, 21), ("flowers_red", 47, 21),
        ("doormat", 4, 14), ("doormat", 33, 16), ("doormat", 22, 11), ("doormat", 54, 13), ("doormat", 45, 13),
    )  # fmt: skip
    solid = (
        ("lamp_post", 8, 17), ("lamp_post", 21, 17), ("lamp_post", 31, 17), ("lamp_post", 47, 17),
        ("lamp_post", 57, 17),
        ("lamp_post", 8, 21), ("lamp_post", 28, 22), ("lamp_post", 40, 22), ("lamp_post", 40, 31),
        ("lamp_post", 36, 21),
        ("mailbox", 3, 17), ("mailbox", 23, 17), ("mailbox", 53, 17), ("mailbox", 5, 21), ("mailbox", 33, 22),
        ("flower_bush", 17, 16), ("bush", 27, 13), ("bush", 58, 2),
        ("flower_bush", 1, 22), ("bush", 28, 30), ("flower_bush", 40, 26), ("bush", 40, 28), ("flower_bush", 40, 24),
        ("flower_bush", 52, 22), ("flower_bush", 56, 22), ("bush", 58, 35), ("bush", 40, 10), ("bush", 40, 5),
        ("well", 28, 17), ("planter", 21, 23), ("planter", 18, 23), ("planter", 27, 23),
        ("log_pile", 3, 15), ("log_pile", 1, 14), ("stone", 11, 15), ("stone", 17, 23), ("planter", 43, 21),
        ("planter", 46, 21), ("stone", 1, 2), ("willow", 56, 33),
    )  # fmt: skip
    chairs = (("right", 18, 22), ("left", 21, 22), ("right", 24, 22), ("left", 27, 22))
    return (
        *(Decor(name, x, y, True) for name, x, y in trees), *(Decor(name, x, y) for name, x, y in flat),
        *(Decor(name, x, y, True) for name, x, y in solid), *(Decor(f"chair_{way}", x, y) for way, x, y in chairs),
        Decor("mill_wheel", 12, 7), Decor("duck", 53, 31), Decor("duck", 55, 31), Decor("duck", 54, 30),
        Decor("boat", 14, 26),
        Decor("hen", 9, 37), Decor("hen", 12, 37), Decor("hen", 11, 38), Decor("duck", 15, 23),
    )  # fmt: skip
