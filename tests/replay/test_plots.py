"""The picture of what a log says about people together: what is counted is what is coloured."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import BadInput
from engine.kernel.clock import Clock
from replay.acquaintance import BEFORE, ONE_SIDED, SINCE, draw_ties
from replay.bars import MOST, Bars, draw_bars
from replay.curves import COLOURS, WIDTH, Curve, draw_curves
from replay.spread import Findings, Item, Learned, Spread, Ties
from thorp.commands.plots import draw_findings

NAMES = ("Ann Lee", "Bo Moor", "Cy Poe", "Di Fox")
KNEW = frozenset({("Ann Lee", "Bo Moor"), ("Bo Moor", "Ann Lee"), ("Ann Lee", "a stranger")})
KNOW = KNEW | {("Cy Poe", "Di Fox"), ("Di Fox", "Cy Poe"), ("Cy Poe", "Ann Lee")}
TIES = Ties(1 / 6, 2 / 6, 1, 2, KNEW, KNOW)


def area(picture: Image.Image, colour: tuple[int, int, int]) -> int:
    """So many pixels have a colour."""
    return int((np.asarray(picture.convert("RGB")) == colour).all(axis=2).sum())


def test_everybody_who_is_known_is_a_square() -> None:
    picture = draw_ties(NAMES, TIES)
    squares = {colour: area(picture, colour) for colour in (BEFORE, SINCE, ONE_SIDED)}
    alone = draw_ties(NAMES, Ties(0, 0, 0, 0, frozenset(), frozenset()))
    legend = {colour: area(alone, colour) for colour in squares}
    drawn = {colour: squares[colour] - legend[colour] for colour in squares}
    assert drawn[BEFORE] == drawn[SINCE] == 2 * drawn[ONE_SIDED] > 0


@pytest.mark.parametrize("people", [0, 1, 70, 1500])
def test_any_number_of_people_can_be_drawn(people: int) -> None:
    names = [f"Person {number}" for number in range(people)]
    knowing = frozenset((a, b) for a in names[:60] for b in names[:60] if a != b)
    picture = draw_ties(names, Ties(None, 0.5, None, 9, frozenset(), knowing))
    assert picture.width == WIDTH
    assert picture.height < 800
    if people > 1:
        assert area(picture, SINCE) > 500


def test_bars_are_as_long_as_what_they_count() -> None:
    picture = draw_bars("Title", [Bars("a", [("many", 20), ("few", 5), ("none", 0)])], 25)
    many, few, none = (area(picture, colour) for colour in COLOURS[:3])
    assert many / few == pytest.approx(4, rel=0.02)
    assert none < few / 50
    assert draw_bars("", [Bars("a", [("x", 1)])] * (MOST + 3), 1).height < 1000


def test_all_of_it_is_in_one_picture(tmp_path: Path) -> None:
    party = Spread(Item("Ann gives a party " * 12, "Ann Lee", 3600, "town:Hall"), [Learned("Ann Lee", 0, "", 0)])
    rumour = Spread(Item("it rains", ""), [Learned("Bo Moor", 50, "", 3)])
    for spreads in ((), (rumour,), (party, rumour)):
        draw_findings(Findings(spreads, TIES, 7200), NAMES, Clock(datetime(2023, 2, 13, 8)), tmp_path / "plot.png")
        with Image.open(tmp_path / "plot.png") as picture:
            assert picture.size[0] == WIDTH
            heights = picture.size[1]
    assert heights > 640 + draw_ties(NAMES, TIES).height
    draw_findings(Findings((party,), TIES, 7200), NAMES, Clock(datetime(2023, 2, 13, 8)), tmp_path / "one.png")
    draw_findings(Findings((party,), TIES, 7200), NAMES, Clock(datetime(2023, 2, 13, 8)), tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    with pytest.raises(BadInput, match="cannot be written"):
        draw_findings(Findings((), TIES, 0), NAMES, Clock(datetime(2023, 2, 13, 8)), tmp_path / "nowhere" / "plot.png")


def test_curves_of_nothing_can_be_drawn() -> None:
    assert draw_curves([Curve("x" * 200, [])], 0, 0, [(0, "now")]).size == (WIDTH, 640)
