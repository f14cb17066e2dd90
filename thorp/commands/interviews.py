"""What `evaluate interviews` does: asks, lets a model or a person judge, and prints what came out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agents.believability.ballots import Ballots
from agents.believability.contests import Verdict, contests, in_the_same_words
from agents.believability.findings import Findings, findings, reliability
from agents.believability.judging import WAYS, Judge
from agents.believability.sheet import Contribution, Sheet, with_people
from agents.cognition.settings import Faculty
from agents.exams.marks import Mark
from agents.persona.persona import Persona
from engine.errors import BadInput, nearest
from engine.llm.requests import Backend
from engine.llm.service import ModelService
from engine.llm.spec import RECORDED, ModelSpec
from engine.phrases import listed
from replay.whiskers import Whisker, draw_whiskers
from thorp.archive import Archive
from thorp.ask import SHOWN, model_to_ask
from thorp.commands.common import to_people
from thorp.commands.polling import let_judge
from thorp.commands.running import load_model
from thorp.interviews import chosen, conditions_at, interview

TERMINAL = "terminal"
AT_ONCE = 64
"""Requests that are put to a model together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command."""

    source: Path
    agents: Sequence[str]
    at: str | None
    model: str | None
    memories: int | None
    samples: int | None
    human: Path | None
    judge: str | None
    way: str
    verdicts: Path | None
    to: Path | None
    plot: Path | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts, who gave them, and what is known of the judge (as JSON, and in a sentence)."""

    verdicts: Sequence[Verdict]
    judge: str
    about: dict[str, Any]
    said: str = ""


def study(wanted: Wanted, *, as_json: bool) -> None:
    """Ask, or read what was answered, let judge, and say what came out. Raises `BadInput` and `RunFailed`."""
    _check(wanted)
    human = None if wanted.human is None else Contribution.read(wanted.human)
    models = _Models()
    spec = None if wanted.judge in (None, TERMINAL) else _that_answers(str(wanted.judge))
    if _is_file(wanted):
        sheet = Sheet.read(wanted.source)
    else:
        archive = Archive(wanted.source)
        time = archive.moment(wanted.at)
        people = chosen(archive, wanted.agents, time)
        _tell_lack(conditions_at(archive, time))
        answering = model_to_ask(archive, ModelSpec.parse(wanted.model) if wanted.model else None)
        sheet = _asked(wanted, archive, people, time, models.load(answering))
        spec = spec or answering
    if human is not None:
        sheet = with_people(sheet, human, str(wanted.human))
    if wanted.to is not None:
        sheet.write(wanted.to)
        to_people.print(f"Wrote {escape(str(wanted.to))}")
    if spec is None or wanted.judge == TERMINAL:
        judged = _by_a_person(wanted, sheet)
    else:
        judged = _by_a_model(sheet, models.load(spec, "--model" if wanted.judge is None else "--judge"), wanted.way)
    found = findings(judged.verdicts, sheet.conditions, sheet.seed)
    _tell(sheet, judged, found)
    if wanted.plot is not None:
        _draw(found, judged, wanted.plot)
        to_people.print(f"Wrote {escape(str(wanted.plot))}")
    if as_json:
        print(json.dumps({"run": str(wanted.source), **_as_json(sheet, judged, found)}))


def _tell_lack(conditions: Mapping[str, Sequence[Faculty]]) -> None:
    """Say what people lack with all the memory that they have."""
    most, lacking = next(iter(conditions.items()))
    if lacking:
        to_people.print(
            f"The people of this run live without {listed(lacking)}: "
            f"the most memory with which they can answer is '{most}'.",
            soft_wrap=True,
        )


def _check(wanted: Wanted) -> None:
    """Refuse what cannot be done before hours of asking."""
    if wanted.plot is not None and wanted.plot.suffix != ".png":
        raise BadInput("--plot", f"'{wanted.plot}' must end in .png")
    if wanted.to is not None and wanted.to.suffix != ".json":
        raise BadInput("--to", f"'{wanted.to}' must end in .json")
    if wanted.way not in WAYS:
        raise BadInput("--way", f"there is no way '{wanted.way}'{nearest(wanted.way, WAYS)}")
    for option, path in (("--to", wanted.to), ("--plot", wanted.plot), ("--verdicts", wanted.verdicts)):
        if path is not None and (path.is_dir() or not path.parent.is_dir()):
            raise BadInput(option, f"{path} cannot be written: there is no such folder, or it is one")
    if wanted.verdicts is not None and wanted.judge != TERMINAL:
        raise BadInput("--verdicts", f"keeps those of a person (with --judge {TERMINAL})")
    if _is_file(wanted):
        if wanted.agents or wanted.at or wanted.model or wanted.memories or wanted.samples:
            problem = "holds answers; --agent, --at, --model, --memories and --samples are for a run that is asked"
            raise BadInput(str(wanted.source), problem)
        if wanted.judge is None:
            raise BadInput("--judge", f"who is to judge these answers? (allowed: a model, {TERMINAL})")
    elif wanted.judge == TERMINAL and wanted.to is None:
        raise BadInput("--judge", "a person can stop and go on, so the answers have to be kept: --to FILE")


def _that_answers(judge: str) -> ModelSpec:
    spec = ModelSpec.parse(judge, "--judge")
    if spec.kind == RECORDED:
        raise BadInput("--judge", "what is asked now has no recorded reply (allowed: a model that answers, terminal)")
    return spec


def _is_file(wanted: Wanted) -> bool:
    return wanted.source.is_file()


class _Models:
    """The models in use; one that both answers and judges is loaded once."""

    def __init__(self) -> None:
        self._loaded: dict[str, Backend] = {}

    def load(self, spec: ModelSpec, source: str = "--model") -> Backend:
        if str(spec) not in self._loaded:
            self._loaded[str(spec)] = load_model(spec, source=source)
        return self._loaded[str(spec)]


def _asked(wanted: Wanted, archive: Archive, people: Sequence[Persona], time: int, backend: Backend) -> Sheet:
    service = ModelService(backend, at_once=AT_ONCE)
    with _counting(f"Asking {', '.join(person.first_name for person in people)}") as count:
        shown = wanted.memories or SHOWN
        return interview(archive, people, time, shown, wanted.samples, service, backend.identity, count)


@contextmanager
def _counting(what: str) -> Iterator[Callable[[int], None]]:
    done = 0
    with to_people.status(f"{escape(what)} …") as status:

        def count(more: int) -> None:
            nonlocal done
            done += more
            status.update(f"{escape(what)} … ({done:,} replies so far)")

        yield count


def _by_a_model(sheet: Sheet, backend: Backend, way: str) -> Judged:
    with _counting("Judging") as count:
        judge = Judge(ModelService(backend, at_once=AT_ONCE), way, count)
        verdicts = judge.verdicts(sheet)
        control = judge.control(sheet)
    trust = reliability(verdicts)
    about = {
        "way": way,
        "unanswered": len(contests(sheet)) - len(verdicts),
        "orders": None if trust is None else trust.as_json(),
        "control": control.as_json(),
    }
    said = []
    if trust is not None:
        said.append(
            f"Where it preferred an answer, it was the same one in both orders in {_share(trust.agreed)} of the pairs, "
            f"and in {_share(trust.first_place)} of the showings the one that was shown first."
        )
    if control.mark is not None:
        said.append(
            f"Control: where it was decided, it took a person's own answer to be truer than another person's in "
            f"{_share(control.mark)}; it was undecided {control.undecided} times. Who guesses gets 50 %."
        )
    if not control.tells:
        said.append("[bold]That is not better than guessing: the ratings say nothing about the conditions.[/bold]")
    return Judged(verdicts, backend.identity, about, " ".join(said))


def _share(mark: Mark) -> str:
    low, high = mark.interval
    return f"{mark.share:.0%} ({mark.right} of {mark.cases}; 95 %: {low:.0%} to {high:.0%})"


def _by_a_person(wanted: Wanted, sheet: Sheet) -> Judged:
    answers = wanted.to or wanted.source
    path = wanted.verdicts or answers.with_name(f"{answers.stem}.verdicts.jsonl")
    with Ballots(path, sheet) as ballots:
        verdicts = let_judge(sheet, ballots)
    left = len(contests(sheet)) - len(verdicts)
    to_people.print(f"The verdicts are kept in {escape(str(path))}; {left} pairs are left.", soft_wrap=True)
    return Judged(verdicts, "a person", {"verdicts": str(path), "left": left})


def _tell(sheet: Sheet, judged: Judged, found: Findings) -> None:
    to_people.print(
        f"[bold]Interviews[/bold] with {escape(', '.join(person.name for person in sheet.people))}, "
        f"{escape(sheet.when)}: {len(sheet.items)} questions, {len(sheet.conditions)} conditions. "
        f"Answers by {escape(sheet.model)}.",
        soft_wrap=True,
    )
    same = _same(sheet, judged)
    to_people.print(
        f"{len(judged.verdicts) - same} pairs of answers were judged by {escape(judged.judge)}; {same} more are in the "
        f"same words and count as draws. {judged.said}",
        soft_wrap=True,
    )
    table = Table(
        "condition", "won", "drawn", "lost", "TrueSkill", "sigma", "95 %", "95 % over questions",
        title="How believable the answers are",
    )  # fmt: skip
    for standing in sorted(found.standings, key=lambda each: -each.rating.mu):
        low, high = standing.rating.interval
        lower, upper = standing.over_questions
        table.add_row(
            escape(standing.condition),
            *map(str, (standing.won, standing.drawn, standing.lost)),
            f"{standing.rating.mu:.2f}",
            f"{standing.rating.sigma:.2f}",
            f"{low:.2f} to {high:.2f}",
            f"{lower:.2f} to {upper:.2f}",
        )
    wide = Console(stderr=True, width=max(to_people.width, 120))
    wide.print(table)
    pairs = Table("condition", "against", "won", "drawn", "lost", "p (sign test, Holm)", title="Pair by pair")
    for pair in found.comparisons:
        counts = map(str, (pair.won, pair.drawn, pair.lost))
        pairs.add_row(escape(pair.first), escape(pair.second), *counts, f"{pair.p:.3f}")
    wide.print(pairs)
    test = found.rank_test
    to_people.print(f"Kruskal-Wallis over the conditions: H({test.degrees}) = {test.h:.2f}, p = {test.p:.3g}")


def _same(sheet: Sheet, judged: Judged) -> int:
    return sum(in_the_same_words(sheet, verdict.contest) for verdict in judged.verdicts)


def _as_json(sheet: Sheet, judged: Judged, found: Findings) -> dict[str, Any]:
    same = _same(sheet, judged)
    ways = {
        condition: Counter(item.answers[condition].way for item in sheet.items if condition in item.answers)
        for condition in sheet.conditions
    }
    return {
        "when": sheet.when,
        "model": sheet.model,
        "people": [person.name for person in sheet.people],
        "questions": len(sheet.items),
        "answers": {condition: dict(sorted(counts.items())) for condition, counts in ways.items()},
        "judge": {"name": judged.judge, "judged": len(judged.verdicts) - same, "same_words": same, **judged.about},
        **found.as_json(),
    }


def _draw(found: Findings, judged: Judged, to: Path) -> None:
    rows = [
        Whisker(standing.condition, standing.rating.mu, standing.rating.interval, standing.over_questions)
        for standing in sorted(found.standings, key=lambda each: -each.rating.mu)
    ]
    by = f"{len(judged.verdicts)} pairs, judged by {judged.judge}"
    legend = f"line: 95 % of TrueSkill; bar: 95 % over questions\n{by}"
    try:
        draw_whiskers("How believable the answers are (TrueSkill)", legend, rows, to)
    except OSError as error:
        raise BadInput("--plot", f"{to} cannot be written: {error.strerror or error}") from error
