"""Where it is kept which way each model goes: the card that comes along, and those made here, by the model's identity.

A card takes effect when a run begins: its ways are written into the scenario that the manifest holds (`minds.ways`). A
run that is resumed or forked goes by its manifest, so a card that has changed since changes nothing in it.
"""

from __future__ import annotations

import hashlib
import json
import os
from importlib import resources
from pathlib import Path
from typing import Any

from agents.cognition.settings import MindSettings
from engine.config import check, read_yaml
from engine.errors import RunFailed

Ways = dict[str, str | dict[str, float]]
SHIPPED = "card.json"


def ways_for(identity: str, folder: Path) -> Ways:
    """Return the ways of a model other than the declared ones: by its card in `folder`, else one that comes along.

    Raises `BadInput` when the card is not one.
    """
    path = card_path(identity, folder)
    if os.path.exists(path):  # noqa: PTH110 (which raises no errors, whatever the path)
        return _checked(read_yaml(path).get("ways", {}), str(path))
    card = shipped_card()
    return _checked(card["ways"], SHIPPED) if card["model"] == identity else {}


def shipped_card() -> dict[str, Any]:
    """Return the report card of the default models: what `thorp evaluate thoughts --no-keep --json` printed."""
    with resources.as_file(resources.files("agents.exams").joinpath(f"data/{SHIPPED}")) as path:
        return read_yaml(path)


def keep(identity: str, ways: dict[str, dict[str, float]], folder: Path) -> Path:
    """Keep the ways of a model in `folder`, in place of an earlier card of it; return the file. Raises `RunFailed`."""
    path = card_path(identity, folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".part")
        scratch.write_text(json.dumps({"model": identity, "ways": ways}, indent=1) + "\n", encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise RunFailed(f"{path}: cannot be written: {error.strerror or error}") from error
    return path


def card_path(identity: str, folder: Path) -> Path:
    """Return the file in which a model's card is kept."""
    return folder / "cards" / f"{hashlib.blake2b(identity.encode(), digest_size=8).hexdigest()}.json"


def _checked(ways: Any, source: str) -> Ways:
    return check(MindSettings, {"ways": ways}, source).ways
