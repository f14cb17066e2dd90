"""`Write`: texts generated token by token, the samples of all requests of a batch in common steps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.llm.branches import Branches
from engine.llm.choices import mean
from engine.llm.constraint import Constraints, Form
from engine.llm.contexts import BATCH_TOKENS, Contexts, Unusable
from engine.llm.kv import Node, run
from engine.llm.llama import LOGIT_ROWS, Llama
from engine.llm.requests import Answer, Failure, FailureKind, Reply, Sample, Texts, Usage, Write
from engine.llm.sampling import draw, uniform
from engine.llm.scoring import Trie, score


@dataclass(slots=True)
class Strand:
    """One sample in the making."""

    index: int
    form: Form
    tokens: list[int] = field(default_factory=list)
    logs: list[float] = field(default_factory=list)
    """Log-probability of each token, as the model gives it: no mask, no temperature."""


@dataclass(slots=True)
class Story:
    """One request in the making: its samples, and what they continue."""

    request: Write
    node: Node
    usage: Usage
    strands: list[Strand]
    living: list[Strand]
    branches: Branches | None = None
    failure: Failure | None = None

    def step(self, rows: Iterable[NDArray[np.float32]]) -> None:
        """Draw the next token of each living strand from its row of log-probabilities [vocabulary]."""
        request = self.request
        going = []
        for strand, logs in zip(self.living, rows, strict=True):
            if not math.isfinite(logs.max()):
                self.failure = Failure(FailureKind.NOT_A_NUMBER, "the model gave scores that are not finite numbers")
                self.living = []
                return
            chance = uniform(request.seed, strand.index, len(strand.tokens))
            token = draw(logs, strand.form.mask(), request.temperature, request.top_p, chance)
            if token is None:
                continue
            strand.tokens.append(token)
            strand.logs.append(float(logs[token]))
            if strand.form.take(token) and len(strand.tokens) < request.max_tokens:
                going.append(strand)
        self.living = going

    def next_block(self, model: Llama) -> Branches:
        """Return the block that computes the living strands' newest tokens."""
        if self.branches is None:
            self.branches = Branches(model.config, self.node)
        self.branches.advance([s.index for s in self.living], [s.tokens[-1] for s in self.living])
        return self.branches

    def usable(self) -> dict[str, Strand]:
        """Return the texts that fit, each with the first strand that wrote it."""
        banned = [word.casefold() for word in self.request.banned if word]
        found: dict[str, Strand] = {}
        for strand in self.strands:
            text = strand.form.text()
            if text and strand.form.size and not any(word in text.casefold() for word in banned):
                found.setdefault(text, strand)
        return found


class Writing:
    """Answers `Write` requests, all of a batch in common steps."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._constraints = Constraints(contexts.tokenizer)

    def answer(self, requests: Sequence[Write]) -> list[Answer]:
        """Answer all requests, in their order."""
        answers: list[Answer] = []
        for group in self._groups(requests):
            stories = [entry for entry in group if isinstance(entry, Story)]
            self._contexts.run([])
            self._tell(stories)
            concluded = iter(self._conclude(stories))
            answers += [next(concluded) if isinstance(entry, Story) else Answer(entry) for entry in group]
            self._contexts.prefixes.trim()
        return answers

    def _groups(self, requests: Sequence[Write]) -> Iterator[list[Story | Failure]]:
        """Open the requests, as many at a time as memory allows."""
        group: list[Story | Failure] = []
        size = 0
        for request in requests:
            try:
                story = self._open(request)
                group.append(story)
                size += story.node.end + len(story.strands) * request.max_tokens
            except Unusable as reason:
                group.append(reason.failure)
            if size > BATCH_TOKENS:
                yield group
                group, size = [], 0
        yield group

    def _open(self, request: Write) -> Story:
        make = self._constraints.maker(request)
        opened = self._contexts.open((*request.context, request.begin), room=request.max_tokens)
        # Greedy samples are all the same.
        strands = [Strand(index, make()) for index in range(request.samples if request.temperature > 0 else 1)]
        usage = Usage(prompt=opened.node.end, computed=opened.computed)
        return Story(request, opened.node, usage, strands, strands)

    def _tell(self, stories: Sequence[Story]) -> None:
        """Generate until every strand has ended."""
        model = self._contexts.model
        going = list(stories)
        states: list[Tensor] = []  # per story, [living, hidden]
        for story in stories:
            assert story.node.last is not None
            states.append(story.node.last[None])  # [1, hidden]: at first, all strands are at the same place
        while going:
            for some in _portions(states):
                logs = model.log_probabilities(torch.cat(states[some])).numpy()  # [rows, vocabulary]
                start = 0
                for story, own in zip(going[some], states[some], strict=True):
                    rows = logs[start : start + len(own)]
                    story.step(rows if len(own) == len(story.living) else [rows[0]] * len(story.living))
                    start += len(own)
            going = [story for story in going if story.living]
            states = run(model, [story.next_block(model) for story in going])

    def _conclude(self, stories: Sequence[Story]) -> list[Answer]:
        """Return the usable samples of each story, ranked."""
        usable = [story.usable() for story in stories]
        contrasts = self._contrasts(stories, usable)
        answers = []
        for story, texts, contrast in zip(stories, usable, contrasts, strict=True):
            made = [
                Sample(text, mean(strand.logs[: strand.form.size]) - less, strand.form.size)
                for (text, strand), less in zip(texts.items(), contrast, strict=True)
            ]
            made.sort(key=lambda sample: -sample.score)  # stable: the first of equals stays first
            usage = story.usage + Usage(generated=sum(len(strand.tokens) for strand in story.strands))
            answers.append(Answer(_reply(story, made), usage))
        return answers

    def _contrasts(self, stories: Sequence[Story], usable: Sequence[dict[str, Strand]]) -> list[list[float]]:
        """Return, per story and usable text, what to subtract from its score."""
        tries: list[Trie | None] = []
        for story, texts in zip(stories, usable, strict=True):
            request = story.request
            tries.append(None)
            if request.contrast and texts:
                opened = self._contexts.open((*request.contrast, request.begin), room=request.max_tokens)
                runs = tuple(tuple(strand.tokens[: strand.form.size]) for strand in texts.values())
                tries[-1] = trie = Trie.of(opened.node, runs)
                own = len(trie.tokens)
                story.usage += Usage(prompt=opened.node.end + own, computed=opened.computed + own)
        scored = iter(score(self._contexts, [trie for trie in tries if trie]))
        return [
            [story.request.contrast_weight * mean(logs) for logs in next(scored)] if trie else [0.0] * len(texts)
            for story, texts, trie in zip(stories, usable, tries, strict=True)
        ]


def _reply(story: Story, samples: list[Sample]) -> Reply:
    if story.failure:
        return story.failure
    if not samples:
        count = len(story.strands)
        shape = story.request.shape.value
        return Failure(FailureKind.MISFIT, f"none of {count} samples is a usable text of the shape '{shape}'")
    if not all(math.isfinite(sample.score) for sample in samples):
        return Failure(FailureKind.NOT_A_NUMBER, "the model gave scores that are not finite numbers")
    return Texts(tuple(samples))


def _portions(states: Sequence[Tensor]) -> Iterator[slice]:
    """Return slices of `states` that together have about as many rows as the model's head takes at once."""
    start = rows = 0
    for index, own in enumerate(states):
        rows += len(own)
        if rows >= LOGIT_ROWS:
            yield slice(start, index + 1)
            start, rows = index + 1, 0
    if start < len(states):
        yield slice(start, len(states))
