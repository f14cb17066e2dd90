"""Take over a map that was drawn in Tiled: checked as a whole, and written with people who show that it works."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from engine.errors import BadInput
from thorp.imports import Imported
from worlds.town.copies import MAX_TOTAL
from worlds.town.documents import read_file
from worlds.town.draft import Draft
from worlds.town.map import TownMap
from worlds.town.places import Sector
from worlds.town.tilesets import Sheet, Tileset
from worlds.town.written import PictureFile, tmj

MAP, SCENARIO = "town.tmj", "town.yaml"
ENDINGS = (".png", ".gif", ".jpg", ".jpeg", ".bmp")


@dataclass(frozen=True, slots=True)
class _Taken:
    """The pictures of a map: what each will be called, and the content of those that are there."""

    files: Mapping[Path, PictureFile]
    contents: Mapping[str, bytes]
    missing: tuple[str, ...]


class _TimeOfDay(str):
    """A time of day, which is put in quotes: YAML takes some of them for numbers."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_TimeOfDay, lambda to, time: to.represent_scalar("tag:yaml.org,2002:str", str(time), style='"'))


def import_tiled(path: Path, to: Path) -> Imported:
    """Check a map of Tiled; write it, with its tilesets in it and its pictures beside it, and a first scenario.

    Raises `BadInput` with everything that is wrong with the map and its pictures, and has then written nothing.
    """
    draft = Draft.load(path)
    taken = _pictures(draft)
    town_map = TownMap.of(draft)
    files = {
        MAP: tmj(draft, taken.files).encode(),
        SCENARIO: _scenario(town_map).encode(),
        **taken.contents,
    }
    try:
        to.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (to / name).write_bytes(content)
    except OSError as error:
        raise BadInput("--to", f"'{to}' cannot be written: {error.strerror or error}") from error
    counts = {
        "sectors": len(town_map.sectors), "arenas": len(town_map.arenas), "objects": len(town_map.objects),
        "door tiles": len(town_map.doors), "spawn points": len(town_map.spawns), "pictures": len(taken.contents),
    }  # fmt: skip
    warnings = [f"the picture '{name}' is not there: its tiles are drawn as plain ground" for name in taken.missing]
    if _home(town_map).kind != "home":
        warnings.append("the map has no sector of the kind 'home': the people of the scenario live in the first sector")
    written = tuple(to / name for name in files)
    return Imported(written, counts, tuple(warnings), f"thorp run {to / SCENARIO} --model scripted")


def _pictures(draft: Draft) -> _Taken:
    """Look at the map's pictures; what is wrong with one is a fault of the map."""
    from replay.pictures import open_picture
    from replay.scenery import MAX_PIXELS

    files: dict[Path, PictureFile] = {}
    contents: dict[str, bytes] = {}
    missing: list[str] = []
    pixels = 0
    for tileset in draft.tilesets:
        where = f"tileset '{tileset.name[:80]}'"
        for picture in tileset.pictures:
            path = picture.path
            if path in files:
                continue
            name, least = _safe_name(path, len(files)), _least_size(tileset, path)
            files[path] = PictureFile(name, *least)
            if not picture.is_there:
                missing.append(path.name)
                continue
            try:
                content = read_file(path)
                size = open_picture(content, path.name).size
            except (BadInput, OSError, ValueError) as error:
                draft.faults.add(where, str(error) if isinstance(error, BadInput) else f"{path.name}: {error}")
                continue
            pixels += size[0] * size[1]
            if size[0] < least[0] or size[1] < least[1]:
                draft.faults.add(where, f"{path.name}: the picture is too small for its tiles")
            if pixels > MAX_PIXELS or sum(map(len, contents.values())) + len(content) > MAX_TOTAL:
                draft.faults.add(where, f"{path.name}: the pictures of this map are too large together")
                return _Taken(files, contents, tuple(missing))
            files[path], contents[name] = PictureFile(name, *size), content
    return _Taken(files, contents, tuple(missing))


def _safe_name(path: Path, number: int) -> str:
    """Return a name that is one on every system and in no other's way."""
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.casefold()).strip("-")[:40]
    return f"{number + 1:02}-{stem or 'tiles'}{path.suffix.lower() if path.suffix.lower() in ENDINGS else '.png'}"


def _least_size(tileset: Tileset, path: Path) -> tuple[int, int]:
    """Return how wide and high a picture must be to hold its tiles."""
    if isinstance(tileset.tiles, Sheet):
        sheet = tileset.tiles
        pieces = [sheet.piece(min(sheet.columns, tileset.count) - 1), sheet.piece(tileset.count - 1)]
    else:
        pieces = [piece for piece in tileset.tiles.values() if piece.picture.path == path]
    return max(piece.left + piece.width for piece in pieces), max(piece.top + piece.height for piece in pieces)


def _home(town_map: TownMap) -> Sector:
    return next((sector for sector in town_map.sectors if sector.kind == "home"), town_map.sectors[0])


def _scenario(town_map: TownMap) -> str:
    home = _home(town_map)
    work = next((sector for sector in town_map.sectors if sector.kind != "home" and sector != home), None)
    robin: dict[str, Any] = {
        "name": "Robin Field",
        "age": 34,
        "traits": "calm, curious and helpful",
        "biography": [f"Robin Field lives at {home.name} and likes to know how the neighbours are"],
        "currently": f"Robin wants to get to know everybody in {town_map.name}",
        "lifestyle": "Robin gets up at seven and goes to bed at ten in the evening.",
        "home": home.name,
        "wakes": _TimeOfDay("07:00"),
        "sleeps": _TimeOfDay("22:00"),
        "knows": {"Kim Waters": "a good friend at home"},
    }
    kim: dict[str, Any] = {
        "name": "Kim Waters",
        "age": 29,
        "traits": "lively, generous and forgetful",
        "biography": [f"Kim Waters moved to {home.name} a year ago"],
        "currently": f"Kim is looking for the nicest place in {town_map.name}",
        "lifestyle": "Kim gets up at half past seven and goes to bed late in the evening.",
        "home": home.name,
        "wakes": _TimeOfDay("07:30"),
        "sleeps": _TimeOfDay("23:00"),
        "knows": {"Robin Field": "a good friend at home"},
    }
    if work is not None:
        robin["work"] = work.name
    scenario = {
        "name": f"A morning in {town_map.name}",
        "description": "Two people on a new map. Change them, and add more.",
        "start": "2023-02-13T06:30",
        "end": _TimeOfDay("12:00"),
        "seed": 1,
        "world": {"map": MAP},
        "people": [robin, kim],
    }
    return yaml.dump(scenario, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
