from __future__ import annotations

from pathlib import Path

import pygame

from engine.record.events import Acted, Appeared, ConversationBegan, Said
from engine.record.run_folder import RunFolder
from replay.art import draw_icons
from replay.bubbles import Board
from replay.clock import daylight
from replay.drawing import Stage
from replay.emoji import has_icon, icon_name
from replay.icons import Icons
from replay.pictures import DATA
from replay.scenery import Scenery
from replay.theme import Fonts
from replay.timeline import Timeline
from replay.view import View
from tests.replay.synthetic import write_run


def test_the_icons_are_what_the_script_draws() -> None:
    png, table = draw_icons.draw()
    assert (DATA / "icons.png").read_bytes() == png
    assert (DATA / "icons.json").read_bytes() == table


def test_icons_by_emoji() -> None:
    assert icon_name("☕") == "coffee"
    assert icon_name("🛏️") == icon_name("😴") == "sleep"
    assert icon_name("🚶🏽‍♀️") == "walk"
    assert icon_name("👩‍🍳") == "cooking"
    assert icon_name("🦕") == "unknown" and not has_icon("🦕") and not has_icon("")
    icons = Icons()
    assert len(icons.of("☕📖", 16)) == 2
    assert [icon.get_size() for icon in icons.of("plain words", 24)] == [(24, 24)]


def test_text_is_cut_wrapped_and_cleaned() -> None:
    fonts = Fonts()
    assert fonts.clean("a\x00b\n c\ud83d 🦕") == "ab c"
    lines = fonts.wrap("one two three four five six seven eight nine ten " * 9, 13, 120, 3)
    assert len(lines) == 3 and lines[-1].endswith("…")
    assert all(fonts.width(line, 13) <= 120 for line in lines)
    assert fonts.wrap("", 13, 120, 3) == []
    assert fonts.width(fonts.fit("x" * 500, 13, 50), 13) <= 50


def test_bubbles_stay_on_the_picture_and_avoid_each_other() -> None:
    board = Board(pygame.Rect(0, 0, 200, 200))
    first = board.place((80, 40), [(-50, -50)])
    second = board.place((80, 40), [(10, 10), (90, 100)])
    assert board.area.contains(first) and not first.colliderect(second)


def test_the_light_of_the_day() -> None:
    assert daylight(12) == (255, 255, 255)
    assert daylight(0) == daylight(24) != daylight(12)
    assert daylight(6.01, 4) == daylight(6.2, 4)


def test_any_text_and_any_tile_can_be_drawn(tmp_path: Path) -> None:
    people = ("日本", "", "Zoë \U0001f600")
    wild = "\x00\x07🦕 \u202e日本 " + "w" * 5000
    run = write_run(
        tmp_path / "run",
        people,
        [
            (0, 0, Appeared((30000, 30000), "")),
            (0, 1, Appeared((0, 0), "::::")),
            (0, 2, Appeared((19, 13), wild)),
            (1, 1, Acted(wild, wild, wild, 10)),
            (1, 2, Acted("", "", "", 10)),
            (2, 2, ConversationBegan("c", "a stranger")),
            (3, 2, Said("c", "a stranger", wild)),
        ],
    )
    stage = Stage(Timeline.of(run), Scenery.of(run))
    for size in ((480, 320), (1200, 700)):
        stage.draw(pygame.Surface(size), View(5, followed=2, since=0, help=True, note=wild))


def test_a_figure_may_be_chosen_in_the_scenario(day: RunFolder, tmp_path: Path) -> None:
    people = [{"name": "a", "figure": 5}, {"name": "b"}, {"name": "c", "figure": "x"}]
    run = write_run(tmp_path / "run", ("a", "b", "c", "d"), [], scenario={"people": people})
    assert Scenery.of(run).figures == (5, 1, 2, 3)
