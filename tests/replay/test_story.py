from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BadInput
from engine.record.events import Acted, Body, ConversationBegan, ConversationEnded, Failed, Remembered, Said
from replay.story import acquaintance, density, read_story, tell
from tests.replay.synthetic import write_run

PEOPLE = ("Ann Lee", "Bo Moor", "Cy Poe")


def test_the_story_tells_who_did_what_and_talked_about_what(tmp_path: Path) -> None:
    events: list[tuple[int, int, Body]] = [
        (0, 0, Acted("walking to the bar of Inn", "", "town:Inn:hall", 60)),
        (60, 0, Acted("drinking tea", "", "town:Inn:bar:counter", 600)),
        (60, 1, Acted("wiping [the] bar", "", "town:Inn:bar:counter", 600)),
        (100, 0, ConversationBegan("c", "Bo Moor")),
        (100, 0, Said("c", "Bo Moor", "Hello!")),
        (110, 1, Said("c", "Ann Lee", "Hello, Ann!")),
        (120, 0, ConversationEnded("c", "Bo Moor", 2, ("it rains",))),
        (130, 0, Remembered(0, "reflection", "Bo Moor is kind.", 5.0, (), ())),
        (140, 2, Failed("reply", "misfit", "")),
        (700, 2, Acted("sleeping", "", "town:Home:bed", 900)),
    ]
    run = write_run(tmp_path / "run", PEOPLE, events, start="2024-05-04T06:30:00")
    story = read_story(run)
    told = "\n".join(tell(story))
    assert "06:31[/cyan] Inn, bar: drinking tea" in told
    assert r"wiping \[the]" in told
    assert "walking" not in told
    assert "it rains" in told
    assert "Bo: Hello, Ann!" in told
    assert "Bo Moor is kind." in told
    assert story.failures == {("reply", "misfit"): 1}
    assert density(story) == pytest.approx(1 / 3)
    assert acquaintance(story).get_edge_data("Ann Lee", "Bo Moor") == {"weight": 1}


def test_events_of_strangers_are_refused_and_odd_names_are_told(tmp_path: Path) -> None:
    events: list[tuple[int, int, Body]] = [
        (100, 0, ConversationBegan("c", " ")),
        (100, 0, Said("c", " ", "Hello!")),
        (120, 0, ConversationEnded("c", " ", 1, ())),
    ]
    told = "\n".join(tell(read_story(write_run(tmp_path / "run", ("[/b]", " "), events))))
    assert r"[bold]\[/b][/bold]" in told
    assert "1 conversation[/bold]" in told
    with pytest.raises(BadInput, match="agents whom the manifest does not name"):
        read_story(write_run(tmp_path / "strangers", (), events))


def test_an_empty_run_has_a_story_too(tmp_path: Path) -> None:
    story = read_story(write_run(tmp_path / "run", ("Ann Lee",), []))
    assert "Nobody talked with anybody." in list(tell(story))
