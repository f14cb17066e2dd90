"""A run's map as it was when the run began, whatever became of the files since: from the copies in the manifest."""

from __future__ import annotations

import tempfile
from pathlib import Path

from engine.errors import BadInput
from engine.record.manifest import Manifest
from worlds.town.map import TownMap
from worlds.town.tilesets import inside

TILESET_KEY = "tileset:"
"""Attachments whose key begins so are tilesets; the rest of the key is their path seen from the map."""


def map_from_copies(manifest: Manifest, source: str) -> TownMap:
    """Read the map of a run. Raises `BadInput` about the manifest `source` when there is none or it is not sound."""
    copy = manifest.attachments.get("map")
    if copy is None:
        raise BadInput(source, "holds no copy of the map")
    try:
        text = copy.content().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(source, "the copy of the map is not text in UTF-8") from error
    with tempfile.TemporaryDirectory(prefix="thorp-") as name:
        folder = Path(name).resolve()
        for key, attachment in manifest.attachments.items():
            if key.startswith(TILESET_KEY):
                path = inside(folder, folder, key.removeprefix(TILESET_KEY))
                if path is None or path == folder:
                    raise BadInput(source, f"the copy '{key[:80]}' would lie outside of the map's folder")
                _write(path, attachment.content(), source)
        return TownMap.parse(text, f"{source}, the copy of the map", folder)


def _write(path: Path, content: bytes, source: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(source, f"the copy of the map cannot be unpacked: {error.strerror}") from error
