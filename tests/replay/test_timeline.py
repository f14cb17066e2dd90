from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadInput
from engine.record.events import (
    WORLD_AGENT,
    Acted,
    Appeared,
    Body,
    ConversationBegan,
    ConversationEnded,
    Intervened,
    ObjectChanged,
    Said,
    Walked,
)
from engine.record.run_folder import RunFolder
from replay.timeline import Timeline
from replay.tracks import Heading, Walks
from tests.replay.synthetic import write_run

PAIR = ("Mara Brook", "Tom Ashby")
L_SHAPE = ((1, 1), (2, 1), (3, 1), (3, 2))


def timeline(folder: Path, *bodies: tuple[int, int, Body], people: tuple[str, ...] = PAIR, end: int = 3600) -> Timeline:
    return Timeline.of(write_run(folder / "run", people, bodies, end=end))


def test_nobody_is_there_before_they_appear(tmp_path: Path) -> None:
    line = timeline(tmp_path, (0, 0, Appeared((1, 1), "T:a")), (50, 1, Appeared((4, 4), "T:b")))
    assert [person.tile for person in line.state(49).people] == [(1, 1), None]
    assert [person.tile for person in line.state(50).people] == [(1, 1), (4, 4)]


def test_a_walk_by_hand(tmp_path: Path) -> None:
    line = timeline(
        tmp_path, (0, 0, Appeared((1, 1), "T:a")), (100, 0, Walked(L_SHAPE, 10, "T:b")), (200, 1, Appeared((0, 0), ""))
    )

    def person(time: float) -> tuple[object, tuple[float, float], Heading, bool]:
        found = line.state(time).people[0]
        return found.tile, found.point, found.heading, found.walking

    assert person(99) == ((1, 1), (1, 1), Heading.DOWN, False)
    assert person(100) == ((1, 1), (1, 1), Heading.RIGHT, True)
    assert person(105) == ((1, 1), (1.5, 1), Heading.RIGHT, True)
    assert person(110) == ((2, 1), (2, 1), Heading.RIGHT, True)
    assert person(122.5) == ((3, 1), (3, 1.25), Heading.DOWN, True)
    assert person(130) == ((3, 2), (3, 2), Heading.DOWN, False)
    assert person(200) == ((3, 2), (3, 2), Heading.DOWN, False)
    assert line.state(115).people[0].walking_to == "T:b"


def test_a_walk_that_is_replaced_never_jumps(tmp_path: Path) -> None:
    line = timeline(
        tmp_path,
        (0, 0, Appeared((1, 1), "T:a")),
        (0, 0, Walked(((1, 1), (2, 1), (3, 1)), 10, "T:b")),
        (15, 0, Walked(((2, 1), (2, 2)), 10, "T:c")),
        (60, 1, Appeared((0, 0), "")),
    )
    points = [line.state(time / 4).people[0].point for time in range(240)]
    assert points[-1] == (2, 2)
    assert max(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(points)) <= 0.025 + 1e-9


WALKS = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.lists(st.sampled_from([(1, 0), (0, 1), (-1, 0), (0, -1)]), max_size=6),
        st.integers(1, 12),
    ),
    min_size=1,
    max_size=8,
)


@given(WALKS, st.floats(0, 500))
def test_positions_agree_with_a_scan_of_the_log(
    drawn: list[tuple[int, list[tuple[int, int]], int]], time: float
) -> None:
    walks, log, now = Walks(), [], 0
    for pause, steps, pace in drawn:
        path = [(50, 50)]
        for dx, dy in steps:
            path.append((path[-1][0] + dx, path[-1][1] + dy))
        now += pause
        walks.add(now, tuple(path), pace, "")
        log.append((now, path, pace))
    scanned = None
    for start, path, pace in log:
        if start <= time:
            scanned = path[min(int((time - start) // pace), len(path) - 1)]
    stance = walks.at(time)
    assert (stance.tile if stance else None) == scanned
    if stance and scanned:
        assert stance.walking or stance.point == scanned


@given(WALKS, st.integers(0, 300), st.integers(0, 200))
def test_a_trail_is_every_tile_of_the_time(
    drawn: list[tuple[int, list[tuple[int, int]], int]], start: int, span: int
) -> None:
    walks, now, place = Walks(), 0, (50, 50)
    walks.add(0, (place,), 1, "")
    for pause, steps, pace in drawn:
        now += pause
        before = walks.at(now)
        path = [before.tile if before else place]
        for dx, dy in steps:
            path.append((path[-1][0] + dx, path[-1][1] + dy))
        walks.add(now, tuple(path), pace, "")
    seen: list[tuple[int, int]] = []
    for second in range(start, start + span + 1):
        stance = walks.at(second)
        if stance and (not seen or seen[-1] != stance.tile):
            seen.append(stance.tile)
    assert walks.trail(start, start + span) == seen


def test_actions_objects_and_captions(tmp_path: Path) -> None:
    line = timeline(
        tmp_path,
        (0, 0, Appeared((1, 1), "T:a")),
        (10, 0, Acted("baking bread", "🍞", "T:Bakery:shop:oven", 600)),
        (10, 0, ObjectChanged("T:Bakery:shop:oven", "hot")),
        (80, WORLD_AGENT, Intervened("broadcast", "", "it snows")),
        (90, WORLD_AGENT, Intervened("object", "T:Bakery:shop:oven", "broken")),
        (90, WORLD_AGENT, ObjectChanged("T:Bakery:shop:oven", "broken")),
        (600, 0, ObjectChanged("T:Bakery:shop:oven", "idle")),
        (600, 0, Acted("resting", "🪑", "T:Bakery:shop:bench", 900)),
        people=PAIR[:1],
    )
    assert line.state(9).people[0].acting is None
    acting = line.state(10).people[0].acting
    assert acting is not None and (acting.description, acting.until) == ("baking bread", 600)
    assert [tuple(item) for item in line.state(100).objects] == [("T:Bakery:shop:oven", "broken")]
    assert line.state(600).objects == ()
    assert [caption.text for caption in line.state(599).captions] == [
        "Mara: baking bread (Bakery)",
        "everybody hears: it snows",
        "oven (Bakery): broken",
    ]
    assert line.end == 900, "nothing can be missing until the action ends"


def test_who_leaves_a_circle_is_not_shown_as_talking_any_more(tmp_path: Path) -> None:
    three = (*PAIR, "Ned Moor")
    line = timeline(
        tmp_path,
        *((0, agent, Appeared((1 + agent, 1), "T:a")) for agent in range(3)),
        (100, 0, ConversationBegan("c", "Tom Ashby")),
        (100, 0, ConversationBegan("c", "Ned Moor")),
        (100, 1, Acted("talking with Mara Brook", "💬", "T:a", 400)),
        (150, 0, Acted("resting", "🪑", "T:a", 600)),
        (200, 1, ConversationEnded("c", "Ned Moor", 8, ("bread",))),
        people=three,
    )
    assert [person.partners for person in line.state(149).people] == [three[1:], three[::2], three[:2]]
    assert [person.partners for person in line.state(150).people] == [(), three[::2], three[:2]]
    assert [person.partners for person in line.state(200).people] == [(), (), ()]
    assert line.state(200).captions[-1].text == "Mara talked with Tom and Ned about bread"


def test_speech_gives_way_to_the_answer_and_then_fades(tmp_path: Path) -> None:
    line = timeline(
        tmp_path,
        (0, 0, Appeared((1, 1), "T:a")),
        (0, 1, Appeared((2, 1), "T:a")),
        (100, 0, ConversationBegan("c", "Tom Ashby")),
        (100, 0, Said("c", "Tom Ashby", "Hello!")),
        (108, 1, Said("c", "Mara Brook", "Good day to you, Mara.")),
        (140, 0, ConversationEnded("c", "Tom Ashby", 2, ("bread", "the fair"))),
        (500, 0, Acted("resting", "🪑", "T:a", 600)),
    )

    def said(time: float, linger: float = 0) -> list[str]:
        return [person.speech.text if person.speech else "" for person in line.state(time, linger=linger).people]

    assert said(99) == ["", ""]
    assert said(107) == ["Hello!", ""]
    assert said(108) == ["", "Good day to you, Mara."]
    assert said(127.5) == ["", "Good day to you, Mara."]
    assert said(128) == ["", ""]
    assert said(300, linger=200) == ["", "Good day to you, Mara."]
    assert [person.partners for person in line.state(139).people] == [("Tom Ashby",), ("Mara Brook",)]
    assert [person.partners for person in line.state(140).people] == [(), ()]
    assert line.conversations == ((100, 140),)
    assert line.state(140).captions[-1].text == "Mara talked with Tom about bread and the fair"


def test_a_torn_log_plays_as_far_as_it_goes(day: RunFolder, tmp_path: Path) -> None:
    content = day.events_path.read_bytes()
    folder = tmp_path / "torn"
    day.manifest.write(_made(folder))
    (folder / "events.log").write_bytes(content[: len(content) * 2 // 3])
    torn, whole = Timeline.of(RunFolder.open(folder)), Timeline.of(day)
    assert torn.torn and not whole.torn
    assert 0 < torn.end < whole.end == 86400
    at = torn.end - 1
    assert [p.tile for p in torn.state(at).people] == [p.tile for p in whole.state(at).people]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("bodies", "words"),
    [
        ([(0, 7, Appeared((1, 1), ""))], "agent 7"),
        ([(0, 0, Walked((), 10, ""))], "no path"),
        ([(0, 0, Walked(((1, 1),), 0, ""))], "no speed"),
        ([(0, 0, Walked(((1, 1), (-4, 10**9)), 10, ""))], "no map has"),
        ([(-5, 0, Appeared((1, 1), ""))], "second -5"),
    ],
)
def test_events_that_make_no_sense_are_refused(tmp_path: Path, bodies: list[tuple[int, int, Body]], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        timeline(tmp_path, *bodies)


def test_clock_and_names(tmp_path: Path) -> None:
    people = ("Ann Lee", "Ann Moor", "Bo")
    run = write_run(tmp_path / "run", people, [(0, 0, Appeared((1, 1), ""))], start="2026-05-04T06:30:00")
    line = Timeline.of(run)
    assert line.short_names == ("Ann L.", "Ann M.", "Bo")
    assert line.clock.label(3600) == "Mon 4 May 07:30"
