"""Hugging Face's accelerate: what has no room on the GPU is in RAM, and is copied there when its layer's turn comes."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
from accelerate import cpu_offload, dispatch_model, infer_auto_device_map, init_empty_weights

if TYPE_CHECKING:
    from engine.llm.tiers.shapes import Shape

BATCHES: Final = (64, 48, 32, 24, 16, 12, 8, 4, 2, 1)
"""Tried from the largest that has room: the more are written together, the less often the weights have to come."""
STEPS: Final = 4
SECONDS: Final = 60.0
"""After so long, a batch gets no more steps, and no further batch is tried if one was measured."""
_COMPUTED: Final = 1 << 30
_FILL: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured with a batch."""

    batch: int
    reading: float
    step: float
    tokens_per_s: float
    note: str


class Accelerate:
    """An OPT of a shape with weights that mean nothing, for which the GPU has `cap` bytes."""

    def __init__(self, shape: Shape, cap: int, prompt: int, generate: int) -> None:
        self._shape = shape
        self._cap = cap
        self._prompt, self._generate = prompt, generate

    def measure(self) -> Iterator[Speed]:
        """Yield how fast it is with each batch that has room; the GPU holds as many weights as that leaves."""
        began, measured = time.perf_counter(), False
        for batch in BATCHES:
            room = self._room(batch)
            if room < 0:
                continue
            found: Speed | None = None
            with suppress(torch.cuda.OutOfMemoryError):
                found = self._measure(batch, room)
            gc.collect()  # a model with hooks is a circle
            torch.cuda.empty_cache()
            if found is not None:
                yield found
                measured = True
            if measured and time.perf_counter() - began > SECONDS:
                return

    def _room(self, batch: int) -> int:
        """Return how many bytes there are for weights, beside what a batch computes with; negative if it does not."""
        c = self._shape.config
        keys = batch * (self._prompt + self._generate) * c.layers * self._shape.key_numbers * 2
        logits = batch * c.vocabulary * 8
        computed = batch * self._prompt * c.feed_forward * 2 * 4
        return self._cap - keys - keys // 8 - logits - computed - _COMPUTED  # a layer's keys grow by being copied

    def _measure(self, batch: int, room: int) -> Speed:
        c = self._shape.config
        model = self._model()
        places = infer_auto_device_map(
            model,
            max_memory={0: room, "cpu": 1 << 40},
            no_split_module_classes=["OPTDecoderLayer"],
            dtype=torch.bfloat16,
        )
        here = [name and f"{name}." for name, place in places.items() if place == 0]
        layers = [f"model.decoder.layers.{number}." for number in range(c.layers)]
        on_gpu = sum(layer.startswith(tuple(here)) for layer in layers)
        if here:
            model = dispatch_model(model, places, skip_keys="past_key_values")
        else:  # which would compute on the CPU
            model = cpu_offload(model, torch.device("cuda", 0))
        tokens = torch.randint(4, c.vocabulary, (batch, self._prompt), device="cuda")
        with torch.inference_mode():
            torch.cuda.synchronize()
            began = time.perf_counter()
            found = model(tokens, use_cache=True, logits_to_keep=1)
            torch.cuda.synchronize()
            reading = time.perf_counter() - began
            times: list[float] = []
            while len(times) < STEPS and (not times or time.perf_counter() - began < SECONDS):
                last = time.perf_counter()
                following = found.logits[:, -1:].argmax(dim=-1)
                found = model(following, past_key_values=found.past_key_values, use_cache=True)
                torch.cuda.synchronize()
                times.append(time.perf_counter() - last)
        step = sorted(times)[len(times) // 2]
        speed = batch * self._generate / (reading + (self._generate - 1) * step)
        return Speed(batch, reading, step, speed, f"{on_gpu} of {c.layers} layers on the GPU")

    def _model(self) -> Any:
        from transformers import OPTConfig, OPTForCausalLM

        c = self._shape.config
        config = OPTConfig(
            vocab_size=c.vocabulary,
            hidden_size=c.hidden,
            num_hidden_layers=c.layers,
            num_attention_heads=c.heads,
            ffn_dim=c.feed_forward,
            max_position_embeddings=c.context,
            word_embed_proj_dim=c.hidden,
        )
        with init_empty_weights():
            model: Any = OPTForCausalLM(config)
            model.to(torch.bfloat16)
        model.to_empty(device="cpu")
        model.tie_weights()
        few = (0.02 * torch.randn(_FILL)).bfloat16()
        for parameter in model.parameters():
            flat = parameter.data.view(-1)
            for start in range(0, len(flat), _FILL):
                flat[start : start + _FILL] = few[: len(flat) - start]
        return model.eval()
