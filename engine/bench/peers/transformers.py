"""`transformers` with what its manual offers: padded batches, `generate`, caches that are copied for every sample.

What all texts of a batch begin with is read once, and each text once for all of its samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from engine.bench.peers.texts import contrast, is_over, prompt, samples
from engine.bench.trace import Asked, Trace
from engine.llm.choosing import questions
from engine.llm.requests import Write

_ROWS: Final = 64
"""Sequences of one batch."""


class Transformers:
    """The model of a GGUF file in single precision. Raises `ImportError` where what it needs is not installed."""

    name = "transformers fp32"

    def __init__(self, path: Path) -> None:
        import accelerate  # noqa: F401 (without it, and gguf, transformers reads no GGUF files)
        import gguf  # noqa: F401
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self._tokenizer: Any = AutoTokenizer.from_pretrained(str(path.parent), gguf_file=path.name)
        self._model: Any = AutoModelForCausalLM.from_pretrained(str(path.parent), gguf_file=path.name)
        self._end = int(self._tokenizer.eos_token_id)

    def replay(self, trace: Trace) -> int:
        """Answer a trace, everybody's next question together; return how many tokens were generated."""
        return sum(self._answer(wave) for wave in trace.waves())

    @torch.inference_mode()
    def _answer(self, requests: Sequence[Asked]) -> int:
        """Answer requests that came together, those of like settings in common batches."""
        generated = 0
        alike: dict[tuple[Any, ...], list[Write]] = {}
        scored: list[tuple[str, list[list[int]]]] = []
        for request in requests:
            if isinstance(request, Write):
                settings = (samples(request), request.temperature, request.top_p, request.max_tokens)
                alike.setdefault((*settings, request.shape, request.stop), []).append(request)
            else:
                asks = questions(request)
                scored += [("".join(ask.context), [self._tokens(text) for text in ask.texts]) for ask in asks]
        for several in alike.values():
            each = max(1, _ROWS // samples(several[0]))
            for start in range(0, len(several), each):
                some = several[start : start + each]
                for request, own in zip(some, self._generate(some), strict=True):
                    generated += sum(map(len, own))
                    if request.contrast:
                        scored.append((contrast(request), own))
        for some_scored in _batches(scored):
            self._score(some_scored)
        return generated

    def _generate(self, requests: Sequence[Write]) -> list[list[list[int]]]:
        """Return the tokens of all samples of each request; the requests are of like settings."""
        first = requests[0]
        each = samples(first)
        tokens, mask, cache = self._read([self._tokens(prompt(request)) for request in requests])
        cache.batch_repeat_interleave(each)
        tokens, mask = tokens.repeat_interleave(each, dim=0), mask.repeat_interleave(each, dim=0)
        greedy = first.temperature == 0
        choice: dict[str, Any] = {} if greedy else {"temperature": first.temperature, "top_p": first.top_p, "top_k": 0}
        written = self._model.generate(
            tokens,
            attention_mask=mask,
            past_key_values=cache,
            do_sample=not greedy,
            max_new_tokens=first.max_tokens,
            pad_token_id=self._end,
            stopping_criteria=[_Ends(self._tokenizer, first, tokens.shape[1])],
            **choice,
        )
        own = [list(takewhile(lambda t: t != self._end, row)) for row in written[:, tokens.shape[1] :].tolist()]
        return [own[start : start + each] for start in range(0, len(own), each)]

    def _score(self, asked: Sequence[tuple[str, list[list[int]]]]) -> None:
        """Compute the log-probability of each token of some continuations of each text."""
        tokens, mask, cache = self._read([self._tokens(text) for text, _ in asked])
        each = torch.tensor([len(continuations) for _, continuations in asked])
        cache.batch_select_indices(torch.repeat_interleave(each))
        rows = [continuation for _, continuations in asked for continuation in continuations]
        after, there = self._padded(rows, "right")
        last = tokens[:, -1:].repeat_interleave(each, dim=0)
        before = mask.repeat_interleave(each, dim=0)
        whole = torch.cat([before, there], dim=1)
        logits = self._model(
            torch.cat([last, after], dim=1)[:, :-1],
            attention_mask=whole[:, :-1],
            position_ids=(whole.cumsum(dim=1) - 1)[:, before.shape[1] - 1 : -1],
            past_key_values=cache,
        ).logits
        torch.log_softmax(logits, dim=-1).gather(2, after[:, :, None])

    def _read(self, texts: Sequence[list[int]]) -> tuple[Tensor, Tensor, Any]:
        """Read texts but for the last token of each; return tokens and mask [texts, longest], and the cache."""
        from transformers import DynamicCache

        cache, common = DynamicCache(config=self._model.config), _common([text[:-1] for text in texts])
        tokens, mask = self._padded([text[common:] for text in texts], "left")
        if common:
            start = torch.tensor([texts[0][:common]])
            self._model(start, past_key_values=cache, logits_to_keep=1)
            cache.batch_repeat_interleave(len(texts))
            tokens = torch.cat([start.expand(len(texts), -1), tokens], dim=1)
            mask = torch.cat([torch.ones(len(texts), common, dtype=torch.long), mask], dim=1)
        if tokens.shape[1] > common + 1:
            self._model(
                tokens[:, common:-1],
                attention_mask=mask[:, :-1],
                position_ids=(mask.cumsum(dim=1) - 1).clamp_min(0)[:, common:-1],
                past_key_values=cache,
                logits_to_keep=1,
            )
        return tokens, mask, cache

    def _padded(self, rows: Sequence[list[int]], side: str) -> tuple[Tensor, Tensor]:
        """Return rows of tokens and which of them are there, [rows, longest] both."""
        longest = max(map(len, rows))
        missing = [[self._end] * (longest - len(row)) for row in rows]
        left = side == "left"
        tokens = [gap + row if left else row + gap for row, gap in zip(rows, missing, strict=True)]
        there = [
            [0] * len(gap) + [1] * len(row) if left else [1] * len(row) + [0] * len(gap)
            for row, gap in zip(rows, missing, strict=True)
        ]
        return torch.tensor(tokens), torch.tensor(there)

    def _tokens(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer(text, add_special_tokens=False).input_ids
        return found or [self._end]


def _batches(asked: Sequence[tuple[str, list[list[int]]]]) -> Iterator[list[tuple[str, list[list[int]]]]]:
    """Yield what is to be scored in batches of about `_ROWS` continuations."""
    batch: list[tuple[str, list[list[int]]]] = []
    for text, continuations in asked:
        if batch and sum(len(own) for _, own in batch) + len(continuations) > _ROWS:
            yield batch
            batch = []
        batch.append((text, continuations))
    if batch:
        yield batch


def _common(texts: Sequence[Sequence[int]]) -> int:
    """Return how many tokens all texts begin with."""
    columns = zip(*texts, strict=False)
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, columns))


class _Ends:
    """Tells `generate` which sequences are over."""

    def __init__(self, tokenizer: Any, request: Write, length: int) -> None:
        self._tokenizer, self._request, self._length = tokenizer, request, length

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:  # noqa: ARG002
        texts = self._tokenizer.batch_decode(input_ids[:, self._length :])
        return torch.tensor([is_over(self._request, text) for text in texts])
