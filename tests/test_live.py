"""Who speaks to a run that is going on makes of it the run that a fork at that second would have made."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from engine.errors import BadInput
from engine.llm.requests import Answer, Request
from engine.llm.service import Budget
from engine.llm.spec import ModelSpec
from engine.record.codec import encode_event
from engine.record.events import Event, Intervened, Key
from engine.record.frames import FrameWriter, LogKind
from engine.record.inbox import MAX_BYTES, Inbox
from engine.record.manifest import Manifest
from engine.record.run_folder import RunFolder
from tests.test_resume import PROGRAM, SLOWLY, thorp
from tests.towns import Careful, events_of, fork_town, reply_keys, resume_town, run_town
from thorp.cli import run_command_line
from thorp.commands import intervening
from thorp.live import hand_over, prepare_delivery, settled
from thorp.manifest import Book
from thorp.scenario import DEFAULT_SCENARIO, load_scenario
from thorp.town import TownRun

UNTIL = "07:40"
PATIENT = "scripted:latency=fixed:0.5"
"""Asked in rounds, as real models are: a run looks between two of them whether somebody speaks to it."""
HEADLINE = {"at": "now", "kind": "broadcast", "text": "the bridge is closed today"}
VOICE = {"at": "now", "kind": "inner_voice", "to": "Jonas Reed", "text": "the mill is going to be sold"}
VISIT = {"at": "07:37", "kind": "visitor", "to": "Ida Calder", "role": "a reporter", "text": "a fox lives in the mill"}
CAKE = {"at": "07:38", "kind": "embody", "to": "Ida Calder", "do": "baking a cake", "where": "Mill House:kitchen"}
STOVE = {"at": "now", "kind": "object", "where": "Mill House:kitchen:stove", "state": "out of order"}

CLOCK = load_scenario(DEFAULT_SCENARIO).clock


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    """A morning to which nobody speaks."""
    return run_town(tmp_path_factory.mktemp("plain"), changes={"end": UNTIL})


def speak(run: Path, *entries: dict[str, Any]) -> str:
    """Hand interventions over to a run."""
    path = run.parent / f"{run.name}-said.yaml"
    path.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return hand_over(prepare_delivery(run, path))


class Overheard(Careful):
    """The scripted model; what is said at the Nth request is said while it thinks about the answer."""

    def __init__(self, *saying: tuple[int, Callable[[], object]], patience: int | None = None) -> None:
        super().__init__(patience)
        self._saying = list(saying)

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        while self._saying and len(self.asked) >= self._saying[0][0]:
            self._saying.pop(0)[1]()
        return super().answer(requests)


def spoken_to(folder: Path, at: int, *entries: dict[str, Any], **options: Any) -> TownRun:
    """A morning during which something is said when so much has been asked."""
    backend = Overheard((at, lambda: speak(folder / "run0", *entries)))
    return run_town(folder, changes={"end": UNTIL}, backend=backend, **({"model": PATIENT} | options))


def as_forked(run: TownRun, plain: TownRun, folder: Path, *said: Sequence[dict[str, Any]]) -> TownRun:
    """Fork the morning to which nobody spoke once for each letter that a run got, at the second in which it did."""
    control = plain
    for number, (letter, entries) in enumerate(zip(run.folder.manifest.letters, said, strict=True)):
        out = folder / f"control{number}"
        late = [each for each in entries if each["at"] != "now" and CLOCK.parse(each["at"]) < letter.since]
        text = yaml.safe_dump([each | {"at": "now"} if each in late else each for each in entries])
        control = fork_town(control.folder.path, out, f"+{letter.since}s", interventions=text)
    return control


def is_the_same(run: TownRun, control: TownRun) -> bool:
    """Whether a run is another one to the byte, with nothing left over, and verifies."""
    return (
        run.events_digest == control.events_digest
        and run.folder.events_path.read_bytes() == control.folder.events_path.read_bytes()
        and RunFolder.open(run.folder.path).verify().faults == ()
        and sorted(path.name for path in run.folder.path.iterdir()) == ["events.log", "manifest.json", "replies.log"]
        and run.folder.manifest.scenario == control.folder.manifest.scenario
    )


SAYINGS: list[list[dict[str, Any]]] = [[HEADLINE], [VOICE, STOVE], [VISIT, CAKE]]


@pytest.mark.parametrize(
    ("percent", "entries"),
    [(0, SAYINGS[0]), (35, SAYINGS[1]), (65, SAYINGS[2])]
    + [
        pytest.param(percent, entries, marks=pytest.mark.slow)
        for percent, entries in itertools.product(range(5, 95, 5), SAYINGS)
    ],
)
def test_a_run_spoken_to_is_the_run_forked_there(
    tmp_path: Path, plain: TownRun, entries: list[dict[str, Any]], percent: int
) -> None:
    """It is spoken to when so many percent of what the plain morning asks have been asked."""
    run = spoken_to(tmp_path, percent * plain.stats.new // 100, *entries)
    (letter,) = run.folder.manifest.letters
    assert letter.since == 0 or percent > 0
    assert letter.since < plain.sim_seconds
    control = as_forked(run, plain, tmp_path, entries)
    assert is_the_same(run, control)
    assert (run.stats.requests, run.stats.by_purpose) == (control.stats.requests, control.stats.by_purpose)
    assert run.events_digest != plain.events_digest
    kinds = [e.body.kind for e in events_of(run) if isinstance(e.body, Intervened)]
    assert sorted(kinds) == sorted(entry["kind"] for entry in entries)
    past = [[e for e in events_of(each) if e.key.time < letter.since] for each in (plain, run)]
    assert past[0] == past[1]


@pytest.mark.parametrize("schedule", ["strict", pytest.param("out-of-order", marks=pytest.mark.slow)])
def test_neither_schedule_nor_latency_matters(tmp_path: Path, plain: TownRun, schedule: str) -> None:
    run = spoken_to(tmp_path, 50, VOICE, schedule=schedule, model="scripted:latency=lognormal")
    assert is_the_same(run, as_forked(run, plain, tmp_path, [VOICE]))


def test_nothing_that_is_recorded_is_asked_again(tmp_path: Path) -> None:
    run = spoken_to(tmp_path, 50, VOICE)
    keys = reply_keys(run.folder.path)
    assert len(keys) == len(set(keys)) == run.stats.new


def test_a_run_is_spoken_to_again_and_again_also_while_it_is_performed_again(tmp_path: Path, plain: TownRun) -> None:
    folder = tmp_path / "run0"

    def twice() -> None:
        speak(folder, HEADLINE)
        speak(folder, VOICE)

    backend = Overheard((20, twice), (75, lambda: speak(folder, CAKE)))
    run = run_town(tmp_path, model=PATIENT, changes={"end": UNTIL}, backend=backend)
    first, second, third = run.folder.manifest.letters
    assert first.since == second.since < third.since
    assert is_the_same(run, as_forked(run, plain, tmp_path, [HEADLINE], [VOICE], [CAKE]))


def test_budgets_count_on(tmp_path: Path, plain: TownRun) -> None:
    run = spoken_to(tmp_path, 50, HEADLINE, budget=Budget(requests=60))
    assert "the budget of 60 new requests is spent" in run.stopped
    assert run.stats.new <= 60
    assert is_the_same(resume_town(run.folder.path), as_forked(run, plain, tmp_path, [HEADLINE]))


def test_a_resumed_run_and_a_fork_can_be_spoken_to(tmp_path: Path, plain: TownRun) -> None:
    run = run_town(tmp_path, changes={"end": UNTIL}, budget=Budget(requests=40))
    said: list[str] = []
    backend = Overheard((30, lambda: speak(run.folder.path, VOICE)))
    run = resume_town(run.folder.path, model=PATIENT, backend=backend, said=said)
    assert len(run.folder.manifest.continuations) == 1
    assert is_the_same(run, as_forked(run, plain, tmp_path, [VOICE]))
    assert any("A thought comes to Jonas Reed: the mill is going to be sold" in sentence for sentence in said)
    out = tmp_path / "fork"
    backend = Overheard((5, lambda: speak(out, HEADLINE)))
    model = ModelSpec.parse(PATIENT)
    fork = fork_town(run.folder.path, out, "07:20", seed=9, model=model, backend=backend)
    assert [letter.interventions for letter in fork.folder.manifest.letters] == [1]
    assert any(isinstance(e.body, Intervened) and e.body.kind == "broadcast" for e in events_of(fork))
    assert resume_town(out, backend=Careful(patience=0)).events_digest == fork.events_digest


def test_what_comes_too_late_happens_at_once(tmp_path: Path, plain: TownRun) -> None:
    folder = tmp_path / "run0"

    def speak_of_the_past() -> None:
        # As if the second had still been open when it was looked at.
        Inbox(folder).put(json.dumps([VOICE | {"at": "06:31"}]).encode())

    run = run_town(tmp_path, model=PATIENT, changes={"end": UNTIL}, backend=Overheard((75, speak_of_the_past)))
    (letter,) = run.folder.manifest.letters
    assert letter.since > 60
    assert [e.key.time for e in events_of(run) if isinstance(e.body, Intervened)] == [letter.since]
    assert is_the_same(run, as_forked(run, plain, tmp_path, [VOICE]))


def test_of_what_comes_too_late_only_the_last_happens(tmp_path: Path, plain: TownRun) -> None:
    """What it was made to be, and to do, before that would be undone in the same second."""
    folder = tmp_path / "run0"
    late = [
        STOVE | {"at": "06:32", "state": "cold"},
        STOVE | {"at": "06:31", "state": "on fire"},
        CAKE | {"at": "06:31", "do": "washing the dishes"},
        CAKE | {"at": "06:33"},
        VOICE | {"at": "06:31"},
    ]
    said: list[str] = []
    run = run_town(tmp_path, changes={"end": UNTIL}, budget=Budget(requests=60))
    Inbox(folder).put(json.dumps(late).encode())
    done = resume_town(run.folder.path, said=said)
    (letter,) = done.folder.manifest.letters
    assert letter.since > 180
    assert letter.interventions == 3
    happened = [e for e in events_of(done) if isinstance(e.body, Intervened)]
    assert {e.key.time for e in happened} == {letter.since}
    assert {(e.body.kind, e.body.text.partition(",")[0]) for e in happened if isinstance(e.body, Intervened)} == {
        ("object", "cold"),
        ("embody", "baking a cake"),
        ("inner_voice", "the mill is going to be sold"),
    }
    assert sum(sentence.startswith("Too late, and overtaken by what comes after it: ") for sentence in said) == 2
    assert is_the_same(done, as_forked(done, plain, tmp_path, [late[0], late[3], late[4]]))


# -- what contradicts each other -------------------------------------------------------------------------------------


def test_a_run_cannot_be_told_two_things_of_one_second(halted: Path) -> None:
    """Of what it knows, of what waits, and of what it is told at once; one second later is fine."""
    burning, broken = (STOVE | {"at": "07:00", "state": state} for state in ("on fire", "out of order"))
    with pytest.raises(BadInput, match=r"said\.yaml, entry 2, key at: 'Mill .*:stove' .* the other, entry 1, key at: "):
        speak(halted, burning, broken)
    speak(halted, HEADLINE, burning)
    with pytest.raises(BadInput, match=r"entry 1, key at: .* two states .* which the run has already: .*: on fire"):
        speak(halted, broken)
    speak(halted, broken | {"at": "2023-02-13T07:00:01"})
    run = resume_town(halted)
    assert [letter.interventions for letter in run.folder.manifest.letters] == [2, 1]
    with pytest.raises(BadInput, match=r"entry 1, key at: .* two states .* which the run has already: .*: on fire"):
        speak(halted, broken)


def test_a_run_that_is_told_two_things_of_one_second_goes_by_the_first(tmp_path: Path, plain: TownRun) -> None:
    """Two who spoke at the same time could not know of each other."""
    folder = tmp_path / "run1"
    stopped = run_town(tmp_path, changes={"end": UNTIL}, budget=Budget(requests=40))
    stopped.folder.path.rename(folder)
    said: list[str] = []

    def speak_at_once() -> None:
        for state in ("on fire", "out of order"):
            Inbox(folder).put(json.dumps([STOVE | {"state": state}]).encode())

    run = resume_town(folder, model=PATIENT, backend=Overheard((20, speak_at_once)), said=said)
    (refusal,) = [each for each in said if "goes on without it" in each]
    assert "entry 1, key at: 'Mill House:kitchen:stove' cannot come into two states" in refusal
    assert [letter.interventions for letter in run.folder.manifest.letters] == [1]
    assert run.events_digest == as_forked(run, plain, tmp_path, [STOVE | {"state": "on fire"}]).events_digest


# -- runs that are not going on --------------------------------------------------------------------------------------


def test_a_run_that_is_not_going_on_hears_it_when_it_does(tmp_path: Path, plain: TownRun) -> None:
    run = run_town(tmp_path, changes={"end": UNTIL}, budget=Budget(requests=60))
    since = settled(run.folder)
    assert since == run.sim_seconds
    speak(run.folder.path, CAKE)
    speak(run.folder.path, VOICE)
    done = resume_town(run.folder.path)
    assert [letter.since for letter in done.folder.manifest.letters] == [since, since]
    assert is_the_same(done, as_forked(done, plain, tmp_path, [CAKE], [VOICE]))


@pytest.mark.parametrize("events", [0, 20_001])
def test_so_does_a_run_that_was_cut_off(tmp_path: Path, plain: TownRun, events: int) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(plain.folder.path, copy)
    os.truncate(copy / "events.log", events)
    Manifest.read(copy).model_copy(update={"reached": 0}).write(copy)
    speak(copy, HEADLINE)
    done = resume_town(copy)
    assert is_the_same(done, as_forked(done, plain, tmp_path, [HEADLINE]))


def test_a_run_that_has_ended_hears_what_comes_after_its_end(tmp_path: Path, plain: TownRun) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(plain.folder.path, copy)
    with pytest.raises(BadInput, match=r"entry 1, key at: '07:37' is .*, 07:37, before .* \(.*, 07:40\);.*thorp fork"):
        speak(copy, VISIT)
    speak(copy, VISIT | {"at": "07:45"})
    assert resume_town(copy).events_digest == plain.events_digest
    longer = resume_town(copy, until="07:50")
    control = run_town(tmp_path, changes={"end": "07:50"})
    entries = [VISIT | {"at": "07:45"}]
    assert longer.events_digest == as_forked(longer, control, tmp_path, entries).events_digest


# -- whoever dies in the middle --------------------------------------------------------------------------------------


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(method: Callable[..., Any]) -> Callable[..., Any]:
    def dying(*arguments: Any, **options: Any) -> None:
        method(*arguments, **options)
        die()

    return dying


@pytest.mark.parametrize(
    "moment",
    [
        "before the manifest",
        "after the manifest",
        pytest.param("letter gone", marks=pytest.mark.slow),
        "performed again",
        pytest.param("the future", marks=pytest.mark.slow),
    ],
)
def test_a_run_killed_while_it_is_spoken_to_hears_it_once(tmp_path: Path, plain: TownRun, moment: str) -> None:
    folder = tmp_path / "run0"
    child = os.fork()
    if child == 0:
        try:
            match moment:
                case "before the manifest":
                    Book.enter = die  # type: ignore[method-assign]
                case "after the manifest":
                    Book.enter = after(Book.enter)  # type: ignore[method-assign]
                case "letter gone":
                    Inbox.take_away = after(Inbox.take_away)  # type: ignore[method-assign]
            patience = {"performed again": 55, "the future": 75}.get(moment)
            backend = Overheard((50, lambda: speak(folder, VOICE)), patience=patience)
            run_town(tmp_path, model=PATIENT, changes={"end": UNTIL}, backend=backend)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    known = Manifest.read(folder).letters
    assert bool(known) == (moment != "before the manifest")
    assert (folder / "pending").exists() == (moment in ("before the manifest", "after the manifest"))
    run = resume_town(folder)
    assert known in ([], run.folder.manifest.letters)
    assert len(run.folder.manifest.scenario["interventions"]) == 1
    assert is_the_same(run, as_forked(run, plain, tmp_path, [VOICE]))


def test_a_speaker_killed_in_the_middle_has_said_nothing(tmp_path: Path, plain: TownRun) -> None:
    run = run_town(tmp_path, changes={"end": UNTIL}, budget=Budget(requests=60))
    child = os.fork()
    if child == 0:
        try:
            Path.replace = die  # type: ignore[method-assign, assignment]
            speak(run.folder.path, VOICE)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert [path.suffix for path in (run.folder.path / "pending").iterdir()] == [".draft"]
    speak(run.folder.path, HEADLINE)
    done = resume_town(run.folder.path)
    assert is_the_same(done, as_forked(done, plain, tmp_path, [HEADLINE]))


# -- what others may have put there ----------------------------------------------------------------------------------

NAME = "000001-0123456789abcdef.json"
HOSTILE = {
    "empty": b"",
    "no list": b"{}",
    "no json": b"[[[[",
    "no text": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "huge": b" " * (MAX_BYTES + 1),
    "stranger": json.dumps([VOICE | {"to": "Nobody"}]).encode(),
    "kind": json.dumps([VOICE | {"kind": "bribe"}]).encode(),
    "key": json.dumps([VOICE | {"price": 3}]).encode(),
    "place": json.dumps([STOVE | {"where": "../../etc"}]).encode(),
    "time": json.dumps([VOICE | {"at": "2023-99-99T00:00"}]).encode(),
    "since": json.dumps([VOICE | {"since": -5}]).encode(),
}


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of some minutes that ended early."""
    folder = tmp_path_factory.mktemp("short")
    return run_town(folder, agents=1, changes={"end": "06:35"}, budget=Budget(requests=3)).folder.path


@pytest.fixture
def halted(short: Path, tmp_path: Path) -> Path:
    """The same for one test."""
    return Path(shutil.copytree(short, tmp_path / "halted"))


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_letter_that_makes_no_sense_is_named(halted: Path, content: bytes) -> None:
    (halted / "pending").mkdir()
    (halted / "pending" / NAME).write_bytes(content)
    before = {path.name: path.read_bytes() for path in halted.iterdir() if path.is_file()}
    with pytest.raises(BadInput, match=rf"pending/{NAME}.*it was handed over; remove it"):
        resume_town(halted)
    assert {path.name: path.read_bytes() for path in halted.iterdir() if path.is_file()} == before


def test_a_log_that_ends_beyond_every_calendar_is_named(halted: Path) -> None:
    with FrameWriter(halted / "events.log", LogKind.EVENTS) as log:
        log.append(encode_event(Event(Key(10**15, 0, -1, 0), Intervened("broadcast", "", "the end"))))
    with pytest.raises(BadInput, match=r"events\.log: an event at second 10+ lies too far from the start"):
        speak(halted, HEADLINE)


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "linked folder"])
def test_a_letter_that_is_no_file_is_not_waited_for(tmp_path: Path, halted: Path, kind: str) -> None:
    letter, elsewhere = halted / "pending" / NAME, tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / NAME).write_bytes(json.dumps([VOICE]).encode())
    if kind == "linked folder":
        letter.parent.symlink_to(elsewhere)
        assert resume_town(halted).folder.manifest.letters == []
        assert (elsewhere / NAME).exists()
        return
    letter.parent.mkdir()
    match kind:
        case "folder":
            letter.mkdir()
        case "pipe":
            os.mkfifo(letter)
        case _:
            letter.symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadInput, match=rf"pending/{NAME}: cannot be read"):
        resume_town(halted)


def test_a_run_that_is_going_on_goes_on_without_nonsense(tmp_path: Path, plain: TownRun) -> None:
    folder = tmp_path / "run1"
    stopped = run_town(tmp_path, changes={"end": UNTIL}, budget=Budget(requests=40))
    stopped.folder.path.rename(folder)
    said: list[str] = []

    def speak_nonsense() -> None:
        Inbox(folder).put(json.dumps([VOICE | {"to": "\x1b[2JNobody" * 1000}]).encode())
        speak(folder, HEADLINE)

    run = resume_town(folder, model=PATIENT, backend=Overheard((20, speak_nonsense)), said=said)
    (refusal,) = [each for each in said if "goes on without it" in each]
    assert "nobody is called ' [2JNobody" in refusal
    assert len(refusal) < 1000
    assert [letter.interventions for letter in run.folder.manifest.letters] == [1]
    assert run.events_digest == as_forked(run, plain, tmp_path, [HEADLINE]).events_digest
    assert len(list((folder / "pending").iterdir())) == 1


# -- processes -------------------------------------------------------------------------------------------------------


def begin(out: Path, latency: float = 0.05) -> subprocess.Popen[str]:
    """Begin a run in a process of its own; returns when it has recorded something."""
    command = [*PROGRAM, *SLOWLY, str(out), "--until", UNTIL, "--model", f"scripted:latency=sleep:{latency}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (out / "replies.log").exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


def test_somebody_speaks_to_a_run_in_another_process(tmp_path: Path, plain: TownRun) -> None:
    out = tmp_path / "run"
    process = begin(out, 0.25)
    said = thorp("intervene", out, "--say", HEADLINE["text"], "--json")
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout.splitlines()[-1])
    assert (told["interventions"], told["going_on"]) == (1, True)
    process.terminate()
    _, progress = process.communicate(timeout=60)
    assert "Everybody hears: the bridge is closed today" in progress
    assert "Performing the run again" in progress
    assert "stopped by SIGTERM" in progress
    (letter,) = Manifest.read(out).letters
    assert (told["letter"], told["since"]) == (letter.name, letter.since)
    assert "The run knows of it from Monday 13 February 2023, 0" in said.stderr
    run = resume_town(out, model="scripted")
    assert is_the_same(run, as_forked(run, plain, tmp_path, [HEADLINE]))


def test_somebody_of_a_run_that_is_going_on_is_asked(tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = begin(out, 0.25)
    deadline = time.monotonic() + 60
    asked = thorp("ask", out, "Ida", "What did you do?", "--json")
    while asked.returncode and time.monotonic() < deadline:  # nothing has come to pass for good yet
        assert asked.returncode == 2
        asked = thorp("ask", out, "Ida", "What did you do?", "--json")
    assert process.poll() is None, "it goes on meanwhile"
    told = json.loads(asked.stdout.splitlines()[-1])
    assert told["agent"] == "Ida Calder"
    assert told["answer"]
    process.terminate()
    _, progress = process.communicate(timeout=60)
    assert "stopped by SIGTERM" in progress
    run = resume_town(out, model="scripted")
    assert run.folder.verify().faults == ()
    assert told["at"] <= run.sim_seconds


def test_who_waits_for_a_run_reads_its_manifest_once(halted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    read = Manifest.read

    def noted(folder: Path) -> Manifest:
        reads.append(folder)
        return read(folder)

    monkeypatch.setattr(Manifest, "read", noted)
    monkeypatch.setattr(intervening, "PATIENCE", 0.3)
    with FrameWriter(halted / "events.log", LogKind.EVENTS):
        assert run_command_line(["intervene", str(halted), "--say", HEADLINE["text"]]) == 0
    assert len(reads) == 2, "to check what is said, and to see whether it was heard"


@pytest.mark.slow
@pytest.mark.parametrize("number", range(40))
def test_kill_minus_nine_at_any_moment(tmp_path: Path, plain: TownRun, number: int) -> None:
    dice = Random(number)
    out = tmp_path / "run"
    process = begin(out)
    time.sleep(dice.uniform(0.0, 3.0))
    letters = [speak(out, HEADLINE)]
    if number % 3 == 0:
        time.sleep(dice.uniform(0.0, 1.0))
        letters.append(speak(out, VOICE))
    time.sleep(dice.choice([dice.uniform(0.0, 0.1), dice.uniform(0.0, 2.0)]))
    process.kill()
    process.communicate()
    if number % 4 == 1:
        again = subprocess.Popen([*PROGRAM, "resume", str(out)], stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.5, 4.0))
        again.kill()
        again.communicate()
    done = thorp("resume", out, "--model", "scripted", "--json")
    assert done.returncode == 0, done.stderr
    run = RunFolder.open(out)
    assert [letter.name for letter in run.manifest.letters] == letters
    control = plain
    for letter, entry in zip(run.manifest.letters, (HEADLINE, VOICE), strict=False):
        folder = tmp_path / letter.name.removesuffix(".json")
        control = fork_town(control.folder.path, folder, f"+{letter.since}s", interventions=yaml.safe_dump([entry]))
    assert json.loads(done.stdout.splitlines()[-1])["events_digest"] == control.events_digest
    assert (out / "events.log").read_bytes() == control.folder.events_path.read_bytes()
    assert run.verify().faults == ()
