"""OPT (Zhang et al. 2022, arXiv 2205.01068): learned positions, layer norms with biases, ReLU.

Norms come before attention and feed-forward net, in the model of 350 million parameters after them; that one also has
narrower embeddings, with a projection at both ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)
from torch import Tensor

from engine.llm.decoder import Block, Config, begin, log_softmax
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.linear import Linear, NumberFormat
from engine.llm.weights import Table, read, read_embedding, read_head, read_linear

_OFFSET: Final = 2
"""The table of positions begins with two rows that mean nothing."""
_EPSILON: Final = 1e-5
_NAMES: Final = {"intermediate_size": "ffn_dim", "num_key_value_heads": "num_attention_heads"}

Norm = tuple[Tensor, Tensor]  # weight and bias, [hidden] each


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer."""

    attention_norm: Norm
    qkv: Linear  # hidden -> 3 * hidden
    output: Linear  # hidden -> hidden
    feed_norm: Norm
    up: Linear  # hidden -> feed_forward
    down: Linear  # feed_forward -> hidden


@dataclass(frozen=True, slots=True)
class Opt:
    """The decoder (see `Decoder`)."""

    config: Config
    norms_first: bool
    embedding: Table  # [vocabulary, width], width is hidden or less
    positions: Table  # [context + 2, hidden]
    widen: Linear | None  # width -> hidden
    layers: tuple[Layer, ...]
    norm: Norm | None
    narrow: Linear | None  # hidden -> width
    head: Linear  # width -> vocabulary

    @classmethod
    def load(cls, checkpoint: Checkpoint, number_format: NumberFormat, pool: Executor) -> Opt:
        """Load the weights, on the threads of `pool`. Raises `BadInput` when they do not go with the settings."""
        settings = checkpoint.settings
        config = c = Config.of(settings.renamed(_NAMES), checkpoint.device)
        if c.heads * c.head_dim != c.hidden:
            settings.refuse(f"is {c.heads}, which does not divide the hidden size {c.hidden}", "num_attention_heads")
        settings.choice("activation_function", ("relu",), default="relu")
        for key in ("enable_bias", "layer_norm_elementwise_affine"):
            if not settings.flag(key, default=True):
                settings.refuse("is false, which is not supported", key)
        norms_first = settings.flag("do_layer_norm_before", default=True)
        width = settings.integer("word_embed_proj_dim", 1, 1 << 16, default=c.hidden)
        top = "model.decoder"

        def norm(name: str) -> Norm:
            return read(checkpoint, f"{name}.weight", c.hidden), read(checkpoint, f"{name}.bias", c.hidden)

        def linear(names: Sequence[str], rows: int, width: int, *, biased: bool = True) -> Linear:
            return read_linear(checkpoint, number_format, names, rows, width, biased=biased)

        def layer(i: int) -> Layer:
            at = f"{top}.layers.{i}"
            return Layer(
                attention_norm=norm(f"{at}.self_attn_layer_norm"),
                qkv=linear([f"{at}.self_attn.{side}_proj" for side in "qkv"], c.hidden, c.hidden),
                output=linear([f"{at}.self_attn.out_proj"], c.hidden, c.hidden),
                feed_norm=norm(f"{at}.final_layer_norm"),
                up=linear([f"{at}.fc1"], c.feed_forward, c.hidden),
                down=linear([f"{at}.fc2"], c.hidden, c.feed_forward),
            )

        embedding = read_embedding(checkpoint, f"{top}.embed_tokens.weight", c.vocabulary, width)
        narrow = width != c.hidden
        last = norms_first and not settings.flag("_remove_final_layer_norm", default=False)
        return cls(
            config=config,
            norms_first=norms_first,
            embedding=embedding,
            positions=read_embedding(checkpoint, f"{top}.embed_positions.weight", c.context + _OFFSET, c.hidden),
            widen=linear([f"{top}.project_in"], c.hidden, width, biased=False) if narrow else None,
            layers=tuple(pool.map(layer, range(c.layers))),
            norm=norm(f"{top}.final_layer_norm") if last else None,
            narrow=linear([f"{top}.project_out"], width, c.hidden, biased=False) if narrow else None,
            head=read_head(checkpoint, embedding, number_format, tied=True),
        )

    @torch.inference_mode()
    def run(self, blocks: Sequence[Block]) -> list[Tensor]:
        """See `Decoder.run`; the hidden states are [n, width]."""
        batch = begin(blocks, self.config)
        c = self.config
        x = batch.pad(self.embedding[batch.tokens].float())  # [t, width]
        if self.widen is not None:
            x = self.widen(x)  # [t, hidden]
        x = x + batch.pad(self.positions[batch.positions + _OFFSET].float())  # [t, hidden]
        for number, layer in enumerate(self.layers):
            qkv = layer.qkv(self._before(x, layer.attention_norm))  # [t, 3 * hidden]
            q, k, v = qkv.view(-1, 3, c.heads, c.head_dim).permute(1, 2, 0, 3)  # [heads, t, head_dim] each
            x = self._after(x + layer.output(batch.attend(number, q, k, v)), layer.attention_norm)  # [t, hidden]
            del qkv, q, k, v  # so that their memory is free for what follows
            up = torch.relu(layer.up(self._before(x, layer.feed_norm)))  # [t, feed_forward]
            x = self._after(x + layer.down(up), layer.feed_norm)  # [t, hidden]
        if self.norm is not None:
            x = _norm(x, self.norm)
        if self.narrow is not None:
            x = self.narrow(x)  # [t, width]
        return batch.split(x)

    @torch.inference_mode()
    def log_probabilities(self, hidden: Tensor) -> Tensor:
        """See `Decoder.log_probabilities`."""
        return log_softmax(self.head(hidden).float())

    def _before(self, x: Tensor, norm: Norm) -> Tensor:
        return _norm(x, norm) if self.norms_first else x

    def _after(self, x: Tensor, norm: Norm) -> Tensor:
        return x if self.norms_first else _norm(x, norm)


def _norm(x: Tensor, norm: Norm) -> Tensor:
    weight, bias = norm
    return F.layer_norm(x, weight.shape, weight, bias, _EPSILON)
