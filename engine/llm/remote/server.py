"""A server as this project meets it: its three calls, and what it turned out not to be able to do.

Servers that speak OpenAI's interface differ in which of its parameters they know. Nobody is asked beforehand: the first
call of a kind says all that it would like; what the server does not want is left out from then on. So finding out costs
a call or two, once.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelUnavailable
from engine.llm.remote.replies import Drawn, Told, read_chat, read_completion, read_vectors
from engine.llm.remote.wire import MODELS, Patience, Refused, Trouble, Wire
from engine.llm.requests import DIMENSIONS, Usage

Payload = dict[str, Any]
T = TypeVar("T")

_OPTIONAL: Final = (
    "response_format",
    "structured_outputs",
    "logprobs",
    "top_logprobs",
    "n",
    "seed",
    "top_p",
    "stop",
    "temperature",
    "dimensions",
)
_RARE: Final = frozenset({"response_format", "structured_outputs", "logprobs", "top_logprobs", "n", "seed"})
"""Left out together where a server does not say what it does not want."""
_TOO_LONG: Final = re.compile(r"context (length|size|window)|too (long|many tokens)|reduce the length", re.I)
ECHO: Final = "echo"
_TEXTS_PER_CALL: Final = 32
_LETTERS_PER_TOKEN: Final = 4
"""By which tokens are counted where a server does not count them."""
_HARMLESS: Final = [{"role": "user", "content": "Say hello."}]
_STOPS: Final = 4


class Server:
    """The wire to a server, and what it lacks."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.lacks: set[str] = set()
        """Parameters that it does not know or pays no attention to."""
        self._known: set[tuple[str, frozenset[str]]] = set()
        """Kinds of calls that it has answered."""
        self._turn = asyncio.Lock()

    async def check(self) -> None:
        """Look whether the server is there and takes the key. Raises `ModelUnavailable`."""
        try:
            await self.wire.call(MODELS, None, lambda data: data, Patience(tries=2, waiting=10.0))
        except Refused:
            pass  # it does not list its models
        except Trouble as error:
            raise ModelUnavailable(f"{self.wire.address.url}: {error}") from None

    async def post(self, path: str, payload: Payload, read: Callable[[Any], T], essential: str = "") -> T:
        """Call with as much of `payload` as the server wants, or not at all without the parameter `essential`.

        Raises `Refused`, `Trouble` and `ModelUnavailable`.
        """
        if (path, frozenset(self._fitted(payload))) in self._known:
            return await self.wire.call(path, self._fitted(payload), read)
        async with self._turn:  # the others wait for what the first one finds out
            return await self._learn(path, payload, read, essential)

    async def _learn(self, path: str, payload: Payload, read: Callable[[Any], T], essential: str) -> T:
        without: set[str] = set()
        while True:
            if essential in self.lacks:
                raise Refused(501, f"it lacks '{essential}'")
            sent = self._fitted(payload, without)
            try:
                reply = await self.wire.call(path, sent, read)
            except Refused as refusal:
                if essential and not is_too_long(refusal):
                    self.lacks.add(essential)
                    continue
                more = _blamed(refusal, sent)
                if not more:
                    raise self._judged(path, refusal) from None
                without |= more
            else:
                self.lacks |= without
                self._known.add((path, frozenset(sent)))
                return reply

    def _judged(self, path: str, refusal: Refused) -> Exception:
        """A server that has never answered a call refuses every one, whatever it is about."""
        url = self.wire.address.url
        if refusal.status in (404, 405, 501):
            return ModelUnavailable(f"{url}: the server has no {path} (a base URL usually ends with /v1)")
        if is_too_long(refusal) or any(known == path for known, _ in self._known):
            return refusal
        return ModelUnavailable(f"{url}: {refusal}")

    def _fitted(self, payload: Payload, without: Set[str] = frozenset()) -> Payload:
        left_out = self.lacks | without
        names = {"max_tokens": "max_completion_tokens"} if "max_tokens" in left_out else {}
        return {
            names.get(name, name): value
            for name, value in payload.items()
            if name not in left_out or name == "max_tokens"
        }

    async def manages(self, call: str) -> bool:
        """Whether it answers something harmless now: then what it failed at is to blame itself."""
        address = self.wire.address
        payload: Payload = {"model": address.model, "max_tokens": 1}
        read: Callable[[Any], object] = read_completion
        match call:
            case "/chat/completions":
                payload["messages"], read = _HARMLESS, read_chat
            case "/completions":
                payload["prompt"] = "Hello"
            case _:
                payload, read = {"model": address.embedding, "input": ["hello"]}, partial(read_vectors, count=1)
        try:
            await self.wire.call(call, self._fitted(payload), read, Patience(tries=1))
        except (Trouble, ModelUnavailable):
            return False
        except Refused:
            pass  # that is an answer, too
        return True


def is_too_long(refusal: Refused) -> bool:
    """Whether a call was refused because its prompt is too long."""
    return refusal.status == 413 or bool(_TOO_LONG.search(f"{refusal.message} {refusal.code.replace('_', ' ')}"))


def _blamed(refusal: Refused, sent: Mapping[str, Any]) -> set[str]:
    """Return the parameters that a call may be refused for and can do without."""
    if refusal.status not in (400, 422, 501) or is_too_long(refusal):
        return set()
    if "max_tokens" in sent and "max_completion_tokens" in refusal.message:
        return {"max_tokens"}
    optional = [name for name in _OPTIONAL if name in sent]
    at_fault = re.split(r"[.\[]", refusal.parameter)[0]
    named = {name for name in optional if name == at_fault}
    named = named or {name for name in optional if re.search(_mention(name), refusal.message)}
    if named & {"logprobs", "top_logprobs"}:
        named |= {"logprobs", "top_logprobs"} & set(optional)
    return named or set(optional) & _RARE


def _mention(name: str) -> str:
    return rf"['\"`]{name}['\"`]" if len(name) < 3 else rf"\b{name}\b"


@dataclass(slots=True)
class Errand:
    """All calls for one request, and what they cost together."""

    server: Server
    usage: Usage = field(default_factory=Usage)
    last: str = ""
    """The path of the call made last."""

    async def chat(self, system: str, user: str, *, samples: int = 1, seed: int = 0, **options: Any) -> list[Drawn]:
        """Let an assistant answer, `samples` times."""
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        payload = {"messages": messages, **options}
        return await self._draw("/chat/completions", payload, read_chat, len(system) + len(user), samples, seed)

    async def continue_text(self, prompt: str, *, samples: int = 1, seed: int = 0, **options: Any) -> list[Drawn]:
        """Let a model continue a text, `samples` times."""
        payload = {"prompt": prompt, **options}
        return await self._draw("/completions", payload, read_completion, len(prompt), samples, seed)

    async def _draw(
        self, path: str, payload: Payload, read: Callable[[Any], Told], letters: int, samples: int, seed: int
    ) -> list[Drawn]:
        server = self.server
        payload = {"model": server.wire.address.model, **payload}
        if payload.get("stop"):
            payload["stop"] = list(payload["stop"])[:_STOPS]
        drawn: list[Drawn] = []
        if samples == 1 or "n" not in server.lacks:
            together = {"n": samples} if samples > 1 else {}
            drawn = await self._told(path, {**payload, **together, "seed": sub_seed(seed, 0)}, read, letters)
            if len(drawn) < samples:
                server.lacks.add("n")
        if len(drawn) < samples:
            singly = range(len(drawn), samples)
            calls = [self._told(path, {**payload, "seed": sub_seed(seed, i)}, read, letters) for i in singly]
            for more in await asyncio.gather(*calls):
                drawn += more[:1]
        if payload.get("logprobs") and all(text.logs is None for text in drawn):
            server.lacks |= {"logprobs", "top_logprobs"}
        return drawn[:samples]

    async def echo(self, prompts: Sequence[str]) -> list[Drawn]:
        """Let a model read texts: `Drawn.logs` are those of the texts themselves (and of one token more)."""
        model = self.server.wire.address.model
        found: list[Drawn] = []
        for start in range(0, len(prompts), _TEXTS_PER_CALL):
            some = list(prompts[start : start + _TEXTS_PER_CALL])
            payload = {"model": model, "prompt": some, "max_tokens": 1, "temperature": 0.0}
            payload |= {"echo": True, "logprobs": 1}
            told = await self._told("/completions", payload, read_completion, sum(map(len, some)), ECHO)
            if len(told) != len(some):
                raise Refused(501, "it does not read several texts in one call")
            found += told
        return found

    async def _told(
        self, path: str, payload: Payload, read: Callable[[Any], Told], letters: int, essential: str = ""
    ) -> list[Drawn]:
        self.last = path
        told = await self.server.post(path, payload, read, essential)
        counted = Usage(letters // _LETTERS_PER_TOKEN, letters // _LETTERS_PER_TOKEN, 0)
        counted += Usage(generated=sum(1 + len(text.text) // _LETTERS_PER_TOKEN for text in told.texts))
        self.usage += told.usage or counted
        return list(told.texts)

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the meanings of texts as unit vectors [texts, DIMENSIONS]. Raises `ModelUnavailable` for others."""
        self.last = path = "/embeddings"
        address = self.server.wire.address
        parts = []
        for start in range(0, len(texts), _TEXTS_PER_CALL):
            some = [text or " " for text in texts[start : start + _TEXTS_PER_CALL]]  # servers refuse empty texts
            payload = {"model": address.embedding, "input": some, "dimensions": DIMENSIONS}
            array, usage = await self.server.post(path, payload, partial(read_vectors, count=len(some)))
            letters = sum(map(len, some)) // _LETTERS_PER_TOKEN
            self.usage += usage or Usage(letters, letters, 0)
            parts.append(_with_dimensions(array, address.embedding))
        return np.concatenate(parts)


def _with_dimensions(array: NDArray[np.float32], model: str) -> NDArray[np.float32]:
    """Return vectors of `DIMENSIONS`; zeros at the end of shorter ones change no angle between them."""
    missing = DIMENSIONS - array.shape[1]
    if missing < 0:
        problem = f"gives {array.shape[1]} numbers per text and cannot be asked for fewer"
        raise ModelUnavailable(f"the embedding model '{model}' {problem}: meanings have at most {DIMENSIONS} here")
    return np.pad(array, ((0, 0), (0, missing)))


def sub_seed(seed: int, index: int) -> int:
    """Return the seed of a call for one of several samples, in the 31 bits that every server takes."""
    digest = hashlib.blake2b(f"{seed}/{index}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "little") >> 1
