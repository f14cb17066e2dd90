"""`Write`: texts generated token by token, the samples of a request side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.llm.branches import Branches
from engine.llm.choices import mean
from engine.llm.constraint import Constraints, Form
from engine.llm.contexts import Contexts, Unusable
from engine.llm.decoder import Decoder
from engine.llm.jobs import Compute, Job, Predict, Wish
from engine.llm.kv import Node
from engine.llm.requests import NOBODY, Answer, Failure, FailureKind, Reply, Sample, Texts, Usage, Write
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


class Story:
    """One request in the making: its samples, and what they continue."""

    def __init__(self, request: Write, node: Node, make: Callable[[], Form]) -> None:
        # Greedy samples are all the same.
        count = request.samples if request.temperature > 0 else 1
        self.request = request
        self.strands = [Strand(index, make()) for index in range(count)]
        self.living = self.strands
        self.failure: Failure | None = None
        self._node = node
        self._going: list[Strand] = []

    def tell(self, model: Decoder) -> Generator[Wish, list[Tensor], None]:
        """Generate until every strand has ended: a part of a job."""
        yield Compute((self._node,))
        assert self._node.last is not None
        yield Predict(self._node.last[None], self._begin)  # at first, all strands are at the same place
        branches: Branches | None = None
        while living := self._advanced():
            branches = branches or Branches(model.config, self._node)
            branches.advance([s.index for s in living], [s.tokens[-1] for s in living])
            (states,) = yield Compute((), (branches,))  # [living, hidden]
            yield Predict(states, self._go_on)

    def usable(self) -> dict[str, Strand]:
        """Return the texts that fit, each with the first strand that wrote it."""
        banned = [word.casefold() for word in self.request.banned if word]
        found: dict[str, Strand] = {}
        for strand in self.strands:
            text = strand.form.text()
            if text and strand.form.size and not any(word in text.casefold() for word in banned):
                found.setdefault(text, strand)
        return found

    def _advanced(self) -> list[Strand]:
        self.living, self._going = [] if self.failure else self._going, []
        return self.living

    def _begin(self, _: int, logs: Tensor) -> None:
        self._step(self.living, [logs[0].numpy()] * len(self.living))

    def _go_on(self, start: int, logs: Tensor) -> None:
        self._step(self.living[start : start + len(logs)], logs.numpy())

    def _step(self, strands: Sequence[Strand], rows: Iterable[NDArray[np.float32]]) -> None:
        """Draw the next token of each strand from its row of log-probabilities [vocabulary]."""
        request = self.request
        for strand, logs in zip(strands, rows, strict=True):
            if not math.isfinite(logs.max()):
                self.failure = Failure(FailureKind.NOT_A_NUMBER, "the model gave scores that are not finite numbers")
                return
            chance = uniform(request.seed, strand.index, len(strand.tokens))
            token = draw(logs, strand.form.mask(), request.temperature, request.top_p, chance)
            if token is None:
                continue
            strand.tokens.append(token)
            strand.logs.append(float(logs[token]))
            if strand.form.take(token) and len(strand.tokens) < request.max_tokens:
                self._going.append(strand)


class Writing:
    """Makes the jobs of `Write` requests."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._constraints = Constraints(contexts.tokenizer)

    def size(self, request: Write) -> int:
        """Return for about how many tokens a request needs keys and values at a time."""
        # The context is let go before the contrast is read, and then the samples are scored instead of written.
        before = max(map(self._contexts.size, (request.context, request.contrast)))
        return before + self._contexts.size((request.begin,)) + request.samples * request.max_tokens

    def job(self, request: Write, agent: int = NOBODY) -> Job:
        """Return the job that answers a request of an agent."""
        try:
            make = self._constraints.maker(request)
            context = *request.context, request.begin
            with self._contexts.opened(context, request.max_tokens, request.purpose, agent) as opened:
                story = Story(request, opened.node, make)
                yield from story.tell(self._contexts.model)
                usage = Usage(opened.node.end, opened.computed, sum(len(strand.tokens) for strand in story.strands))
            texts = story.usable()
            contrast = [0.0] * len(texts)
            if request.contrast and texts:
                contrast, cost = yield from self._contrast(request, list(texts.values()), agent)
                usage += cost
        except Unusable as reason:
            return Answer(reason.failure)
        samples = [
            Sample(text, mean(strand.logs[: strand.form.size]) - request.contrast_weight * less, strand.form.size)
            for (text, strand), less in zip(texts.items(), contrast, strict=True)
        ]
        samples.sort(key=lambda sample: -sample.score)  # stable: the first of equals stays first
        return Answer(_reply(story, samples), usage)

    def _contrast(
        self, request: Write, strands: Sequence[Strand], agent: int
    ) -> Generator[Wish, list[Tensor], tuple[list[float], Usage]]:
        """Return the mean log-probability of each text after the context that says less, and what that cost."""
        context, purpose = (*request.contrast, request.begin), f"contrast of {request.purpose}"
        with self._contexts.opened(context, request.max_tokens, purpose, agent) as opened:
            trie = Trie.of(opened.node, tuple(tuple(strand.tokens[: strand.form.size]) for strand in strands))
            (scored,) = yield from score([trie])
            own = len(trie.tokens)
            return [mean(logs) for logs in scored], Usage(opened.node.end + own, opened.computed + own)


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
