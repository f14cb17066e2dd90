"""What a run's pictures are made of besides its events: the map, the tiles' pictures, and who looks how.

Everything comes from the run folder's manifest and is checked here; files beside the original map are a fallback.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from engine.errors import BadInput
from engine.record.manifest import Manifest
from engine.record.run_folder import RunFolder
from replay.pictures import MAX_BYTES, open_picture, see_through
from worlds.town.copies import MAP, read_copy, unpacked_copies
from worlds.town.map import TownMap
from worlds.town.tilesets import Picture, Piece, Sheet, Tileset, inside

MAX_PIXELS = 64_000_000
"""Of all pictures of a map together."""


@dataclass(frozen=True, eq=False, slots=True)
class Scenery:
    """A run's map, the pictures of its tilesets as far as they are to be had, and figures by agent."""

    town_map: TownMap
    pictures: Mapping[Picture, Image.Image]
    figures: tuple[int, ...]

    @classmethod
    def of(cls, run: RunFolder) -> Scenery:
        """Read the scenery of a run. Raises `BadInput` when the run has no map, or holds what cannot be read."""
        manifest, source = run.manifest, str(run.path / "manifest.json")
        with unpacked_copies(manifest, source) as folder:
            town_map = read_copy(manifest, source, folder)
            pictures = _pictures(town_map, folder, Path(manifest.attachments[MAP].path).parent)
        return cls(town_map, pictures, _figures(manifest))


def _pictures(town_map: TownMap, folder: Path, before: Path) -> dict[Picture, Image.Image]:
    """Return the pictures of a map whose copies lie in `folder`; where there is no copy, from where it was `before`."""
    found: dict[Picture, Image.Image] = {}
    pixels = 0
    for tileset in town_map.tilesets:
        for picture in tileset.pictures:
            if picture in found:
                continue
            name = picture.path.relative_to(folder).as_posix()
            content = _content(picture.path) or _content(inside(before, before, name))
            if content is None:
                continue
            image = open_picture(content, name)
            pixels += image.width * image.height
            if pixels > MAX_PIXELS:
                raise BadInput(name, f"the pictures of this map have more than {MAX_PIXELS:,} pixels together")
            found[picture] = see_through(image, picture.transparent)
        _check_room(tileset, found)
    return found


def _content(path: Path | None) -> bytes | None:
    """Return the content of a picture's file, if there is one."""
    try:
        if path is None or not path.is_file():
            return None
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(str(path), f"the picture is larger than {MAX_BYTES // 2**20} MiB")
        return path.read_bytes()
    except OSError:
        return None


def _check_room(tileset: Tileset, pictures: Mapping[Picture, Image.Image]) -> None:
    """Raise `BadInput` when tiles reach out of their picture."""
    for piece in _outermost(tileset):
        image = pictures.get(piece.picture)
        if image and (piece.left + piece.width > image.width or piece.top + piece.height > image.height):
            problem = f"the picture is too small for the {tileset.count} tiles of tileset '{tileset.name}'"
            raise BadInput(piece.picture.path.name, problem)


def _outermost(tileset: Tileset) -> Iterator[Piece]:
    """Yield the tiles that reach farthest to the right and down in their pictures."""
    if isinstance(tileset.tiles, Sheet):
        yield tileset.tiles.piece(min(tileset.tiles.columns, tileset.count) - 1)
        yield tileset.tiles.piece(tileset.count - 1)
    else:
        yield from tileset.tiles.values()


def _figures(manifest: Manifest) -> tuple[int, ...]:
    """Return everybody's figure: what the scenario says, else the agent's index."""
    people = manifest.scenario.get("people")
    entries = people if isinstance(people, list) else []
    figures = []
    for index in range(len(manifest.people)):
        entry = entries[index] if index < len(entries) else None
        figure = entry.get("figure") if isinstance(entry, dict) else None
        figures.append(figure if type(figure) is int and figure >= 0 else index)
    return tuple(figures)
