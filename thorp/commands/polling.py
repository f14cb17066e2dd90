"""A person as the judge, at the terminal: two unnamed answers at a time, in random order."""

from __future__ import annotations

from rich.markup import escape

from agents.believability.ballots import Ballots
from agents.believability.contests import Contest, Verdict, drawn, in_the_same_words, shuffled
from agents.believability.rating import Outcome
from agents.believability.sheet import Sheet
from agents.cognition.wording import sentence
from thorp.commands.common import to_people

KEYS = {"1": Outcome.FIRST, "2": Outcome.SECOND, "=": Outcome.DRAW}
QUIT = "q"


def let_judge(sheet: Sheet, ballots: Ballots) -> list[Verdict]:
    """Show what there is no verdict on yet until the person quits; return all verdicts up to there.

    Every verdict is on disk before the next pair is shown. Ctrl-C and the end of the input are a way to quit. Answers
    in the same words are draws, and count as far as the person has come: as many of them as of the others.
    """
    order = shuffled(sheet)
    left = sum(not in_the_same_words(sheet, contest) and ballots.on(contest) is None for contest in order)
    found = []
    for contest in order:
        verdict = drawn(contest) if in_the_same_words(sheet, contest) else ballots.on(contest)
        if verdict is None:
            _show(sheet, contest, left)
            said = _ask()
            if said is None:
                break
            verdict = ballots.add(contest, said)
            left -= 1
        found.append(verdict)
    return found


def _show(sheet: Sheet, contest: Contest, left: int) -> None:
    item = sheet.items[contest.item]
    to_people.rule(f"{left} to go")
    to_people.print(f"[dim]{escape(sheet.summary(item))}[/dim]")
    to_people.print(f"[dim]What bears on the question: {escape(' '.join(map(sentence, item.notes)))}[/dim]")
    to_people.print(f"\n[bold]{escape(item.person)} is asked: {escape(item.question)}[/bold]")
    for key, condition in (("1", contest.first), ("2", contest.second)):
        to_people.print(f"  [bold]{key}[/bold]  {escape(item.answers[condition].text)}")


def _ask() -> Outcome | None:
    """Return the verdict of the person, None if they have had enough."""
    while True:
        try:
            said = to_people.input("Which is more believable? (1, 2, = for equal, q to quit) ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            return None
        if said in KEYS or said == QUIT:
            return KEYS.get(said)
