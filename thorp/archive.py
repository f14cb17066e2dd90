"""A run that is read once, by whoever asks its people, looks at them, or writes it down as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

from agents.memory.archive import Record, memories_of
from agents.persona.persona import Persona
from engine.errors import BadInput, nearest
from engine.kernel.clock import Clock
from engine.record.run_folder import RunFolder
from replay.light_cone import known_until
from thorp.manifest import IMPORTED, plan_from
from thorp.scenario import Plan


class Archive:
    """A run with all its events, up to the last moment of it that is known."""

    def __init__(self, path: Path) -> None:
        """Read a run. Raises `BadInput` when it is damaged (other than cut off); changes nothing."""
        self.folder = RunFolder.open(path)
        self.clock = Clock(datetime.fromisoformat(self.folder.manifest.start))
        self.events = tuple(self.folder.whole_events())
        self.known = known_until(self.events, self.folder.manifest.reached)
        """The last moment of the run that is known (simulated seconds)."""

    @cached_property
    def plan(self) -> Plan:
        """What was run. Raises `BadInput`, also when the run was recorded by another program."""
        return plan_from(self.folder.manifest, self.folder.path)

    @property
    def names(self) -> Sequence[str]:
        """All people of the run, by their index."""
        return self.folder.manifest.people

    @property
    def people(self) -> Sequence[Persona]:
        """All people of the run as they were in its beginning. Raises as `plan` does."""
        return self.plan.scenario.people

    def index(self, name: str) -> int:
        """Return the index of the one of a full name, or of a first name that only one has. Raises `BadInput`."""
        names = self.names
        found = [index for index, full in enumerate(names) if full.lower() == name.lower()]
        found = found or [index for index, full in enumerate(names) if full.lower().split()[:1] == [name.lower()]]
        if len(found) != 1:
            several = f"{len(found)} people are" if found else "nobody is"
            meant = [names[index] for index in found]
            meant = meant or (list(names) if " " in name else [full.split()[0] for full in names])
            raise BadInput("--agent", f"{several} called '{name}'{nearest(name, meant)}")
        return found[0]

    def find(self, name: str) -> Persona:
        """Return the one whom a name stands for (see `index`). Raises `BadInput`."""
        return self.people[self.index(name)]

    def moment(self, at: str | None) -> int:
        """Return the simulated second that a text names, the last known one without. Raises `BadInput`."""
        if at is None:
            return self.known
        try:
            time = self.clock.parse(at)
        except ValueError as error:
            raise BadInput("--at", str(error)) from None
        if time > self.known:
            asked, known = self.clock.label(time), self.clock.label(self.known)
            problem = f"'{at}' is {asked}, but what happened in {self.folder.path} is known until {known}"
            raise BadInput("--at", problem)
        return time

    def memories(self, agent: int, until: int | None = None) -> list[Record]:
        """Return what somebody remembers at a time, at the end without (see `memories_of`). Raises `BadInput`."""
        try:
            return memories_of(self.events, agent, until)
        except ValueError as error:
            raise BadInput(str(self.folder.events_path), str(error)) from error

    def relations(self, agent: int) -> Mapping[str, str]:
        """Return how somebody is related to others, by their names, as far as a scenario says so. Raises `BadInput`."""
        return {} if self.folder.manifest.model == IMPORTED else self.people[agent].knows
