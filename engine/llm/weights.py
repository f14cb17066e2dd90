"""Weights of a checkpoint in the arrangements that decoders compute with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from engine.llm.decoder import Config
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.files.settings import Settings
from engine.llm.files.table import TableOnDisk
from engine.llm.linear import Linear, NumberFormat


def read(checkpoint: Checkpoint, name: str, *shape: int) -> Tensor:
    """Return the tensor `name` as float32 of this shape, where the model computes."""
    return torch.from_numpy(checkpoint.tensor(name, *shape)).to(checkpoint.device)


def read_matrix(checkpoint: Checkpoint, name: str, rows: int, width: int) -> Tensor:
    """Return the matrix `name`, float32 [rows, width]; without its numbers where those are known already."""
    if checkpoint.hollow:
        checkpoint.expect(name, rows, width)
        return torch.empty(rows, width, device="meta")
    return torch.from_numpy(checkpoint.tensor(name, rows, width))


def read_linear(
    checkpoint: Checkpoint, number_format: NumberFormat, names: Sequence[str], rows: int, width: int, *, biased: bool
) -> Linear:
    """Return one product with the matrices `names`, [rows, width] each, and their biases one below the other."""
    weight = torch.cat([read_matrix(checkpoint, f"{name}.weight", rows, width) for name in names])
    bias = torch.cat([read(checkpoint, f"{name}.bias", rows) for name in names]) if biased else None
    return number_format(weight, bias)


def read_qkv(checkpoint: Checkpoint, config: Config, at: str, *, biased: bool) -> tuple[Tensor, Tensor | None]:
    """Return the weights and the biases of queries, keys and values, as `split_heads` wants their rows.

    The weights are [(heads + 2 * kv_heads) * head_dim, hidden]. Pairs that turn together become neighbours: some files
    hold them like that, in others they are half a head apart.
    """
    c = config

    def turned(x: Tensor, heads: int) -> Tensor:
        return x if checkpoint.neighbours else x.view(heads, 2, -1, *x.shape[1:]).transpose(1, 2).flatten(0, 2)

    def weight(side: str, heads: int) -> Tensor:
        return read_matrix(checkpoint, f"{at}.{side}_proj.weight", heads * c.head_dim, c.hidden)

    def bias(side: str, heads: int) -> Tensor:
        return read(checkpoint, f"{at}.{side}_proj.bias", heads * c.head_dim)

    def all_rows(part: Callable[[str, int], Tensor]) -> Tensor:
        q, k = turned(part("q", c.heads), c.heads), turned(part("k", c.kv_heads), c.kv_heads)
        return torch.cat([q, k, part("v", c.kv_heads)])

    return all_rows(weight), all_rows(bias) if biased else None


def read_head_norms(checkpoint: Checkpoint, config: Config, at: str) -> Tensor:
    """Return the weights of the norms of queries and keys, [heads + kv_heads, head_dim], pairs as in `read_qkv`."""
    c = config
    norms = []
    for name, heads in (("q_norm", c.heads), ("k_norm", c.kv_heads)):
        weight = read(checkpoint, f"{at}.{name}.weight", c.head_dim)
        norms.append((weight if checkpoint.neighbours else weight.view(2, -1).T.flatten()).expand(heads, -1))
    return torch.cat(norms)


Table = Tensor | TableOnDisk
"""Has rows, [rows, width] in all, which are taken as `table[ids].float()`."""


def read_embedding(checkpoint: Checkpoint, name: str, rows: int, width: int) -> Table:
    """Return a table [rows, width], in half precision where it is stored so; on disk where the checkpoint says so."""
    if checkpoint.by_rows:
        return checkpoint.table(name, rows, width)
    halves = checkpoint.halves(name, rows, width)
    if halves is None:
        return torch.from_numpy(checkpoint.tensor(name, rows, width))
    layout, patterns = halves
    return torch.from_numpy(patterns).view(torch.float16 if layout == "F16" else torch.bfloat16)


def read_head(checkpoint: Checkpoint, embedding: Table, number_format: NumberFormat, *, tied: bool) -> Linear:
    """Return the product that gives logits from hidden states: with a matrix of its own, or with the embedding.

    The settings say which (`tied` is what they mean when they do not, and there is a matrix).
    """
    name = "lm_head.weight"
    if checkpoint.settings.flag("tie_word_embeddings", default=tied or name not in checkpoint):
        checkpoint.ignore(name)  # some files hold a copy
        return number_format(embedding, None)
    rows, width = embedding.shape
    if checkpoint.by_rows:
        return number_format(checkpoint.table(name, rows, width), None)
    return number_format(torch.from_numpy(checkpoint.tensor(name, rows, width)), None)


def read_layer_types(settings: Settings, default: Sequence[str]) -> list[str]:
    """Return for each layer whether it is of `full_attention` or of `sliding_attention`."""
    types = settings.texts("layer_types", list(default))
    if len(types) != len(default) or not set(types) <= {"full_attention", "sliding_attention"}:
        settings.refuse("does not give each layer full_attention or sliding_attention", "layer_types")
    return types
