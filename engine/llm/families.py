"""Which decoder computes which family of models."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final

from engine.llm.decoder import Decoder
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.gemma import Gemma
from engine.llm.linear import NumberFormat
from engine.llm.llama import Llama
from engine.llm.opt import Opt

_LOADERS: Final[dict[str, Callable[[Checkpoint, NumberFormat, Executor], Decoder]]] = {
    "llama": Llama.load,
    "mistral": Llama.load,
    "qwen2": Llama.load,
    "qwen3": Llama.load,
    "gemma": Gemma.load,
    "gemma2": Gemma.load,
    "gemma3_text": Gemma.load,
    "opt": Opt.load,
}


def load_decoder(checkpoint: Checkpoint, number_format: NumberFormat, pool: Executor) -> Decoder:
    """Load the weights of a checkpoint, on the threads of `pool`.

    Raises `BadInput` when they do not go with its settings: missing, of another shape, or more than the family has.
    """
    decoder = _LOADERS[checkpoint.family](checkpoint, number_format, pool)
    checkpoint.finish()
    return decoder
