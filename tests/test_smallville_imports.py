"""Imports of the original town as a whole: what is written runs, and nothing broken gets through."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.persona.smallville.folders import read_cast
from engine.errors import BadInput
from engine.record.events import Acted, Appeared, Said
from tests import originals
from tests.originals import (
    META,
    read_json,
    write_base,
    write_compressed,
    write_json,
    write_map,
    write_people,
    write_saved,
)
from tests.shared_data import VILLE, needs_ville
from tests.towns import events_of, run_town
from thorp.imports import IMPORTERS, Imported, import_into
from thorp.scenario import load_scenario
from thorp.villagers import write_personas


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("front")
    write_map(folder)
    write_base(folder)
    write_compressed(folder)
    write_saved(folder)
    return folder


@pytest.fixture(scope="module")
def people(front: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return import_into(
        "smallville-personas", front / "storage" / "base_brookside", tmp_path_factory.mktemp("people") / "to"
    )


def test_people_come_with_a_scenario_that_runs(people: Imported, tmp_path: Path) -> None:
    scenario = people.written[0]
    names = ["town.yaml", "people.yaml", "personas.json", "memories.json", "town.tmj", "tiles.png"]
    assert [path.name for path in people.written] == [*names, "smallville.json"]
    assert people.next_step == f"thorp run {scenario}"
    assert people.counts == {"people": 2, "habits": 4, "sentences": 3, "acquaintances": 0, "memories": 4}
    run = run_town(tmp_path, scenario=scenario, changes={"end": "09:00"})
    events = events_of(run)
    first = {event.key.agent: event.body for event in events if isinstance(event.body, Appeared)}
    assert {body.tile for body in first.values()} == {(2, 2), (2, 3)}, "both begin at the spawning places of the house"
    doing = {event.body.description for event in events if isinstance(event.body, Acted) and event.key.agent == 0}
    assert "sleeping" in doing
    assert any(
        event.body.address.startswith("Brookside:Corner Cafe") for event in events if isinstance(event.body, Acted)
    )


def test_the_scenario_takes_over_what_the_original_sets(people: Imported) -> None:
    plan = load_scenario(people.written[0])
    assert (plan.scenario.world.sight, plan.scenario.world.seconds_per_tile) == (8, 10)
    minds = plan.scenario.minds
    assert (minds.attention, minds.retention, minds.reflection_threshold) == (8, 8, 150)
    assert plan.scenario.start.isoformat() == "2023-02-13T00:00:00"
    assert [person.name for person in plan.scenario.people] == ["Ann Reed", "Bob Hale"]


def test_what_does_not_go_into_a_person_is_kept(front: Path, people: Imported, tmp_path: Path) -> None:
    to = people.written[0].parent
    memories = read_json(to / "memories.json")
    assert [memory["kind"] for memory in memories["Ann Reed"]] == ["observation", "chat", "plan", "reflection"]
    assert memories["Ann Reed"][1] == {
        "number": 1, "kind": "chat", "time": "2023-02-13T08:20:00", "text": "talking about tea", "importance": 3.0,
        "evidence": [], "about": ["Bob Hale"], "lines": [["Ann Reed", "Tea?"], ["Bob Hale", "Please."]],
    }  # fmt: skip
    write_personas(to, tmp_path / "personas")
    original = read_cast(front / "storage" / "base_brookside").people
    assert [record.as_files() for record in read_cast(tmp_path).people] == [record.as_files() for record in original]


def test_people_without_a_map_are_a_people_file(tmp_path: Path) -> None:
    imported = import_into("smallville-personas", write_people(tmp_path) / "Ann Reed", tmp_path / "to")
    assert imported.written[0].name == "people.yaml"
    assert not (tmp_path / "to" / "town.yaml").exists() and imported.next_step == ""
    (ann,) = yaml.safe_load((tmp_path / "to" / "people.yaml").read_text())
    assert ann["home"] == "Ann Reed's house:main room"
    assert ann["habits"][0]["where"] == "Corner Cafe", "places that the person knows are places, too"


def test_people_on_a_given_map(front: Path, tmp_path: Path) -> None:
    import_into("smallville-map", front, tmp_path / "map")
    personas = write_people(tmp_path)
    imported = import_into("smallville-personas", personas, tmp_path / "to", tmp_path / "map")
    assert imported.written[0].name == "town.yaml"
    assert (tmp_path / "to" / "town.tmj").read_bytes() == (tmp_path / "map" / "town.tmj").read_bytes()
    load_scenario(imported.written[0])


def test_whoever_has_no_home_on_the_map_is_named(front: Path, tmp_path: Path) -> None:
    personas = write_people(
        tmp_path, {"scratch.json": originals.SCRATCH | {"living_area": "Brookside:The Moon:crater"}}
    )
    imported = import_into("smallville-personas", personas, tmp_path / "to", front)
    assert "no scenario was written: not on the map is the home of Ann Reed" in imported.warnings
    assert [path.name for path in imported.written] == [
        "people.yaml",
        "personas.json",
        "memories.json",
    ]


def test_whispers_beside_the_map_become_sentences(tmp_path: Path) -> None:
    matrix = write_map(tmp_path)
    simulation = write_base(tmp_path)
    history = matrix.parent / "agent_history_init_n2.csv"
    history.write_text("Name,Whisper\nAnn Reed,You and Bob Hale are old friends; you like tea\nBob Hale,You fish\n")
    imported = import_into("smallville-personas", simulation, tmp_path / "to")
    ann, bob = yaml.safe_load(imported.written[1].read_text())
    assert ann["biography"][2:] == ["Ann Reed and Bob Hale are old friends", "Ann Reed likes tea"]
    assert ann["knows"] == {"Bob Hale": "one of her old friends"}
    assert bob["biography"][-1] == "Bob Hale fishes"
    history.write_text("Name,Whisper\nAnn Reed\n")
    with pytest.raises(BadInput, match="row 2: must be a name"):
        import_into("smallville-personas", simulation, tmp_path / "again")


def test_an_import_needs_a_place_of_its_own(front: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "file").touch()
    with pytest.raises(BadInput, match="exists already and is not an empty folder"):
        import_into("smallville-map", front, tmp_path / "to")
    with pytest.raises(BadInput, match="there is no such file"):
        import_into("smallville-map", front / "nowhere", tmp_path / "b")
    with pytest.raises(BadInput, match=r"unknown kind 'smallvile-map' .did you mean 'smallville-map'"):
        import_into("smallvile-map", front, tmp_path / "b")


KINDS = {
    "smallville-map": "static_dirs", "smallville-personas": "storage/base_brookside",
    "smallville-replay": "compressed_storage", "smallville-replay of steps": "storage/brookside-day",
}  # fmt: skip
ODD = (
    b"NaN", b"-1", b"1e999", b"9" * 40, b"null", b"[]", b"{}", b'""', b"true", b'"\\ud800"', b"\xff", b"\0", b",",
    b"[" * 3000,
    b'"../../../etc"', b"1.5", "٣".encode(), b'"a:b"', b"\n", b"\xef\xbb\xbf", b'{"a":1,"a":2}',
)  # fmt: skip


def mutated(content: bytes, dice: random.Random) -> bytes:
    """Change something in a file: cut, drop, double, or put odd things in the place of a word or anywhere."""
    for _ in range(dice.choice((1, 1, 2, 5))):
        start = dice.randrange(len(content) + 1)
        end = min(len(content), start + dice.choice((1, 2, 8, 40)))
        match dice.randrange(5):
            case 0:
                content = content[:start]
            case 1:
                content = content[:start] + content[end:]
            case 2:
                content = content[:end] + content[start:]
            case 3:
                content = content[:start] + dice.choice(ODD) + content[end:]
            case _:
                words = [i for i, letter in enumerate(content) if letter in b",:[" and i]
                at = dice.choice(words) + 1 if words else 0
                stop = next((i for i in range(at, len(content)) if content[i] in b",]}\n"), len(content))
                content = content[:at] + dice.choice(ODD) + content[stop:]
    return content


def files_of(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


@settings(max_examples=80)
@given(kind=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 2**32))
def test_mutated_files_are_refused_or_read_and_nothing_else(kind: str, seed: int, front: Path) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder, to = Path(name, "front"), Path(name, "to")
        shutil.copytree(front, folder)
        within = folder if kind == "smallville-map" else folder / KINDS[kind]
        path = dice.choice(list(files_of(within)))
        path.write_bytes(mutated(path.read_bytes(), dice))
        try:
            import_into(kind.split()[0], folder / KINDS[kind], to)
        except BadInput as error:
            assert str(error)
            assert not to.exists(), "what is refused leaves nothing behind"
        assert sorted(each.name for each in Path(name).iterdir()) in (["front"], ["front", "to"])


def test_names_that_lead_elsewhere_write_nothing_elsewhere(tmp_path: Path) -> None:
    write_map(tmp_path)
    simulation = write_base(tmp_path)
    path = simulation / "personas" / "Ann Reed" / "bootstrap_memory" / "scratch.json"
    write_json(path, originals.SCRATCH | {"name": "../../Eve"})
    imported = import_into("smallville-personas", simulation, tmp_path / "to")
    assert {path.parent for path in imported.written} == {tmp_path / "to"}
    with pytest.raises(BadInput, match="cannot be the name of a folder"):
        write_personas(tmp_path / "to", tmp_path / "back" / "personas")


@pytest.mark.parametrize("change", [{"kind": "x"}, {"people": {}}, {"people": [5]}, {"people": [{"scratch.json": {}}]}])
def test_records_that_are_kept_are_not_trusted(change: dict[str, Any], people: Imported, tmp_path: Path) -> None:
    kept = read_json(people.written[0].parent / "personas.json")
    (tmp_path / "personas.json").write_text(json.dumps(kept | change))
    with pytest.raises(BadInput):
        write_personas(tmp_path, tmp_path / "to")


def test_every_kind_is_tried_here() -> None:
    assert {kind for kind in IMPORTERS if kind.startswith("smallville")} == {kind.split()[0] for kind in KINDS}
    assert META["persona_names"] == list(originals.PEOPLE)


@needs_ville
def test_the_people_of_the_original_town_move_in(tmp_path: Path) -> None:
    imported = import_into("smallville-personas", VILLE / "storage" / "base_the_ville_n25", tmp_path / "to")
    assert imported.counts["people"] == 25
    assert imported.counts["acquaintances"] == 143
    plan = load_scenario(imported.written[0])
    names = [person.name for person in plan.scenario.people]
    assert names == read_json(VILLE / "storage" / "base_the_ville_n25" / "reverie" / "meta.json")["persona_names"]
    by_name = {person.name: person for person in plan.scenario.people}
    isabella = by_name["Isabella Rodriguez"]
    assert [(habit.at // 3600, habit.do) for habit in isabella.habits] == [
        (8, "opening Hobbs Cafe"), (8, "standing at the counter"), (20, "closing the cafe"),
    ]  # fmt: skip
    assert isabella.work == "Hobbs Cafe"
    assert by_name["Mei Lin"].knows["Eddy Lin"] == "her son"
    assert all(person.wakes is not None and person.sleeps is not None for person in plan.scenario.people)


@needs_ville
def test_three_of_them_live_through_a_morning(tmp_path: Path) -> None:
    imported = import_into(
        "smallville-personas", VILLE / "storage" / "base_the_ville_isabella_maria_klaus", tmp_path / "to"
    )
    run = run_town(tmp_path, scenario=imported.written[0], changes={"end": "11:00"})
    events = events_of(run)
    isabella = run.folder.manifest.people.index("Isabella Rodriguez")
    acts = [(e.key.time, e.body) for e in events if isinstance(e.body, Acted) and e.key.agent == isabella]
    at_half_past_nine = [body.address for time, body in acts if time <= 9.5 * 3600][-1]
    assert at_half_past_nine.startswith("the Ville:Hobbs Cafe:cafe")
    assert not any(isinstance(event.body, Said) and not event.body.text for event in events)
    assert run.folder.verify().faults == ()
