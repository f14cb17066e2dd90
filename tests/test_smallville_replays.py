"""Runs of the original town as run folders: they play, they can be told and checked, and they come back exactly."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from engine.llm.records import unreadable_replies
from engine.record.events import (
    Acted,
    Appeared,
    ConversationBegan,
    ConversationEnded,
    Remembered,
    Said,
    Walked,
)
from engine.record.run_folder import RunFolder
from replay.story import read_story, tell
from replay.timeline import Timeline
from tests.originals import (
    ASLEEP,
    META,
    NODES,
    PEOPLE,
    STEPS,
    read_json,
    write_compressed,
    write_json,
    write_map,
    write_people,
    write_saved,
)
from tests.shared_data import VILLE, needs_ville
from thorp.fork import prepare_fork
from thorp.imports import import_into
from thorp.resume import prepare_resumption
from thorp.smallville import MapAtHand, write_run
from worlds.town.smallville.importing import read_map
from worlds.town.smallville.records import Change, Movement, Record
from worlds.town.smallville.replayed import movement_of
from worlds.town.smallville.stored import master_of


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("front")
    write_map(folder)
    write_compressed(folder)
    write_saved(folder)
    return folder


@pytest.fixture(scope="module")
def at_hand(front: Path) -> MapAtHand:
    return MapAtHand.at(front)


@pytest.fixture(scope="module")
def run(front: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    to = tmp_path_factory.mktemp("runs") / "run"
    import_into("smallville-replay", front / "compressed_storage", to)
    return RunFolder.open(to)


def bodies(run: RunFolder, person: int) -> list[tuple[int, Any]]:
    return [(event.key.time, event.body) for event in run.events() if event.key.agent == person]


def test_what_happened_is_told_as_events(run: RunFolder) -> None:
    ann = "Brookside:Ann Reed's house:main room:bed"
    chat = [(event.key.time, event.body) for event in run.events() if isinstance(event.body, Said)]
    assert bodies(run, 0) == [
        (0, Appeared((2, 2), ann)),
        (0, Acted("sleeping", "💤", ann, 20)),
        (20, Acted("conversing about the price of tea", "💬", "<persona> Bob Hale", 40)),
        (30, Said("conversation 1", "Bob Hale", "It is.")),
        (40, Acted("sleeping", "💤", ann, 60)),
    ]
    assert bodies(run, 1) == [
        (0, Appeared((3, 4), "<waiting> 3 5")),
        (0, Acted("walking", "🚶‍♂", "<waiting> 3 5", 20)),
        (0, Walked(((3, 4), (3, 3)), 10, "<waiting> 3 5")),
        (10, Walked(((3, 3), (2, 3)), 10, "<persona> Ann Reed")),
        (20, Acted("conversing about the price of tea", "💬", "<persona> Ann Reed", 40)),
        (20, ConversationBegan("conversation 1", "Ann Reed")),
        (20, Said("conversation 1", "Ann Reed", "Tea is dear.")),
        (40, Acted("strolling", "", "", 60)),
        (40, Walked(((12, 9),), 10, "")),
        (40, Walked(((12, 9), (12, 10)), 10, "")),
        (40, ConversationEnded("conversation 1", "Ann Reed", 2, ("the price of tea",))),
    ]
    assert [(time, body.text) for time, body in chat] == [(20, "Tea is dear."), (30, "It is.")]


def test_it_is_sound_and_plays_and_can_be_told(run: RunFolder) -> None:
    assert run.verify().faults == ()
    assert list(unreadable_replies(run.replies_path)) == []
    timeline = Timeline.of(run)
    assert timeline.end == 60
    assert timeline.state(15).people[1].point == (2.5, 3.0)
    assert timeline.state(39).people[1].tile == (2, 3)
    assert timeline.state(40).people[1].point == (12, 9), "whoever is elsewhere all at once jumps there"
    assert timeline.state(30).people[0].partners == ("Bob Hale",)
    told = "\n".join(tell(read_story(run)))
    assert "1 conversation" in told and "Tea is dear." in told


def test_it_plays_without_the_map_it_was_made_from(run: RunFolder, tmp_path: Path) -> None:
    from replay.export import export

    export(run, tmp_path / "moment.png", at=30)
    assert (tmp_path / "moment.png").read_bytes()[:4] == b"\x89PNG"
    assert set(run.manifest.attachments) == {"map", "image:tiles.png", "smallville"}


def test_it_comes_back_record_by_record(front: Path, run: RunFolder) -> None:
    movement = movement_of(run)
    assert master_of(movement) == STEPS
    assert dict(movement.meta) == META


def test_a_simulation_saved_step_by_step_is_the_same_run(front: Path, run: RunFolder, tmp_path: Path) -> None:
    imported = import_into("smallville-replay", front / "storage" / "brookside-day", tmp_path / "run")
    assert imported.warnings == read_map(front).warnings
    saved = RunFolder.open(tmp_path / "run")
    assert list(saved.events()) == list(run.events())
    assert saved.manifest.start == run.manifest.start == "2023-02-13T08:00:00"


def test_a_browser_that_put_somebody_elsewhere_is_reported(front: Path, tmp_path: Path) -> None:
    write_map(tmp_path)
    simulation = write_saved(tmp_path)
    path = simulation / "environment" / "2.json"
    write_json(path, read_json(path) | {"Bob Hale": {"maze": "brookside", "x": 5, "y": 5}})
    imported = import_into("smallville-replay", simulation, tmp_path / "run")
    assert any("1 times environment puts somebody elsewhere" in line for line in imported.warnings)


def test_memories_go_along(tmp_path: Path) -> None:
    write_map(tmp_path)
    simulation = write_compressed(tmp_path, meta=META | {"curr_time": "February 13, 2023, 08:21:00"})
    write_people(simulation)
    imported = import_into("smallville-replay", simulation, tmp_path / "run")
    run = RunFolder.open(tmp_path / "run")
    remembered = [(event.key, event.body) for event in run.events() if isinstance(event.body, Remembered)]
    # The run goes from 08:20 to 08:21; of four memories one arose then.
    assert [(key.time, key.agent, body.memory, body.kind, body.about) for key, body in remembered] == [
        (0, 0, 1, "chat", ("Bob Hale",))
    ]
    assert imported.counts["memories"] == 1
    assert run.verify().faults == ()
    assert master_of(movement_of(run)) == STEPS
    assert len(NODES) == 4


def test_it_is_neither_resumed_nor_forked(run: RunFolder) -> None:
    for attempt in (lambda: prepare_resumption(run.path), lambda: prepare_fork(run.path, "08:00")):
        with pytest.raises(BadInput, match=r"was imported: .* neither resumed nor forked") as error:
            attempt()
        assert "\n" not in str(error.value)


def test_the_map_can_be_given(front: Path, tmp_path: Path) -> None:
    alone = write_compressed(tmp_path)
    with pytest.raises(BadInput, match=r"static_dirs/assets/brookside/matrix\).* by --map"):
        import_into("smallville-replay", alone, tmp_path / "a")
    assert not (tmp_path / "a").exists()
    import_into("smallville-map", front, tmp_path / "town")
    for number, given_map in enumerate((tmp_path / "town", tmp_path / "town" / "town.tmj", front)):
        import_into("smallville-replay", alone, tmp_path / f"run{number}", given_map)
        run = RunFolder.open(tmp_path / f"run{number}")
        assert run.verify().faults == () and Timeline.of(run).end == 60
    with pytest.raises(BadInput, match="--map: does not go with the kind smallville-map"):
        import_into("smallville-map", front, tmp_path / "b", front)


def without(step: str) -> Callable[[dict[str, Any]], Any]:
    return lambda steps: steps.pop(step)


def record(key: str, value: object) -> Callable[[dict[str, Any]], Any]:
    return lambda steps: steps["2"]["Ann Reed"].update({key: value})


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], Any], tuple[str, ...]]] = {
    "unknown persona": (lambda s: s["2"].update({"Eve": s["2"]["Ann Reed"]}), ("step 2, 'Eve'", "persona_names")),
    "off the map": (record("movement", [14, 0]), ("'Ann Reed', movement", "tile (14, 0) is off the map of 14 x 11")),
    "negative": (record("movement", [-1, 0]), ("tile (-1, 0) is off the map",)),
    "no tile": (record("movement", [1.5, 0]), ("must be a tile [x, y]",)),
    "no text": (record("description", None), ("'Ann Reed', description", "must be a text, not nothing")),
    "long text": (record("pronunciatio", "x" * 30_000), ("pronunciatio", "30000 characters long")),
    "no chat": (record("chat", "hello"), ("'Ann Reed', chat", "must be null or a list")),
    "chat line": (record("chat", [["Ann Reed"]]), ("chat, line 1", "must be [speaker, text]")),
    "speaker": (record("chat", [["Eve", "Hi"]]), ("chat, line 1", "nobody is called 'Eve'")),
    "no record": (lambda s: s["2"].update({"Ann Reed": []}), ("step 2, 'Ann Reed'", "must be an object, not a list")),
    "lacks": (lambda s: s["2"]["Ann Reed"].pop("chat"), ("step 2, 'Ann Reed'", "lacks 'chat'")),
    "step gap": (without("2"), ("step '3'", "step 2 is missing before it")),
    "gap": (lambda s: [s.pop("2"), s.pop("3")], ("step '4'", "steps 2 to 3 are missing")),
    "backwards": (lambda s: s.update({"1": s.pop("1")}), ("step '1'", "goes backwards: it comes after step 5")),
    "no step": (lambda s: s.update({"x": {}}), ("step 'x'", "is not the number of a step")),
    "odd step": (lambda s: s.update({"06": {}}), ("step '06'", "is not the number of a step")),
    "first": (lambda s: s["0"].pop("Bob Hale"), ("step 0", "has no record of Bob Hale")),
    "records": (lambda s: s.update({"2": []}), ("step 2", "must be an object with a record for each person")),
    "nothing": (lambda s: s.clear(), ("holds no steps",)),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_wrong_with_a_replay_is_said_with_its_place(case: str, tmp_path: Path) -> None:
    change, expected = BROKEN[case]
    steps = json.loads(json.dumps(STEPS))
    change(steps)
    write_map(tmp_path)
    with pytest.raises(BadInput) as error:
        import_into("smallville-replay", write_compressed(tmp_path, steps), tmp_path / "run")
    assert [part for part in ("master_movement.json", *expected) if part not in str(error.value)] == [], str(
        error.value
    )
    assert not (tmp_path / "run").exists()


def test_all_faults_of_a_replay_are_told_at_once(tmp_path: Path) -> None:
    steps = json.loads(json.dumps(STEPS))
    for case in ("unknown persona", "off the map", "speaker"):
        BROKEN[case][0](steps)
    write_map(tmp_path)
    with pytest.raises(BadInput, match="4 faults in this replay"):  # Eve has been given Ann's broken record, too
        steps["4"]["Ann Reed"]["movement"] = "here"
        import_into("smallville-replay", write_compressed(tmp_path, steps), tmp_path / "run")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("persona_names", ["Ann Reed", "../../Bob"], "'../../Bob' cannot be somebody's name"),
        ("persona_names", ["Ann Reed", "Ann Reed"], "names somebody twice"),
        ("persona_names", [], "must be a list of 1 to"),
        ("maze_name", "../brookside", "must be the name of a folder"),
        ("maze_name", "..", "must be the name of a folder"),
        ("sec_per_step", 0, "must be a whole number from 1"),
        ("sec_per_step", True, "must be a whole number from 1"),
        ("step", -1, "must be a whole number from 0"),
        ("curr_time", "Febuary 13, 2023, 08:00:00", "must be a time such as"),
        ("curr_time", "February 30, 2023, 08:00:00", "must be a time such as"),
        ("curr_time", "January 01, 0001, 00:00:00", "out of the calendar"),
    ],
)
def test_a_broken_meta_is_refused(key: str, value: object, expected: str, tmp_path: Path) -> None:
    write_map(tmp_path)
    simulation = write_compressed(tmp_path, meta=META | {key: value})
    with pytest.raises(BadInput, match=expected):
        import_into("smallville-replay", simulation, tmp_path / "run")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda data: data["meta"].update(curr_time="February 13, 2023, 07:00:00"), "time goes backwards"),
        (lambda data: data["meta"].update(curr_time="February 13, 2023, 08:00:21"), "step 2 is at February 13, 2023"),
        (lambda data: data.pop("meta"), "curr_time is missing"),
        (lambda data: data["persona"].pop("Bob Hale"), "has no record of Bob Hale"),
        (lambda data: data.pop("persona"), "must be an object with a record for each person"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_saved_step_is_said(change: Callable[[Any], Any], expected: str, tmp_path: Path) -> None:
    write_map(tmp_path)
    simulation = write_saved(tmp_path)
    path = simulation / "movement" / "2.json"
    data = read_json(path)
    change(data)
    write_json(path, data)
    with pytest.raises(BadInput, match=expected) as error:
        import_into("smallville-replay", simulation, tmp_path / "run")
    assert "movement/2.json" in str(error.value)


def test_a_missing_saved_step_is_a_gap(tmp_path: Path) -> None:
    write_map(tmp_path)
    simulation = write_saved(tmp_path)
    (simulation / "movement" / "3.json").unlink()
    with pytest.raises(BadInput, match=r"movement/4.json: step 3 is missing before it"):
        import_into("smallville-replay", simulation, tmp_path / "run")


def test_a_base_without_steps_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "personas").mkdir()
    with pytest.raises(BadInput, match=r"holds no run: neither master_movement.json nor a folder 'movement'"):
        import_into("smallville-replay", tmp_path, tmp_path / "run")


def test_a_run_of_ours_is_not_told_back(run: RunFolder, tmp_path: Path) -> None:
    manifest = run.manifest.model_copy(update={"attachments": {}})
    with pytest.raises(BadInput, match="was not imported from the original town"):
        movement_of(RunFolder(run.path, manifest))


CHATS = (
    None,
    (),
    ((PEOPLE[0], "Hi."), (PEOPLE[1], "Hello.")),
    ((PEOPLE[1], "Tea?"),),
    tuple((PEOPLE[number % 2], f"line {number}") for number in range(16)),
    ((PEOPLE[0], "talking to myself"), (PEOPLE[0], "a lot")),
)
DESCRIPTIONS = (
    "sleeping @ a:b:c",
    "a @ b @ <persona> Ann Reed",
    "",
    " @ ",
    "idle",
    "x @ ",
    "conversing about tea @ <persona> Bob Hale",
)
WAYS = ((0, 1), (1, 0), (0, -1), (-1, 0), (0, 0), (3, 2), (1, 1))


@st.composite
def movements(draw: st.DrawFn) -> Movement:
    """Runs in which anything may change at any step, for one person or both."""
    steps, first, seconds = draw(st.integers(1, 12)), draw(st.integers(0, 3)), draw(st.sampled_from([1, 10, 60]))
    changes: list[tuple[Change, ...]] = []
    for _ in PEOPLE:
        now = Record((5, 5), "", DESCRIPTIONS[0], None)
        found: list[Change] = []
        for step in range(first, first + steps):
            dx, dy = draw(st.sampled_from(WAYS)) if step > first else (0, 0)
            after = Record(
                (min(max(now.tile[0] + dx, 0), 13), min(max(now.tile[1] + dy, 0), 10)),
                draw(st.sampled_from([now.pronunciatio, "💬", "🚶‍♂"])),
                draw(st.sampled_from([now.description, now.description, *DESCRIPTIONS])),
                draw(st.sampled_from([now.chat, now.chat, *CHATS])),
            )
            if step == first or after != now:
                found.append((step, after))
            now = after
        changes.append(tuple(found))
    start = datetime(2023, 2, 13, 8)
    return Movement("brookside-day", META, PEOPLE, start, seconds, first, steps, tuple(changes))


@settings(max_examples=100)
@given(movement=movements())
def test_any_run_comes_back_exactly(movement: Movement, at_hand: MapAtHand) -> None:
    with tempfile.TemporaryDirectory() as name:
        run, _ = write_run(movement, Path(name), at_hand.copies, Path(name, "run"))
        assert movement_of(run) == movement
        assert run.verify().faults == ()
        Timeline.of(run).state(movement.seconds / 2)


@needs_ville
def test_the_original_day_comes_back_record_by_record(tmp_path: Path) -> None:
    imported = import_into("smallville-replay", VILLE / "compressed_storage", tmp_path / "run")
    run = RunFolder.open(tmp_path / "run")
    (simulation,) = (VILLE / "compressed_storage").iterdir()
    original = read_json(simulation / "master_movement.json")
    assert master_of(movement_of(run)) == original
    assert dict(movement_of(run).meta) == read_json(simulation / "meta.json")
    assert imported.counts == {"people": 3, "steps": 8655, "records": 4532, "events": 2707, "memories": 2105}
    assert run.verify().faults == ()
    assert Timeline.of(run).state(3600 * 8).people[0].name == "Isabella Rodriguez"
    assert ASLEEP not in str(original)
