"""The way back: from the events of an imported run to the records of the original town, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from engine.errors import BadInput
from engine.record.events import Acted, Appeared, ConversationBegan, ConversationEnded, Event, Said, Walked
from engine.record.run_folder import RunFolder
from worlds.town.places import Tile
from worlds.town.smallville.playing import AT
from worlds.town.smallville.records import Change, Line, Movement, Record
from worlds.town.smallville.source import Source


@dataclass(slots=True)
class _Talk:
    """A conversation as the log tells it."""

    begins: int
    ends: int
    parties: list[str]
    lines: list[Line] = field(default_factory=list)


def movement_of(run: RunFolder) -> Movement:
    """Return the records of an imported run. Raises `BadInput` when it is none, or its log was changed."""
    manifest = run.manifest
    source = Source.of(manifest, str(run.path / "manifest.json"))
    reader = _Reader(run, source)
    for event in run.events():
        reader.take(event)
    start = datetime.fromisoformat(manifest.start)
    return Movement(
        source.name, source.meta, tuple(manifest.people), start, source.seconds_per_step, source.first, source.steps,
        reader.changes(),
    )  # fmt: skip


class _Reader:
    """Takes in events in their order; what a person is, does and says is kept by step."""

    def __init__(self, run: RunFolder, source: Source) -> None:
        people = run.manifest.people
        self._log = str(run.events_path)
        self._source = source
        self._people = people
        self._end = source.first + source.steps
        self._tiles: list[dict[int, Tile]] = [{} for _ in people]
        self._acts: list[dict[int, tuple[str, str]]] = [{} for _ in people]
        self._talks: dict[str, _Talk] = {}

    def take(self, event: Event) -> None:
        """Take in the next event."""
        (time, _, person, _), body = event
        if not 0 <= person < len(self._people):
            return
        match body:
            case Appeared():
                self._tiles[person][self._step(time)] = body.tile
            case Walked():
                self._walk(person, self._step(time), body)
            case Acted():
                description = f"{body.description}{AT}{body.address}" if body.address else body.description
                self._acts[person][self._step(time)] = (body.emoji, description)
            case ConversationBegan():
                begun = _Talk(self._step(time), self._end, [self._people[person]])
                self._talks.setdefault(body.conversation, begun).parties.append(body.partner)
            case Said() if body.conversation in self._talks:
                self._talks[body.conversation].lines.append((self._people[person], body.text))
            case ConversationEnded() if body.conversation in self._talks:
                self._talks[body.conversation].ends = self._step(time)
            case _:
                pass

    def changes(self) -> tuple[tuple[Change, ...], ...]:
        """Return the records that differ from the one before, for each person."""
        chats: list[dict[int, tuple[Line, ...] | None]] = [{} for _ in self._people]
        for name, talk in self._talks.items():
            lines = self._source.lines(name)
            said = tuple(talk.lines) if lines is None else lines
            held = self._source.held(name, len(self._people))
            for person, begin, end in self._usual(talk) if held is None else held:
                chats[person].setdefault(end, None)
                chats[person][begin] = said
        return tuple(self._of(person, chats[person]) for person in range(len(self._people)))

    def _usual(self, talk: _Talk) -> list[tuple[int, int, int]]:
        numbers = [self._people.index(name) for name in talk.parties if name in self._people]
        return [(number, talk.begins, talk.ends) for number in numbers]

    def _of(self, person: int, chats: dict[int, tuple[Line, ...] | None]) -> tuple[Change, ...]:
        tiles, acts = self._tiles[person], self._acts[person]
        first = self._source.first
        if first not in tiles or first not in acts:
            raise BadInput(self._log, f"does not tell where {self._people[person]} is, or what they do, at first")
        found: list[Change] = []
        record = Record(tiles[first], *acts[first], chats.get(first))
        for step in sorted({*tiles, *acts, *chats}):
            if step >= self._end:
                break
            emoji, description = acts.get(step, (record.pronunciatio, record.description))
            now = Record(tiles.get(step, record.tile), emoji, description, chats.get(step, record.chat))
            if not found or now != record:
                found.append((step, now))
            record = now
        return tuple(found)

    def _walk(self, person: int, step: int, body: Walked) -> None:
        if body.seconds_per_tile != self._source.seconds_per_step:
            raise BadInput(self._log, f"a walk at step {step} has another speed than the original")
        tiles = self._tiles[person]
        replaced = step + 1
        while tiles.pop(replaced, None):
            replaced += 1
        for number, tile in enumerate(body.path):
            tiles[step + number] = tile

    def _step(self, time: int) -> int:
        """Return the step at a time. Raises `BadInput` when it lies between two, or outside of the run."""
        steps, rest = divmod(time, self._source.seconds_per_step)
        if rest or not 0 <= steps < self._source.steps:
            raise BadInput(self._log, f"an event at second {time} is at no step of the original")
        return self._source.first + steps
