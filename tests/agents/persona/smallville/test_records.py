"""Persona folders of the original town as records: nothing is lost, and nothing broken is taken in."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.persona.smallville.folders import history_for, read_cast, read_history, write_persona
from agents.persona.smallville.memories import memories_of, remembered
from agents.persona.smallville.records import NODES, SCRATCH, SPATIAL, STRENGTHS, PersonaRecord
from engine.errors import BadInput
from engine.faults import Faults
from tests import originals
from tests.originals import read_json, write_json, write_people
from tests.shared_data import VILLE, needs_ville


def record_of(**changes: Any) -> PersonaRecord:
    files = {
        SCRATCH: originals.SCRATCH, SPATIAL: originals.SPATIAL, NODES: originals.NODES, STRENGTHS: originals.STRENGTHS,
    }  # fmt: skip
    faults = Faults("test", "this person")
    record = PersonaRecord.of(files | changes, "Ann Reed", faults)
    faults.check()
    assert record is not None
    return record


def contents(simulation: Path, name: str) -> dict[str, Any]:
    """Read all files of a persona but the vectors."""
    memory = simulation / "personas" / name / "bootstrap_memory"
    return {file: read_json(memory / file) for file in (SCRATCH, SPATIAL, NODES, STRENGTHS) if (memory / file).exists()}


def test_people_are_read_and_written_back_equal(tmp_path: Path) -> None:
    write_people(tmp_path)
    cast = read_cast(tmp_path)
    assert [record.name for record in cast.people] == ["Ann Reed", "Bob Hale"]
    for record in cast.people:
        write_persona(record, tmp_path / "again" / "personas")
        assert contents(tmp_path / "again", record.name) == contents(tmp_path, record.name) == record.as_files()


def test_people_come_in_the_order_in_which_the_simulation_names_them(tmp_path: Path) -> None:
    personas = write_people(tmp_path)
    write_json(tmp_path / "meta.json", {"persona_names": ["Bob Hale", "Ann Reed"]})
    assert [record.name for record in read_cast(tmp_path).people] == ["Bob Hale", "Ann Reed"]
    assert [record.name for record in read_cast(personas).people] == ["Bob Hale", "Ann Reed"]
    assert [record.name for record in read_cast(personas / "Bob Hale").people] == ["Bob Hale"]
    with pytest.raises(BadInput, match="holds no people"):
        read_cast(personas / "Bob Hale" / "bootstrap_memory")


def test_keys_that_nobody_knows_are_kept() -> None:
    scratch = originals.SCRATCH | {"mood": {"now": ["fine", None, 1.5]}}
    assert record_of(**{SCRATCH: scratch}).as_files()[SCRATCH] == scratch


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
TIMES = (
    st.datetimes()
    .map(lambda time: time.replace(microsecond=0).strftime("%Y-%m-%d %H:%M:%S"))
    .filter(lambda t: len(t) == 19)
)
FILLINGS = st.none() | TEXT | st.lists(TEXT, max_size=3) | st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=3)


@st.composite
def nodes(draw: st.DrawFn) -> dict[str, Any]:
    found = {}
    for number in draw(st.lists(st.integers(1, 99), unique=True, max_size=4)):
        found[f"node_{number}"] = {
            "node_count": number, "type_count": draw(st.integers(0, 9)), "depth": draw(st.integers(0, 9)),
            "type": draw(st.sampled_from(["event", "thought", "chat"])), "created": draw(TIMES),
            "expiration": draw(st.none() | TIMES), "subject": draw(TEXT), "predicate": draw(TEXT), "object": draw(TEXT),
            "description": draw(TEXT), "embedding_key": draw(TEXT), "poignancy": draw(st.sampled_from([-5, 2.5, 20])),
            "keywords": draw(st.lists(TEXT, max_size=3)), "filling": draw(FILLINGS),
        }  # fmt: skip
    return found


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(TEXT, values, max_size=2)


@settings(max_examples=60)
@given(
    scratch=st.fixed_dictionaries(
        {},
        optional={
            "age": st.integers(0, 200), "innate": TEXT, "currently": TEXT, "curr_tile": st.none() | st.just([3, 4]),
            "recency_decay": st.floats(0, 1) | st.integers(0, 1), "daily_req": st.lists(TEXT, max_size=3),
            "f_daily_schedule": st.lists(st.tuples(TEXT, st.integers(0, 1440)).map(list), max_size=3),
            "chat": st.none() | st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=2),
            "chatting_with_buffer": st.dictionaries(TEXT, st.integers(-9, 800), max_size=2),
            "act_duration": st.none() | st.integers(),
        },
    ),
    memories=nodes(),
    tree=some(some(some(st.lists(TEXT, max_size=2)))),
    strengths=some(st.integers(0, 99)),
)  # fmt: skip
def test_whatever_is_in_them_comes_back(scratch: Any, memories: Any, tree: Any, strengths: Any) -> None:
    written = {
        SCRATCH: originals.SCRATCH | scratch, SPATIAL: tree, NODES: memories,
        STRENGTHS: {"kw_strength_event": strengths, "kw_strength_thought": {}},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        write_people(Path(name, "a"), written)
        record = read_cast(Path(name, "a")).people[0]
        assert record.as_files() == written
        write_persona(record, Path(name, "b", "personas"))
        assert contents(Path(name, "b"), "Ann Reed") == written
    told = memories_of(record, ["Ann Reed", "Bob Hale"])
    assert [memory.number for memory in told] == list(range(len(memories)))
    assert all(1 <= memory.importance <= 10 and all(n < memory.number for n in memory.evidence) for memory in told)


BROKEN: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "no age": (SCRATCH, lambda d: d.pop("age"), f"Ann Reed/{SCRATCH}, age: Field required"),
    "age": (SCRATCH, lambda d: d.update(age="41"), "age: must be a valid integer, not '41'"),
    "old": (SCRATCH, lambda d: d.update(age=999), "age: must be less than or equal to 200, not 999"),
    "flag": (SCRATCH, lambda d: d.update(act_path_set=1), "act_path_set: must be a valid boolean, not 1"),
    "tile": (SCRATCH, lambda d: d.update(curr_tile=[1, 2, 3]), "curr_tile"),
    "schedule": (SCRATCH, lambda d: d.update(f_daily_schedule=[["x"]]), "f_daily_schedule.0"),
    "type": (NODES, lambda d: d["node_1"].update(type="dream"), f"Ann Reed/{NODES}, node_1, type: must be 'event'"),
    "created": (NODES, lambda d: d["node_1"].update(created="2023-02-30 00:00:00"), "created: must be a time such as"),
    "loose time": (NODES, lambda d: d["node_1"].update(created="2023-2-13 00:00:00"), "created: must be a time"),
    "filling": (NODES, lambda d: d["node_1"].update(filling=[["a"]]), "node_1, filling"),
    "node id": (NODES, lambda d: d.update({"node_x": d["node_1"]}), "'node_x': is no id of a memory"),
    "node": (NODES, lambda d: d.update(node_1=7), "node_1"),
    "tree": (SPATIAL, lambda d: d["Brookside"].update({"Corner Cafe": []}), f"{SPATIAL}, Brookside.Corner Cafe"),
    "strength": (STRENGTHS, lambda d: d["kw_strength_event"].update(bed="2"), "kw_strength_event.bed"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_wrong_is_said_with_file_and_key(case: str, tmp_path: Path) -> None:
    file, change, expected = BROKEN[case]
    data = deepcopy(
        {
            SCRATCH: originals.SCRATCH,
            SPATIAL: originals.SPATIAL,
            NODES: originals.NODES,
            STRENGTHS: originals.STRENGTHS,
        }[file]
    )
    change(data)
    write_people(tmp_path, {file: data})
    with pytest.raises(BadInput) as error:
        read_cast(tmp_path)
    assert expected in str(error.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    personas = write_people(tmp_path, {SCRATCH: {"name": "Ann Reed"}, STRENGTHS: 5})
    (personas / "Bob Hale" / "bootstrap_memory" / SCRATCH).write_text('{"name": NaN}')
    with pytest.raises(BadInput) as error:
        read_cast(tmp_path)
    told = str(error.value)
    assert "8 faults in these people" in told
    for part in (
        "age: Field required",
        "living_area: Field required",
        f"Ann Reed/{STRENGTHS}",
        "Bob Hale/scratch.json",
    ):
        assert part in told


def test_what_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    personas = write_people(tmp_path)
    path = personas / "Ann Reed" / "bootstrap_memory" / SCRATCH
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(BadInput, match=r"Ann Reed/scratch.json: holds 1099511627776 bytes; at most 1048576"):
        read_cast(tmp_path)
    path.write_text(json.dumps(originals.SCRATCH | {"daily_req": ["x"] * 200_000}))
    with pytest.raises(BadInput, match="values; at most 100000 are read"):
        read_cast(tmp_path)


def test_two_folders_of_one_name_are_refused(tmp_path: Path) -> None:
    personas = write_people(tmp_path)
    write_json(personas / "Other" / "bootstrap_memory" / SCRATCH, originals.SCRATCH)
    with pytest.raises(BadInput, match="another persona is called 'Ann Reed', too"):
        read_cast(tmp_path)


@pytest.mark.parametrize("name", ["../Eve", "..", "a/b", "C:x", "", " ", "\0", "x" * 300])
def test_a_name_does_not_lead_out_of_the_folder(name: str, tmp_path: Path) -> None:
    record = record_of(**{SCRATCH: originals.SCRATCH | {"name": name}})
    with pytest.raises(BadInput, match="cannot be the name of a folder"):
        write_persona(record, tmp_path / "personas")
    assert list(tmp_path.iterdir()) == []


def test_memories_are_told_in_our_words() -> None:
    told = memories_of(record_of(), ["Ann Reed", "Bob Hale"])
    assert [(memory.kind.value, memory.text, memory.evidence, memory.about) for memory in told] == [
        ("observation", "bed is idle", (), ()),
        ("chat", "talking about tea", (), ("Bob Hale",)),
        ("plan", "Ann Reed plans the day", (0,), ()),
        ("reflection", "Ann Reed likes Bob Hale", (1, 2), ("Bob Hale",)),
    ]
    assert told[1].lines == (("Ann Reed", "Tea?"), ("Bob Hale", "Please."))
    start = told[0].time
    assert [time for time, _ in remembered(told, start, 1801)] == [0, 1200, 1800]


def test_a_history_is_read_by_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "agent_history_init_n2.csv"
    path.write_text('Name,Whisper\nAnn Reed,"You are kind; You like tea, too;"\nBob Hale,You fish, and sing\n')
    assert read_history(path) == {
        "Ann Reed": ("You are kind", "You like tea, too"),
        "Bob Hale": ("You fish, and sing",),
    }
    (tmp_path / "agent_history_init_n3.csv").write_text("Name,Whisper\nAnn Reed,x\nBob Hale,y\nEve,z\n")
    assert history_for(["Ann Reed", "Bob Hale"], [tmp_path]) == path
    assert history_for(["Eve"], [tmp_path]) == tmp_path / "agent_history_init_n3.csv"
    assert history_for(["Nobody"], [tmp_path]) is None
    path.write_text("Name;Whisper\nAnn Reed\nBob Hale,a\nBob Hale,b\n")
    with pytest.raises(BadInput) as error:
        read_history(path)
    for part in (
        "3 faults",
        "row 1: must be the header",
        "row 2: must be a name",
        "row 4: 'Bob Hale' stands there twice",
    ):
        assert part in str(error.value)


@needs_ville
def test_all_people_of_the_original_town_come_back(tmp_path: Path) -> None:
    files = people = memories = 0
    for simulation in (*(VILLE / "storage").iterdir(), *(VILLE / "compressed_storage").iterdir()):
        for record in read_cast(simulation).people:
            people += 1
            files += len(record.as_files())
            memories += len(record.nodes or ())
            write_persona(record, tmp_path / simulation.name / "personas")
            assert contents(tmp_path / simulation.name, record.name) == contents(simulation, record.name)
    assert (people, files, memories) == (31, 124, 2105)
