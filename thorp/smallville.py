"""The original town, joined: its maps, people and runs, read by the rooms that know them, written as ours."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.persona.smallville.folders import read_cast
from agents.persona.smallville.memories import memories_of, remembered
from engine.errors import BadInput
from engine.record.event_log import EventLog
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import Attachment, Manifest
from engine.record.run_folder import RunFolder
from thorp.manifest import IMPORTED, now, versions
from worlds.town.art.document import PICTURE
from worlds.town.art.draw_tiles import DATA
from worlds.town.copies import copies_of
from worlds.town.map import TownMap
from worlds.town.smallville.finding import find_maze, find_maze_of
from worlds.town.smallville.importing import MAP, ImportedMap, read_map
from worlds.town.smallville.playing import Happening, events_of, irregular
from worlds.town.smallville.records import Movement
from worlds.town.smallville.simulation import SimulationMeta, read_meta_of
from worlds.town.smallville.source import KEY, Source
from worlds.town.smallville.stored import find_run, master_of, read_movement


@dataclass(frozen=True, eq=False, slots=True)
class MapAtHand:
    """A map in our form, where it is from, and the copies of its files for a manifest."""

    path: Path
    town_map: TownMap = field(repr=False)
    copies: Mapping[str, Attachment] = field(repr=False)
    imported: ImportedMap | None = field(repr=False)
    """The map as it was just read from the original's matrices; None for one that is ours already."""

    @classmethod
    def at(cls, path: Path) -> MapAtHand:
        """Read a .tmj file, a folder with one (as `smallville-map` writes it), or a map of the original town.

        Raises `BadInput`.
        """
        ours = path if path.is_file() else path / MAP
        if ours.is_file():
            town_map = TownMap.load(ours)
            return cls(ours, town_map, copies_of(ours, town_map), None)
        source = find_maze(path)
        imported = read_map(source)
        copies = {
            "map": Attachment.of(source / MAP, imported.text.encode()),
            f"image:{PICTURE}": Attachment.of(source / PICTURE, (DATA / PICTURE).read_bytes()),
        }
        return cls(source, imported.town_map, copies, imported)

    @classmethod
    def of(cls, simulation: Path, meta: SimulationMeta, given: Path | None) -> MapAtHand:
        """Read the map that was given, else the one beside a simulation. Raises `BadInput` when there is none."""
        path = given or find_maze_of(simulation, meta.maze_name)
        if path is None:
            beside = f"static_dirs/assets/{meta.maze_name}/matrix"
            problem = (
                f"its map is not beside it ({beside}); give the map's folder, or what smallville-map wrote, by --map"
            )
            raise BadInput(str(simulation), problem)
        return cls.at(path)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What of the original map could not be taken over."""
        return self.imported.warnings if self.imported is not None else ()


@dataclass(frozen=True, slots=True)
class Replay:
    """A run of the original town as a run folder."""

    run: RunFolder
    movement: Movement
    events: int
    memories: int
    warnings: tuple[str, ...]


def import_run(path: Path, to: Path, given: Path | None) -> Replay:
    """Write a run of the original town as a run folder. Raises `BadInput` and `RunFailed`."""
    simulation = find_run(path)
    meta = read_meta_of(simulation)
    at_hand = MapAtHand.of(simulation, meta, given)
    movement, warnings = read_movement(simulation, meta, (at_hand.town_map.width, at_hand.town_map.height))
    more = _memories(simulation, movement)
    run, events = write_run(movement, simulation, at_hand.copies, to, more)
    return Replay(run, movement, events, sum(map(len, more)), (*at_hand.warnings, *warnings))


def write_run(
    movement: Movement,
    simulation: Path,
    copies: Mapping[str, Attachment],
    to: Path,
    more: Sequence[Sequence[Happening]] = (),
) -> tuple[RunFolder, int]:
    """Write a run folder; return it and the number of its events. Raises `BadInput` and `RunFailed`.

    `simulation` is where the run was, `copies` are those of the map, `more` are further happenings of each person.
    """
    source = Source(
        movement.name, movement.meta, movement.first, movement.steps, movement.seconds_per_step, irregular(movement)
    )
    run = RunFolder.create(to, _manifest(movement, {**copies, KEY: source.attachment(simulation)}))
    with (
        FrameWriter(run.events_path, LogKind.EVENTS) as events,
        FrameWriter(run.replies_path, LogKind.REPLIES) as replies,
    ):
        log = EventLog(events)
        for event in events_of(movement, more):
            log.add(event)
        log.release(movement.seconds)
        return run.holding(events, replies, reached=movement.seconds), log.written


def _memories(simulation: Path, movement: Movement) -> list[list[Happening]]:
    """Return what people came to remember during a run, if their folders are there."""
    if not (simulation / "personas").is_dir():
        return []
    cast = {record.name: record for record in read_cast(simulation).people}
    found: list[list[Happening]] = []
    for name in movement.people:
        old = memories_of(cast[name], movement.people) if name in cast else ()
        found.append(list(remembered(old, movement.start, movement.seconds)))
    return found


def _manifest(movement: Movement, copies: Mapping[str, Attachment]) -> Manifest:
    told = json.dumps(master_of(movement), ensure_ascii=False, sort_keys=True)
    people = [{"name": name, "figure": number} for number, name in enumerate(movement.people)]
    return Manifest(
        scenario={"kind": "smallville-replay", "name": movement.name, "people": people},
        scenario_digest=hashlib.sha256(told.encode()).hexdigest(),
        people=list(movement.people),
        start=movement.start.isoformat(),
        end=movement.seconds,
        seed=0,
        schedule=IMPORTED,
        model=IMPORTED,
        model_identity=IMPORTED,
        versions=versions(),
        command=sys.argv[1:],
        created=now(),
        attachments=dict(copies),
    )
