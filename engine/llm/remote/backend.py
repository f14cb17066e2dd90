"""A model behind an OpenAI-compatible server, as a `Correspondent`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Self

import httpx

from engine.errors import EndedEarly, ModelUnavailable
from engine.llm.embedding import Embedding, encoder_name
from engine.llm.inventory import SENTENCE_ENCODER
from engine.llm.remote.address import Address
from engine.llm.remote.background import Background
from engine.llm.remote.choosing import choose, rate
from engine.llm.remote.key import Key
from engine.llm.remote.server import Errand, Server, is_too_long
from engine.llm.remote.wire import Patience, Refused, Trouble, Wire
from engine.llm.remote.writing import write
from engine.llm.requests import (
    Answer,
    Choose,
    Embed,
    Failure,
    FailureKind,
    Hint,
    Rate,
    Reply,
    Request,
    Vectors,
    Write,
)

VERSION: Final = 1
"""Goes up with every change of how a server is asked: it changes answers."""


class RemoteBackend:
    """A `Correspondent`. Make one with `open`, and `close` it.

    What is asked keeps its own time; meanings of texts are computed here unless the address names a model for them.
    An answer that the server cannot give to one request is a `Failure`; where it answers nothing any more, `received`
    raises `ModelUnavailable`, and what had no answer can be asked again.
    """

    def __init__(self, server: Server, background: Background[bytes, Answer], encoder: Embedding | None) -> None:
        self._server = server
        self._background = background
        self._encoder = encoder
        self._failure: EndedEarly | None = None
        address = server.wire.address
        meaning = f"{address.embedding} of the same" if encoder is None else encoder_name()
        self.identity = f"openai/{VERSION} {address.url} {address.model} asked by {address.ask.value} + {meaning}"
        """How a server is asked, its base URL, model and source of meanings.

        Not the `system_fingerprint` that some servers send: it is known only after an answer, and it changes in the
        middle of a run as calls come to other machines, while a recorded reply is wanted for the same request all the
        same. A server is taken at its word that one name is one model.
        """

    @classmethod
    def open(
        cls,
        address: Address,
        key: Key | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        patience: Patience | None = None,
    ) -> Self:
        """Look whether the server is there. `key` is the environment's by default.

        Raises `ModelUnavailable`, and `BadInput` when the key cannot be one or the sentence encoder is missing.
        """
        key = Key.from_environment() if key is None else key
        # One thread: the server may need the cores, and two that wait for each other on busy ones take longer.
        encoder = None if address.embedding else Embedding(SENTENCE_ENCODER.locate(), threads=1)
        server = Server(Wire(address, key, transport, patience))
        backend = cls(server, Background(), encoder)
        try:
            backend._background.run(server.check())
        except BaseException:
            backend.close()
            raise
        return backend

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer all requests. Raises `ModelUnavailable`."""
        keys = [index.to_bytes(8, "little") for index in range(len(requests))]
        self.send(dict(zip(keys, requests, strict=True)))
        found: dict[bytes, Answer] = {}
        while len(found) < len(keys):
            found.update(self.received(1.0))
        return [found[key] for key in keys]

    def expect(self, thoughts: Sequence[float]) -> None:
        """Do nothing: what a server keeps of earlier prompts is its own business."""

    def send(self, asked: Mapping[bytes, Request], hints: Mapping[bytes, Hint] | None = None) -> None:  # noqa: ARG002
        """Ask for something, by its key."""
        for key, request in asked.items():
            if not self._is_local(request):
                self._background.start(key, self._answered(request))
        for key, request in asked.items():
            if self._is_local(request):  # computed while the server is busy with the others
                self._background.put(key, self._computed(request))

    def received(self, wait: float) -> list[tuple[bytes, Answer]]:
        """Return the answers that have come, waiting for the first one up to `wait` seconds.

        Raises `ModelUnavailable` when nothing more will come.
        """
        answers = self._taken(wait if self._failure is None else 0.0)
        if not answers and self._failure is not None:
            raise self._failure
        return answers

    def close(self, grace: float = 0.0) -> list[tuple[bytes, Answer]]:
        """Give up what is under way after `grace` seconds; return what has come by then."""
        self._background.close(self._server.wire.close, grace)
        return self._taken(0.0)

    def _taken(self, wait: float) -> list[tuple[bytes, Answer]]:
        answers = []
        for key, result in self._background.take(wait):
            if isinstance(result, Answer):
                answers.append((key, result))
            elif isinstance(result, EndedEarly):
                self._failure = self._failure or result
            else:
                detail = f"{type(result).__name__}: {self._server.wire.key.scrub(str(result))}"
                answers.append((key, Answer(Failure(FailureKind.BACKEND, detail))))
        return answers

    def _is_local(self, request: Request) -> bool:
        return isinstance(request, Embed) and self._encoder is not None

    def _computed(self, request: Request) -> Answer:
        assert isinstance(request, Embed)
        assert self._encoder is not None
        return self._encoder.answer(request)

    async def _answered(self, request: Request) -> Answer:
        errand = Errand(self._server)
        try:
            reply = await _reply(errand, request)
        except Refused as refusal:
            kind = FailureKind.TOO_LONG if is_too_long(refusal) else FailureKind.BACKEND
            reply = Failure(kind, str(refusal))
        except Trouble as trouble:
            if not await self._server.manages(errand.last):
                raise ModelUnavailable(f"{self._server.wire.address.url}: the server {trouble}") from None
            reply = Failure(FailureKind.BACKEND, f"the server {trouble}, while it answers others")
        return Answer(reply, errand.usage)


async def _reply(errand: Errand, request: Request) -> Reply:
    match request:
        case Write():
            return await write(errand, request)
        case Choose():
            return await choose(errand, request)
        case Rate():
            return await rate(errand, request)
        case Embed():
            return Vectors(await errand.embed(request.texts))
