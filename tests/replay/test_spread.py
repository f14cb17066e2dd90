"""What the log says about a town as a whole, against logs counted by hand and against a run counted in another way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import BadInput
from engine.record.events import AGENT_PRIORITY, Acted, Body, Decided, Event, Key, Remembered, Said
from replay.curves import Curve, draw_curves
from replay.spread import Claim, Findings, Item, Learned, Ties, findings
from tests.towns import events_of, run_town
from thorp.commands.report import report
from thorp.scenario import DATA, DEFAULT_SCENARIO

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


def test_a_plan_or_a_thought_about_it_is_no_knowledge() -> None:
    (spread,) = read(
        (1, 1, Remembered(0, "plan", "Bo Moor is going to this: Ann Lee gives a party", 3.0, (), ())),
        (2, 1, Remembered(1, "reflection", "Ann Lee gives a party, so she is kind", 3.0, (), ())),
    ).spreads
    assert spread.learned == []


@pytest.mark.parametrize(
    ("since", "address", "left", "came"),
    [
        (9_000, "town:Hall:stage", 9_500, False),
        (9_000, "town:Hall:stage", 10_001, True),
        (12_000, "town:Hall", 12_100, True),
        (13_600, "town:Hall", 13_700, False),
        (10_500, "town:Hallway", 12_000, False),
    ],
)
def test_who_came(since: int, address: str, left: int, came: bool) -> None:
    (spread,) = read(
        (5, 1, heard(0, "Ann Lee", "Bo Moor")),
        (5, 1, Decided("invitation", "meaning", "yes: Ann Lee gives a party")),
        (6, 2, heard(0, "Ann Lee", "Cy Poe")),
        (6, 2, Decided("invitation", "meaning", "no: Ann Lee gives a party")),
        (since, 1, Acted("dancing", "", address, left)),
        (left, 1, Acted("walking home", "", "town", left + 9)),
        (20_000, 2, Acted("sleeping", "", "town:Home", 30_000)),
    ).spreads
    assert (spread.accepted, spread.declined) == (["Bo Moor"], ["Cy Poe"])
    assert spread.came == (["Bo Moor"] if came else [])


def test_who_knows_whom() -> None:
    def talked(other: str) -> Remembered:
        return Remembered(0, "chat", "they talked", 1.0, (), (other,))

    ties = read((9, 2, talked("Di Fox")), (9, 3, talked("Cy Poe")), (9, 2, talked("Ann Lee"))).ties
    assert (ties.pairs_at_start, ties.pairs_at_end) == (1, 2)
    assert [ties.at_start, ties.at_end] == pytest.approx([1 / 6, 2 / 6])


def test_where_it_is_not_known_who_knew_whom_that_is_said() -> None:
    assert findings([], NAMES, (), None).ties == Ties(None, 0.0, None, 0)


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


EVENING = DEFAULT_SCENARIO, "21:00", "there is an evening of music"
VALENTINE = DATA / "valentine.yaml", "2023-02-14T18:30", "Juno Pell is giving a Valentine's party"


@pytest.mark.parametrize("case", [EVENING, pytest.param(VALENTINE, marks=pytest.mark.slow)])
def test_news_is_known_and_come_to_as_the_log_says(
    case: tuple[Path, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario, end, text = case
    run = run_town(tmp_path, scenario=scenario, changes={"end": end})
    knowing = {
        event.key.agent
        for event in events_of(run)
        if isinstance(event.body, Remembered) and event.body.kind in ("observation", "chat") and text in event.body.text
    }
    report(run.folder.path, tmp_path / "party.png", as_json=True)
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    diffusion = next(each for each in found["diffusion"] if text in each["text"])
    assert len(diffusion["learned"]) == diffusion["knew_at_end"] == len(knowing) > 2
    assert {each["person"] for each in diffusion["learned"]} == {run.folder.manifest.people[n] for n in knowing}
    assert diffusion["invented"] == []
    party = next(each for each in found["coordination"] if text in each["text"])
    assert party["invited"] and len(set(party["came"]) & set(party["accepted"])) >= 0.8 * len(party["accepted"])
    assert found["relationships"]["density_at_end"] >= found["relationships"]["density_at_start"]
    with Image.open(tmp_path / "party.png") as picture:
        assert picture.size == (1200, 640)


def test_a_run_without_news_has_a_report_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = run_town(tmp_path, scenario=DEFAULT_SCENARIO, agents=1, changes={"end": "+10m"})
    report(run.folder.path, None, as_json=False)
    assert "Who knew whom: at the start" in capsys.readouterr().err
    with pytest.raises(BadInput, match=r"must end in \.png"):
        report(run.folder.path, tmp_path / "x.pdf", as_json=False)


def test_curves_of_nothing_can_be_drawn(tmp_path: Path) -> None:
    draw_curves([Curve("x" * 200, [])], 0, 0, [(0, "now")], tmp_path / "empty.png")
    assert (tmp_path / "empty.png").stat().st_size > 1000
