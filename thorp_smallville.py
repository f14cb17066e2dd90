"""The original town, joined: its maps, people and runs, read by the rooms that know them, written as ours."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from engine.errors import BadInput
from engine.record.event_log import EventLog
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import Attachment, Manifest
from engine.record.run_folder import RunFolder
from thorp_manifest import IMPORTED, now, versions
from thorp_scenario import copies_of_map
from worlds.town.art.draw_tiles import DATA
from worlds.town.map import TownMap
from worlds.town.settlement.document import PICTURE
from worlds.town.smallville.finding import find_maze_of
from worlds.town.smallville.importing import MAP, ImportedMap, read_map
from worlds.town.smallville.playing import events_of, irregular
from worlds.town.smallville.records import Movement
from worlds.town.smallville.simulation import SimulationMeta, read_meta_of
from worlds.town.smallville.source import KEY, Source
from worlds.town.smallville.stored import find_run, master_of, read_movement


class MapAtHand:
    """A map in our form and the copies of its files for a manifest."""

    def __init__(
        self, town_map: TownMap, copies: Mapping[str, Attachment], imported: ImportedMap | None = None
    ) -> None:
        self.town_map = town_map
        self.copies = copies
        self.imported = imported
        """The map as it was just imported; None for one that is ours already."""

    @classmethod
    def at(cls, path: Path) -> MapAtHand:
        """Read a .tmj file, a folder with one (as `smallville-map` writes it), or a map of the original town.

        Raises `BadInput`.
        """
        ours = path if path.is_file() else path / MAP
        if ours.is_file():
            town_map = TownMap.load(ours)
            return cls(town_map, copies_of_map(ours, town_map))
        imported = read_map(path)
        copies = {
            "map": Attachment.of(path / MAP, imported.text.encode()),
            f"image:{PICTURE}": Attachment.of(path / PICTURE, (DATA / PICTURE).read_bytes()),
        }
        return cls(imported.town_map, copies, imported)

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


def run_from(path: Path, to: Path, given: Path | None) -> tuple[RunFolder, Movement, tuple[str, ...]]:
    """Write a run of the original town as a run folder. Raises `BadInput` and `RunFailed`."""
    simulation = find_run(path)
    meta = read_meta_of(simulation)
    at_hand = MapAtHand.of(simulation, meta, given)
    size = at_hand.town_map.width, at_hand.town_map.height
    movement, warnings = read_movement(simulation, meta, size)
    source = Source(
        movement.name, movement.meta, movement.first, movement.steps, movement.seconds_per_step, irregular(movement)
    )
    manifest = _manifest(movement, {**at_hand.copies, KEY: source.attachment(simulation)})
    run = RunFolder.create(to, manifest)
    with (
        FrameWriter(run.events_path, LogKind.EVENTS) as events,
        FrameWriter(run.replies_path, LogKind.REPLIES),
    ):
        log = EventLog(events)
        for event in events_of(movement):
            log.add(event)
        log.release(movement.seconds)
    if at_hand.imported is not None:
        warnings = (*at_hand.imported.warnings, *warnings)
    return run, movement, warnings


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
        reached=movement.seconds,
    )
