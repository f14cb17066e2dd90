"""The paths of the server, and what happens between a call and its answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

import numpy as np
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from engine.errors import BadInput
from engine.llm.embedded import EmbeddedBackend
from engine.llm.embedding import WINDOW
from engine.llm.inventory import SENTENCE_ENCODER
from engine.llm.matching import json_grammar, pattern_grammar
from engine.llm.requests import DIMENSIONS, Usage
from engine.llm.serving import answers
from engine.llm.serving.answers import Json
from engine.llm.serving.chat import Chat, Turn
from engine.llm.serving.exchange import Exchange, Piece
from engine.llm.serving.floor import MOST_TOKENS, Busy, Floor
from engine.llm.serving.jobs import Generation, Order, Tokens
from engine.llm.serving.track import Sampling
from engine.llm.serving.wishes import ChatWish, Flaw, MeaningWish, TextWish, Wish, read_wish

MOST_BYTES: Final = 1 << 20
_READ_SECONDS: Final = 30.0
_CHAT_TOKENS: Final = 1024
_TEXT_TOKENS: Final = 16
_GONE: Final = 499


class Api:
    """Answers calls with one model, under one name."""

    def __init__(self, backend: EmbeddedBackend, name: str, floor: Floor, hosts: frozenset[str] | None) -> None:
        """Take a model. Calls are answered if they are addressed to one of `hosts` (None: to any)."""
        self._backend = backend
        self._name = name
        self._floor = floor
        self._hosts = hosts
        self._tokenizer = backend.contexts.tokenizer
        self._chat = Chat(self._tokenizer, backend.chat)
        self._fingerprint = f"fp_{hashlib.blake2b(backend.identity.encode(), digest_size=6).hexdigest()}"

    def app(self) -> Starlette:
        """Return the application."""
        routes = [
            Route("/health", self._answering(self._health)),
            Route("/v1/models", self._answering(self._models)),
            Route("/v1/models/{name:path}", self._answering(self._model)),
            Route("/v1/chat/completions", self._answering(self._talk), methods=["POST"]),
            Route("/v1/completions", self._answering(self._continue), methods=["POST"]),
            Route("/v1/embeddings", self._answering(self._embed), methods=["POST"]),
        ]
        return Starlette(routes=routes, exception_handlers={404: _no_path, 405: _no_path})

    def _answering(self, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Let `answer` answer a call, and say in OpenAI's words what is wrong with it."""

        async def endpoint(request: Request) -> Response:
            try:
                self._check_host(request)
                return await answer(request)
            except Flaw as flaw:
                return _refusal(flaw)
            except Busy:
                return _refusal(Flaw("too much waits already", status=429, code="rate_limit_exceeded"), wait=1)
            except ClientDisconnect:
                return Response(status_code=_GONE)
            except Exception as error:  # noqa: BLE001 (the boundary of a call: it fails alone, and in OpenAI's words)
                return _refusal(_bug(error))

        return endpoint

    def _check_host(self, request: Request) -> None:
        """Refuse what a web page made a browser send here under a name that leads to this machine."""
        host = request.headers.get("Host", "")
        name = host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdecimal() else host
        if self._hosts is not None and name.casefold() not in self._hosts:
            raise Flaw("this server is not addressed by that name", status=421)

    async def _health(self, _: Request) -> Response:
        floor = self._floor
        state = {"waiting": floor.waiting, "under_way": floor.under_way, "answered": floor.answered}
        return JSONResponse({"status": "ok", "model": self._backend.identity, **state})

    async def _models(self, _: Request) -> Response:
        return JSONResponse({"object": "list", "data": [_about(name) for name in (self._name, SENTENCE_ENCODER.name)]})

    async def _model(self, request: Request) -> Response:
        name = request.path_params["name"]
        self._check_model(name, name if name == SENTENCE_ENCODER.name else self._name)
        return JSONResponse(_about(name))

    def _check_model(self, asked: str, served: str) -> None:
        if asked != served:
            message = f"The model '{asked[:80]}' does not exist here (there is '{served}')"
            raise Flaw(message, "model", 404, "model_not_found")

    async def _talk(self, request: Request) -> Response:
        wish = await _read(request, ChatWish)
        self._check_model(wish.model, self._name)
        turns = [Turn(_role(message.role), message.text) for message in wish.messages]
        try:
            prompt = await asyncio.to_thread(self._chat.prompt, turns)
        except BadInput as error:
            raise Flaw(str(error), "messages") from error
        limit = wish.max_completion_tokens or wish.max_tokens or min(_CHAT_TOKENS, self._room(prompt, wish.n))
        top = wish.top_logprobs or 0
        if top and not wish.logprobs:
            raise Flaw("'top_logprobs' goes with 'logprobs'", "top_logprobs")
        exchange = Exchange()
        job = self._generation(wish, prompt, limit, top, self._chat.stop, exchange, 0)
        self._floor.submit([job])
        logs = bool(wish.logprobs)

        def choice(piece: Piece, name: str, content: Json) -> Json:
            logprobs = answers.chat_logprobs(self._tokenizer, piece.drawn) if logs else None
            return {"index": piece.index, name: content, "logprobs": logprobs, "finish_reason": piece.finish or None}

        if wish.stream:
            begin = answers.head("chatcmpl", "chat.completion.chunk", self._name, self._fingerprint)
            first = [choice(Piece(i, "", (), ""), "delta", {"role": "assistant", "content": ""}) for i in range(wish.n)]

            def delta(piece: Piece) -> Json:
                return choice(piece, "delta", {"content": piece.text} if piece.text else {})

            return _stream(exchange, [job], begin, first, delta, wish.counts_streamed)
        await exchange.finished(request, [job])
        whole = [
            choice(piece, "message", {"role": "assistant", "content": piece.text, "refusal": None})
            for piece in exchange.whole()
        ]
        begin = answers.head("chatcmpl", "chat.completion", self._name, self._fingerprint)
        return JSONResponse({**begin, "choices": whole, "usage": answers.usage(job.usage)})

    async def _continue(self, request: Request) -> Response:
        wish = await _read(request, TextWish)
        self._check_model(wish.model, self._name)
        if wish.best_of not in (None, wish.n):
            raise Flaw("'best_of' is not supported", "best_of", code="unsupported_parameter")
        if wish.stream and wish.echo:
            raise Flaw("'echo' and 'stream' do not go together here", "echo")
        limit = _TEXT_TOKENS if wish.max_tokens is None else wish.max_tokens
        if limit == 0 and not wish.echo:
            raise Flaw("'max_tokens': must be at least 1 without 'echo'", "max_tokens")
        prompts = [self._tokenizer.encode_first(prompt) for prompt in wish.prompts]
        exchange = Exchange()
        top = wish.logprobs or 0
        writing = [
            self._generation(wish, p, limit, top, (), exchange, i * wish.n) for i, p in enumerate(prompts) if limit
        ]
        reading = exchange.reading(tuple(prompts)) if wish.echo and wish.logprobs is not None else None
        if reading is not None and not all(prompts):
            raise Flaw("an empty prompt cannot be read (echo)", "prompt")
        jobs: list[Order] = [reading, *writing] if reading is not None else [*writing]
        self._floor.submit(jobs)

        def choice(piece: Piece) -> Json:
            place = piece.index // wish.n
            before = wish.prompts[place] if wish.echo else ""
            logprobs = None
            if wish.logprobs is not None:
                logprobs = answers.text_logprobs(self._tokenizer, piece.drawn, len(before))
            if reading is not None and logprobs is not None:
                read = answers.read_logprobs(self._tokenizer, before, prompts[place], reading.logs[place])
                logprobs = answers.joined(read, logprobs)
            text = before + piece.text
            return {"index": piece.index, "text": text, "logprobs": logprobs, "finish_reason": piece.finish or None}

        begin = answers.head("cmpl", "text_completion", self._name, self._fingerprint)
        if wish.stream:
            return _stream(exchange, writing, begin, [], choice, wish.counts_streamed)
        if jobs:
            await exchange.finished(request, jobs)
        only_read = [Piece(i, "", (), "length") for i in range(len(prompts) * wish.n)] if not writing else []
        whole = [choice(piece) for piece in only_read or exchange.whole()]
        spent = sum((job.usage for job in writing), Usage())
        if reading is not None:
            # What is read and then continued is one prompt.
            spent = Usage(sum(map(len, prompts)), spent.computed + reading.computed, spent.generated)
        return JSONResponse({**begin, "choices": whole, "usage": answers.usage(spent)})

    async def _embed(self, request: Request) -> Response:
        wish = await _read(request, MeaningWish)
        self._check_model(wish.model, SENTENCE_ENCODER.name)
        if wish.dimensions not in (None, DIMENSIONS):
            raise Flaw(f"its vectors have {DIMENSIONS} dimensions", "dimensions")
        lengths = await asyncio.to_thread(self._backend.lengths, wish.texts)
        for place, length in enumerate(lengths):
            if length > WINDOW:
                message = f"text {place + 1} has {length} tokens, and the encoder reads no more than {WINDOW}"
                raise Flaw(message, "input", code="context_length_exceeded")
        exchange = Exchange()
        job = exchange.meaning(wish.texts)
        self._floor.submit([job])
        await exchange.finished(request, [job])
        vectors = np.concatenate(job.portions)
        return JSONResponse(answers.vectors(SENTENCE_ENCODER.name, vectors, wish.encoding_format, sum(lengths)))

    def _room(self, prompt: Tokens, samples: int) -> int:
        """Return how many tokens may follow a prompt."""
        context = self._backend.contexts.model.config.context
        return max(1, min(context - len(prompt), (MOST_TOKENS - len(prompt)) // samples))

    def _generation(
        self,
        wish: ChatWish | TextWish,
        prompt: Tokens,
        limit: int,
        top: int,
        stop: tuple[str, ...],
        exchange: Exchange,
        index: int,
    ) -> Generation:
        """Return the job for one prompt; its texts are numbered from `index` on. Raises `Flaw`."""
        context = self._backend.contexts.model.config.context
        if len(prompt) + limit > context:
            message = (
                f"This model's maximum context length is {context} tokens: "
                f"the prompt takes {len(prompt)}, and {limit} are to follow"
            )
            raise Flaw(message, "messages", code="context_length_exceeded")
        sampling = Sampling(
            limit,
            1.0 if wish.temperature is None else wish.temperature,
            1.0 if wish.top_p is None else wish.top_p,
            secrets.randbits(31) if wish.seed is None else wish.seed,
            (*wish.stops, *stop),
            top,
        )
        streams = bool(wish.stream)
        job = Generation(prompt, sampling, wish.n, _grammar(wish), lambda job: exchange.tell(job, index, streams))
        if job.size > MOST_TOKENS:
            raise Flaw(f"all samples together must not take more than {MOST_TOKENS} tokens", "n")
        return job


def _stream(
    exchange: Exchange,
    jobs: Sequence[Generation],
    begin: Json,
    first: Sequence[Json],
    choice: Callable[[Piece], Json],
    counts: bool,
) -> Response:
    """Send an answer piece by piece, as server-sent events."""

    async def events() -> AsyncIterator[str]:
        for each in first:
            yield _event({**begin, "choices": [each]})
        try:
            async for piece in exchange.pieces(jobs):
                yield _event({**begin, "choices": [choice(piece)]})
        except Exception as error:  # noqa: BLE001 (see `_answering`)
            yield _event(_told(error if isinstance(error, Flaw) else _bug(error)))
            return
        if counts:
            yield _event({**begin, "choices": [], "usage": answers.usage(sum((job.usage for job in jobs), Usage()))})
        yield "data: [DONE]\n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


def _event(content: Json) -> str:
    return f"data: {json.dumps(content)}\n\n"


async def _read(request: Request, kind: type[Wish]) -> Wish:
    """Read the body of a call. Raises `Flaw`."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().casefold() != "application/json":
        # What a web page may send to anybody without asking has another type.
        raise Flaw("the body must be application/json", status=415)
    body = bytearray()
    try:
        async with asyncio.timeout(_READ_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > MOST_BYTES:
                    raise Flaw(f"the body is larger than {MOST_BYTES >> 20} MiB", status=413)
    except TimeoutError:
        raise Flaw(f"the body did not come within {_READ_SECONDS:g} s", status=408) from None
    return read_wish(kind, bytes(body))


def _grammar(wish: ChatWish | TextWish) -> tuple[str, str] | None:
    form = wish.form
    if form is None:
        return None
    kind, content = form
    if kind == "regex":
        return pattern_grammar(content), "the pattern"
    try:
        return json_grammar(json.dumps(content)), "the schema"
    except (ValueError, TypeError, RecursionError) as error:
        raise Flaw(f"the schema cannot be used: {str(error)[:200]}", "response_format") from None


def _refusal(flaw: Flaw, wait: int | None = None) -> Response:
    headers = None if wait is None else {"Retry-After": str(wait)}
    return JSONResponse(_told(flaw), flaw.status, headers)


def _told(flaw: Flaw) -> Json:
    return answers.error(flaw.message, flaw.status, flaw.parameter, flaw.code)


def _bug(error: Exception) -> Flaw:
    return Flaw(f"{type(error).__name__}: {error}"[:500].encode("ascii", "backslashreplace").decode(), status=500)


async def _no_path(request: Request, _: Exception) -> Response:
    message = f"there is no {request.method} {request.url.path[:100]} here"
    status = 404 if request.method in ("GET", "POST") else 405
    return JSONResponse(answers.error(message, status), status)


def _role(role: str) -> str:
    return "system" if role == "developer" else role


def _about(name: str) -> Json:
    return {"id": name, "object": "model", "created": 0, "owned_by": "thorp"}
