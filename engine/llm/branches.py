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

    Keys and values lie in one buffer: one per living sample and step. It grows by doubling; what belongs to finished
    samples is left out then. Its layout depends on this request alone, and so do the sums in it. On the CPU, which
    attends to one run of memory, it begins with a copy of the context's.
    """

    def __init__(self, config: Config, node: Node) -> None:
        self.tokens: list[int] = []
        self.positions: list[int] = []
        self._living: list[int] = []
        self._owners = torch.empty(0, dtype=torch.long)  # [own keys]: which sample each key belongs to
        self._places = torch.empty(0, dtype=torch.long)  # [own keys]: its position in the sequence
        self._start = node.end
        self._chain = node.chain()
        self._config = config
        self._copied = node.end if config.device == "cpu" else 0
        self._keys, self._values = config.room(self._copied)  # [layers, kv_heads, capacity, head_dim]
        if self._copied:
            for layer in range(config.layers):
                self._keys[layer], self._values[layer] = gather(self._chain, layer)

    def advance(self, living: Sequence[int], tokens: Sequence[int]) -> None:
        """Make the next step one token for each living sample."""
        position = self.positions[0] + 1 if self.positions else self._start
        self._living, self.tokens, self.positions = list(living), list(tokens), [position] * len(tokens)
        if self._copied + len(self._owners) + len(living) > self._keys.shape[2]:
            self._grow()
        self._owners = torch.cat([self._owners, torch.tensor(self._living)])
        self._places = torch.cat([self._places, torch.tensor(self.positions)])

    def mask(self) -> Tensor:
        """Return 0 for the context and a sample's own keys, -inf for those of others, [n, N]."""
        return torch.cat([torch.zeros(len(self.tokens), self._start), self.tail()], dim=1)

    def tail(self) -> Tensor:
        """Return the mask of the samples' own keys (see `Block.tail`)."""
        mine = self._owners[None] == torch.tensor(self._living)[:, None]  # [n, own keys]
        return torch.where(mine, 0.0, -torch.inf)

    def key_positions(self) -> Tensor:
        """Return the positions of the context's tokens and of the samples' own [N]."""
        return torch.cat([torch.arange(self._start), self._places])

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Add the step's keys and values to the buffer; return all of them (see `Block.extend`)."""
        for own, new in zip(self.home(), (keys, values), strict=True):
            own[layer] = new
        end = self._copied + len(self._owners)
        return self._keys[layer, :, :end], self._values[layer, :, :end]

    def past(self) -> list[tuple[Tensor, Tensor]]:
        """Return keys and values of the context, and of the steps before (see `Block.past`)."""
        before = slice(self._copied, self._copied + len(self._owners) - len(self.tokens))
        runs = [(node.keys, node.values) for node in self._chain]
        return [*runs, (self._keys[:, :, before], self._values[:, :, before])]

    def home(self) -> tuple[Tensor, Tensor]:
        """Return where the step's keys and values go (see `Block.home`)."""
        end = self._copied + len(self._owners)
        own = slice(end - len(self.tokens), end)
        return self._keys[:, :, own], self._values[:, :, own]

    def _grow(self) -> None:
        kept = torch.isin(self._owners, torch.tensor(self._living)).nonzero()[:, 0]
        self._owners, self._places = self._owners[kept], self._places[kept]
        if self._config.keys_in_ram:
            from engine.llm.cuda.streams import settle  # where there is a GPU

            settle(self._config.device)  # it may still be writing what is copied here
        rows = torch.cat([torch.arange(self._copied), self._copied + kept])
        room = max(len(kept), _FIRST_STEPS * len(self._living))
        larger = self._config.room(len(rows) + room)
        larger[0, :, :, : len(rows)] = self._keys[:, :, rows]
        larger[1, :, :, : len(rows)] = self._values[:, :, rows]
        self._keys, self._values = larger
