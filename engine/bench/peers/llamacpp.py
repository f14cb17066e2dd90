"""llama.cpp through llama-cpp-python, driven as well as it can be.

Prefixes are kept, and all texts under way advance in common batches, beside which prompts are read and samples scored:
who has an answer asks on at once, as with our own engine. What several sequences have in common is computed once.
"""

from __future__ import annotations

import ctypes
from collections import OrderedDict, deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.bench.peers.texts import contrast, is_over, prompt, samples
from engine.bench.trace import Asked, Trace
from engine.errors import RunFailed
from engine.llm.choosing import questions
from engine.llm.requests import Choose, Rate, Write
from engine.llm.sampling import draw, uniform

FORMATS: Final = {"Q8_0": 7, "F16": 1}
"""Formats to which a file can be converted without harm to the model, with their number in llama.cpp."""
_BATCH: Final = 512
_PIECE: Final = 256
"""Prompts are read in pieces of so many tokens; beside one of them there is room for a token of every sequence."""
_CONTEXT: Final = 32768
_SEQUENCES: Final = 160
"""More texts under way at once make the common cache, to all of which all attend, larger than it is worth."""
_KEPT: Final = 48
"""So many prompts are kept."""
_WORTH: Final = 16
"""Who can spare so many tokens waits for another one to have read them."""

Logits = NDArray[np.float32]
Row = tuple[int, int, tuple[int, ...], bool]
"""A token, its position, the sequences that it belongs to, and whether what may follow it is asked for."""
Job = Generator[Sequence[Row], list[Logits], int]
"""Says what it wants computed and gets the logits it asked for; returns how many tokens it generated."""


@dataclass(slots=True)
class _Strand:
    sequence: int
    index: int
    tokens: list[int] = field(default_factory=list)
    text: bytes = b""
    log: float = 0.0


@dataclass(slots=True, eq=False)
class _Going:
    """A request under way, with the sequences that are its own."""

    person: int
    job: Job
    sequences: list[int]
    rows: Sequence[Row] = ()


class LlamaCpp:
    """One model in one of llama.cpp's formats. Raises `ImportError` where the package is not installed."""

    def __init__(self, path: Path, name: str, threads: int) -> None:
        import llama_cpp

        self.name = f"llama.cpp {name}"
        self._api: Any = llama_cpp
        model = llama_cpp.llama_model_load_from_file(str(path).encode(), llama_cpp.llama_model_default_params())
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx, settings.n_batch, settings.n_ubatch = _CONTEXT, _BATCH, _BATCH
        settings.n_seq_max = min(_SEQUENCES, llama_cpp.llama_max_parallel_sequences())
        settings.n_threads = settings.n_threads_batch = threads
        settings.kv_unified = True
        self._context = llama_cpp.llama_init_from_model(model, settings)
        if not self._context:
            raise RunFailed(f"llama.cpp could not open {path}")
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._vocabulary = llama_cpp.llama_model_get_vocab(model)
        self._words = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        self._batch = llama_cpp.llama_batch_init(_BATCH, 0, settings.n_seq_max)
        self._free = list(range(settings.n_seq_max))
        self._prompts: OrderedDict[int, list[int]] = OrderedDict()
        """The tokens of each kept sequence, the one unused for longest first."""
        self._being_read: list[list[int]] = []

    def replay(self, trace: Trace) -> int:
        """Answer a trace, each person's questions one after another; return how many tokens were generated."""
        left = [iter(questions) for questions in trace.people]
        missing = [0] * len(left)
        waiting: deque[tuple[int, Asked]] = deque()
        going: list[_Going] = []
        generated = 0

        def ask(person: int) -> None:
            question = next(left[person], None)
            for request in question.requests if question else ():
                waiting.append((person, request))
                missing[person] += 1

        for person in range(len(left)):
            ask(person)
        while waiting or going:
            while waiting and (begun := self._begun(*waiting[0])):
                waiting.popleft()
                going.append(begun)
            chosen = _chosen(going)
            logits = iter(self._decode([row for entry in chosen for row in entry.rows]))
            for entry in chosen:
                try:
                    entry.rows = entry.job.send([next(logits) for row in entry.rows if row[3]])
                except StopIteration as end:
                    generated += end.value
                    self._end(entry)
                    going.remove(entry)
                    missing[entry.person] -= 1
                    if not missing[entry.person]:
                        ask(entry.person)
        return generated

    def _begun(self, person: int, request: Asked) -> _Going | None:
        """Begin a request if there are sequences enough, letting kept prompts go for it."""
        needed = samples(request) + 2 if isinstance(request, Write) else _sequences(request)
        if len(self._free) + len(self._prompts) < needed:
            return None
        self._keep(len(self._prompts) - max(0, needed - len(self._free)))
        sequences = [self._free.pop() for _ in range(needed)]
        job = self._write(request, sequences) if isinstance(request, Write) else self._choose(request, sequences)
        return _Going(person, job, sequences, next(job))

    def _end(self, entry: _Going) -> None:
        for sequence in entry.sequences:
            self._drop(sequence)
        self._keep(_KEPT)

    def _keep(self, most: int) -> None:
        """Let kept prompts go, except for so many."""
        while len(self._prompts) > most:
            self._drop(self._prompts.popitem(last=False)[0])

    def _choose(self, request: Choose | Rate, sequences: list[int]) -> Job:
        for ask in questions(request):
            yield from self._score("".join(ask.context), [self._tokens(text) for text in ask.texts], sequences)
        return 0

    def _write(self, request: Write, sequences: list[int]) -> Job:
        source, start, logits = yield from self._read(prompt(request), sequences)
        strands = [_Strand(sequence, index) for index, sequence in enumerate(sequences[: samples(request)])]
        for strand in strands:
            self._copy(source, strand.sequence)
            self._draw(request, strand, logits)
        while living := [strand for strand in strands if self._goes_on(request, strand)]:
            rows = [(s.tokens[-1], start + len(s.tokens) - 1, (s.sequence,), True) for s in living]
            for strand, logits in zip(living, (yield rows), strict=True):
                self._draw(request, strand, logits)
        if contrast(request):
            yield from self._score(contrast(request), [strand.tokens for strand in strands], sequences)
        return sum(len(strand.tokens) for strand in strands)

    def _draw(self, request: Write, strand: _Strand, logits: Logits) -> None:
        chance = uniform(request.seed, strand.index, len(strand.tokens))
        token = draw(logits, None, request.temperature, request.top_p, chance)
        assert token is not None
        strand.log += float(_logs(logits, [token])[0])
        strand.tokens.append(token)
        strand.text += self._piece(token)

    def _goes_on(self, request: Write, strand: _Strand) -> bool:
        over = self._api.llama_vocab_is_eog(self._vocabulary, strand.tokens[-1])
        over = over or is_over(request, strand.text.decode("utf-8", "replace"))
        return not over and len(strand.tokens) < request.max_tokens

    def _read(self, text: str, sequences: list[int]) -> Generator[Sequence[Row], list[Logits], tuple[int, int, Logits]]:
        """Read a text after the longest beginning of it that is kept; return its sequence, length and last logits.

        The sequence is the last of `sequences`, and is kept.
        """
        tokens, sequence = self._tokens(text), sequences.pop()
        while any(_common(tokens, other) >= self._longest(tokens)[1] + _WORTH for other in self._being_read):
            yield ()
        kept, shared = self._longest(tokens)
        if shared:
            self._copy(kept, sequence, shared)
            self._prompts.move_to_end(kept)
        self._being_read.append(tokens)
        rows = [(token, at, (sequence,), at == len(tokens) - 1) for at, token in enumerate(tokens)][shared:]
        logits: list[Logits] = []
        for start in range(0, len(rows), _PIECE):
            logits = yield rows[start : start + _PIECE]
        self._being_read.remove(tokens)
        self._prompts[sequence] = tokens
        return sequence, len(tokens), logits[-1]

    def _longest(self, tokens: Sequence[int]) -> tuple[int, int]:
        """Return the kept sequence that begins most like some tokens, and how many of them it spares."""
        best, shared = -1, 0
        for sequence, kept in self._prompts.items():
            if (count := _common(tokens[:-1], kept)) > shared:
                best, shared = sequence, count
        return best, shared

    def _score(
        self, text: str, continuations: Sequence[Sequence[int]], sequences: list[int]
    ) -> Generator[Sequence[Row], list[Logits], None]:
        """Compute the log-probability of each token of some continuations of a text, equal beginnings once."""
        source, start, logits = yield from self._read(text, sequences)
        owners: dict[tuple[int, ...], list[int]] = {}
        following: dict[tuple[int, ...], list[int]] = {}
        for sequence, continuation in zip(sequences, continuations, strict=False):
            self._clear(sequence)
            self._copy(source, sequence)
            for at, token in enumerate(continuation):
                before = tuple(continuation[:at])
                owners.setdefault((*before, token), []).append(sequence)
                following.setdefault(before, []).append(token)
        _logs(logits, following.pop(()))
        nodes = sorted(owners, key=len)
        rows = [(node[-1], start + len(node) - 1, tuple(owners[node]), node in following) for node in nodes]
        for place in range(0, len(rows), _PIECE):
            asked = [node for node in nodes[place : place + _PIECE] if node in following]
            for node, logits in zip(asked, (yield rows[place : place + _PIECE]), strict=True):
                _logs(logits, following[node])

    def _decode(self, rows: Sequence[Row]) -> list[Logits]:
        """Compute rows in one batch; return the logits asked for, which are there until the next batch."""
        if not rows:
            return []
        batch = self._batch
        batch.n_tokens = len(rows)
        for i, (token, position, sequences, wanted) in enumerate(rows):
            batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = token, position, len(sequences), wanted
            for place, sequence in enumerate(sequences):
                batch.seq_id[i][place] = sequence
        if status := self._api.llama_decode(self._context, batch):
            raise RunFailed(f"llama.cpp: llama_decode returned {status}")
        get = self._api.llama_get_logits_ith
        wanted_rows = (i for i, row in enumerate(rows) if row[3])
        return [np.ctypeslib.as_array(get(self._context, i), (self._words,)) for i in wanted_rows]

    def _tokens(self, text: str) -> list[int]:
        data = text.encode()
        room = (self._api.llama_token * (len(data) + 8))()
        count = self._api.llama_tokenize(self._vocabulary, data, len(data), room, len(data) + 8, False, False)
        return list(room[:count]) or [0]

    def _piece(self, token: int) -> bytes:
        room = ctypes.create_string_buffer(64)
        count = self._api.llama_token_to_piece(self._vocabulary, token, room, 64, 0, False)
        return room.raw[: max(0, count)]

    def _copy(self, source: int, to: int, end: int = -1) -> None:
        self._api.llama_memory_seq_cp(self._memory, source, to, 0, end)

    def _clear(self, sequence: int) -> None:
        self._api.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def _drop(self, sequence: int) -> None:
        self._clear(sequence)
        self._free.append(sequence)


def _chosen(going: Sequence[_Going]) -> list[_Going]:
    """Return whose rows go into the next batch: small wishes first, so texts under way always advance."""
    chosen, room = [], _BATCH
    for entry in sorted(going, key=lambda entry: len(entry.rows)):
        if len(entry.rows) <= room:
            chosen.append(entry)
            room -= len(entry.rows)
    return chosen


def _sequences(request: Choose | Rate) -> int:
    """Return how many sequences a choice needs: one for each context, which is kept, and one for each text."""
    asks = questions(request)
    return len(asks) + max(len(ask.texts) for ask in asks)


def _common(tokens: Sequence[int], others: Sequence[int]) -> int:
    """Return how many tokens two texts have in common at their beginnings."""
    pairs = enumerate(zip(tokens, others, strict=False))
    return next((at for at, (mine, theirs) in pairs if mine != theirs), min(len(tokens), len(others)))


def _logs(logits: Logits, tokens: Sequence[int]) -> Logits:
    """Return the log-probabilities of some tokens."""
    highest = logits.max()
    found: Logits = logits[list(tokens)] - highest - np.log(np.exp(logits - highest).sum())
    return found


def convert(path: Path, to: Path, name: str) -> Path:
    """Write a GGUF file in another of `FORMATS`; return where it is."""
    import llama_cpp

    settings = llama_cpp.llama_model_quantize_default_params()
    settings.ftype, settings.allow_requantize = FORMATS[name], True
    if llama_cpp.llama_model_quantize(str(path).encode(), str(to).encode(), ctypes.byref(settings)):
        raise RunFailed(f"llama.cpp could not convert {path} to {name}")
    return to
