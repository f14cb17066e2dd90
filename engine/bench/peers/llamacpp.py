"""llama.cpp through llama-cpp-python, driven as well as it can be: prefixes kept, all samples in common batches."""

from __future__ import annotations

import ctypes
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.bench.peers.texts import contrast, is_over, prompt, samples
from engine.bench.trace import Asked
from engine.errors import RunFailed
from engine.llm.choosing import questions
from engine.llm.requests import Write
from engine.llm.sampling import draw, uniform

FORMATS: Final = {"Q8_0": 7, "F16": 1}
"""Formats to which a file can be converted without harm to the model, with their number in llama.cpp."""
_BATCH: Final = 512
_CONTEXT: Final = 32768
_KEPT: Final = 48
"""So many prompts are kept."""


@dataclass(slots=True)
class _Strand:
    request: Write
    sequence: int
    index: int
    at: int
    tokens: list[int] = field(default_factory=list)
    text: bytes = b""


class LlamaCpp:
    """One model in one of llama.cpp's formats. Raises `ImportError` where the package is not installed."""

    def __init__(self, path: Path, name: str, threads: int) -> None:
        import llama_cpp

        self.name = f"llama.cpp {name}"
        self._api: Any = llama_cpp
        self._silent = llama_cpp.llama_log_callback(lambda _level, _text, _data: None)
        llama_cpp.llama_log_set(self._silent, ctypes.c_void_p(0))
        model = llama_cpp.llama_model_load_from_file(str(path).encode(), llama_cpp.llama_model_default_params())
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx, settings.n_batch, settings.n_ubatch = _CONTEXT, _BATCH, _BATCH
        settings.n_seq_max = llama_cpp.llama_max_parallel_sequences()
        settings.n_threads = settings.n_threads_batch = threads
        settings.kv_unified = True
        self._context = llama_cpp.llama_init_from_model(model, settings)
        if not self._context:
            raise RunFailed(f"llama.cpp could not open {path}")
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._vocabulary = llama_cpp.llama_model_get_vocab(model)
        self._words = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        self._batch = llama_cpp.llama_batch_init(_BATCH, 0, 1)
        self._free = list(range(settings.n_seq_max))
        self._prompts: OrderedDict[int, list[int]] = OrderedDict()
        """The tokens of each kept sequence, the one unused for longest first."""

    def answer(self, requests: Sequence[Asked]) -> int:
        """Answer requests that came together; all samples of as many as fit advance in common batches."""
        generated = 0
        writes = [request for request in requests if isinstance(request, Write)]
        for request in requests:
            if not isinstance(request, Write):
                for ask in questions(request):
                    self._score("".join(ask.context), [self._tokens(text) for text in ask.texts])
        for group in self._groups(writes):
            strands = [strand for request in group for strand in self._begin(request)]
            for living in self._steps(strands):
                generated += living
            for request in group:
                mine = [strand for strand in strands if strand.request is request]
                if contrast(request):
                    self._score(contrast(request), [strand.tokens for strand in mine if strand.tokens])
            for strand in strands:
                self._drop(strand.sequence)
        return generated

    def _groups(self, writes: Sequence[Write]) -> Iterator[list[Write]]:
        room = len(self._free) - 2
        group: list[Write] = []
        for request in writes:
            if group and sum(map(samples, group)) + len(group) + samples(request) + 1 > room:
                yield group
                group = []
            group.append(request)
        if group:
            yield group

    def _begin(self, request: Write) -> list[_Strand]:
        sequence, tokens, logits = self._read(self._tokens(prompt(request)))
        strands = []
        for index in range(samples(request)):
            strand = _Strand(request, self._take(), index, len(tokens))
            self._api.llama_memory_seq_cp(self._memory, sequence, strand.sequence, -1, -1)
            self._draw(strand, logits)
            strands.append(strand)
        return strands

    def _steps(self, strands: Sequence[_Strand]) -> Iterator[int]:
        """Let all strands advance to their ends; yield how many got a token in each step."""
        yield len(strands)
        living = [strand for strand in strands if self._goes_on(strand)]
        while living:
            for start in range(0, len(living), _BATCH):
                some = living[start : start + _BATCH]
                rows = [(s.tokens[-1], s.at + len(s.tokens) - 1, s.sequence, True) for s in some]
                for strand, logits in zip(some, self._decode(rows), strict=True):
                    self._draw(strand, logits)
            yield len(living)
            living = [strand for strand in living if self._goes_on(strand)]

    def _draw(self, strand: _Strand, logits: NDArray[np.float32]) -> None:
        request = strand.request
        chance = uniform(request.seed, strand.index, len(strand.tokens))
        token = draw(logits, None, request.temperature, request.top_p, chance)
        assert token is not None
        strand.tokens.append(token)
        strand.text += self._piece(token)

    def _goes_on(self, strand: _Strand) -> bool:
        over = self._api.llama_vocab_is_eog(self._vocabulary, strand.tokens[-1])
        over = over or is_over(strand.request, strand.text.decode("utf-8", "replace"))
        return not over and len(strand.tokens) < strand.request.max_tokens

    def _read(self, tokens: list[int]) -> tuple[int, list[int], NDArray[np.float32]]:
        """Read a prompt after the longest beginning of it that is kept; return its sequence and the last logits."""
        best, shared = -1, 0
        for sequence, kept in self._prompts.items():
            count = 0
            for mine, theirs in zip(tokens[:-1], kept, strict=False):
                if mine != theirs:
                    break
                count += 1
            if count > shared:
                best, shared = sequence, count
        while len(self._prompts) >= _KEPT or len(self._free) < 2:
            self._drop(self._prompts.popitem(last=False)[0])
            if best not in self._prompts:
                best, shared = -1, 0
        sequence = self._take()
        if best >= 0:
            self._prompts.move_to_end(best)
            self._api.llama_memory_seq_cp(self._memory, best, sequence, 0, shared)
        self._prompts[sequence] = tokens
        rows = [(token, at, sequence, at == len(tokens) - 1) for at, token in enumerate(tokens)][shared:]
        logits = [self._decode(rows[start : start + _BATCH]) for start in range(0, len(rows), _BATCH)][-1][-1]
        return sequence, tokens, logits

    def _score(self, text: str, continuations: Sequence[list[int]]) -> None:
        """Compute the log-probability of each token of some continuations of a text."""
        sequence, tokens, _ = self._read(self._tokens(text))
        rows: list[tuple[int, int, int, bool]] = []
        taken: list[int] = []
        for continuation in continuations:
            if len(rows) + len(continuation) > _BATCH:
                self._finish(rows, taken)
                rows, taken = [], []
            taken.append(self._take())
            self._api.llama_memory_seq_cp(self._memory, sequence, taken[-1], -1, -1)
            rows += [(token, len(tokens) + at, taken[-1], True) for at, token in enumerate(continuation)]
        self._finish(rows, taken)

    def _finish(self, rows: list[tuple[int, int, int, bool]], taken: list[int]) -> None:
        if rows:
            logits = np.stack(self._decode(rows)).astype(np.float64)
            logits -= logits.max(axis=1, keepdims=True)
            np.log(np.exp(logits).sum(axis=1))
        for sequence in taken:
            self._drop(sequence)

    def _decode(self, rows: Sequence[tuple[int, int, int, bool]]) -> list[NDArray[np.float32]]:
        """Compute (token, position, sequence, whether logits are wanted); return the wanted logits."""
        batch = self._batch
        batch.n_tokens = len(rows)
        for i, (token, position, sequence, wanted) in enumerate(rows):
            batch.token[i], batch.pos[i], batch.n_seq_id[i] = token, position, 1
            batch.seq_id[i][0], batch.logits[i] = sequence, wanted
        if status := self._api.llama_decode(self._context, batch):
            raise RunFailed(f"llama.cpp: llama_decode returned {status}")
        wanted_rows = [i for i, row in enumerate(rows) if row[3]]
        get = self._api.llama_get_logits_ith
        return [np.ctypeslib.as_array(get(self._context, i), (self._words,)).copy() for i in wanted_rows]

    def _tokens(self, text: str) -> list[int]:
        data = text.encode()
        room = (self._api.llama_token * (len(data) + 8))()
        count = self._api.llama_tokenize(self._vocabulary, data, len(data), room, len(data) + 8, False, False)
        return list(room[:count]) or [0]

    def _piece(self, token: int) -> bytes:
        room = ctypes.create_string_buffer(64)
        count = self._api.llama_token_to_piece(self._vocabulary, token, room, 64, 0, False)
        return room.raw[: max(0, count)]

    def _take(self) -> int:
        return self._free.pop()

    def _drop(self, sequence: int) -> None:
        self._api.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        self._free.append(sequence)


def convert(path: Path, to: Path, name: str) -> Path:
    """Write a GGUF file in another of `FORMATS`; return where it is."""
    import llama_cpp

    settings = llama_cpp.llama_model_quantize_default_params()
    settings.ftype, settings.allow_requantize = FORMATS[name], True
    if llama_cpp.llama_model_quantize(str(path).encode(), str(to).encode(), ctypes.byref(settings)):
        raise RunFailed(f"llama.cpp could not convert {path} to {name}")
    return to
