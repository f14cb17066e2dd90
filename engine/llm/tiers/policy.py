"""How a model runs best under a cap on memory: which share of its weights stays there, and how large passes are.

The time of a pass follows from constants that were measured on this machine (`constants`). Weights on disk are read
while others are computed with, but reading takes the processor, too:

    time = max(reading, computing) + contention * reading

This term is not FlexGen's; without it, predictions for passes that wait for the disk were too short by up to 1.6 times.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from engine.llm.linear import REFERENCE_ROWS
from engine.llm.tiers.constants import Constants
from engine.llm.tiers.memory import Memory
from engine.llm.tiers.program import Program, Solution
from engine.llm.tiers.shapes import Shape
from engine.llm.tiers.work import Work

LEAST_ROWS: Final = 510
LEAST_ROOM: Final = 512
_ROWS: Final = (LEAST_ROWS, 1020, 2040, 4080)
_BATCHES: Final = (1, 2, 4, 8, 12, 16, 24, 32, 48, 60, 96, 120, 180, 240, 360)


@dataclass(frozen=True, slots=True)
class Pass:
    """The seconds of one pass through the model, as a function of what is on disk."""

    computing: float
    whole_reading: float
    """To read all weights that the pass uses."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a model runs, and how fast it should be then."""

    batch: int
    """Sequences that are written together."""
    rows: int
    """Tokens of prompts that are read in one pass."""
    room: int
    """Tokens under way whose keys and values have room."""
    weights_in_ram: int
    """Bytes."""
    memory: int
    """Bytes at most."""
    solution: Solution
    tokens_per_s: float
    reading_s: float
    """Seconds until all prompts are read."""
    step_s: float
    """Seconds of a step that gives every sequence one more token."""

    @property
    def on_disk(self) -> float:
        """The share of the weights on disk."""
        return self.solution.values["weights on disk"]


@dataclass(frozen=True, slots=True)
class CostModel:
    """Predicts passes of a model on this machine."""

    shape: Shape
    memory: Memory
    constants: Constants

    def reading(self, rows: int, work: Work) -> Pass:
        """Return a pass that reads `rows` tokens of prompts; the head is not used."""
        c, k = self.shape.config, self.constants
        weights = c.layers * self.shape.layer_weights
        attention = 4 * rows * (work.prompt / 2) * c.heads * c.head_dim * c.layers / k.attend
        sequences = math.ceil(rows / work.prompt)
        computing = self._products(weights, rows) + self._between(rows, sequences) + attention
        return Pass(computing, self._seconds_to_read(weights))

    def step(self, batch: int, work: Work) -> Pass:
        """Return a pass that adds a token to each of `batch` sequences, with the head."""
        c, k = self.shape.config, self.constants
        weights = c.layers * self.shape.layer_weights + self.shape.head_weights
        keys = batch * (work.prompt + work.generate / 2) * c.token_bytes
        computing = self._products(weights, batch) + self._between(batch, batch) + 2 * keys / k.copy
        return Pass(computing, self._seconds_to_read(weights))

    def seconds(self, one: Pass, on_disk: float) -> float:
        """Return how long a pass takes when this share of the weights is on disk."""
        reading = on_disk * one.whole_reading
        return max(reading, one.computing) + self.constants.contention * reading

    def _products(self, weights: int, rows: int) -> float:
        k = self.constants
        pieces = math.ceil(rows / REFERENCE_ROWS)
        return weights * (pieces / k.multiply + 1 / k.expand(self.memory.layout.storage.name))

    def _between(self, rows: int, sequences: int) -> float:
        """Return the seconds of everything elementwise, and of letting sequences attend one by one."""
        c, k = self.shape.config, self.constants
        touched = rows * (12 * c.hidden + 6 * c.feed_forward) * 4
        return c.layers * (k.layer + sequences * k.block + touched / k.copy)

    def _seconds_to_read(self, weights: int) -> float:
        return weights * self.memory.layout.weight_bytes / self._all_weights() / self.constants.disk_cold

    def _all_weights(self) -> int:
        return sum(outputs * inputs for outputs, inputs in self.memory.layout.shapes)


def policy_for(model: CostModel, cap: int, work: Work, batch: int, rows: int) -> Policy | None:
    """Return the best placement under a cap for this batch and these passes, nothing if they do not fit.

    Keys, values and activations are in memory; the linear program places the weights.
    """
    memory = model.memory
    room = max(LEAST_ROOM, batch * work.length)
    if memory.least(rows, room) > cap:
        return None
    program = Program(("weights in RAM", "weights on disk", "reading", "generating"))
    in_ram, on_disk, reading, generating = map(program.variable, program.names)
    program.equals(in_ram + on_disk, 1)
    program.at_most("memory", in_ram * memory.layout.weight_bytes, memory.left(cap, rows, room))
    one = program.constant(1)
    passes = math.ceil(batch * work.prompt / rows)
    last = Pass(0, 0)
    for name, time, what in (
        ("while prompts are read", reading, model.reading(min(rows, batch * work.prompt), work)),
        ("while tokens are generated", generating, model.step(batch, work)),
    ):
        fetch = on_disk * what.whole_reading
        added = model.constants.contention * fetch
        program.at_most(f"reading from disk {name}", fetch + added - time, 0)
        program.at_most(f"computing {name}", one * what.computing + added - time, 0)
        last = what
    head = model.seconds(last, 0)  # the first token of each sequence needs the head once
    cost = passes * reading + (work.generate - 1) * generating
    solution = program.minimise(cost)
    if solution is None:
        return None
    share = min(1.0, max(0.0, solution.values["weights in RAM"]))
    weights = math.floor(share * memory.layout.weight_bytes)
    total = solution.best + head * model.shape.head_weights / model._all_weights()
    return Policy(
        batch=batch,
        rows=rows,
        room=room,
        weights_in_ram=weights,
        memory=memory.fixed(rows) + memory.keys(room) + weights,
        solution=solution,
        tokens_per_s=batch * work.generate / total,
        reading_s=passes * solution.values["reading"],
        step_s=solution.values["generating"],
    )


def best_policy(model: CostModel, cap: int, work: Work, most_batch: int = _BATCHES[-1]) -> Policy | None:
    """Return the policy of most tokens per second under a cap, nothing if there is none."""
    found: Policy | None = None
    for policy in _policies(model, cap, work, most_batch):
        if found is None or policy.tokens_per_s > found.tokens_per_s:
            found = policy
    return found


def _policies(model: CostModel, cap: int, work: Work, most_batch: int) -> Iterator[Policy]:
    for rows in _ROWS:
        for batch in _BATCHES:
            policy = policy_for(model, cap, work, batch, rows) if batch <= most_batch else None
            if policy is not None:
                yield policy


def next_better(model: CostModel, cap: int, work: Work) -> list[tuple[str, float]]:
    """Return what a quarter more of each thing would give, in tokens per second, the best first."""
    k = model.constants
    faster = {
        "a quarter more memory": (model, cap * 5 // 4),
        "a disk a quarter faster": (replace(model, constants=replace(k, disk_cold=1.25 * k.disk_cold)), cap),
        "a quarter more computing": (
            replace(
                model,
                constants=replace(
                    k,
                    multiply=1.25 * k.multiply,
                    expand_fp16=1.25 * k.expand_fp16,
                    expand_4bit=1.25 * k.expand_4bit,
                    attend=1.25 * k.attend,
                ),
            ),
            cap,
        ),
    }
    found = {name: best_policy(changed, more, work) for name, (changed, more) in faster.items()}
    return sorted(
        ((name, policy.tokens_per_s) for name, policy in found.items() if policy), key=lambda entry: -entry[1]
    )
