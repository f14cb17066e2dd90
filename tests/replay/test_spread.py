"""What the log says about a town as a whole, against logs counted by hand and against a run counted in another way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from agents.cognition.script import LINES
from engine.errors import BadInput
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import Budget
from engine.record.events import (
    AGENT_PRIORITY,
    Acted,
    Body,
    ConversationBegan,
    Decided,
    Event,
    Key,
    Remembered,
    Said,
    Walked,
)
from replay.key_words import key_words
from replay.spread import Claim, Findings, Item, Learned, Ties, findings
from replay.timeline import Timeline
from tests.towns import events_of, run_town
from thorp.commands.report import report
from thorp.scenario import DATA, DEFAULT_SCENARIO, load_scenario
from thorp.town import TownRun

NAMES = ("Ann Lee", "Bo Moor", "Cy Poe", "Di Fox")
PARTY = Item("Ann Lee gives a party", "Ann Lee", 10_000, "town:Hall")


def read(*events: tuple[int, int, Body], items: tuple[Item, ...] = (PARTY,)) -> Findings:
    log = [Event(Key(time, AGENT_PRIORITY, agent, n), body) for n, (time, agent, body) in enumerate(events)]
    return findings(log, NAMES, items, {"Ann Lee": ("Bo Moor", "a stranger"), "Bo Moor": ("Ann Lee",)})


def heard(memory: int, who: str, whom: str) -> Remembered:
    return Remembered(memory, "chat", f"{who} told {whom} that Ann Lee gives a party", 3.0, (), (who,))


def test_who_heard_it_from_whom() -> None:
    (spread,) = read(
        (0, 0, Remembered(0, "observation", "Ann Lee knows that Ann Lee gives a party", 3.0, (), ())),
        (50, 3, Said("c", "Bo Moor", "They say that ann lee gives a party.")),
        (100, 1, heard(4, "Ann Lee", "Bo Moor")),
        (110, 0, Remembered(7, "chat", "Ann Lee talked with Bo Moor: Ann Lee gives a party", 3.0, (), ("Bo Moor",))),
        (200, 2, heard(2, "Bo Moor", "Cy Poe")),
        (210, 2, Said("d", "Bo Moor", "So Ann Lee gives a party!")),
        (300, 1, heard(9, "Cy Poe", "Bo Moor")),
    ).spreads
    assert spread.learned == [
        Learned("Ann Lee", 0, "", 0), Learned("Bo Moor", 100, "Ann Lee", 4), Learned("Cy Poe", 200, "Bo Moor", 2),
    ]  # fmt: skip
    assert spread.told == 3
    assert spread.invented == [Claim("Di Fox", "Bo Moor", 50)]
    assert [spread.knowing(time) for time in (0, 99, 100, 250)] == [1, 1, 2, 3]
    assert spread.invited == ["Bo Moor", "Cy Poe"]


def test_a_plan_or_what_one_concludes_about_it_is_no_knowledge() -> None:
    (spread,) = read(
        (1, 1, Remembered(0, "plan", "Bo Moor is going to this: Ann Lee gives a party", 3.0, (), ())),
        (2, 1, Remembered(1, "reflection", "Ann Lee gives a party, so she is kind", 3.0, (0,), ())),
        (3, 1, Remembered(2, "reflection", "Bo Moor thinks that Ann Lee gives a party for show", 3.0, (), ())),
        (4, 1, Remembered(3, "reflection", "Bo Moor thinks that Ann Lee gives a party", 3.0, (0,), ("Ann Lee",))),
    ).spreads
    assert spread.learned == []


def test_a_thought_that_was_put_into_ones_head_is_knowledge_from_nobody() -> None:
    (spread,) = read(
        (3, 1, Remembered(2, "reflection", "Bo Moor thinks that Ann Lee gives a party", 10.0, (), ())),
        (9, 1, Said("c", "Cy Poe", "Ann Lee gives a party.")),
    ).spreads
    assert (spread.learned, spread.invented) == ([Learned("Bo Moor", 3, "", 2)], [])


@pytest.mark.parametrize(
    ("since", "address", "left", "there"),
    [
        (9_000, "town:Hall:stage", 9_500, False),
        (9_000, "town:Hall:stage", 10_001, True),
        (12_000, "town:Hall", 12_100, True),
        (13_600, "town:Hall", 13_700, False),
        (10_500, "town:Hallway", 12_000, False),
    ],
)
@pytest.mark.parametrize("knew", [True, False])
def test_who_came(since: int, address: str, left: int, there: bool, knew: bool) -> None:
    (spread,) = read(
        *([(5, 1, heard(0, "Ann Lee", "Bo Moor"))] if knew else []),
        (5, 1, Decided("invitation", "meaning", "yes: Ann Lee gives a party")),
        (6, 2, heard(0, "Ann Lee", "Cy Poe")),
        (6, 2, Decided("invitation", "meaning", "no: Ann Lee gives a party")),
        (since, 1, Acted("dancing", "", address, left)),
        (left, 1, Acted("walking home", "", "town", left + 9)),
        (20_000, 2, Acted("sleeping", "", "town:Home", 30_000)),
    ).spreads
    assert (spread.accepted, spread.declined) == (["Bo Moor"], ["Cy Poe"])
    assert spread.came == (["Bo Moor"] if there and knew else [])
    assert spread.passers_by == (["Bo Moor"] if there and not knew else [])


@pytest.mark.parametrize(
    ("told", "came"),
    [
        (8_000, True),  # on the way
        (9_500, True),  # there, for something else, and still there when it began
        (10_500, True),  # during it, there by chance; and one came back for it
        (12_000, False),  # as one came back
        (12_300, False),  # there by chance again
    ],
)
def test_who_comes_knows_of_it_before_it_begins_for_them(told: int, came: bool) -> None:
    (spread,) = read(
        (9_000, 1, Acted("eating", "", "town:Hall:table", 9_900)),
        (told, 1, heard(0, "Ann Lee", "Bo Moor")),
        (9_900, 1, Acted("reading", "", "town:Hall:bench", 11_000)),
        (11_000, 1, Acted("strolling", "", "town:Park", 12_000)),
        (12_000, 1, Acted("dancing", "", "town:Hall:stage", 12_500)),
        (12_500, 0, Acted("tidying up", "", "town:Hall:stage", 13_000)),
    ).spreads
    assert (spread.came, spread.passers_by) == ((["Bo Moor"], []) if came else ([], ["Bo Moor"]))
    assert spread.host_came


def test_who_walks_away_is_not_there_any_more() -> None:
    def walk(time: int, to: str) -> list[tuple[int, int, Body]]:
        walked = Walked(((0, 0), (0, 1)), 10, to)
        return [(time, 1, walked), (time, 1, Acted("walking", "", "town:Hall:table", time + 500))]

    party = (5, 1, heard(0, "Ann Lee", "Bo Moor")), (9_000, 1, Acted("eating", "", "town:Hall:table", 9_900))
    home = 10_400, 1, Acted("reading", "", "town:Home", 11_000)
    assert read(*party, *walk(9_900, "town:Home"), home).spreads[0].came == []
    assert read(*party, *walk(9_900, "town:Hall:stage"), home).spreads[0].came == ["Bo Moor"]


def test_who_knows_whom() -> None:
    def talked(other: str) -> Remembered:
        return Remembered(0, "chat", "they talked", 1.0, (), (other,))

    ties = read((9, 2, talked("Di Fox")), (9, 3, talked("Cy Poe")), (9, 2, talked("Ann Lee"))).ties
    assert (ties.pairs_at_start, ties.pairs_at_end) == (1, 2)
    assert [ties.at_start, ties.at_end] == pytest.approx([1 / 6, 2 / 6])


def test_where_it_is_not_known_who_knew_whom_that_is_said() -> None:
    assert findings([], NAMES, (), None).ties == Ties(None, 0.0, None, 0, frozenset(), frozenset())


def test_a_manifest_that_does_not_hold_together_is_refused(tmp_path: Path) -> None:
    run = run_town(tmp_path, agents=1, changes={"end": "+10m"})
    path = run.folder.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for people in ([7], [{"name": "Ida Calder", "news": "x"}], "nobody"):
        path.write_text(json.dumps(manifest | {"scenario": manifest["scenario"] | {"people": people}}))
        with pytest.raises(BadInput, match=r"manifest\.json"):
            report(run.folder.path, None, as_json=False)


def test_events_of_strangers_are_refused() -> None:
    with pytest.raises(BadInput, match="whom the manifest does not name"):
        read((0, 4, Decided("place", "rule", "x")))


PARTY_AT_THE_POND = "Ida Calder gives a party at the pond"
ALIKE = (
    PARTY_AT_THE_POND,
    f"{PARTY_AT_THE_POND} and there is cake",
    f"{PARTY_AT_THE_POND}, and there is wine, too",
    "there is cake",
    "the mill is sold",
    "The mill is sold",
    "Ida Calder told everybody that the mill is sold",
    "the mill is sold. Nobody knows to whom",
    "who bought the mill?",
)
"""Pieces of news that hold each other, and what news is worded with."""


def test_of_news_that_holds_other_news_only_the_whole_is_known() -> None:
    def remember(agent: int, kind: str, text: str, *about: str) -> tuple[int, int, Body]:
        return 9, agent, Remembered(0, kind, text, 3.0, (), about)

    def known_by(*events: tuple[int, int, Body]) -> dict[str, list[str]]:
        """What whoever knows something knows, in the order in which they came to know it."""
        spreads = read(*events, items=tuple(Item(text, "Ann Lee") for text in ALIKE)).spreads
        people = sorted({each.person for spread in spreads for each in spread.learned})
        return {name: [s.item.text for s in spreads if name in [each.person for each in s.learned]] for name in people}

    for text in ALIKE:
        only = {"Bo Moor": [text]}
        for stop in ("", ".", "!"):
            assert known_by(remember(1, "observation", f"Bo Moor knows that {text}{stop}")) == only
            assert known_by(remember(1, "chat", f"Bo Moor talked with Cy Poe: {text}{stop}", "Cy Poe")) == only
            assert known_by(
                remember(1, "chat", f"Cy Poe talked with Di Fox and Bo Moor: {text}{stop} and Di Fox was ill", "Cy Poe")
            ) == only  # fmt: skip
        assert known_by(remember(1, "observation", f"Bo Moor heard that {text}")) == only
        assert known_by(remember(1, "reflection", f"Bo Moor thinks that {text}")) == only
        assert known_by(remember(1, "chat", f"Cy Poe told Bo Moor that {text}", "Cy Poe")) == only
        assert known_by(remember(1, "chat", f"Somebody who said that it rains told Bo Moor that {text}")) == only
        assert known_by(remember(1, "observation", f"Cy Poe is attending: {text} in Willow Park", "Cy Poe")) == only
        seen = f"Cy Poe told Bo Moor that Di Fox was attending: {text} in Willow Park"
        assert known_by(remember(1, "chat", seen, "Cy Poe")) == only
        assert known_by(remember(1, "observation", f"Bo Moor knows that {text} tomorrow")) == {}
        assert known_by(remember(1, "observation", f"Bo Moor knows that it is not so that {text}")) == {}


def test_a_talk_about_two_things_that_read_as_a_third_one_teaches_nobody_the_third() -> None:
    told = [
        (5, 1, Remembered(number, "chat", f"Cy Poe told Bo Moor that {text}", 3.0, (), ("Cy Poe",)))
        for number, text in enumerate((PARTY_AT_THE_POND, "there is cake"))
    ]
    talk = f"Cy Poe talked with Bo Moor: {PARTY_AT_THE_POND} and there is cake"
    items = tuple(Item(text, "Ann Lee") for text in ALIKE[:4])
    spreads = read(*told, (9, 1, Remembered(2, "chat", talk, 3.0, (), ("Cy Poe",))), items=items).spreads
    assert [(len(spread.learned), spread.told) for spread in spreads] == [(1, 1), (0, 0), (0, 0), (1, 1)]


def test_who_decides_to_go_decides_about_one_thing() -> None:
    for text in ALIKE:
        items = tuple(Item(each, "Ann Lee", 10_000, "town:Hall") for each in ALIKE)
        yes = 5, 1, Decided("invitation", "rule", f"yes: {text}.")
        no = 6, 2, Decided("invitation", "rule", f"no, closed then: {text}")
        spreads = read(yes, no, items=items).spreads
        assert {s.item.text: (s.accepted, s.declined) for s in spreads if s.accepted or s.declined} == {
            text: (["Bo Moor"], ["Cy Poe"])
        }


@pytest.mark.parametrize("text", ALIKE)
def test_who_says_what_they_do_not_know_has_invented_that_and_nothing_else(text: str) -> None:
    items = tuple(Item(each, "Ann Lee") for each in ALIKE)
    said = text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")
    known = [Remembered(n, "observation", f"Bo Moor knows that {each}", 3.0, (), ()) for n, each in enumerate(ALIKE)]
    for line in (said, f"Is that so? {said}", f"I see. Di Fox told me that {text}."):
        knowing = read(*((1, 1, memory) for memory in known), (9, 1, Said("c", "Cy Poe", line)), items=items)
        assert [spread.invented for spread in knowing.spreads] == [[]] * len(ALIKE)
        one = known[ALIKE.index(text)]
        assert not any(s.invented for s in read((1, 1, one), (9, 1, Said("c", "Cy Poe", line)), items=items).spreads)
        unknowing = read((9, 1, Said("c", "Cy Poe", line)), items=items).spreads
        claimed = [spread.item.text for spread in unknowing if spread.invented]
        assert claimed in ([text], [text[:1].upper() + text[1:]]), "a sentence begins with a capital"


def test_who_knows_a_part_and_says_the_whole_has_invented_it() -> None:
    items = tuple(Item(each, "Ann Lee") for each in ALIKE)
    knows = 1, 1, Remembered(0, "observation", f"Bo Moor knows that {PARTY_AT_THE_POND}", 3.0, (), ())
    for text in ALIKE[1:3]:
        spreads = read(knows, (9, 1, Said("c", "Cy Poe", f"I know. {text}!")), items=items).spreads
        assert [spread.item.text for spread in spreads if spread.invented] == [text]


def test_a_line_with_a_key_word_hints_at_what_its_speaker_has_no_memory_of() -> None:
    party = Item("Ann Lee gives a party", "Ann Lee", key_words=("party",))
    dance = Item("Bo Moor gives a party with a dance", "Bo Moor", key_words=("party", "dance"))
    lines = {
        3: Said("c", "Ann Lee", "I am looking forward to the Party tonight."),  # Bo knows of another one
        4: Said("c", "Ann Lee", "Shall we go to the dance?"),
        20: Said("c", "Di Fox", "What a day! Bo Moor gives a party with a dance."),  # that is said word for word
        30: Said("c", "Di Fox", "I am a partygoer."),
        40: Said("c", "Di Fox", "What will you wear for the party’s ball?"),
        51: Said("c", "Di Fox", "I have heard of the party now."),
    }
    spreads = read(
        (0, 0, Remembered(0, "observation", "Ann Lee knows that Ann Lee gives a party", 3.0, (), ())),
        (0, 1, Remembered(0, "observation", "Bo Moor knows that Bo Moor gives a party with a dance", 3.0, (), ())),
        *((time, 0 if time == 4 else 1 if time == 3 else 2, line) for time, line in lines.items() if time < 50),
        (50, 2, heard(4, "Ann Lee", "Cy Poe")),
        (51, 2, lines[51]),
        items=(party, dance),
    ).spreads
    assert [(hint.person, hint.to, hint.time, hint.text) for hint in spreads[0].hinted] == [
        ("Cy Poe", "Di Fox", 40, lines[40].text)
    ]
    assert [(hint.person, hint.time) for hint in spreads[1].hinted] == [("Ann Lee", 4), ("Cy Poe", 40)]
    assert [[claim.time for claim in spread.invented] for spread in spreads] == [[], [20]]


def test_key_words_are_those_that_the_town_has_no_other_use_for() -> None:
    news = "Juno Pell is giving a Valentine's party at the Town Hall on the fourteenth at five in the afternoon"
    names, everyday = ["Juno Pell", "Town Hall"], ["giving out medicine"]
    assert key_words(news, names, everyday) == ("valentine", "party")
    assert key_words(news, names, [*everyday, "having parties", "cooking for the PARTY"]) == ("valentine",)
    assert key_words("there is an evening of music at seven", [], ["listening to music"]) == ()
    assert key_words("they fell a tree, and that tree is old", [], []) == ("fell", "tree")


@pytest.mark.parametrize(
    ("until", "came", "is_over"), [(0, [], False), (10_001, ["Bo Moor"], False), (13_600, ["Bo Moor"], True)]
)
def test_who_is_there_and_stays_has_come_though_nothing_more_happens(
    until: int, came: list[str], is_over: bool
) -> None:
    bodies: dict[int, Body] = {
        5: heard(0, "Ann Lee", "Bo Moor"),
        9_000: Acted("dancing", "", "town:Hall:stage", 20_000),
    }
    log = [Event(Key(time, AGENT_PRIORITY, 1, n), body) for n, (time, body) in enumerate(bodies.items())]
    found = findings(log, NAMES, (PARTY,), None, until)
    assert found.end == max(9_000, until)
    assert (found.spreads[0].came, found.spreads[0].is_over(found.end)) == (came, is_over)


EVENING = DEFAULT_SCENARIO, "21:00", "there is an evening of music"
VALENTINE = DATA / "valentine.yaml", "2023-02-14T18:30", "Juno Pell is giving a Valentine's party"


def knowers(run: TownRun, text: str) -> list[tuple[str, int, str]]:
    """Who first had which time the text in a memory that is no plan and rests on none, and who had just said it.

    A line takes a second for 15 letters, and two at least; it is remembered when it has been heard to its end.
    """
    people, text = run.folder.manifest.people, text.casefold()
    circles: dict[str, set[str]] = {}
    heard: dict[tuple[str, int], list[tuple[str, str]]] = {}
    found: dict[str, tuple[str, int, str]] = {}
    for event in events_of(run):
        time, name = event.key.time, people[event.key.agent]
        match event.body:
            case ConversationBegan(conversation, partner):
                circles.setdefault(conversation, {name}).add(partner)
            case Said(conversation, _, line) if text in line.casefold():
                end = time + max(2, -(-len(line) // 15))
                for other in circles[conversation] - {name}:
                    heard.setdefault((other, end), []).append((name, line))
            case Remembered(kind=kind, text=memory, evidence=()) if kind != "plan" and text in memory.casefold():
                speakers = [speaker for speaker, _ in heard.get((name, time), [])]
                assert len(speakers) <= 1
                found.setdefault(name, (name, time, speakers[0] if speakers else ""))
            case _:
                pass
    return list(found.values())


def evaluated(run: TownRun, capsys: pytest.CaptureFixture[str], plot: Path | None = None) -> dict[str, Any]:
    """What `evaluate` says of a run to programs."""
    report(run.folder.path, plot, as_json=True)
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def is_diffusion_of(run: TownRun, told: dict[str, Any]) -> None:
    """Check who came to know something, when, and from whom, against what was said and remembered."""
    learned = [(each["person"], each["time"], each["from"]) for each in told["learned"]]
    assert learned == knowers(run, told["text"])
    assert told["knew_at_end"] == len(learned)
    assert told["invented"] == []


@pytest.mark.parametrize("case", [EVENING, pytest.param(VALENTINE, marks=pytest.mark.slow)])
def test_news_is_known_and_come_to_as_the_log_says(
    case: tuple[Path, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario, end, text = case
    run = run_town(tmp_path, scenario=scenario, changes={"end": end})
    found = evaluated(run, capsys, tmp_path / "party.png")
    for told in found["diffusion"]:
        is_diffusion_of(run, told)
    diffusion = next(each for each in found["diffusion"] if text in each["text"])
    assert len([each for each in diffusion["learned"] if each["from"]]) >= 2
    party = next(each for each in found["coordination"] if text in each["text"])
    assert party["invited"] and len(set(party["came"]) & set(party["accepted"])) >= 0.8 * len(party["accepted"])
    assert set(party["came"]) <= set(party["invited"])
    assert not set(party["passers_by"]) & {*party["came"], diffusion["starts_with"]}
    assert found["relationships"]["density_at_end"] >= found["relationships"]["density_at_start"]
    with Image.open(tmp_path / "party.png") as picture:
        assert picture.size[0] == 1200


@pytest.mark.parametrize("hour", ["07:00", "08:30"])
def test_guests_of_a_cafe_who_know_of_nothing_have_not_come_to_a_gathering_there(
    hour: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    breakfast = {"text": "there is a breakfast for everybody", "at": hour, "where": "Ember Cafe"}
    run = run_town(tmp_path, changes={"end": "10:00", "people.2.news": [breakfast], "people.0.news": []})
    found = evaluated(run, capsys)
    (party,) = found["coordination"]
    knew = {each["person"]: each["time"] for each in found["diffusion"][0]["learned"]}
    start = load_scenario(DEFAULT_SCENARIO).clock.parse(hour)
    cafe = set(load_scenario(DEFAULT_SCENARIO).town_map.resolve(party["address"]).tiles)
    timeline, people = Timeline.of(run.folder), run.folder.manifest.people
    there: dict[str, list[int]] = {}
    for time in range(start + 1, min(start + 3600, run.sim_seconds)):
        for name, person in zip(people, timeline.state(time).people, strict=True):
            if person.tile in cafe and not person.walking:
                there.setdefault(name, []).append(time)
    host = people[2]
    assert {*party["came"], *party["passers_by"]} == {*there} - {host}
    assert party["host_came"] == (host in there)
    assert all(knew[name] < there[name][-1] for name in party["came"])
    assert all(name not in knew or knew[name] >= there[name][0] - 1 for name in party["passers_by"])
    assert party["passers_by"]


VOICES = {
    "inner_voice": {"to": "Jonas Reed", "text": "the mill is going to be sold."},
    "visitor": {"to": "Nell Ashdown", "role": "a reporter", "text": "a fox lives in the mill"},
    "broadcast": {"text": "The bridge is closed today!"},
}


@pytest.mark.parametrize("kind", VOICES)
def test_what_a_voice_says_spreads_from_whom_it_speaks_to(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    voice = {"at": "07:30", "kind": kind, **VOICES[kind]}
    late = voice | {"at": "11:00", "text": "nothing of the kind was ever said"}
    changes = {"end": "09:00", "interventions": [voice, late], "minds.conversation_topics": 4}
    run = run_town(tmp_path, changes=changes)
    found = evaluated(run, capsys)
    (told,) = [each for each in found["diffusion"] if each["text"] in voice["text"]]
    assert not [each for each in found["diffusion"] if each["text"] == late["text"]], "it is not yet"
    is_diffusion_of(run, told)
    spoken_to = [each["person"] for each in told["learned"] if not each["from"]]
    assert spoken_to == [voice["to"]] if "to" in voice else len(spoken_to) == len(run.folder.manifest.people)
    assert (told["knew_at_start"], told["starts_with"]) == (0, voice["to"] if kind == "inner_voice" else "")
    assert told["told"] >= 1


def test_news_that_holds_other_news_is_told_apart_in_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is counted is exactly what is remembered word for word, in the words in which it is passed on."""

    def news(text: str, **when: str) -> dict[str, str]:
        return {"text": text, **when}

    at_noon = {"at": "12:00", "where": "Willow Park:pond side"}
    changes = {
        "end": "13:30",
        "minds.conversation_topics": 6,
        "people.0.news": [news(ALIKE[0], **at_noon), news(ALIKE[4])],
        "people.1.news": [news(f"{ALIKE[1]}.", **at_noon), news(ALIKE[3])],
        "people.2.news": [news(ALIKE[5]), news(ALIKE[2])],
        "people.3.news": [news(ALIKE[6]), news(ALIKE[7])],
        "people.4.news": [news(ALIKE[8])],
    }
    run = run_town(tmp_path, changes=changes)
    people = run.folder.manifest.people
    found = {told["text"]: told for told in evaluated(run, capsys)["diffusion"]}
    assert {*found} == {*ALIKE}
    memories = [(e.key.time, people[e.key.agent], e.body) for e in events_of(run) if isinstance(e.body, Remembered)]
    for text, told in found.items():
        passed_on = [
            (name, time, other)
            for time, name, memory in memories
            for other in memory.about
            if memory.text.rstrip(".") == f"{other} told {name} that {text}"
        ]
        assert told["told"] == len(passed_on)
        first = {told["starts_with"]: (told["starts_with"], 0, "")}
        for each in passed_on:
            first.setdefault(each[0], each)
        assert [(each["person"], each["time"], each["from"]) for each in told["learned"]] == list(first.values())
        assert told["invented"] == []
    counts = [found[text]["knew_at_end"] for text in ALIKE]
    assert counts[0] != counts[1] and min(counts) < len(people), "all of them know all: nothing is told apart"


@pytest.mark.parametrize("end", ["19:00", "20:29", "20:30"])
def test_what_is_not_over_yet_is_said_to_be_so_far(
    end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The evening of music is at half past seven, and one can come until an hour later."""
    run = run_town(tmp_path, changes={"end": end})
    report(run.folder.path, None, as_json=True)
    said = capsys.readouterr()
    plain, found = " ".join(said.err.split()), json.loads(said.out)
    (evening,) = found["coordination"]
    assert evening["is_over"] == (end == "20:30")
    assert found["covers"] == {
        "from": "2023-02-13T06:30:00",
        "until": f"2023-02-13T{end}:00",
        "events": len(events_of(run)),
    }
    came = len(evening["came"])
    assert ("were invited for Monday 13 February 2023, 19:30 so far" in plain) == (end != "20:30")
    assert ("it was still to come" in plain) == (end == "19:00")
    assert (f"; {came} came so far" in plain) == (end == "20:29")
    assert ("one could still come until Monday 13 February 2023, 20:30" in plain) == (end == "20:29")
    if end == "20:30":
        assert "so far" not in plain and f"; {came} came (" in plain


def test_of_a_run_that_never_began_nothing_is_said_but_that(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = run_town(tmp_path, agents=3, budget=Budget(requests=0))
    assert events_of(run) == []
    found = evaluated(run, capsys, tmp_path / "nothing.png")
    report(run.folder.path, None, as_json=False)
    plain = capsys.readouterr().err
    assert "The run never began" in plain and "at the start" in plain
    assert "knew it" not in plain and "at the end" not in plain
    assert {(told["knew_at_start"], told["knew_at_end"]) for told in found["diffusion"]} == {(None, None)}
    assert found["covers"]["events"] == 0


def test_lines_in_other_words_are_told_with_who_said_them_to_whom_and_when(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everybody speaks of the party, who knows of it or not; of the music nobody can say by a word who means it."""
    chatty = ScriptedBackend(
        {**LINES, "greeting": (" Will you come to the party?", " What will you wear for the party?")}
    )
    party = {"text": "Ida Calder gives a party", "at": "12:00", "where": "Willow Park:pond side"}
    music = {"text": "there is music tonight"}
    run = run_town(tmp_path, changes={"end": "09:00", "people.0.news": [party, music]}, backend=chatty)
    report(run.folder.path, None, as_json=True)
    said = capsys.readouterr()
    told, of_music = json.loads(said.out)["diffusion"][:2]
    people = run.folder.manifest.people
    knows = {each["person"]: each["time"] for each in told["learned"]}
    lines = [
        {"person": people[e.key.agent], "to": e.body.to, "time": e.key.time, "text": e.body.text}
        for e in events_of(run)
        if isinstance(e.body, Said) and "the party?" in e.body.text
    ]
    unknowing = [line for line in lines if knows.get(line["person"], run.sim_seconds) > line["time"]]
    assert told["hinted"] == unknowing
    assert 0 < len(unknowing) < len(lines)
    assert (told["invented"], told["key_words"]) == ([], ["party"])
    assert (of_music["hinted"], of_music["key_words"]) == (None, [])
    plain = " ".join(said.err.split())
    assert f"and {len(unknowing)} line" in plain and "(by the word 'party')" in plain
    assert "lines in other words cannot be told from others" in plain


def test_a_run_without_news_has_a_report_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = run_town(tmp_path, scenario=DEFAULT_SCENARIO, agents=1, changes={"end": "+10m"})
    report(run.folder.path, None, as_json=False)
    assert "Who knew whom: at the start" in capsys.readouterr().err
    with pytest.raises(BadInput, match=r"must end in \.png"):
        report(run.folder.path, tmp_path / "x.pdf", as_json=False)
