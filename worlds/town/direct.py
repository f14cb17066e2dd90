"""Ways without detours: those on which every step leads nearer to the goal, in columns or in rows.

Three of four pairs of tiles in a town have one, and then it is a shortest way. From the goal the tiles that it can be
reached from are found row by row up to the start; along a row by one addition, whose carry runs through the free tiles.
"""

from __future__ import annotations

from worlds.town.places import Tile
from worlds.town.rows import Rows
from worlds.town.steps import Step, Stretch, preferred


def direct_way(rows: Rows, start: Tile, stop: Tile, goal: Tile, step: Step | None) -> list[Stretch] | None:
    """Return a way from a start to a stop on the way to a goal; None when every way makes a detour.

    It comes with `step`, and takes the `preferred` moves.
    """
    (x, y), (last_x, last_y) = rows.own(start), rows.own(stop)
    down = -1 if last_y < y else 1
    if x < last_x:
        right, ahead, lowest = 1, last_x - x, 2 * rows.width - last_x
    else:
        right, ahead, lowest = -1, x - last_x, last_x
    span, bits, reached = (2 << ahead) - 1, 1, []
    for number in range(last_y, y - down, -down):
        free = rows.numbers[number] >> lowest & span
        bits &= free
        if not bits:
            return None
        bits |= free & ~(free + bits)
        reached.append(bits)
    if not bits >> ahead:
        return None
    moves = rows.own((right, 0)), rows.own((0, down))
    along = next(move for move in preferred(start, goal, step) if move in moves) == moves[0]
    row, way = len(reached) - 1, []
    while ahead or row:
        if along:
            count = ahead - (~reached[row] & ((1 << ahead) - 1)).bit_length()
            ahead -= count
        else:
            bit, before = 1 << ahead, row
            while row and reached[row - 1] & bit:
                row -= 1
            count = before - row
        if count:
            way.append((moves[not along], count))
        along = not along
    return way
