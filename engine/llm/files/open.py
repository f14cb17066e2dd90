"""Opening a model by its path."""

from __future__ import annotations

from pathlib import Path

from engine.errors import BadInput
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.files.folder import INDEX, PICKLED, open_folder, refuse_pickled
from engine.llm.files.gguf_model import open_gguf
from engine.llm.files.json_file import read_json


def open_checkpoint(path: Path) -> Checkpoint:
    """Open the model at `path`: a GGUF file, a Hugging Face folder, or a .safetensors file in one.

    Raises `BadInput` when it is none of these, damaged, or of a family that is not supported.
    """
    try:
        if path.is_dir():
            return open_folder(path)
        if not path.exists():
            raise BadInput(str(path), "cannot be read (there is no such file or folder)")
    except OSError as error:
        raise BadInput(str(path), f"cannot be read ({error.strerror or error})") from error
    if path.suffix in PICKLED:
        refuse_pickled(path)
    if path.suffix != ".safetensors":
        return open_gguf(path)
    index = path.parent / INDEX
    places = read_json(index).get("weight_map") if index.exists() else None
    if isinstance(places, dict) and path.name in places.values():
        return open_folder(path.parent)
    return open_folder(path.parent, path)
