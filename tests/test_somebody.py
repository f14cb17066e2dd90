"""One person of a run at a time, as `inspect --agent` shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadInput
from engine.record.events import ConversationBegan, Event, Key, PlanEntry, Planned, Remembered, Said
from replay.plans import plan_of
from tests.towns import events_of, run_town
from thorp.cli import run_command_line
from thorp.commands.common import to_people
from thorp.commands.somebody import DEEPEST, LONGEST, MOST_EVIDENCE, MOST_INSIGHTS
from thorp.scenario import DEFAULT_SCENARIO, load_scenario
from thorp.somebody import look_at
from thorp.town import TownRun

UNTIL = "09:00"
CLOCK = load_scenario(DEFAULT_SCENARIO).clock


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    return run_town(tmp_path_factory.mktemp("morning"), changes={"end": UNTIL})


@pytest.mark.parametrize("at", ["06:30", "07:15", "08:20:30", None])
def test_what_is_shown_is_what_the_log_says_until_then(morning: TownRun, at: str | None) -> None:
    who = look_at(morning.folder.path, "Nell Ashdown", at)
    time = CLOCK.parse(at) if at else morning.sim_seconds
    agent = morning.folder.manifest.people.index("Nell Ashdown")
    past = [event for event in events_of(morning) if event.key.time <= time]
    own = [event.body for event in past if event.key.agent == agent]
    assert (who.name, who.time) == ("Nell Ashdown", time)
    assert [record.text for record in who.memories] == [body.text for body in own if isinstance(body, Remembered)]
    talks = {
        event.body.conversation: {event.body.partner, morning.folder.manifest.people[event.key.agent]}
        for event in past
        if isinstance(event.body, ConversationBegan)
    }
    last = {
        name: event.key.time
        for event in past
        if isinstance(event.body, Said) and "Nell Ashdown" in talks[event.body.conversation]
        for name in talks[event.body.conversation]
    }
    assert all(tie.last_talk is not None and tie.last_talk >= last[tie.name] for tie in who.ties if tie.name in last)
    assert {tie.name for tie in who.ties if tie.last_talk is not None} >= set(last) - {"Nell Ashdown"}
    assert dict.fromkeys(tie.name for tie in who.ties if tie.relation)
    for tie in who.ties:
        if tie.opinion is not None:
            assert tie.opinion.text.startswith(f"Nell Ashdown thinks that {tie.name} ")
            assert tie.opinion.evidence


def test_the_present_lies_in_the_plan(morning: TownRun) -> None:
    who = look_at(morning.folder.path, "ida", "08:40")
    present = [e for e in who.plan["hour"] if e.start <= who.time < e.start + 60 * e.minutes]
    assert len(present) == 1
    starts = [entry.start for entry in who.plan["hour"]]
    assert starts == sorted(starts)
    assert who.body.acting is not None
    assert who.body.acting.since <= who.time


def test_later_entries_replace_a_level_from_their_start() -> None:
    def planned(time: int, level: str, *starts: int) -> Event:
        return Event(Key(time, 1, 0, time), Planned(level, tuple(PlanEntry(s, 10, f"{time}", "") for s in starts)))

    events = [planned(1, "hour", 600, 1200, 1800), planned(2, "step", 600), planned(3, "hour", 1200, 1500)]
    found = plan_of(events, 0, 3)
    assert [(e.start, e.activity) for e in found["hour"]] == [(600, "1"), (1200, "3"), (1500, "3")]
    assert [e.start for e in found["step"]] == [600]
    assert [e.start for e in plan_of(events, 0, 2)["hour"]] == [600, 1200, 1800]
    assert plan_of(events, 1, 3) == {"day": [], "hour": [], "step": []}


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("Idda", None, "--agent: nobody is called 'Idda' (did you mean 'Ida'?)"),
        ("Ida Caldr", None, "--agent: nobody is called 'Ida Caldr' (did you mean 'Ida Calder'?)"),
        ("", None, "--agent: nobody is called ''"),
        ("Ida", "10:00", "--at: '10:00' is Monday 13 February 2023, 10:00, but what happened in"),
        ("Ida", "soon", "--at: 'soon' is not a time"),
    ],
)
def test_who_is_not_there_is_one_sentence(morning: TownRun, name: str, at: str | None, expected: str) -> None:
    with pytest.raises(BadInput) as caught:
        look_at(morning.folder.path, name, at)
    assert expected in str(caught.value)


def test_the_command_shows_it_and_gives_it_as_data(
    morning: TownRun, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in morning.folder.path.iterdir()}
    arguments = ["inspect", str(morning.folder.path), "--agent", "Ida", "--at", "08:40", "--json"]
    assert run_command_line(arguments) == 0
    said = capsys.readouterr()
    told: dict[str, Any] = json.loads(said.out.splitlines()[-1])
    assert (told["agent"], told["at"], told["time"]) == ("Ida Calder", 7800, "2023-02-13T08:40:00")
    assert len(told["position"]) == 2
    assert told["action"]["since"] <= 7800
    assert {entry["kind"] for entry in told["memories"]} >= {"observation", "plan", "chat"}
    assert all(set(entry) >= {"memory", "importance", "evidence", "about"} for entry in told["memories"])
    assert told["relationships"][0]["memories"] > 0
    for title in ("What the plan has in store", "The most important ones", "Relationships", "Nell Ashdown"):
        assert title in said.err
    assert {path.name: path.read_bytes() for path in morning.folder.path.iterdir()} == before


def test_insights_are_shown_with_what_they_rest_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(to_people, "width", 300)
    run = run_town(tmp_path, changes={"end": "12:00", "minds.reflection_threshold": 30})
    arguments = ["inspect", str(run.folder.path), "--agent", "Ida", "--json"]
    assert run_command_line([*arguments, "--insights", "1000"]) == 0
    said = capsys.readouterr()
    told: dict[str, Any] = json.loads(said.out.splitlines()[-1])
    evidence = {each["memory"]: each["evidence"] for each in told["memories"]}
    concluded = [each["memory"] for each in told["memories"] if each["kind"] == "reflection" and each["evidence"]]
    assert [each["memory"] for each in told["insights"]] == concluded

    def below(number: int) -> set[int]:
        return {number} if not evidence[number] else {leaf for each in evidence[number] for leaf in below(each)}

    def depth(number: int) -> int:
        return 1 + max(map(depth, evidence[number])) if evidence[number] else 0

    for each in told["insights"]:
        assert each == {
            "memory": each["memory"], "depth": depth(each["memory"]), "grounds": sorted(below(each["memory"]))
        }  # fmt: skip
    used = {number for each in concluded for number in evidence[each]}
    last = [number for number in reversed(concluded) if number not in used]
    assert max(map(depth, last)) >= 2, "some rest on other insights"
    lines = said.err[said.err.index("Insights, latest first") :].splitlines()[1:]
    found = [(len(each[1]) // 4, int(each[2])) for line in lines if (each := re.match(r"([│├└─ ]+)(\d+) \w+, ", line))]

    def expected(number: int, level: int) -> list[tuple[int, int]]:
        beneath = sorted(evidence[number])[:MOST_EVIDENCE] if level <= DEEPEST else []
        return [(level, number), *(line for each in beneath for line in expected(each, level + 1))]

    assert found == [line for number in last for line in expected(number, 1)]
    texts = {each["memory"]: each["text"] for each in told["memories"]}
    assert all(any(f": {texts[number][:100]}" in line for line in lines) for _, number in found)
    assert max(map(len, lines)) <= LONGEST + 50
    assert run_command_line(arguments) == 0
    assert f"Insights, latest first ({MOST_INSIGHTS} of {len(last)})" in capsys.readouterr().err
    assert run_command_line([*arguments, "--insights", "0"]) == 0
    assert "Insights" not in capsys.readouterr().err


def test_a_run_that_was_cut_off_can_be_looked_at(morning: TownRun, tmp_path: Path) -> None:
    for path in morning.folder.path.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    log = tmp_path / "events.log"
    log.write_bytes(log.read_bytes()[:9000])
    assert look_at(tmp_path, "Ida", "06:35").memories
