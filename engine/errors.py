"""The errors that Thorp raises on purpose.

::

    ThorpError
    ├── BadInput        the user's file, key or argument is at fault (exit status 2)
    │   └── ManyFaults  several things are wrong with one file
    └── RunFailed       the run itself cannot go on (exit status 1)
        ├── Diverged    it came out in another way than it is recorded
        └── EndedEarly  the run ended before its time; everything so far is kept, and it can be resumed
            ├── BudgetSpent the run asked for more requests or tokens than it was given
            ├── Addressed   somebody has handed something over to it, which it takes in before it goes on
            ├── Interrupted somebody asked it to end
            ├── ModelUnavailable the server of its model cannot be reached, or will not answer
            └── Unrecorded  it has only recorded replies, and a request has none

An exception is made from its `args` alone, because SimPy makes a copy of what is raised in a process.

A reply of a model that cannot be used is not an exception but a typed `engine.llm.requests.Failure`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ThorpError(Exception):
    """Base of all errors that Thorp raises on purpose."""


class BadInput(ThorpError):
    """Something the user gave is wrong; the message names the file, the place in it and what is allowed."""

    def __init__(self, source: str, problem: str, place: str = "") -> None:
        self.source = source
        self.place = place
        self.problem = problem
        super().__init__(source, problem, place)

    def __str__(self) -> str:
        return f"{self.source}{f', {self.place}' if self.place else ''}: {self.problem}"


class ManyFaults(BadInput):
    """Several things are wrong with one file: `problem` says how many, each of `faults` is one line of its own."""

    def __init__(self, source: str, problem: str, faults: tuple[str, ...]) -> None:
        super().__init__(source, problem)
        self.faults = faults
        self.args = (source, problem, faults)

    def __str__(self) -> str:
        return "\n  - ".join((super().__str__(), *self.faults))


class RunFailed(ThorpError):
    """The run cannot go on, for example because its log cannot be written."""


class Diverged(RunFailed):
    """The run, performed again, came out in another way than it is recorded."""


class EndedEarly(RunFailed):
    """The run ended before its time; everything so far is kept, and it can be resumed."""


class BudgetSpent(EndedEarly):
    """The run ended because its budget of requests or tokens is spent."""


class Addressed(EndedEarly):
    """Somebody has handed something over to the run, which it takes in before it goes on."""


class Interrupted(EndedEarly):
    """Somebody asked the run to end."""


class ModelUnavailable(EndedEarly):
    """The server of the model cannot be reached, or will answer nothing that is asked now."""


class Unrecorded(EndedEarly):
    """A run that has only recorded replies made a request without one: which thought of whom, when."""

    def __init__(self, thought: str, agent: int = -1, time: int = -1) -> None:
        self.thought = thought
        self.agent = agent
        """The agent's index; -1 where it is not known."""
        self.time = time
        super().__init__(thought, agent, time)

    def __str__(self) -> str:
        return f"no reply is recorded to the thought '{self.thought}'"


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return a half-sentence that names the valid choice nearest to `word`.

    `` (did you mean 'home'?)`` for a near miss, else `` (allowed: a, b, c)``; empty when there are no choices.
    """
    known = sorted(set(choices))
    if not known:
        return ""
    close = closest(word, known)
    if close is not None:
        return f" (did you mean '{close}'?)"
    shown = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
    return f" (allowed: {shown})"


def closest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice of which `word` is a near miss; None when there is none."""
    known = sorted(set(choices))
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return close[0]
    folded = {choice.casefold(): choice for choice in known}
    match = difflib.get_close_matches(word.casefold(), sorted(folded), n=1, cutoff=0.6)
    return folded[match[0]] if match else None
