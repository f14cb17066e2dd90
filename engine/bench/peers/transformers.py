"""`transformers` as its manual shows it: padded batches, `generate` with a cache, one forward pass for scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import torch

from engine.bench.peers.texts import contrast, is_over, prompt, samples
from engine.bench.trace import Asked
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
        self._tokenizer.padding_side = "left"
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._model: Any = AutoModelForCausalLM.from_pretrained(str(path.parent), gguf_file=path.name)

    @torch.inference_mode()
    def answer(self, requests: Sequence[Asked]) -> int:
        """Answer requests that came together, those of like settings in common batches."""
        generated = 0
        alike: dict[tuple[Any, ...], list[Write]] = {}
        scored: list[tuple[str, str]] = []
        for request in requests:
            if isinstance(request, Write):
                settings = (samples(request), request.temperature, request.top_p, request.max_tokens)
                alike.setdefault((*settings, request.shape, request.stop), []).append(request)
            else:
                scored += [("".join(ask.context), text) for ask in questions(request) for text in ask.texts]
        for several in alike.values():
            each = max(1, _ROWS // samples(several[0]))
            for start in range(0, len(several), each):
                some = several[start : start + each]
                texts = self._generate(some)
                generated += sum(len(self._tokenizer(text).input_ids) for own in texts for text in own)
                scored += [
                    (contrast(r), text) for r, own in zip(some, texts, strict=True) if r.contrast for text in own
                ]
        for start in range(0, len(scored), _ROWS):
            self._score(scored[start : start + _ROWS])
        return generated

    def _generate(self, requests: Sequence[Write]) -> list[list[str]]:
        first = requests[0]
        batch = self._tokenizer([prompt(request) for request in requests], return_tensors="pt", padding=True)
        length, each = batch.input_ids.shape[1], samples(first)
        greedy = first.temperature == 0
        choice: dict[str, Any] = {} if greedy else {"temperature": first.temperature, "top_p": first.top_p, "top_k": 0}
        written = self._model.generate(
            **batch,
            do_sample=not greedy,
            num_return_sequences=each,
            max_new_tokens=first.max_tokens,
            pad_token_id=self._tokenizer.pad_token_id,
            stopping_criteria=[_Ends(self._tokenizer, first, length)],
            **choice,
        )
        texts = self._tokenizer.batch_decode(written[:, length:], skip_special_tokens=True)
        return [texts[start : start + each] for start in range(0, len(texts), each)]

    def _score(self, pairs: Sequence[tuple[str, str]]) -> None:
        batch = self._tokenizer([before + text for before, text in pairs], return_tensors="pt", padding=True)
        longest = max(len(self._tokenizer(text).input_ids) for _, text in pairs)
        logits = self._model(**batch, logits_to_keep=longest + 1).logits
        torch.log_softmax(logits, dim=-1).gather(2, batch.input_ids[:, -longest - 1 :, None])


class _Ends:
    """Tells `generate` which sequences are over."""

    def __init__(self, tokenizer: Any, request: Write, length: int) -> None:
        self._tokenizer, self._request, self._length = tokenizer, request, length

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:  # noqa: ARG002
        texts = self._tokenizer.batch_decode(input_ids[:, self._length :])
        return torch.tensor([is_over(self._request, text) for text in texts])
