"""A Hugging Face folder as a checkpoint: config.json, safetensors in one or several files, tokenizer, chat template."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from engine.errors import BadInput, nearest
from engine.llm.files import FAMILIES
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.files.json_file import read_json
from engine.llm.files.safetensors import Safetensors
from engine.llm.files.settings import Settings

PICKLED: Final = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
"""Endings of checkpoints that are programs: opening one would run whatever it holds."""

INDEX: Final = "model.safetensors.index.json"
_MOSTINDEX: Final = 32 << 20


def open_folder(folder: Path, weights: Path | None = None) -> Checkpoint:
    """Open the model in `folder`, with the tensors in `weights` if that file is given.

    Raises `BadInput` when there is none, or one of a family that is not supported.
    """
    from engine.llm.files.json_tokenizer import folder_template, folder_tokenizer, tokenizer_files

    if not (folder / "config.json").exists():
        raise BadInput(str(folder), "holds no model: it has no config.json (nor is it a GGUF file)")
    paths = _weights(folder) if weights is None else [weights]
    settings = Settings(str(folder / "config.json"), read_json(folder / "config.json"))
    family = settings.text("model_type")
    if family not in FAMILIES:
        known = nearest(family[:40], FAMILIES)
        settings.refuse(f"is {family[:40]!r}: models of this family are not supported{known}", "model_type")
    if "quantization_config" in settings:
        settings.refuse("names a quantised model; quantised ones are supported as GGUF files", "quantization_config")
    shards: list[Safetensors] = []
    try:
        shards += map(Safetensors, paths)
        settled = (folder / name for name in ("config.json", "generation_config.json"))
        words = (*tokenizer_files(folder), folder / "tokenizer_config.json")
        return Checkpoint(
            path=folder if weights is None else weights,
            kind="Hugging Face",
            family=family,
            settings=settings,
            shards=tuple(shards),
            files=tuple(path for path in (*settled, *words, *paths) if path.exists()),
            make_tokenizer=lambda: folder_tokenizer(folder, settings),
            template=folder_template(folder),
        )
    except BaseException:
        for shard in shards:
            shard.close()
        raise


def _weights(folder: Path) -> list[Path]:
    """Return the files that hold the tensors."""
    if (folder / INDEX).exists():
        return _indexed(folder)
    if (folder / "model.safetensors").exists():
        return [folder / "model.safetensors"]
    found = sorted(folder.glob("*.safetensors"))
    if len(found) == 1:
        return found
    if found:
        raise BadInput(str(folder), f"holds {len(found)} .safetensors files and no {INDEX}: give the path of one")
    for path in sorted(folder.iterdir()):
        if path.suffix in PICKLED:
            refuse_pickled(path)
    raise BadInput(str(folder), "holds no .safetensors file")


def _indexed(folder: Path) -> list[Path]:
    places = read_json(folder / INDEX, _MOSTINDEX).get("weight_map")
    if not isinstance(places, dict) or not places or not all(isinstance(name, str) for name in places.values()):
        raise BadInput(str(folder / INDEX), "does not say which file holds which tensor", "key weight_map")
    names = sorted(set(places.values()))
    for name in names:
        if Path(name).name != name or not name.endswith(".safetensors"):
            raise BadInput(str(folder / INDEX), f"{name[:80]!r} is not the name of a .safetensors file beside it")
        if not (folder / name).exists():
            raise BadInput(str(folder / name), "is missing (a part of the model)")
    return [folder / name for name in names]


def refuse_pickled(path: Path) -> None:
    """Raise `BadInput` about a checkpoint that would have to be unpickled."""
    raise BadInput(
        str(path),
        "is a pickled checkpoint, and opening one runs whatever program it holds: convert it to safetensors "
        "(`save_pretrained` of transformers, where you trust the file) or to GGUF (llama.cpp's convert_hf_to_gguf.py)",
    )
