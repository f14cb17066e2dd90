"""Keys and values of samples that grow side by side from one context."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

from engine.llm.decoder import Config
from engine.llm.kv import Node, gather

_FIRST_STEPS: Final = 16


class Branches:
    """The samples of one request as a `Block`: they share the context's keys, and each attends to its own after that.

    Keys and values lie in one buffer: the context's, then one per living sample and step. It grows by doubling; what
    belongs to finished samples is left out then. Its layout depends on this request alone, and so do the sums in it.
    """

    def __init__(self, config: Config, node: Node) -> None:
        self.tokens: list[int] = []
        self.positions: list[int] = []
        self._living: list[int] = []
        self._owners = torch.empty(0, dtype=torch.long)  # [own keys]: which sample each key belongs to
        self._places = torch.empty(0, dtype=torch.long)  # [own keys]: its position in the sequence
        self._start = node.end
        shape = (config.layers, config.kv_heads, node.end, config.head_dim)
        self._keys, self._values = torch.empty(shape), torch.empty(shape)  # [layers, kv_heads, capacity, head_dim]
        chain = node.chain()
        for layer in range(config.layers):
            self._keys[layer], self._values[layer] = gather(chain, layer)

    def advance(self, living: Sequence[int], tokens: Sequence[int]) -> None:
        """Make the next step one token for each living sample."""
        position = self.positions[0] + 1 if self.positions else self._start
        self._living, self.tokens, self.positions = list(living), list(tokens), [position] * len(tokens)
        if self._start + len(self._owners) + len(living) > self._keys.shape[2]:
            self._grow()
        self._owners = torch.cat([self._owners, torch.tensor(self._living)])
        self._places = torch.cat([self._places, torch.tensor(self.positions)])

    def mask(self) -> Tensor:
        """Return 0 for the context and a sample's own keys, -inf for those of others, [n, N]."""
        mine = self._owners[None] == torch.tensor(self._living)[:, None]  # [n, own keys]
        own = torch.where(mine, 0.0, -torch.inf)
        return torch.cat([torch.zeros(len(self.tokens), self._start), own], dim=1)

    def key_positions(self) -> Tensor:
        """Return the positions of the context's tokens and of the samples' own [N]."""
        return torch.cat([torch.arange(self._start), self._places])

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Add the step's keys and values to the buffer; return all of them (see `Block.extend`)."""
        end = self._start + len(self._owners)
        self._keys[layer, :, end - len(self.tokens) : end] = keys
        self._values[layer, :, end - len(self.tokens) : end] = values
        return self._keys[layer, :, :end], self._values[layer, :, :end]

    def _grow(self) -> None:
        kept = torch.isin(self._owners, torch.tensor(self._living)).nonzero()[:, 0]
        self._owners, self._places = self._owners[kept], self._places[kept]
        rows = torch.cat([torch.arange(self._start), self._start + kept])
        room = max(len(kept), _FIRST_STEPS * len(self._living))
        self._keys = _with_room(self._keys[:, :, rows], room)
        self._values = _with_room(self._values[:, :, rows], room)


def _with_room(x: Tensor, room: int) -> Tensor:
    """Return `x` [layers, kv_heads, n, head_dim] with room for more on its third axis."""
    larger = torch.empty(x.shape[0], x.shape[1], x.shape[2] + room, x.shape[3])
    larger[:, :, : x.shape[2]] = x
    return larger
