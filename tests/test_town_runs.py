"""Whole towns with the scripted model: what must hold in every run."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agents.cognition.script import LINES
from agents.cognition.wording import echoes
from engine.kernel.clock import Clock
from engine.llm.embedded import EmbeddedBackend
from engine.llm.requests import Answer, Failure, FailureKind, Request
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import Budget
from engine.record.events import (
    WORLD_AGENT,
    Acted,
    Appeared,
    ConversationBegan,
    ConversationEnded,
    Decided,
    Event,
    Failed,
    Planned,
    Remembered,
    Said,
    Walked,
)
from engine.record.frames import LogKind, read_frames
from tests.towns import events_of, plans_of, run_town
from thorp.scenario import DATA, DEFAULT_SCENARIO, load_scenario
from thorp.town import TownRun
from worlds.town.map import TownMap

GOLDEN = Path(__file__).parent / "golden" / "morning.txt"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    """A whole day and night of the default town."""
    return run_town(tmp_path_factory.mktemp("day"), changes={"end": "+30h"})


@pytest.fixture(scope="module")
def town_map() -> TownMap:
    return TownMap.load(DATA / "thorp.tmj")


def by_agent(events: Sequence[Event]) -> dict[int, list[Event]]:
    found = defaultdict(list)
    for event in events:
        found[event.key.agent].append(event)
    return found


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    runs = [run_town(tmp_path, changes={"end": "09:00", "seed": seed}) for seed in (3, 3, 4)]
    logs = [run.folder.events_path.read_bytes() for run in runs]
    assert logs[0] == logs[1]
    assert logs[0] != logs[2]
    assert runs[0].events_digest == runs[1].events_digest != runs[2].events_digest


def test_a_longer_run_begins_like_a_shorter_one(tmp_path: Path, day: TownRun) -> None:
    short = run_town(tmp_path, changes={"end": "08:00"})
    payloads = [frame.payload for frame in read_frames(short.folder.events_path, LogKind.EVENTS)]
    longer = [frame.payload for frame in read_frames(day.folder.events_path, LogKind.EVENTS)]
    assert payloads == longer[: len(payloads)]


def test_the_morning_is_the_golden_one(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    run = run_town(tmp_path, changes={"end": "08:30"})
    who = dict(enumerate(run.folder.manifest.people)) | {WORLD_AGENT: "the town"}
    lines = [f"{event.key.time} {who[event.key.agent]} {event.body}\n" for event in events_of(run)]
    if request.config.getoption("--write-golden"):
        GOLDEN.write_text("".join(lines), encoding="utf-8")
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines(keepends=True)


def test_every_walk_keeps_to_free_tiles_and_begins_where_the_person_is(day: TownRun, town_map: TownMap) -> None:
    for events in by_agent(events_of(day)).values():
        walk: Walked | None = None
        began = 0
        for event in events:
            match event.body:
                case Appeared(tile, _):
                    walk, began = Walked((tile,), 10, ""), 0
                case Walked(path, seconds, _) as new:
                    assert walk is not None
                    index = min((event.key.time - began) // walk.seconds_per_tile, len(walk.path) - 1)
                    assert path[0] == walk.path[index]
                    assert all(not town_map.blocked[y, x] for x, y in path)
                    assert all(abs(a - c) + abs(b - d) == 1 for (a, b), (c, d) in pairwise(path))
                    assert seconds == 10
                    walk, began = new, event.key.time
                case _:
                    pass


def test_plans_are_whole_and_name_places_that_are_open(day: TownRun) -> None:
    levels = Counter(plan.level for _, _, plan in plans_of(day))
    assert levels["day"] >= 10
    assert min(levels["hour"], levels["step"]) > levels["day"]


def test_who_is_invited_to_a_place_that_is_shut_goes_when_it_opens(tmp_path: Path) -> None:
    quiz = {"text": "there is a quiz at The Lantern at eleven", "at": "11:00", "where": "The Lantern:back room"}
    run = run_town(tmp_path, changes={"people.0.news": [quiz], "end": "12:30"})
    noon = Clock(load_scenario(DEFAULT_SCENARIO).scenario.start).parse("12:00")
    going = [[e for e in plan.entries if "quiz" in e.activity] for _, _, plan in plans_of(run) if plan.level == "hour"]
    assert {(visit[0].start, visit[0].minutes) for visit in going if visit} == {(noon, 30)}
    there = [e.key.time for e in events_of(run) if isinstance(e.body, Acted) and "The Lantern" in e.body.address]
    assert there
    assert noon <= min(there) < noon + 15 * 60


def test_who_gives_a_party_is_there_too(tmp_path: Path) -> None:
    """By an appointment of their own, also where no habit takes them there; who just knows of something decides."""
    party = {
        "text": "Nell Ashdown gives a party at the pond at nine",
        "at": "09:00",
        "until": "09:45",
        "where": "Willow Park:pond side",
    }
    fair = {"text": "there is a fair in the park at nine", "at": "09:00", "where": "Willow Park:pond side"}
    changes = {"people.4.news": [party], "people.3.news": [fair], "end": "09:50"}
    run = run_town(tmp_path, changes=changes)
    decided = {(e.key.agent, e.body.way, e.body.answer) for e in events_of(run) if isinstance(e.body, Decided)}
    assert (4, "rule", f"yes: {party['text']}") in decided
    assert any(agent == 3 and answer.endswith(fair["text"]) for agent, _, answer in decided)
    first = next(plan for _, _, plan in plans_of(run, "Nell Ashdown") if plan.level == "day")
    (visit,) = [entry for entry in first.entries if "party" in entry.activity]
    assert (visit.minutes, visit.address) == (45, "thorp:Willow Park:pond side")


def test_conversations_take_turns_and_end_in_both_memories(day: TownRun) -> None:
    events, names = events_of(day), day.folder.manifest.people
    began = {
        e.body.conversation: (names[e.key.agent], e.body.partner)
        for e in events
        if isinstance(e.body, ConversationBegan)
    }
    lines = defaultdict(list)
    for event in events:
        if isinstance(event.body, Said):
            lines[event.body.conversation].append((names[event.key.agent], event.body))
    assert len(began) >= 5
    assert set(lines) == set(began)
    for conversation, said in lines.items():
        first, second = began[conversation]
        assert [speaker for speaker, _ in said] == [(first, second)[i % 2] for i in range(len(said))]
        assert all(line.to != speaker for speaker, line in said)
        assert 2 <= len(said) <= 16
    ended = [(names[e.key.agent], e.body.partner) for e in events if isinstance(e.body, ConversationEnded)]
    for one, other in ended:
        for person in (one, other):
            texts = [e.body.text for e in events if isinstance(e.body, Remembered) and names[e.key.agent] == person]
            assert any(text.startswith(f"{one} talked with {other}") for text in texts)


def test_news_spreads_only_by_being_told(day: TownRun) -> None:
    events, names = events_of(day), day.folder.manifest.people
    knows = {"Ida Calder"}
    for event in events:
        speaker = names[event.key.agent]
        match event.body:
            case Said(_, to, text) if "evening of music at The Lantern" in text:
                assert speaker in knows
                knows.add(to)
            case Remembered(kind="chat", text=text) if "told" in text and "evening of music" in text:
                assert speaker in knows
            case _:
                pass
    assert len(knows) >= 3


def test_who_accepts_an_invitation_comes(day: TownRun) -> None:
    events, names = events_of(day), day.folder.manifest.people
    clock = Clock(load_scenario(DEFAULT_SCENARIO).scenario.start)
    evening = clock.parse("19:30")
    going = {names[e.key.agent] for e in events if isinstance(e.body, Remembered) and "is going to this" in e.body.text}
    there = {
        names[e.key.agent]
        for e in events
        if isinstance(e.body, Acted) and "The Lantern" in e.body.address and evening <= e.key.time < evening + 90 * 60
    }
    assert going
    assert going <= there


def test_reflections_cite_memories_that_exist(day: TownRun) -> None:
    made: dict[int, int] = defaultdict(int)
    reflections = 0
    for event in events_of(day):
        if isinstance(event.body, Remembered):
            assert event.body.memory == made[event.key.agent]
            assert all(number < event.body.memory for number in event.body.evidence)
            assert 1 <= event.body.importance <= 10 or not event.body.evidence
            if event.body.kind == "reflection":
                reflections += 1
                assert event.body.evidence
            made[event.key.agent] += 1
    assert reflections >= 3


def test_no_two_insights_of_a_moment_say_the_same(day: TownRun) -> None:
    concluded: dict[tuple[int, int], list[str]] = defaultdict(list)
    for event in events_of(day):
        if isinstance(event.body, Remembered) and event.body.kind == "reflection":
            assert not echoes(event.body.text, concluded[event.key.agent, event.key.time])
            concluded[event.key.agent, event.key.time].append(event.body.text)
    assert any(len(texts) > 1 for texts in concluded.values())


def test_steps_take_5_to_15_minutes(day: TownRun) -> None:
    steps = [e.body.entries for e in events_of(day) if isinstance(e.body, Planned) and e.body.level == "step"]
    assert all(5 <= entry.minutes <= 15 for entries in steps for entry in entries)


def test_a_spent_budget_ends_the_run_and_keeps_what_was(tmp_path: Path, day: TownRun) -> None:
    run = run_town(tmp_path, changes={"end": "+30h"}, budget=Budget(requests=150))
    assert run.stopped
    assert run.stats.new <= 150
    assert 0 < run.sim_seconds < 30 * 3600
    assert run.folder.verify().faults == ()
    whole = day.folder.events_path.read_bytes()
    assert whole.startswith(run.folder.events_path.read_bytes())


def household(folder: Path, people: int, **common: Any) -> Path:
    """A scenario of people who all live the same life in Rose Cottage."""
    names = ["Ann Lee", "Ann Leeson", "Art Poe", "Bo Moor", "Cy Orr"][:people]
    lives = [
        {"name": name, "age": 30, "traits": "calm", "biography": [f"{name} lives here"], "home": "Rose Cottage"}
        | {"currently": f"{name} wants to bake", "lifestyle": "gets up at seven, in bed at eleven"}
        | common
        for name in names
    ]
    scenario = {"name": "a household", "start": "2023-02-13T23:50", "seed": 3, "world": {"map": "thorp.tmj"}}
    path = folder / "household.yaml"
    path.write_text(json.dumps(scenario | {"people": lives}), encoding="utf-8")
    return path


def test_those_who_arrive_on_one_tile_do_not_make_way_for_each_other_for_ever(tmp_path: Path) -> None:
    path = household(tmp_path, 4, wakes="07:00", sleeps="07:00")
    events = events_of(run_town(tmp_path, scenario=path, changes={"end": "+40h"}))
    walks = Counter((e.key.agent, e.key.time // 3600) for e in events if isinstance(e.body, Walked))
    assert max(walks.values()) < 100


def test_nobody_tells_what_one_of_the_two_did_themselves_as_seen(tmp_path: Path) -> None:
    run = run_town(
        tmp_path, scenario=household(tmp_path, 5), changes={"end": "+14h", "minds.conversation_cooldown": 600}
    )
    names = run.folder.manifest.people
    seen = [
        (names[e.key.agent], e.body.to, e.body.text.partition("I saw that")[2])
        for e in events_of(run)
        if isinstance(e.body, Said) and "I saw that" in e.body.text
    ]
    assert seen
    for speaker, listener, text in seen:
        assert f"talking with {speaker} " not in text
        assert f"talking with {listener} " not in text


def test_nobody_walks_up_to_somebody_who_will_have_left(tmp_path: Path) -> None:
    far = {"end": "+14h", "world.seconds_per_tile": 60, "world.sight": 20}
    events = events_of(run_town(tmp_path, scenario=household(tmp_path, 5), changes=far))
    lines = Counter(e.body.conversation for e in events if isinstance(e.body, Said))
    assert lines
    assert min(lines.values()) >= 2


def test_what_is_seen_is_about_who_is_seen(day: TownRun) -> None:
    for event in events_of(day):
        if isinstance(event.body, Remembered) and event.body.kind == "observation" and event.body.about:
            person, *others = event.body.about
            assert event.body.text.startswith(person)
            assert all(other in event.body.text.partition(" is talking with ")[2] for other in others)


class Unreliable:
    """The scripted model, but a share of the answers is an error that says so at length."""

    identity = "unreliable"

    def __init__(self, share: float) -> None:
        self._model = ScriptedBackend(LINES)
        self._dice = Random(5)
        self._share = share

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        failure = Answer(Failure(FailureKind.BACKEND, "TOKEN LIMIT EXCEEDED"))
        return [
            failure if self._dice.random() < self._share else answer for answer in self._model.answer(list(requests))
        ]


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_a_model_that_fails_is_counted_and_nobody_acts_on_its_words(tmp_path: Path, share: float) -> None:
    run = run_town(tmp_path, backend=Unreliable(share), changes={"end": "+26h"})
    events = events_of(run)
    failed = [event.body for event in events if isinstance(event.body, Failed)]
    assert run.as_json()["failures"]["backend"] > 10
    assert {failure.thought for failure in failed} - {"mind"}
    assert not [failure for failure in failed if failure.thought == "mind"]
    others = [str(event.body) for event in events if not isinstance(event.body, Failed)]
    assert not [text for text in others if "TOKEN LIMIT" in text]
    assert max(event.key.time for event in events) > 25 * 3600
    assert len({event.key.agent for event in events if isinstance(event.body, Acted)}) == 5


def test_a_whole_day_of_the_default_town_has_no_failed_mind(day: TownRun) -> None:
    assert [e for e in events_of(day) if isinstance(e.body, Failed) and e.body.thought == "mind"] == []
    assert day.folder.verify().faults == ()
    assert day.folder.verify().events_digest == day.events_digest


@pytest.mark.slow
def test_the_embedded_model_gives_the_same_town_under_any_schedule(tmp_path: Path, embedded: EmbeddedBackend) -> None:
    logs = []
    for schedule in ("out-of-order", "strict"):
        embedded.forget()
        run = run_town(tmp_path, backend=embedded, schedule=schedule, changes={"end": "07:45"})
        events = events_of(run)
        assert [e for e in events if isinstance(e.body, Failed) and e.body.thought == "mind"] == []
        assert any(isinstance(e.body, Said) for e in events)
        logs.append(run.folder.events_path.read_bytes())
    assert logs[0] == logs[1]


def test_people_begin_at_the_spawn_points_of_their_home_then_beside_beds(tmp_path: Path, town_map: TownMap) -> None:
    home = next(sector for sector in town_map.sectors if sector.kind == "home")
    floor = town_map.standing_tiles(home.address)[-2:]
    points = [{"x": 16 * x + 3, "y": 16 * y + 9, "point": True} for x, y in reversed(floor)]
    document = json.loads((DATA / "thorp.tmj").read_text(encoding="utf-8"))
    document["layers"].append({"type": "objectgroup", "name": "Spawns", "objects": points})
    (tmp_path / "spawns.tmj").write_text(json.dumps(document), encoding="utf-8")
    scenario = tmp_path / "spawns.yaml"
    scenario.write_text(DEFAULT_SCENARIO.read_text(encoding="utf-8").replace("thorp.tmj", "spawns.tmj"))
    changes = {f"people.{number}.home": home.name for number in range(3)} | {"end": "+1s"}
    events = events_of(run_town(tmp_path, scenario=scenario, changes=changes, agents=3))
    began = [event.body.tile for event in events if isinstance(event.body, Appeared)]
    assert began[:2] == [*reversed(floor)]
    beds = [
        thing.address for thing in town_map.objects if thing.address.startswith(home.address) and "bed" in thing.name
    ]
    assert began[2] in {tile for bed in beds for tile in town_map.standing_tiles(bed)}
