"""What happens to the people of a town from outside: when, to whom, and what they make of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.errors import BadInput
from engine.record.events import Acted, Decided, Event, Intervened, ObjectChanged, Planned, Remembered, Said
from replay.spread import findings
from replay.story import read_story, tell
from tests.towns import events_of, fork_town, plans_of, resume_town, run_town
from thorp.archive import Archive
from thorp.interventions import Cast, read_interventions
from thorp.news import news_of
from thorp.scenario import DEFAULT_SCENARIO, load_scenario
from thorp.town import TownRun

VOICE = {"at": "07:35", "kind": "inner_voice", "to": "Jonas Reed", "text": "the mill is going to be sold"}
NEWS = {"at": "+40m", "kind": "broadcast", "text": "the bridge is closed today"}
OVEN = {"at": "2023-02-13T06:40:00", "kind": "object", "where": "Mill House:kitchen:stove", "state": "out of order"}
VISIT = {
    "at": "07:20",
    "kind": "visitor",
    "to": "Nell Ashdown",
    "role": "a reporter",
    "text": "a fox lives in the mill",
}
CAKE = {"at": "07:50", "kind": "embody", "to": "Ida Calder", "do": "washing the dishes", "where": "Mill House:kitchen"}
PARTY = {
    "at": "07:15",
    "kind": "inner_voice",
    "to": "Ida Calder",
    "text": "Ida Calder gives a party at the pond at half past twelve",
    "gathering": {"at": "12:30", "until": "14:30", "where": "Willow Park:pond side"},
}
TALKATIVE = {"conversation_topics": 4}
"""Settings of minds that get round to telling what is not their first news."""
MINUTE, HOUR = 60, 3600


def with_interventions(folder: Path, *interventions: dict[str, Any], **changes: Any) -> Path:
    """Write the default scenario with interventions."""
    data = yaml.safe_load(DEFAULT_SCENARIO.read_text(encoding="utf-8")) | {"interventions": list(interventions)}
    path = folder / "town.yaml"
    path.write_text(yaml.safe_dump(data | changes, sort_keys=False), encoding="utf-8")
    return path


def cast() -> Cast:
    plan = load_scenario(DEFAULT_SCENARIO)
    return Cast(tuple(person.name for person in plan.scenario.people), plan.town_map, plan.clock)


def an_object() -> str:
    """An object that nobody uses in the first minutes."""
    town_map = load_scenario(DEFAULT_SCENARIO).town_map
    return next(thing.address for thing in town_map.objects if "School" in thing.address)


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    folder = tmp_path_factory.mktemp("morning")
    thing = an_object().partition(":")[2]
    path = with_interventions(folder, VOICE, NEWS, OVEN | {"where": thing}, end="09:00", minds=TALKATIVE)
    return run_town(folder, scenario=path)


def remembered(run: TownRun, agent: int) -> list[tuple[int, Remembered]]:
    events = [event for event in events_of(run) if event.key.agent == agent]
    return [(event.key.time, event.body) for event in events if isinstance(event.body, Remembered)]


def test_interventions_are_logged_at_their_times(morning: TownRun) -> None:
    happened = [(event.key, event.body) for event in events_of(morning) if isinstance(event.body, Intervened)]
    assert [(key.time // MINUTE, key.agent, body.kind) for key, body in happened] == [
        (10, -1, "object"),
        (40, -1, "broadcast"),
        (65, -1, "inner_voice"),
    ]
    assert morning.folder.verify().faults == ()


def test_an_inner_voice_becomes_a_thought_of_ones_own(morning: TownRun) -> None:
    people = morning.folder.manifest.people
    minds = {
        people[agent]: [entry for entry in remembered(morning, agent) if "is going to be sold" in entry[1].text]
        for agent in range(len(people))
    }
    time, thought = minds["Jonas Reed"][0]
    assert 65 * MINUTE <= time < 80 * MINUTE
    assert (thought.kind, thought.importance) == ("reflection", 10)
    assert thought.text == "Jonas Reed thinks that the mill is going to be sold"
    heard = [entry for name in people if name != "Jonas Reed" for entry in minds[name]]
    assert all(entry.kind == "chat" for _, entry in heard)
    said = [event for event in events_of(morning) if isinstance(event.body, Said) and "to be sold" in event.body.text]
    assert said
    assert people[said[0].key.agent] == "Jonas Reed"


def test_a_broadcast_is_heard_by_everybody_and_told_on(morning: TownRun) -> None:
    for agent in range(5):
        heard = [
            time
            for time, entry in remembered(morning, agent)
            if entry.text.endswith("heard that the bridge is closed today")
        ]
        assert len(heard) == 1
        assert heard[0] >= 40 * MINUTE
    assert any(
        "The bridge is closed today." in event.body.text for event in events_of(morning) if isinstance(event.body, Said)
    )


def test_sleepers_hear_it_when_they_wake(tmp_path: Path) -> None:
    people = yaml.safe_load(DEFAULT_SCENARIO.read_text(encoding="utf-8"))["people"]
    people[0]["wakes"], people[1]["wakes"] = "08:00", "06:35"
    path = with_interventions(tmp_path, NEWS, people=people[:2], end="08:30")
    run = run_town(tmp_path, scenario=path)
    times = [
        next(time for time, entry in remembered(run, agent) if "bridge is closed" in entry.text) for agent in range(2)
    ]
    assert times[0] >= 90 * MINUTE
    assert 40 * MINUTE <= times[1] < 60 * MINUTE


def test_an_object_keeps_its_state_while_nobody_uses_it(morning: TownRun) -> None:
    states = [
        (event.key.time, event.body.state)
        for event in events_of(morning)
        if isinstance(event.body, ObjectChanged) and event.body.address == an_object()
    ]
    assert states[0] == (10 * MINUTE + 1, "out of order")
    used = [state for _, state in states[1:]]
    assert not used or used[-1] == "out of order" or len(used) % 2  # in use, or back to that state


def test_the_story_tells_of_them(morning: TownRun) -> None:
    told = "\n".join(tell(read_story(morning.folder)))
    assert "07:35[/cyan] [yellow]A thought comes to Jonas Reed: the mill is going to be sold" in told
    assert "07:10[/cyan] [yellow]Everybody hears: the bridge is closed today" in told
    assert ": out of order" in told


def test_a_visitor_is_remembered_under_the_role_and_told_on(tmp_path: Path) -> None:
    run = run_town(tmp_path, scenario=with_interventions(tmp_path, VISIT, end="09:00", minds=TALKATIVE))
    nell, *_ = (n for n, name in enumerate(run.folder.manifest.people) if name == "Nell Ashdown")
    time, entry = next(found for found in remembered(run, nell) if "fox" in found[1].text)
    assert 50 * MINUTE <= time < 65 * MINUTE
    assert (entry.kind, entry.text) == ("chat", "A reporter told Nell Ashdown that a fox lives in the mill")
    said = [(e.key.agent, e.body.text) for e in events_of(run) if isinstance(e.body, Said) and "fox" in e.body.text]
    assert said[0][0] == nell
    assert "A reporter told me that a fox lives in the mill." in said[0][1]
    others = [text for agent, text in said if agent != nell]
    assert all("Nell told me that a fox" in text or "told me that a fox" in text for text in others)
    told = "\n".join(tell(read_story(run.folder)))
    assert "07:20[/cyan] [yellow]A visitor comes to Nell Ashdown: a reporter says that a fox lives in the mill" in told
    strict = with_interventions(tmp_path, VISIT, end="09:00", minds=TALKATIVE)
    assert run_town(tmp_path, scenario=strict, schedule="strict").events_digest == run.events_digest


def test_a_visitor_can_come_in_a_fork_and_stays_when_it_is_resumed(tmp_path: Path) -> None:
    run = run_town(tmp_path, changes={"end": "07:40"})
    fork = fork_town(run.folder.path, tmp_path / "fork", "07:10", interventions=yaml.safe_dump([VISIT]))
    assert any(isinstance(e.body, Intervened) and e.body.kind == "visitor" for e in events_of(fork))
    again = resume_town(fork.folder.path, until="07:50")
    assert events_of(again)[: len(events_of(fork))] == events_of(fork)


def walks_to(run: TownRun, name: str, since: int, until: int) -> list[str]:
    agent = run.folder.manifest.people.index(name)
    events = [e for e in events_of(run) if e.key.agent == agent and since <= e.key.time < until]
    return [event.body.address for event in events if isinstance(event.body, Acted)]


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("Ida Calder", "07:50"),
        ("Nell Ashdown", "09:20"),
        pytest.param("Jonas Reed", "07:05", marks=pytest.mark.slow),
        pytest.param("Mara Quill", "08:11", marks=pytest.mark.slow),
    ],
)
def test_who_is_embodied_goes_and_does_what_is_wanted(tmp_path: Path, name: str, at: str) -> None:
    cake = CAKE | {"at": at, "to": name, "minutes": 40}
    run = run_town(tmp_path, scenario=with_interventions(tmp_path, cake, end="11:00"))
    plain = run_town(tmp_path, changes={"end": "11:00"})
    time = load_scenario(DEFAULT_SCENARIO).clock.parse(at)
    before = [[e for e in events_of(each) if e.key.time < time] for each in (plain, run)]
    assert before[0] == before[1], "nobody knows of it beforehand"
    agent = run.folder.manifest.people.index(name)
    plans = [(e.key.time, e.body) for e in events_of(run) if e.key.agent == agent and isinstance(e.body, Planned)]
    begun = next(when for when, plan in plans if any(entry.activity == CAKE["do"] for entry in plan.entries))
    assert time <= begun <= time + 15 * MINUTE
    assert any("Mill House:kitchen" in place for place in walks_to(run, name, begun, begun + 40 * MINUTE))
    assert {text for text, _ in deeds(run, name, begun + 60, begun + 40 * MINUTE)} <= {CAKE["do"]}
    assert plans_of(run, name)
    assert any(f"{name} decides on washing the dishes" in entry.text for _, entry in remembered(run, agent))
    assert not run.failures.get("mind")
    for schedule in ("strict", "out-of-order"):
        path = with_interventions(tmp_path, cake, end="11:00")
        again = run_town(tmp_path, scenario=path, schedule=schedule, model="scripted:latency=lognormal")
        assert again.events_digest == run.events_digest


def deeds(run: TownRun, name: str, since: int, until: int) -> list[tuple[str, str]]:
    """What somebody does, and where, besides walking and talking."""
    agent = run.folder.manifest.people.index(name)
    acts = [(e.key.time, e.body) for e in events_of(run) if e.key.agent == agent and isinstance(e.body, Acted)]
    doing = [act for time, act in acts if since <= time < until]
    return [
        (act.description, act.address) for act in doing if not act.description.startswith(("walking to", "talking"))
    ]


@pytest.mark.parametrize(
    ("order", "with_what"),
    [
        ({"do": "washing the dishes", "where": "Mill House:kitchen", "minutes": 30}, "thorp:Mill House:kitchen:sink"),
        ({"do": "walking by the pond", "where": "Willow Park:pond side", "minutes": 30}, "thorp:Willow Park:pond side"),
        ({"do": "counting the tiles", "where": "Mill House:kitchen:stove"}, "thorp:Mill House:kitchen"),
    ],
)
def test_what_is_ordered_is_done_to_the_letter_for_all_of_its_time(
    tmp_path: Path, order: dict[str, Any], with_what: str
) -> None:
    whole: dict[str, Any] = {"at": "07:40", "kind": "embody", "to": "Jonas Reed", "minutes": 45} | order
    quiet = {"conversation_cooldown": 80000}
    run = run_town(tmp_path, scenario=with_interventions(tmp_path, whole, end="08:40", minds=quiet))
    begun = load_scenario(DEFAULT_SCENARIO).clock.parse("07:40")
    found = deeds(run, "Jonas Reed", begun + 1, begun + whole["minutes"] * MINUTE)
    assert found
    assert set(found) == {(whole["do"], with_what)}


@pytest.mark.parametrize(
    ("at", "schedule"),
    [("23:10", "strict"), ("2023-02-14T03:00", "out-of-order"), ("2023-02-14T05:20", "out-of-order")],
)
def test_who_is_asleep_gets_up_for_it_and_goes_back_to_bed(tmp_path: Path, at: str, schedule: str) -> None:
    """She sleeps from 22:00 to 05:45."""
    order = {"at": at, "kind": "embody", "to": "Ida Calder", "do": "baking a cake", "where": "Rose Cottage"}
    path = with_interventions(tmp_path, order | {"minutes": 45}, end="+26h", people=two())
    run = run_town(tmp_path, scenario=path, schedule=schedule, model="scripted:latency=lognormal")
    clock = load_scenario(DEFAULT_SCENARIO).clock
    time = clock.parse(at)
    found = deeds(run, "Ida Calder", time - HOUR, time + 2 * HOUR)
    texts = [text for text, _ in found]
    assert "baking a cake" in texts
    first, *later = texts[texts.index("baking a cake") :]
    plain = run_town(tmp_path, scenario=with_interventions(tmp_path, end="+26h", people=two()))
    before = [[e for e in events_of(each) if e.key.time < time] for each in (plain, run)]
    assert before[0] == before[1], "nobody knows of it beforehand"
    assert any(text == "sleeping" for text in later) == (at != "2023-02-14T05:20")
    acted = [(e.key.time, e.body.description) for e in events_of(run) if isinstance(e.body, Acted) and e.key.agent == 0]
    assert any(time <= when <= time + 5 * MINUTE for when, what in acted if what == first)
    fork = fork_town(
        plain.folder.path,
        tmp_path / "fork",
        "2023-02-13T23:00",
        interventions=yaml.safe_dump([order | {"minutes": 45}]),
    )
    assert [e for e in events_of(fork) if e.key.time >= time] == [e for e in events_of(run) if e.key.time >= time]
    assert plans_of(run)
    assert not run.failures.get("mind")


def test_an_order_goes_before_bedtime(tmp_path: Path) -> None:
    order = {"at": "21:50", "kind": "embody", "to": "Ida Calder", "do": "baking a cake", "where": "Rose Cottage"}
    run = run_town(tmp_path, scenario=with_interventions(tmp_path, order, end="22:40", people=two()))
    time = load_scenario(DEFAULT_SCENARIO).clock.parse("21:50")
    texts = [text for text, _ in deeds(run, "Ida Calder", time, time + HOUR)]
    assert texts[-1] == "sleeping"
    asleep = next(
        e.key.time - time
        for e in events_of(run)
        if isinstance(e.body, Acted) and e.key.agent == 0 and e.body.description == "sleeping" and e.key.time > time
    )
    assert 30 * MINUTE <= asleep < 40 * MINUTE


def test_an_inner_voice_gives_a_party_and_guests_come(tmp_path: Path) -> None:
    plain = run_town(tmp_path, changes={"end": "07:30", "people.0.news": []})
    fork = fork_town(
        plain.folder.path, tmp_path / "fork", "07:10", until="15:00", interventions=yaml.safe_dump([PARTY])
    )
    clock, people = load_scenario(DEFAULT_SCENARIO).clock, fork.folder.manifest.people
    begins, ends = clock.parse("12:30"), clock.parse("14:30")
    answers = {
        people[e.key.agent]: e.body.answer.partition(":")[0]
        for e in events_of(fork)
        if isinstance(e.body, Decided) and e.body.thought == "invitation"
    }
    going = [name for name, answer in answers.items() if answer == "yes"]
    assert going[0] == "Ida Calder", "it is her own idea"
    assert len(going) >= 3
    for name in going:
        plans = [plan for _, _, plan in plans_of(fork, name) if any("party" in e.activity for e in plan.entries)]
        party = [entry for entry in plans[0].entries if "party" in entry.activity]
        lasts = sum(entry.minutes for entry in party)
        assert (party[0].start, lasts) == (begins, 120 if name == "Ida Calder" else 90), (
            "a guest does not stay for ever"
        )
        there = [place for text, place in deeds(fork, name, begins, ends) if "pond side" in place]
        assert there, f"{name} has come"
    plan, last = Archive(fork.folder.path).plan, events_of(fork)[-1].key.time
    spreads = findings(events_of(fork), people, news_of(plan, last), None).spreads
    (spread,) = [spread for spread in spreads if spread.item.text == PARTY["text"]]
    assert spread.item.starts_with == "Ida Calder"
    assert spread.item.start == begins
    assert set(spread.accepted) == {*going} - {"Ida Calder"}
    assert set(spread.came) == set(spread.accepted)
    assert spread.host_came


@pytest.mark.parametrize(
    "kind", [{"kind": "broadcast"}, {"kind": "visitor", "to": "Jonas Reed", "role": "a reporter"}], ids=["all", "one"]
)
def test_who_is_told_by_a_voice_decides_as_who_is_invited(tmp_path: Path, kind: dict[str, str]) -> None:
    """The Lantern opens at 12 only, and so one goes then; the surgery is shut at night, so nobody goes."""
    quiz = {
        "at": "09:35",
        "text": "there is a quiz at The Lantern",
        "gathering": {"at": "11:30", "where": "The Lantern"},
    }
    night = {"at": "09:36", "text": "a doctor speaks", "gathering": {"at": "20:00", "where": "The Surgery"}}
    path = with_interventions(tmp_path, quiz | kind, night | kind, end="12:45")
    run = run_town(tmp_path, scenario=path)
    answers = [
        (run.folder.manifest.people[e.key.agent], e.body.way, e.body.answer)
        for e in events_of(run)
        if isinstance(e.body, Decided) and e.body.thought == "invitation"
    ]
    closed = [name for name, way, answer in answers if (way, answer) == ("rule", "no, closed then: a doctor speaks")]
    assert closed
    going = [name for name, _, answer in answers if answer == "yes: there is a quiz at The Lantern"]
    assert going
    noon = load_scenario(DEFAULT_SCENARIO).clock.parse("12:00")
    for name in going:
        plan = next(p for _, _, p in plans_of(run, name) if any("quiz" in e.activity for e in p.entries))
        assert next(e.start for e in plan.entries if "quiz" in e.activity) == noon
        assert any("The Lantern" in place for _, place in deeds(run, name, noon, noon + 45 * MINUTE))


def two() -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = yaml.safe_load(DEFAULT_SCENARIO.read_text(encoding="utf-8"))["people"]
    return people[:2]


def test_a_fork_shares_the_past_of_who_is_embodied_in_it_and_can_be_resumed(tmp_path: Path) -> None:
    run = run_town(tmp_path, changes={"end": "10:00"})
    fork = fork_town(
        run.folder.path, tmp_path / "fork", "08:40", interventions=yaml.safe_dump([CAKE | {"at": "09:00"}])
    )
    time = 130 * MINUTE
    assert [e for e in events_of(run) if e.key.time < time] == [e for e in events_of(fork) if e.key.time < time]
    assert fork.folder.manifest.scenario["interventions"][0]["since"] == time
    assert not resume_town(fork.folder.path, until="10:30").stopped
    second = fork_town(
        fork.folder.path, tmp_path / "second", "08:50", interventions=yaml.safe_dump([CAKE | {"at": "09:40"}])
    )
    assert not second.stopped


@pytest.mark.parametrize("schedule", ["strict", "out-of-order"])
def test_neither_schedule_nor_latency_matters(tmp_path: Path, morning: TownRun, schedule: str) -> None:
    thing = an_object().partition(":")[2]
    path = with_interventions(tmp_path, VOICE, NEWS, OVEN | {"where": thing}, end="09:00", minds=TALKATIVE)
    run = run_town(tmp_path, scenario=path, schedule=schedule, model="scripted:latency=lognormal")
    assert run.events_digest == morning.events_digest


def test_the_past_does_not_depend_on_what_is_to_come(tmp_path: Path, morning: TownRun) -> None:
    plain = run_town(tmp_path, changes={"end": "09:00"})

    def early(run: TownRun) -> list[Event]:
        return [event for event in events_of(run) if event.key.time < 10 * MINUTE]

    assert early(plain) == early(morning)


def test_who_is_left_out_has_no_thoughts(tmp_path: Path) -> None:
    path = with_interventions(tmp_path, VOICE, NEWS)
    run = run_town(tmp_path, scenario=path, agents=2, changes={"end": "07:40"})
    assert [e.body.kind for e in events_of(run) if isinstance(e.body, Intervened)] == ["broadcast"]


@pytest.mark.parametrize(
    ("intervention", "expected"),
    [
        (VOICE | {"to": "Jonas Read"}, "[0].to: nobody is called 'Jonas Read' (did you mean 'Jonas Reed'?)"),
        (VOICE | {"kind": "inner_voce"}, "should be 'inner_voice', 'broadcast', 'visitor', 'embody' or 'object'"),
        (VOICE | {"txt": "x"}, "unknown key 'txt' (did you mean 'text'?)"),
        ({"at": "07:00", "kind": "inner_voice", "to": "Jonas Reed"}, "the kind inner_voice needs 'text'"),
        (NEWS | {"to": "Jonas Reed"}, "'to' does not go with the kind broadcast (allowed: at, text, gathering)"),
        (NEWS | {"text": "I am ill"}, "put the person's name in place of 'I'"),
        (NEWS | {"at": "2023-02-13T06:29"}, "key interventions[0].at: '2023-02-13T06:29' lies before the start"),
        (NEWS | {"at": "soon"}, "key interventions[0].at: 'soon' is not a time"),
        (OVEN | {"where": "Ember Cafe:kitchen:ovn"}, "no object 'Ember Cafe:kitchen:ovn' on the map (did you mean"),
        (OVEN | {"where": "Ember Cafe"}, "there is no object 'Ember Cafe' on the map"),
        (VISIT | {"role": "Ida Calder"}, "[0].role: 'Ida Calder' is one of the people"),
        (VISIT | {"to": "Jonas Read"}, "[0].to: nobody is called 'Jonas Read' (did you mean 'Jonas Reed'?)"),
        ({key: VISIT[key] for key in ("at", "kind", "to", "text")}, "the kind visitor needs 'role'"),
        (VISIT | {"text": "I saw a fox"}, "put the person's name in place of 'I'"),
        (CAKE | {"where": "Mill House:kitchn"}, "[0].where: there is no place 'Mill House:kitchn' on the map (did you"),
        (CAKE | {"minutes": 3}, "key interventions[0].minutes"),
        (VOICE | {"minutes": 30}, "'minutes' does not go with the kind inner_voice"),
        (OVEN | {"state": ""}, "key interventions[0].state"),
        (OVEN | {"gathering": {"at": "12:30"}}, "'gathering' does not go with the kind object (allowed: at, where"),
        (CAKE | {"gathering": {"at": "12:30"}}, "'gathering' does not go with the kind embody (allowed: at, to, do"),
        (PARTY | {"gathering": {}}, "key interventions[0].gathering"),
        (PARTY | {"gathering": {"at": "noon"}}, "key interventions[0].gathering.at: 'noon' is not a time"),
        (PARTY | {"gathering": {"at": "12:30", "until": "1"}}, "interventions[0].gathering.until: '1' is not a time"),
        (PARTY | {"gathering": {"at": "+10m"}}, "06:40, not after it is spoken of"),
        (PARTY | {"gathering": {"at": "12:30", "until": "+1h"}}, "until: '+1h' is Monday 13 February 2023, 07:30"),
        (PARTY | {"gathering": {"at": "12:30", "until": "11:30"}}, "[0].gathering.until: '11:30' is Tuesday 14"),
        (PARTY | {"gathering": {"at": "12:30", "until": "11:30"}}, "11:30, 23:00 hours after it begins; what goes on"),
        (PARTY | {"gathering": {"at": "12:30", "where": "The Lanter"}}, "[0].gathering.where: there is no place 'The"),
    ],
)  # fmt: skip
def test_what_cannot_happen_is_one_sentence(tmp_path: Path, intervention: dict[str, Any], expected: str) -> None:
    with pytest.raises(BadInput) as caught:
        load_scenario(with_interventions(tmp_path, intervention))
    assert expected in str(caught.value)
    assert "town.yaml" in str(caught.value)


@pytest.mark.parametrize(("at", "until"), [("22:00", "01:00"), ("22:00", "10:00"), ("08:00", "24:00")])
def test_a_gathering_can_be_over_on_the_next_day(tmp_path: Path, at: str, until: str) -> None:
    (party,) = load_scenario(
        with_interventions(tmp_path, PARTY | {"gathering": {"at": at, "until": until}})
    ).interventions
    gathering, clock = party.what.gathering, load_scenario(DEFAULT_SCENARIO).clock
    assert gathering is not None
    assert gathering.begins(clock, party.time) == clock.parse(at)
    assert gathering.ends(clock, party.time) == clock.parse(until, clock.parse(at))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: broadcast", "must be a list"),
        ("[]", "holds no intervention"),
        ("- broadcast", "entry 1: must be a mapping"),
        ("- {at: 07:40, kind: broadcast, text: fine}\n- {at: 07:40, kind: broadcast}", "entry 2: the kind"),
        ("- {at: 07:40, kind: inner_voice, to: Jona Reed, text: x}", "entry 1, key to: nobody is called"),
        ("- {at: 07:40, kind: broadcast, text: fine}\n- {at: 07:10, kind: broadcast, text: x}", "entry 2, key at: "),
        ("- {at: 07:40, kind: broadcast, text: fine", "line"),
    ],
)  # fmt: skip
def test_a_file_of_interventions_names_the_entry(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "interventions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_interventions(path, cast(), 3600)
    assert expected in str(caught.value)
    assert "interventions.yaml" in str(caught.value)


SECOND = "2023-02-13T06:40:01"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            OVEN,
            OVEN | {"state": "on fire"},
            "'Mill House:kitchen:stove' cannot come into two states in the same second",
        ),
        (OVEN, {**OVEN}, "; the other, key interventions[0].at: Monday 13 February 2023, 06:40: "),
        (OVEN, OVEN | {"at": "+10m", "state": "on fire"}, "stove: out of order"),
        (OVEN | {"at": "+0s"}, OVEN | {"at": "+1s"}, "two states"),  # nothing happens before the first second
        (CAKE, CAKE | {"do": "baking a cake"}, "'Ida Calder' cannot be made to begin two things in the same second"),
    ],
)
def test_what_contradicts_each_other_is_refused(
    tmp_path: Path, one: dict[str, Any], other: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadInput) as caught:
        load_scenario(with_interventions(tmp_path, one, other))
    assert "town.yaml, key interventions[1].at: " in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OVEN, OVEN | {"at": SECOND, "state": "on fire"}),
        (OVEN, OVEN | {"where": "Mill House:kitchen:sink"}),
        (CAKE, CAKE | {"to": "Jonas Reed"}),
        (CAKE, CAKE | {"at": "07:51"}),  # while the other is under way
        (VOICE, VOICE | {"text": "the bridge is closed today"}),
        (NEWS, {**NEWS}),
        (OVEN, CAKE | {"at": OVEN["at"], "where": OVEN["where"]}),
    ],
)
def test_what_does_not_may_happen_at_once(tmp_path: Path, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert len(load_scenario(with_interventions(tmp_path, one, other)).interventions) == 2


def test_a_fork_cannot_contradict_what_its_parent_has_or_itself(tmp_path: Path) -> None:
    run = run_town(tmp_path, scenario=with_interventions(tmp_path, CAKE, end="06:35"), agents=1)

    def refusal(*entries: dict[str, Any]) -> str:
        with pytest.raises(BadInput) as caught:
            fork_town(run.folder.path, tmp_path / "fork", "06:33", interventions=yaml.safe_dump(list(entries)))
        return str(caught.value)

    said = refusal(NEWS, CAKE | {"at": "+80m", "do": "baking a cake"})
    assert "fork.yaml, entry 2, key at: 'Ida Calder' cannot be made to begin two things" in said
    assert "; the other, which the run has already: Monday 13 February 2023, 07:50: Somebody acts as Ida" in said
    assert "entry 2, key at: 'Mill House:kitchen:stove'" in refusal(OVEN, OVEN | {"state": "on fire"})
    assert "the other, entry 1, key at: " in refusal(OVEN, {**OVEN})
    assert not (tmp_path / "fork").exists()
