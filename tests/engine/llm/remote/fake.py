"""A server that answers as it is told to: as a transport for httpx, and as a real one on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from engine.llm.remote.address import Address
from engine.llm.remote.backend import RemoteBackend
from engine.llm.remote.key import Key
from engine.llm.remote.wire import Patience
from engine.llm.scripted import HashingEmbedder

SECRET = "sk-very-secret-0123456789"
URL = "http://models.example/v1"
SHORT = Patience(tries=3, first=0.001, longest=0.004, waiting=1.0)

Json = dict[str, Any]
Say = Callable[[Json, int], str]
Reply = tuple[int, dict[str, str], bytes]


def error(status: int, message: str, **more: object) -> Reply:
    """An error in OpenAI's form."""
    return status, {}, json.dumps({"error": {"message": message, **more}}).encode()


@dataclass
class Fake:
    """A server with a model that says what `say` returns for a call and the index of a sample.

    `refuses` are parameters that it answers with an error, `ignores` those that it pays no attention to; `likely` are
    the log-probabilities of first tokens; `before` may answer a call, or raise, in its place.
    """

    say: Say = lambda _, index: f"It is a fine day number {index}."
    refuses: frozenset[str] = frozenset()
    ignores: frozenset[str] = frozenset()
    likely: dict[str, float] | None = None
    before: Callable[[str, Json], Reply | None] = lambda _, __: None
    calls: list[tuple[str, Json]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> Reply:
        """Answer one call."""
        call: Json = json.loads(body) if body else {}
        self.calls.append((path, dict(call)))
        self.headers.append({name.casefold(): value for name, value in (headers or {}).items()})
        if (told := self.before(path, call)) is not None:
            return told
        for name in sorted(self.refuses & call.keys()):
            return error(400, f"Unsupported parameter: '{name}'.", param=name, code="unsupported_parameter")
        for name in self.ignores:
            call.pop(name, None)
        return 200, {}, json.dumps(self._content(path, call)).encode()

    def _content(self, path: str, call: Json) -> Json:
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 4}}
        match path:
            case "/v1/models":
                return {"data": [{"id": "small"}]}
            case "/v1/embeddings":
                vectors = HashingEmbedder(call.get("dimensions", 768)).embed(call["input"]).tolist()
                data = [{"index": i, "embedding": vector} for i, vector in enumerate(vectors)]
                return {"data": data[::-1], "usage": {"prompt_tokens": 5}}
            case "/v1/chat/completions":
                choices = [self._chat_choice(call, i) for i in range(call.get("n", 1))]
            case _ if call.get("echo"):
                choices = [self._echoed(text, i) for i, text in enumerate(call["prompt"])]
            case _:
                choices = [self._text_choice(call, i) for i in range(call.get("n", 1))]
        return {"choices": choices[::-1], "usage": usage, "system_fingerprint": "fp_1"}

    def _chat_choice(self, call: Json, index: int) -> Json:
        text = self.say(call, index)
        choice: Json = {"index": index, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        if call.get("logprobs"):
            top = [{"token": token, "logprob": log} for token, log in (self.likely or {}).items()]
            first = {"token": text[:1], "logprob": -0.5 - index, "top_logprobs": top}
            choice["logprobs"] = {"content": [first, {"token": text[1:], "logprob": -0.1, "top_logprobs": []}]}
        return choice

    def _text_choice(self, call: Json, index: int) -> Json:
        text = self.say(call, index)
        logprobs = {"token_logprobs": [-0.5 - index, -0.1], "text_offset": [0, 1]} if "logprobs" in call else None
        return {"index": index, "text": text, "logprobs": logprobs}

    def _echoed(self, text: str, index: int) -> Json:
        """Read a text letter by letter: a vowel is as likely as e^-1, another letter as e^-2."""
        logs = [None, *(-1.0 if letter in "aeiou" else -2.0 for letter in text[1:]), -9.0]
        return {
            "index": index,
            "text": f"{text}!",
            "logprobs": {"token_logprobs": logs, "text_offset": [*range(len(logs))]},
        }

    def asked(self, path: str = "chat/completions") -> list[Json]:
        """What was called so far."""
        return [call for called, call in self.calls if called == f"/v1/{path}"]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        status, headers, content = self.answer(request.url.path, request.content, dict(request.headers))
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))

    @contextmanager
    def backend(self, settings: str = "", key: str = SECRET) -> Iterator[RemoteBackend]:
        """A backend that talks with this server without a network."""
        address = Address.parse(f"{URL}#small+meanings{settings}")
        made = RemoteBackend.open(address, Key(key), httpx.MockTransport(self), SHORT)
        try:
            yield made
        finally:
            made.close()

    @contextmanager
    def served(self) -> Iterator[str]:
        """The base URL of this server on this machine."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, headers, content = fake.answer(self.path, body, dict(self.headers))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _answer  # noqa: N815

            def log_message(self, *_: object) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
