"""Collect everything that is wrong with what somebody brought, so that they can mend it in one go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from engine.errors import BadInput, ManyFaults

SHOWN = 1000
"""Faults kept for the message; more are only counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (file, row, tile, name) and what."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}" if self.place else self.problem


class Faults:
    """The faults found so far in one source; `what` says what that is: "this map"."""

    def __init__(self, source: str, what: str) -> None:
        self.source = source
        self._what = what
        self._found: list[Fault] = []
        self._count = 0

    def add(self, place: str, problem: str) -> None:
        """Note one fault; reading goes on."""
        self._count += 1
        if len(self._found) < SHOWN:
            self._found.append(Fault(place, problem))

    def stop(self, place: str, problem: str) -> NoReturn:
        """Note one fault after which reading cannot go on, and raise BadInput."""
        self.add(place, problem)
        raise self.error()

    @contextmanager
    def noted(self, place: str) -> Iterator[None]:
        """Turn a `BadInput` raised inside into a fault at `place`."""
        try:
            yield
        except BadInput as error:
            self.add(f"{place}, {error.place}" if error.place else place, error.problem)

    def check(self) -> None:
        """Raise one BadInput that lists every fault, if there are any."""
        if self._found:
            raise self.error()

    def __len__(self) -> int:
        return self._count

    def error(self) -> BadInput:
        """Return the error that lists every fault; there must be one at least."""
        if self._count == 1:
            return BadInput(self.source, self._found[0].problem, self._found[0].place)
        lines = [str(fault) for fault in self._found]
        if self._count > len(lines):
            lines.append(f"… and {self._count - len(lines)} more")
        return ManyFaults(
            self.source, f"{self._count} faults in {self._what}; mend them and load it again", tuple(lines)
        )
