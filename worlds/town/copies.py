"""A run's map as it was when the run began, whatever became of the files since: from the copies in the manifest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import BadInput
from engine.record.manifest import Attachment, Manifest
from worlds.town.documents import read_file
from worlds.town.map import TownMap
from worlds.town.tilesets import inside

MAX_TOTAL = 128 * 2**20
"""Of a map with its tilesets and pictures."""

MAP = "map"
TILESET = "tileset:"
IMAGE = "image:"
"""Keys of copies; what follows the colon is the file's path seen from the map."""


def copies_of(path: Path, town_map: TownMap) -> dict[str, Attachment]:
    """Return copies of a map's own files: the map, the tilesets beside it, and their pictures where they are there.

    Raises `BadInput` when one cannot be read, or they are too large to be kept with a run.
    """
    folder = path.parent.resolve()
    files = {f"{TILESET}{_seen_from(folder, t.file)}": t.file for t in town_map.tilesets if t.file is not None}
    for picture in (picture for tileset in town_map.tilesets for picture in tileset.pictures):
        if picture.is_there:
            files[f"{IMAGE}{_seen_from(folder, picture.path)}"] = picture.path
    copies: dict[str, Attachment] = {}
    size = 0
    for key, file in ((MAP, path), *files.items()):
        try:
            content = read_file(file)
        except OSError as error:
            raise BadInput(str(file), f"cannot be read: {error.strerror or error}") from error
        except ValueError as error:
            raise BadInput(str(file), f"cannot be kept: {error}") from error
        size += len(content)
        if size > MAX_TOTAL:
            raise BadInput(str(path), f"the map and its pictures are larger than {MAX_TOTAL // 2**20} MiB together")
        copies[key] = Attachment.of(file, content)
    return copies


def map_from_copies(manifest: Manifest, source: str) -> TownMap:
    """Read the map of a run. Raises `BadInput` about the manifest `source` when there is none or it is not sound.

    Its pictures and tilesets are where they were unpacked to be read, and are no longer there.
    """
    with unpacked_copies(manifest, source) as folder:
        return read_copy(manifest, source, folder)


def read_copy(manifest: Manifest, source: str, folder: Path) -> TownMap:
    """Read the map of a run whose copies lie in a folder. Raises `BadInput`."""
    return TownMap.parse(manifest.attachments[MAP].content(), f"{source}, the copy of the map", folder)


@contextmanager
def unpacked_copies(manifest: Manifest, source: str) -> Iterator[Path]:
    """Provide a folder with the tilesets and pictures of a run's map for a while. Raises `BadInput`."""
    if MAP not in manifest.attachments:
        raise BadInput(source, "holds no copy of the map")
    with tempfile.TemporaryDirectory(prefix="thorp-") as name:
        folder = Path(name).resolve()
        for key, attachment in manifest.attachments.items():
            if key.startswith((TILESET, IMAGE)):
                path = inside(folder, folder, key.partition(":")[2])
                if path is None or path == folder:
                    raise BadInput(source, f"the copy '{key[:80]}' would lie outside of the map's folder")
                _write(path, attachment.content(), source)
        yield folder


def _seen_from(folder: Path, file: Path) -> str:
    return file.resolve().relative_to(folder).as_posix()


def _write(path: Path, content: bytes, source: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(source, f"the copy of the map cannot be unpacked: {error.strerror}") from error
