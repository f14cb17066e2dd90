"""The Gemma family: Gemma, Gemma 2 and the text models of Gemma 3.

Like Llama, but with scaled embeddings, a feed-forward net gated by GELU, and norms that multiply by 1 + weight. From
Gemma 2 on there is a norm after attention and after the feed-forward net, too, and some layers see only so many tokens
back. Gemma 2 bounds attention scores and logits by a hyperbolic tangent; Gemma 3 has norms of queries and keys, and
other rotations in layers that see the near past only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)
from torch import Tensor

from engine.llm.decoder import Block, Config, begin, by_blocks, log_softmax, split_heads
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.files.settings import Settings
from engine.llm.linear import Linear, NumberFormat
from engine.llm.rope import BASES, Rotations, frequencies, read_rotations
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

_CAPS: Final = (0.1, 1e6)


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer."""

    attention_norm: Tensor  # [hidden]
    qkv: Linear  # hidden -> (heads + 2 * kv_heads) * head_dim
    head_norms: Tensor | None  # [heads + kv_heads, head_dim], of queries and keys
    window: int | None
    """How many tokens back a token sees, its own included; nothing: all."""
    rotations: Rotations
    output: Linear  # heads * head_dim -> hidden
    attended_norm: Tensor | None  # [hidden]
    feed_norm: Tensor  # [hidden]
    gate_up: Linear  # hidden -> 2 * feed_forward
    down: Linear  # feed_forward -> hidden
    fed_norm: Tensor | None  # [hidden]


@dataclass(frozen=True, slots=True)
class Gemma:
    """The decoder (see `Decoder`)."""

    config: Config
    epsilon: float
    score_scale: float
    score_cap: float | None
    logit_cap: float | None
    embedding: Table  # [vocabulary, hidden]
    layers: tuple[Layer, ...]
    norm: Tensor  # [hidden]
    head: Linear  # hidden -> vocabulary

    @classmethod
    def load(cls, checkpoint: Checkpoint, number_format: NumberFormat, pool: Executor) -> Gemma:
        """Load the weights, on the threads of `pool`. Raises `BadInput` when they do not go with the settings."""
        settings, family = checkpoint.settings, checkpoint.family
        config = c = Config.of(settings, checkpoint.device)
        # Gemma's oldest settings say "gelu" and mean its approximation.
        settings.choice("hidden_activation", ("gelu_pytorch_tanh",), default="gelu_pytorch_tanh")
        settings.choice("hidden_act", ("gelu_pytorch_tanh", "gelu"), default="gelu_pytorch_tanh")
        if settings.flag("use_bidirectional_attention", default=False):
            settings.refuse("is set, which is not supported", "use_bidirectional_attention")
        biased = settings.flag("attention_bias", default=False)
        first, second, third = (family == name for name in ("gemma", "gemma2", "gemma3_text"))
        every = 1 if first else 2 if second else settings.integer("sliding_window_pattern", 1, 1 << 10, default=6)
        types = ["sliding_attention" if (i + 1) % every else "full_attention" for i in range(c.layers)]
        types = types if first else read_layer_types(settings, types)
        window = None if first else settings.integer("sliding_window", 1, 1 << 24, default=4096)
        everywhere = read_rotations(settings, c.head_dim, "full_attention", theta=1e6 if third else 1e4)
        nearby = _near_rotations(settings, c.head_dim) if third else everywhere
        added = 0 if checkpoint.kind == "GGUF" else 1  # GGUF files hold the norms with the 1 in them

        def norm(name: str) -> Tensor:
            return read(checkpoint, f"{name}.weight", c.hidden) + added

        def linear(names: Sequence[str], rows: int, width: int, *, biased: bool = False) -> Linear:
            return read_linear(checkpoint, number_format, names, rows, width, biased=biased)

        def layer(i: int) -> Layer:
            at = f"model.layers.{i}"
            attention, feed = f"{at}.self_attn", f"{at}.mlp"
            sliding = types[i] == "sliding_attention"
            return Layer(
                attention_norm=norm(f"{at}.input_layernorm"),
                qkv=number_format(*read_qkv(checkpoint, c, attention, biased=biased)),
                head_norms=read_head_norms(checkpoint, c, attention) + added if third else None,
                window=window if sliding else None,
                rotations=nearby if sliding else everywhere,
                output=linear([f"{attention}.o_proj"], c.hidden, c.heads * c.head_dim, biased=biased),
                attended_norm=None if first else norm(f"{at}.post_attention_layernorm"),
                feed_norm=norm(f"{at}.{'post_attention' if first else 'pre_feedforward'}_layernorm"),
                gate_up=linear([f"{feed}.gate_proj", f"{feed}.up_proj"], c.feed_forward, c.hidden),
                down=linear([f"{feed}.down_proj"], c.hidden, c.feed_forward),
                fed_norm=None if first else norm(f"{at}.post_feedforward_layernorm"),
            )

        # The largest models of both generations divide by the width of a head as if all heads were of even size.
        scalar = c.hidden / c.heads if c.layers in (46, 62) else c.head_dim
        embedding = read_embedding(checkpoint, "model.embed_tokens.weight", c.vocabulary, c.hidden)
        return cls(
            config=config,
            epsilon=settings.number("rms_norm_eps", 0, 1, default=1e-6),
            score_scale=(c.head_dim if first else settings.number("query_pre_attn_scalar", 1, 1e6, default=scalar))
            ** -0.5,
            score_cap=_cap(settings, "attn_logit_softcapping", 50.0) if second else None,
            logit_cap=_cap(settings, "final_logit_softcapping", 30.0) if second else None,
            embedding=embedding,
            layers=tuple(pool.map(layer, range(c.layers))),
            norm=norm("model.norm"),
            head=read_head(checkpoint, embedding, number_format, tied=True),
        )

    @torch.inference_mode()
    def run(self, blocks: Sequence[Block]) -> list[Tensor]:
        """See `Decoder.run`."""
        batch = begin(blocks, self.config)
        x = batch.pad(self.embedding[batch.tokens].float() * math.sqrt(self.config.hidden))  # [t, hidden]
        kinds = {id(layer.rotations): layer.rotations for layer in self.layers}
        turns = {key: batch.pad(r.at(batch.positions))[:, None] for key, r in kinds.items()}  # [t, 1, head_dim / 2]
        for number, layer in enumerate(self.layers):
            qkv = layer.qkv(self._norm(x, layer.attention_norm))  # [t, (heads + 2 * kv_heads) * head_dim]
            norm = None if layer.head_norms is None else partial(self._head_norm, weight=layer.head_norms)
            q, k, v = split_heads(
                qkv, self.config, turns[id(layer.rotations)], norm
            )  # [heads or kv_heads, t, head_dim]
            attended = batch.attend(number, q, k, v, layer.window, self.score_scale, self.score_cap)
            x = x + self._norm(layer.output(attended), layer.attended_norm)  # [t, hidden]
            del qkv, q, k, v, attended  # so that their memory is free for what follows
            gate_up = layer.gate_up(self._norm(x, layer.feed_norm))  # [t, 2 * feed_forward]
            x = x + self._norm(layer.down(by_blocks(_gated, gate_up)), layer.fed_norm)  # [t, hidden]
        return batch.split(self._norm(x, self.norm))

    @torch.inference_mode()
    def log_probabilities(self, hidden: Tensor) -> Tensor:
        """See `Decoder.log_probabilities`."""
        logits = self.head(hidden).float()
        if self.logit_cap is not None:
            for row in logits:  # one by one, so that a row has the same bits in any number of rows
                row.div_(self.logit_cap).tanh_().mul_(self.logit_cap)
        return log_softmax(logits)

    def _norm(self, x: Tensor, weight: Tensor | None) -> Tensor:
        return x if weight is None else F.rms_norm(x.float(), weight.shape, weight, self.epsilon)

    def _head_norm(self, x: Tensor, weight: Tensor) -> Tensor:
        return F.rms_norm(x, (self.config.head_dim,), None, self.epsilon) * weight


def _gated(gate_up: Tensor) -> Tensor:
    gate, up = gate_up.chunk(2, dim=-1)  # [rows, feed_forward] twice
    # torch's own GELU shares work among threads in another way than other functions, which `by_blocks` relies on.
    steepness = 2 * math.sqrt(2 / math.pi)
    return gate * torch.sigmoid(gate * (steepness + steepness * 0.044715 * gate * gate)) * up


def _cap(settings: Settings, key: str, default: float) -> float | None:
    return None if settings.is_null(key) else settings.number(key, *_CAPS, default=default)


def _near_rotations(settings: Settings, head_dim: int) -> Rotations:
    """Return the rotations of layers that see the near past only, where they differ from those of the others."""
    if settings.section("rope_parameters").holds_object("sliding_attention"):
        return read_rotations(settings, head_dim, "sliding_attention")
    return Rotations(frequencies(settings.number("rope_local_base_freq", *BASES, default=1e4), head_dim))
