"""People files: several scenarios share them, and each says only what is different."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadInput
from tests.towns import fork_town, resume_town, run_town
from thorp.commands.running import run as run_command
from thorp.scenario import DATA, SHIPPED, find_scenario, load_scenario
from worlds.town.map import TownMap

ANN: dict[str, Any] = {
    "name": "Ann Ash",
    "age": 30,
    "traits": "calm",
    "biography": ["Ann Ash lives in Thorp"],
    "currently": "Ann wants to bake",
    "lifestyle": "gets up at seven, in bed at eleven",
    "home": "Rose Cottage",
    "knows": {"Ben Birk": "a neighbour"},
}
BEN = ANN | {"name": "Ben Birk", "home": "Fern Cottage", "knows": {"Ann Ash": "a neighbour"}}
CAS = ANN | {"name": "Cas Cole", "home": "Mill House", "knows": {}}


def write(folder: Path, people: object, own: object = None, **more: Any) -> Path:
    """Write a people file and a scenario that takes its people from it."""
    (folder / "folk.yaml").write_text(json.dumps(people), encoding="utf-8")
    scenario: dict[str, Any] = {
        "name": "a test",
        "start": "2023-02-13T07:00",
        "end": "+1h",
        "world": {"map": "thorp.tmj"},
    }
    scenario |= {"people_from": "folk.yaml"} | ({} if own is None else {"people": own}) | more
    path = folder / "town.yaml"
    path.write_text(json.dumps(scenario), encoding="utf-8")
    return path


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(BadInput) as caught:
        load_scenario(path, **options)
    return str(caught.value)


def test_people_come_from_the_file_and_others_after_them(tmp_path: Path) -> None:
    changed = {"name": "Ben Birk", "age": 31, "news": [{"text": "the bridge is closed"}]}
    people = load_scenario(write(tmp_path, [ANN, BEN], [CAS, changed])).scenario.people
    assert [person.name for person in people] == ["Ann Ash", "Ben Birk", "Cas Cole"]
    assert (people[1].age, people[1].news[0].text) == (31, "the bridge is closed")
    assert people[1].home == "Fern Cottage" and people[1].knows == {"Ann Ash": "a neighbour"}
    assert people[0] == load_scenario(write(tmp_path, [ANN])).scenario.people[0]


def test_options_go_on_working(tmp_path: Path) -> None:
    path = write(tmp_path, [ANN, BEN], [CAS])
    people = load_scenario(path, {"people.1.age": 77}, agents=2).scenario.people
    assert [(person.name, person.age) for person in people] == [("Ann Ash", 30), ("Ben Birk", 77)]
    assert "1 to 3" in refused(path, agents=4)
    assert "key people[2].age" in refused(path, changes={"people.2.age": "old"})


@pytest.mark.parametrize(
    ("people", "own", "expected"),
    [
        ([ANN, BEN | {"trait": "shy"}], None, "folk.yaml, entry 2, key trait: unknown key 'trait' (did you mean"),
        ([ANN, BEN | {"home": "Fern Cotage"}], None, "folk.yaml, entry 2, key home: there is no place 'Fern Cotage'"),
        (
            [ANN, {**BEN, "knows": {"Ann Ashe": "x"}}],
            None,
            "folk.yaml, entry 2, key knows: nobody is called 'Ann Ashe'",
        ),
        (
            [ANN, BEN | {"news": [{"text": "there is a fair", "at": "12:00", "until": "11:00"}]}],
            None,
            "folk.yaml, entry 2, key news[0].until: is 23:00 hours after it begins",
        ),
        ([ANN, ANN], None, "folk.yaml, entry 2: two people are called 'Ann Ash'"),
        ([{**ANN, "home": None}], None, "folk.yaml, entry 1, key home"),
        ({"people": [ANN]}, None, "folk.yaml: must be a list"),
        ([ANN, "Ben"], None, "folk.yaml, entry 2: must be a mapping"),
        ([ANN], {"name": "Ann Ash"}, "town.yaml, key people: must be a list"),
        ([ANN], [{"age": 3}], "town.yaml, key people[0], key name"),
        (
            [ANN],
            [{"name": "Ann Asch", "traits": "loud"}],
            "people[0], key name: nobody in folk.yaml is called 'Ann Asch'",
        ),
        ([ANN], [BEN, {"name": "Ann Ash", "age": "old"}], "town.yaml, key people[1], key age"),
        ([ANN], [BEN, {"name": "Ann Ash", "work": "Ember Caf"}], "town.yaml, key people[1].work: there is no place"),
        ([ANN], [CAS | {"home": "Mill Hous"}], "key people[1].home: there is no place 'Mill Hous'"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(tmp_path: Path, people: Any, own: Any, expected: str) -> None:
    assert expected in refused(write(tmp_path, people, own))


@pytest.mark.parametrize("name", ["fokl.yaml", "", "a\0b", 5, ["folk.yaml"], "day.yaml"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: Any) -> None:
    said = refused(write(tmp_path, [ANN], people_from=name))
    assert "key people_from" in said
    assert "did you mean 'folk.yaml'" in said or name != "fokl.yaml"


def test_a_file_outside_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    shutil.copy(write(tmp_path, [ANN]).parent / "folk.yaml", tmp_path / "outside.yaml")
    path = write(tmp_path / "inner", [ANN], people_from="../outside.yaml")
    assert "key people_from" in refused(path)
    path = write(tmp_path / "inner", [ANN], people_from=str(tmp_path / "outside.yaml"))
    assert "key people_from" in refused(path)
    (tmp_path / "inner" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert "key people_from" in refused(write(tmp_path / "inner", [ANN], people_from="link.yaml"))


def test_a_run_can_be_gone_on_with_without_its_files(tmp_path: Path) -> None:
    path = write(tmp_path, [ANN, BEN], [{"name": "Ben Birk", "age": 31}])
    run = run_town(tmp_path, scenario=path, changes={"end": "07:30"})
    assert run.folder.manifest.attachments["people"].content() == (tmp_path / "folk.yaml").read_bytes()
    whole = run_town(tmp_path, scenario=path, changes={"end": "08:00"})
    for file in (path, tmp_path / "folk.yaml"):
        file.write_text("nonsense: [", encoding="utf-8")
    assert resume_town(run.folder.path, until="08:00").events_digest == whole.events_digest
    forked = fork_town(run.folder.path, tmp_path / "fork", "07:10", seed=8)
    assert forked.folder.manifest.people == ["Ann Ash", "Ben Birk"]


def test_shipped_scenarios_are_named_and_found() -> None:
    assert {path.stem for path in DATA.glob("*.yaml")} == {*SHIPPED, "residents"}
    help_text = run_command.__annotations__["scenario"]
    assert all(name in str(help_text) for name in SHIPPED)
    assert find_scenario("day") == DATA / "day.yaml"
    assert find_scenario("my/day") == Path("my/day")
    with pytest.raises(BadInput, match="did you mean 'valentine'"):
        find_scenario("valentin")


def test_a_file_of_ones_own_goes_before_a_shipped_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("day").write_text("name: mine", encoding="utf-8")
    assert find_scenario("day") == Path("day")


def test_a_map_is_read_only_once_the_people_are_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TownMap, "load", lambda _: pytest.fail("the map was read"))
    assert "entry 1, key age" in refused(write(tmp_path, [ANN | {"age": -1}]))
