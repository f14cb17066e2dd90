"""Collect everything that is wrong with one file, so that its author can mend it in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from engine.errors import BadInput, ManyFaults

SHOWN = 1000
"""Faults listed in a message; more are only counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (layer, name, tile) and what."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}" if self.place else self.problem


class Faults:
    """The faults found so far in one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._found: list[Fault] = []

    def add(self, place: str, problem: str) -> None:
        """Note one fault; reading goes on."""
        self._found.append(Fault(place, problem))

    def stop(self, place: str, problem: str) -> NoReturn:
        """Note one fault after which reading cannot go on, and raise BadInput."""
        self.add(place, problem)
        raise self.error()

    def check(self) -> None:
        """Raise one BadInput that lists every fault, if there are any."""
        if self._found:
            raise self.error()

    def __len__(self) -> int:
        return len(self._found)

    def error(self) -> BadInput:
        """Return the error that lists every fault; there must be one at least."""
        count = len(self._found)
        if count == 1:
            return BadInput(self.source, self._found[0].problem, self._found[0].place)
        lines = [str(fault) for fault in self._found[:SHOWN]]
        if count > SHOWN:
            lines.append(f"… and {count - SHOWN} more")
        return ManyFaults(self.source, f"{count} faults in this map; mend them and load it again", tuple(lines))
