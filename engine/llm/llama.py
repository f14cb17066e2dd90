"""The Llama family: Llama 2 and 3, SmolLM2, Mistral, Qwen2, Qwen3.

A layer is attention with rotary positions, then a gated feed-forward net, each after an RMS norm. The members differ in
what their settings say: biases (Qwen2), norms of queries and keys (Qwen3), layers that see only so many tokens back
(Mistral), and whether the head is the embedding.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)
from torch import Tensor

from engine.llm.decoder import Block, Config, begin, by_blocks, log_softmax, split_heads
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.files.settings import Settings
from engine.llm.linear import Linear, NumberFormat
from engine.llm.rope import Rotations, read_rotations
from engine.llm.weights import (
    Table,
    read,
    read_embedding,
    read_head,
    read_head_norms,
    read_layer_types,
    read_linear,
    read_qkv,
)


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer."""

    attention_norm: Tensor  # [hidden]
    qkv: Linear  # hidden -> (heads + 2 * kv_heads) * head_dim
    head_norms: Tensor | None  # [heads + kv_heads, head_dim], of queries and keys
    window: int | None
    """How many tokens back a token sees, its own included; nothing: all."""
    output: Linear  # heads * head_dim -> hidden
    feed_norm: Tensor  # [hidden]
    gate_up: Linear  # hidden -> 2 * feed_forward
    down: Linear  # feed_forward -> hidden


@dataclass(frozen=True, slots=True)
class Llama:
    """The decoder (see `Decoder`)."""

    config: Config
    epsilon: float
    embedding: Table  # [vocabulary, hidden]
    layers: tuple[Layer, ...]
    norm: Tensor  # [hidden]
    head: Linear  # hidden -> vocabulary
    rotations: Rotations

    @classmethod
    def load(cls, checkpoint: Checkpoint, number_format: NumberFormat, pool: Executor) -> Llama:
        """Load the weights, on the threads of `pool`. Raises `BadInput` when they do not go with the settings."""
        settings, family = checkpoint.settings, checkpoint.family
        config = c = Config.of(settings, checkpoint.device)
        settings.choice("hidden_act", ("silu",), default="silu")
        windows = _windows(settings, family, c.layers)

        def has_bias(side: str) -> bool:
            stored = f"model.layers.0.self_attn.{side}_proj.bias" in checkpoint  # GGUF files say it in no other way
            return settings.flag("attention_bias", default=stored)

        biased = family == "qwen2" or has_bias("q")
        output_biased = family != "qwen2" and has_bias("o")
        feed_biased = settings.flag("mlp_bias", default=False)

        def linear(names: Sequence[str], rows: int, width: int, *, biased: bool) -> Linear:
            return read_linear(checkpoint, number_format, names, rows, width, biased=biased)

        def layer(i: int) -> Layer:
            at = f"model.layers.{i}"
            attention, feed = f"{at}.self_attn", f"{at}.mlp"
            return Layer(
                attention_norm=read(checkpoint, f"{at}.input_layernorm.weight", c.hidden),
                qkv=number_format(*read_qkv(checkpoint, c, attention, biased=biased)),
                head_norms=read_head_norms(checkpoint, c, attention) if family == "qwen3" else None,
                window=windows[i],
                output=linear([f"{attention}.o_proj"], c.hidden, c.heads * c.head_dim, biased=output_biased),
                feed_norm=read(checkpoint, f"{at}.post_attention_layernorm.weight", c.hidden),
                gate_up=linear([f"{feed}.gate_proj", f"{feed}.up_proj"], c.feed_forward, c.hidden, biased=feed_biased),
                down=linear([f"{feed}.down_proj"], c.hidden, c.feed_forward, biased=feed_biased),
            )

        slows = "rope_freqs.weight" in checkpoint
        slowed = read(checkpoint, "rope_freqs.weight", c.head_dim // 2).cpu() if slows else None
        embedding = read_embedding(checkpoint, "model.embed_tokens.weight", c.vocabulary, c.hidden)
        return cls(
            config=config,
            epsilon=settings.number("rms_norm_eps", 0, 1),
            embedding=embedding,
            layers=tuple(pool.map(layer, range(c.layers))),
            norm=read(checkpoint, "model.norm.weight", c.hidden),
            head=read_head(checkpoint, embedding, number_format, tied=False),
            rotations=read_rotations(settings, c.head_dim, slowed=slowed),
        )

    @torch.inference_mode()
    def run(self, blocks: Sequence[Block]) -> list[Tensor]:
        """See `Decoder.run`."""
        batch = begin(blocks, self.config)
        x = batch.pad(self.embedding[batch.tokens].float())  # [t, hidden]
        rotations = batch.pad(self.rotations.at(batch.positions))[:, None]  # [t, 1, head_dim / 2]
        for number, layer in enumerate(self.layers):
            qkv = layer.qkv(self._norm(x, layer.attention_norm))  # [t, (heads + 2 * kv_heads) * head_dim]
            norm = None if layer.head_norms is None else partial(self._head_norm, weight=layer.head_norms)
            q, k, v = split_heads(qkv, self.config, rotations, norm)  # [heads or kv_heads, t, head_dim] each
            x = x + layer.output(batch.attend(number, q, k, v, layer.window))  # [t, hidden]
            del qkv, q, k, v  # so that their memory is free for what follows
            gate_up = layer.gate_up(self._norm(x, layer.feed_norm))  # [t, 2 * feed_forward]
            x = x + layer.down(by_blocks(_gated, gate_up))  # [t, hidden]
        return batch.split(self._norm(x, self.norm))

    @torch.inference_mode()
    def log_probabilities(self, hidden: Tensor) -> Tensor:
        """See `Decoder.log_probabilities`."""
        return log_softmax(self.head(hidden).float())

    def _norm(self, x: Tensor, weight: Tensor) -> Tensor:
        return F.rms_norm(x, weight.shape, weight, self.epsilon)

    def _head_norm(self, x: Tensor, weight: Tensor) -> Tensor:
        return F.rms_norm(x, (self.config.head_dim,), None, self.epsilon) * weight


def _gated(gate_up: Tensor) -> Tensor:
    gate, up = gate_up.chunk(2, dim=-1)  # [rows, feed_forward] twice
    return F.silu(gate) * up


def _windows(settings: Settings, family: str, layers: int) -> list[int | None]:
    """Return how many tokens back each layer sees."""
    if family == "mistral":
        window = settings.integer("sliding_window", 1, 1 << 24, default=4096)
        return [None if settings.is_null("sliding_window") else window] * layers
    if family == "llama" or not settings.flag("use_sliding_window", default=False):
        return [None] * layers
    window = settings.integer("sliding_window", 1, 1 << 24, default=4096)
    whole = settings.integer("max_window_layers", 0, 1 << 24, default=28)
    types = ["full_attention"] * min(whole, layers) + ["sliding_attention"] * max(0, layers - whole)
    return [window if kind == "sliding_attention" else None for kind in read_layer_types(settings, types)]
