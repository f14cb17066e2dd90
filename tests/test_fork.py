"""A fork shares the past to the byte, and afterwards thinks anew only what a change touches."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadInput, Diverged
from engine.llm.records import count_replies
from engine.llm.requests import request_key
from engine.llm.service import Budget
from engine.record.events import Event, Intervened, Remembered
from engine.record.frames import LogKind, read_frames
from engine.record.manifest import Manifest
from engine.record.run_folder import RunFolder
from tests.towns import Careful, events_of, fork_town, payloads, reply_keys, resume_town, run_town
from thorp.commands.lineage import lineage_of
from thorp.town import TownRun

UNTIL = "08:30"
AT = "07:30"
AT_SECOND = 3600
VOICE = "- {at: 07:35, kind: inner_voice, to: Jonas Reed, text: the mill is going to be sold to a stranger}"


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    """A morning to be forked."""
    return run_town(tmp_path_factory.mktemp("parent"), changes={"end": UNTIL})


def past(run: TownRun, before: int = AT_SECOND) -> list[Event]:
    return [event for event in events_of(run) if event.key.time < before]


def bytes_of(run: TownRun) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.folder.path.iterdir()}


@pytest.mark.parametrize("at", ["06:30", AT, "2023-02-13T08:29:59"])
def test_a_fork_without_a_change_is_the_same_and_asks_nothing(tmp_path: Path, parent: TownRun, at: str) -> None:
    before = bytes_of(parent)
    run = fork_town(parent.folder.path, tmp_path / "fork", at, backend=Careful(patience=0))
    assert run.folder.events_path.read_bytes() == parent.folder.events_path.read_bytes()
    assert run.stats.new == 0
    counts = count_replies(run.folder.replies_path)
    assert (counts.own, counts.inherited) == (0, len(reply_keys(parent.folder.path)))
    assert run.folder.verify().faults == ()
    assert lineage_of(run.folder).spread == ()
    assert bytes_of(parent) == before


def test_only_those_whom_a_thought_touches_think_anew(tmp_path: Path, parent: TownRun) -> None:
    backend = Careful()
    run = fork_town(parent.folder.path, tmp_path / "fork", AT, interventions=VOICE, backend=backend)
    assert past(run) == past(parent)
    assert run.events_digest != parent.events_digest
    assert 0 < len(backend.asked) < len(reply_keys(parent.folder.path)) / 2
    spread = lineage_of(run.folder).spread
    assert spread is not None
    people = run.folder.manifest.people
    assert people[spread[0].agent] == "Jonas Reed"
    assert AT_SECOND + 300 <= spread[0].time < AT_SECOND + 900  # as soon as he looks up
    touched = {touch.agent: touch.time for touch in spread}
    for agent in range(len(people)):
        lives = [[e for e in events_of(each) if e.key.agent == agent] for each in (parent, run)]
        until = touched.get(agent, parent.sim_seconds)
        assert [e for e in lives[0] if e.key.time < until] == [e for e in lives[1] if e.key.time < until]
        assert (lives[0] == lives[1]) == (agent not in touched)
    assert any("sold to a stranger" in e.body.text for e in events_of(run) if isinstance(e.body, Remembered))


def test_a_new_seed_holds_from_the_fork_on(tmp_path: Path, parent: TownRun) -> None:
    runs = [fork_town(parent.folder.path, tmp_path / f"fork{n}", AT, seed=seed) for n, seed in enumerate((1, 2, 2))]
    assert all(past(run) == past(parent) for run in runs)
    assert runs[0].events_digest == parent.events_digest  # the seed that it has anyway
    assert runs[1].events_digest == runs[2].events_digest != parent.events_digest


def test_settings_of_minds_hold_from_the_fork_on(tmp_path: Path, parent: TownRun) -> None:
    settings = {"minds.conversation_topics": 0, "minds.retention": 1}
    run = fork_town(parent.folder.path, tmp_path / "fork", AT, settings=settings)
    assert past(run) == past(parent)
    assert run.events_digest != parent.events_digest
    assert run.folder.manifest.changes[0].settings == settings
    again = resume_town(run.folder.path, backend=Careful(patience=0))
    assert again.events_digest == run.events_digest


def test_a_fork_may_last_longer(tmp_path: Path, parent: TownRun) -> None:
    longer = run_town(tmp_path, changes={"end": "09:00"})
    for number, options in enumerate(({"until": "09:00"}, {"settings": {"end": "09:00"}})):
        out = tmp_path / f"fork{number}"
        run = fork_town(parent.folder.path, out, AT, **options)  # type: ignore[arg-type]
        assert run.events_digest == longer.events_digest


CHANGES: dict[str, Any] = {"interventions": VOICE, "seed": 5, "settings": {"minds.attention": 2}}


@pytest.mark.parametrize("schedule", ["strict", "out-of-order"])
def test_a_fork_that_ended_early_goes_on_and_takes_over_more(tmp_path: Path, parent: TownRun, schedule: str) -> None:
    whole = fork_town(parent.folder.path, tmp_path / "whole", AT, **CHANGES)
    out = tmp_path / "fork"
    run = fork_town(parent.folder.path, out, AT, schedule=schedule, budget=Budget(requests=10), **CHANGES)
    assert run.stopped
    while run.stopped:
        run = resume_town(out, budget=Budget(requests=40))
    assert run.events_digest == whole.events_digest
    keys = reply_keys(out)
    assert len(keys) == len(set(keys))
    assert count_replies(out / "replies.log") == count_replies(whole.folder.replies_path)


@pytest.mark.parametrize("fate", ["gone", "another"])
def test_a_fork_goes_on_without_its_parent(tmp_path: Path, parent: TownRun, fate: str) -> None:
    whole = fork_town(parent.folder.path, tmp_path / "whole", AT, **CHANGES)
    copy = tmp_path / "parent"
    shutil.copytree(parent.folder.path, copy)
    run = fork_town(copy, tmp_path / "fork", AT, budget=Budget(requests=10), **CHANGES)
    shutil.rmtree(copy)
    if fate == "another":
        run_town(tmp_path, changes={"end": UNTIL, "seed": 3}).folder.path.rename(copy)
    said: list[str] = []
    assert resume_town(run.folder.path, said=said).events_digest == whole.events_digest
    (sentence,) = said
    assert str(copy) in sentence
    assert lineage_of(run.folder).spread is None


def test_a_fork_can_be_forked(tmp_path: Path, parent: TownRun) -> None:
    first = fork_town(parent.folder.path, tmp_path / "first", AT, interventions=VOICE, seed=5)
    same = fork_town(first.folder.path, tmp_path / "same", "07:50", backend=Careful(patience=0))
    assert same.events_digest == first.events_digest
    again = fork_town(first.folder.path, tmp_path / "again", "07:50", settings={"minds.conversation_topics": 0})
    assert past(again, 80 * 60) == past(first, 80 * 60)
    assert [change.seed for change in again.folder.manifest.changes] == [5, None]
    resumed = resume_town(again.folder.path, backend=Careful(patience=0))
    assert resumed.events_digest == again.events_digest


def chain(parent: Path, folder: Path) -> tuple[Path, Path]:
    """A copy of a run, and a fork of it that ended early."""
    first = folder / "first"
    shutil.copytree(parent, first)
    second = fork_town(first, folder / "second", AT, seed=5, budget=Budget(requests=3))
    assert second.stopped
    return first, second.folder.path


def keys_asked(backend: Careful) -> set[bytes]:
    return {request_key(backend.identity, request) for request in backend.asked}


def test_a_fork_of_a_fork_that_ended_early_takes_over_what_the_first_run_knows(tmp_path: Path, parent: TownRun) -> None:
    first, second = chain(parent.folder.path, tmp_path)
    whole = fork_town(first, tmp_path / "whole", AT, seed=5)
    backend, said = Careful(), list[str]()
    run = fork_town(second, tmp_path / "third", "07:45", backend=backend, said=said)
    assert run.events_digest == whole.events_digest
    needed = set(reply_keys(whole.folder.path))
    known = set(reply_keys(first)) | set(reply_keys(second))
    assert (needed & set(reply_keys(first))) - set(reply_keys(second)), "there is something to take over"
    assert keys_asked(backend) == needed - known
    assert count_replies(run.folder.replies_path) == (len(needed - known), len(needed & known))
    assert said == []


def test_a_fork_of_a_fork_goes_on_with_what_the_first_run_knows(tmp_path: Path, parent: TownRun) -> None:
    first, second = chain(parent.folder.path, tmp_path)
    third = fork_town(second, tmp_path / "third", "07:45", budget=Budget(requests=3))
    backend = Careful()
    run = resume_town(third.folder.path, backend=backend)
    assert not run.stopped
    assert backend.asked
    assert not keys_asked(backend) & (set(reply_keys(first)) | set(reply_keys(second)))


def test_a_first_run_that_is_gone_or_another_is_told(tmp_path: Path, parent: TownRun) -> None:
    first, second = chain(parent.folder.path, tmp_path)
    whole = fork_town(first, tmp_path / "whole", AT, seed=5)
    shutil.rmtree(first)
    said: list[str] = []
    assert fork_town(second, tmp_path / "third", "07:45", said=said).events_digest == whole.events_digest
    (sentence,) = said
    assert sentence.startswith(f"{first}: is not a run folder")
    assert sentence.endswith("; of its replies only those are known that were taken over before")
    shutil.move(tmp_path / "third", first)
    said.clear()
    assert fork_town(second, tmp_path / "fourth", "07:45", said=said).events_digest == whole.events_digest
    assert said == [], "a fork of it is also what it was forked from, as far as that goes"


def test_a_fork_that_lies_where_its_parent_was_ends_there(tmp_path: Path, parent: TownRun) -> None:
    first, second = chain(parent.folder.path, tmp_path)
    whole = fork_town(first, tmp_path / "whole", AT, seed=5)
    shutil.rmtree(first)
    shutil.move(second, first)
    assert resume_town(first).events_digest == whole.events_digest


def test_changes_of_a_fork_before_that_of_its_parent_come_together(tmp_path: Path, parent: TownRun) -> None:
    first = fork_town(parent.folder.path, tmp_path / "first", "08:00", seed=5, settings={"minds.attention": 1})
    second = fork_town(first.folder.path, tmp_path / "second", AT, seed=7, settings={"minds.samples": 3})
    assert past(second) == past(parent)
    resumed = resume_town(second.folder.path, backend=Careful(patience=0))
    assert resumed.events_digest == second.events_digest


def test_a_run_that_ended_early_can_be_forked_where_its_record_ends(tmp_path: Path, parent: TownRun) -> None:
    short = run_town(tmp_path, changes={"end": UNTIL}, budget=Budget(requests=60))
    assert short.sim_seconds < AT_SECOND
    run = fork_town(short.folder.path, tmp_path / "fork", AT)
    assert run.events_digest == parent.events_digest
    log = short.folder.events_path
    with log.open("r+b") as file:
        file.truncate(log.stat().st_size - 3)
    torn = log.read_bytes()
    assert fork_town(short.folder.path, tmp_path / "torn", AT).events_digest == parent.events_digest
    assert log.read_bytes() == torn


@pytest.mark.parametrize("left", [0, 100])
def test_replies_that_a_parent_lacks_are_told_and_asked_for_again(tmp_path: Path, parent: TownRun, left: int) -> None:
    copy = tmp_path / "parent"
    shutil.copytree(parent.folder.path, copy)
    frames = list(read_frames(copy / "replies.log", LogKind.REPLIES))
    os.truncate(copy / "replies.log", frames[left].offset)
    backend, said = Careful(), list[str]()
    run = fork_town(copy, tmp_path / "fork", AT, backend=backend, said=said)
    assert run.events_digest == parent.events_digest
    assert len(backend.asked) == len(frames) - left
    place = f"{copy / 'replies.log'}, frame {left} at byte {frames[left].offset}"
    held = f"the log ends here, but the manifest says that it held {len(frames)} replies"
    assert said == [f"{place}: {held}; what is missing has to be asked again"]


def test_a_parent_with_the_replies_of_another_run_is_refused(tmp_path: Path, parent: TownRun) -> None:
    copy = tmp_path / "parent"
    shutil.copytree(parent.folder.path, copy)
    other = run_town(tmp_path, changes={"end": "07:30", "seed": 3})
    shutil.copy(other.folder.replies_path, copy / "replies.log")
    with pytest.raises(BadInput, match=r"replies\.log, frame \d+ at byte \d+: from here to frame \d+ it is not what"):
        fork_town(copy, tmp_path / "fork", AT)
    assert not (tmp_path / "fork").exists()


def test_a_past_that_comes_out_differently_ends_the_fork(tmp_path: Path, parent: TownRun) -> None:
    copy = tmp_path / "parent"
    shutil.copytree(parent.folder.path, copy)
    manifest = Manifest.read(copy)
    scenario = manifest.scenario | {"minds": manifest.scenario["minds"] | {"sketch_lines": 1}}
    manifest.model_copy(update={"scenario": scenario}).write(copy)
    with pytest.raises(Diverged, match=r"differs from the log of the run that it was forked from, .* before the fork"):
        fork_town(copy, tmp_path / "fork", AT)


def test_without_a_model_a_fork_ends_at_the_first_new_thought(tmp_path: Path, parent: TownRun) -> None:
    from engine.llm.spec import ModelSpec

    recorded = ModelSpec.parse("recorded")
    assert fork_town(parent.folder.path, tmp_path / "same", AT, model=recorded).stopped == ""
    run = fork_town(parent.folder.path, tmp_path / "fork", AT, model=recorded, interventions=VOICE)
    assert (
        "no reply is recorded to the thought 'importance' of Jonas Reed at Monday 13 February 2023, 07:40"
        in run.stopped
    )
    whole = fork_town(parent.folder.path, tmp_path / "whole", AT, interventions=VOICE)
    assert resume_town(run.folder.path).events_digest == whole.events_digest


def test_the_light_cone_needs_the_very_run_that_was_forked(tmp_path: Path, parent: TownRun) -> None:
    copy = tmp_path / "parent"
    shutil.copytree(parent.folder.path, copy)
    run = fork_town(copy, tmp_path / "fork", AT, seed=5)
    assert lineage_of(run.folder).spread
    shutil.rmtree(copy)
    another = run_town(tmp_path, changes={"end": UNTIL, "seed": 3})
    another.folder.path.rename(copy)
    lineage = lineage_of(run.folder)
    assert lineage.spread is None
    assert "is not the one that it was forked from" in lineage.missing


@pytest.mark.parametrize(
    ("at", "options", "expected"),
    [
        ("noonish", {}, "--at: 'noonish' is not a time"),
        (UNTIL, {}, "not before the end"),
        ("2023-02-12T10:00", {}, "lies before the start"),
        (AT, {"until": "07:00"}, "not before the end"),
        (AT, {"until": "later"}, "--until: 'later' is not a time"),
        (AT, {"settings": {"end": None}}, "--set end: 'None' is not a time"),
        (AT, {"seed": 2**63}, "--seed: 9223372036854775808 is out of range"),
        (AT, {"settings": {"people.0.age": 3}}, "'people.0.age' cannot change in the middle of a run"),
        (AT, {"settings": {"minds.atention": 3}}, "did you mean 'attention'"),
        (AT, {"settings": {"minds.attention": 0}}, "key minds.attention"),
        (AT, {"settings": {"minds.retrieval.decay": "x"}}, "key minds.retrieval.decay"),
        (AT, {"interventions": VOICE.replace("07:35", "07:29")}, "before the run is forked"),
        (AT, {"interventions": VOICE.replace("Jonas", "Jona")}, "did you mean 'Jonas Reed'"),
    ],
)
def test_what_cannot_be_forked_is_one_sentence(
    tmp_path: Path, parent: TownRun, at: str, options: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadInput) as caught:
        fork_town(parent.folder.path, tmp_path / "fork", at, **options)
    assert expected in str(caught.value)
    assert not (tmp_path / "fork").exists()


def test_interventions_of_a_fork_are_part_of_it(tmp_path: Path, parent: TownRun) -> None:
    run = fork_town(parent.folder.path, tmp_path / "fork", AT, interventions=VOICE)
    happened = [(event.key, event.body) for event in events_of(run) if isinstance(event.body, Intervened)]
    assert [(key.time, key.agent, body.to) for key, body in happened] == [(AT_SECOND + 300, -1, "Jonas Reed")]
    scenario = RunFolder.open(run.folder.path).manifest.scenario
    assert [each["to"] for each in scenario["interventions"]] == ["Jonas Reed"]
    assert len(payloads(run.folder.events_path, LogKind.EVENTS)) == run.events
