"""What a run's pictures are made of besides its events: the map, the tiles' pictures, and who looks how.

Everything comes from the run folder's manifest and is checked here; files beside the original map are a fallback.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from engine.errors import BadInput
from engine.record.manifest import Manifest
from engine.record.run_folder import RunFolder
from replay.pictures import MAX_BYTES, open_picture
from worlds.town.map import TownMap
from worlds.town.tilesets import Tileset, inside

IMAGE_KEY = "image:"
"""Attachments whose key begins so are pictures; the rest of the key is the path as written in the map."""


@dataclass(frozen=True, eq=False, slots=True)
class Scenery:
    """A run's map, one picture per tileset of the map (None when there is none to be had), and figures by agent."""

    town_map: TownMap
    pictures: tuple[Image.Image | None, ...]
    figures: tuple[int, ...]

    @classmethod
    def of(cls, run: RunFolder) -> Scenery:
        """Read the scenery of a run. Raises `BadInput` when the run has no map, or holds what cannot be read."""
        manifest = run.manifest
        attachment = manifest.attachments.get("map")
        if attachment is None:
            raise BadInput(str(run.path / "manifest.json"), "holds no map, so this run cannot be drawn")
        try:
            text = attachment.content().decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadInput(attachment.path, "the map is not text in UTF-8") from error
        folder = Path(attachment.path).parent
        town_map = TownMap.parse(text, attachment.path, folder)
        pictures = tuple(_picture(tileset, manifest, folder) for tileset in town_map.tilesets)
        return cls(town_map, pictures, _figures(manifest))


def _picture(tileset: Tileset, manifest: Manifest, folder: Path) -> Image.Image | None:
    for key, attachment in sorted(manifest.attachments.items()):
        if key.startswith(IMAGE_KEY) and inside(folder, folder, key.removeprefix(IMAGE_KEY)) == tileset.image:
            return _checked(tileset, attachment.content(), key.removeprefix(IMAGE_KEY))
    try:
        # The path was resolved when the map was read; a link put there since then is not followed out of the folder.
        if not tileset.image.resolve().is_relative_to(folder.resolve()) or not tileset.image.is_file():
            return None
        if tileset.image.stat().st_size > MAX_BYTES:
            raise BadInput(str(tileset.image), f"the picture is larger than {MAX_BYTES // 2**20} MiB")
        content = tileset.image.read_bytes()
    except OSError:
        return None
    return _checked(tileset, content, str(tileset.image))


def _checked(tileset: Tileset, content: bytes, source: str) -> Image.Image:
    picture = open_picture(content, source)
    left, top, width, height = tileset.box(tileset.firstgid + tileset.count - 1)
    wide = tileset.margin + (tileset.columns - 1) * (tileset.tile_size + tileset.spacing) + tileset.tile_size
    if wide > picture.width or top + height > picture.height or left + width > picture.width:
        raise BadInput(source, f"the picture is too small for the {tileset.count} tiles of tileset '{tileset.name}'")
    return picture


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
