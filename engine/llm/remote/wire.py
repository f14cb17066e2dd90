"""HTTP to one server: a bounded number of calls at once, each of bounded time and size, tried again where that helps.

What goes wrong is one of three things. `Refused`: the server does not want this call. `Trouble`: it did not manage to
answer, however often it was asked. `ModelUnavailable`: nothing that is asked now will be answered.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

import httpx

from engine.errors import BadInput, ModelUnavailable
from engine.llm.remote.address import Address
from engine.llm.remote.key import VARIABLE, Key
from engine.untrusted import printable

MOST_BYTES: Final = 8 * 1024 * 1024
"""The largest answer that is read."""
MODELS: Final = "/models"
_QUOTED: Final = 200
_CONNECTING: Final = 10.0
_RATE: Final = (429, 503)
_PASSING: Final = (408, 409, 425)
_PROXIES: Final = "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY"

T = TypeVar("T")


class Refused(Exception):
    """The server does not want a call: it, or something in it, is not to its liking."""

    def __init__(self, status: int, message: str, code: str = "", parameter: str = "") -> None:
        super().__init__(f"the server refused it ({status}{f': {message}' if message else ''})")
        self.status = status
        self.message = message
        self.code = code
        self.parameter = parameter


class Trouble(Exception):
    """The server did not manage to answer. Another try may help, after `after` seconds where it says so."""

    def __init__(
        self, detail: str, *, after: float | None = None, busy: bool = False, cut_off: bool = False, once: bool = False
    ) -> None:
        super().__init__(detail)
        self.after = after
        self.busy = busy
        """Whether it asks everybody to wait."""
        self.cut_off = cut_off
        """Whether there is no way to it."""
        self.once = once
        """Whether it makes no sense to try again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is tried, and how long it waits: pauses double from `first` to `longest` seconds.

    Being told to wait does not count as a try; all pauses together last at most `waiting` seconds.
    """

    tries: int = 5
    first: float = 0.5
    longest: float = 30.0
    waiting: float = 600.0


class Wire:
    """The way to a server. Its calls belong to one event loop.

    Raises `BadInput` when nothing can be called at its address, or by the proxies and certificates of the environment.
    """

    def __init__(
        self,
        address: Address,
        key: Key,
        transport: httpx.AsyncBaseTransport | None = None,
        patience: Patience | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.address = address
        self.key = key
        self._patience = patience or Patience()
        self._sleep = sleep
        self._slots = asyncio.Semaphore(address.at_once)
        self._not_before = 0.0
        self._dice = random.Random()  # for pauses only: nothing that is recorded depends on them
        self._client = _client(address, key, transport)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def call(self, path: str, payload: object, read: Callable[[Any], T], patience: Patience | None = None) -> T:
        """Post `payload` (None: get) and return what `read` makes of the JSON that comes back.

        `read` raises `ValueError` about an answer that is none. Raises `Refused`, `Trouble` and `ModelUnavailable`.
        """
        patience = patience or self._patience
        tries = pauses = 0
        waited = 0.0
        while True:
            try:
                return await self._once(path, payload, read)
            except Trouble as trouble:
                tries += not trouble.busy
                pause = self._pause(trouble, pauses, patience)
                if trouble.once or tries >= patience.tries or waited + pause > patience.waiting:
                    if trouble.busy or trouble.cut_off:
                        raise ModelUnavailable(f"{self.address.url}: {trouble}") from None
                    raise
                if trouble.busy:
                    self._not_before = max(self._not_before, time.monotonic() + pause)
            pauses += 1
            waited += pause
            await self._sleep(pause)

    def _pause(self, trouble: Trouble, pauses: int, patience: Patience) -> float:
        growing = min(patience.longest, patience.first * 2.0 ** min(pauses, 30))
        return max(growing * self._dice.uniform(0.5, 1.0), trouble.after or 0.0)

    async def _once(self, path: str, payload: object, read: Callable[[Any], T]) -> T:
        async with self._slots:
            if (left := self._not_before - time.monotonic()) > 0:
                await self._sleep(left * self._dice.uniform(1.0, 1.2))
            status, headers, body = await self._exchange(path, payload)
        text = self.key.scrub(body.decode("utf-8", "replace"))
        if not 200 <= status < 300:
            raise self._refusal(path, status, headers, text)
        try:
            return read(json.loads(text))
        except RecursionError:
            raise Trouble("its answer is nested too deeply") from None
        except ValueError as error:
            what = "is no JSON" if isinstance(error, json.JSONDecodeError) else f"is unusable: {error}"
            raise Trouble(f"its answer {what}"[:_QUOTED]) from None

    async def _exchange(self, path: str, payload: object) -> tuple[int, httpx.Headers, bytes]:
        """Send a call and read its answer, in bounded time and memory."""
        content = None if payload is None else json.dumps(payload).encode("ascii")
        method, url = "GET" if content is None else "POST", f"{self.address.url}{path}"
        try:
            async with (
                asyncio.timeout(self.address.timeout),  # all in all: a server may also send for ever
                self._client.stream(method, url, content=content) as response,
            ):
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    raise Trouble("its answer is compressed, although that was not asked for", once=True)
                body = bytearray()
                async for piece in response.aiter_raw():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise Trouble(f"its answer is larger than {MOST_BYTES >> 20} MiB", once=True)
                return response.status_code, response.headers, bytes(body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            reason = str(error) or "no answer to the attempt to connect"
            raise Trouble(f"cannot be reached: {_quoted(reason)}", cut_off=True) from None
        except (httpx.TimeoutException, TimeoutError):
            raise Trouble(f"did not answer within {self.address.timeout:g} s") from None
        except httpx.HTTPError as error:
            raise Trouble(f"the connection broke: {_quoted(str(error)) or type(error).__name__}") from None

    def _refusal(self, path: str, status: int, headers: httpx.Headers, body: str) -> Exception:
        """Return the error that an answer with a status other than 2xx stands for."""
        message, code, parameter = _explained(body)
        said = f"{status}{f', {message}' if message else ''}"
        url = self.address.url
        if status == 401:
            problem = f"refuses the key in {VARIABLE}" if self.key else f"wants a key: set {VARIABLE}"
            return ModelUnavailable(f"{url}: the server {problem} ({said})")
        if status in (402, 403) and path != MODELS:  # a key may be good for asking models and not for listing them
            return ModelUnavailable(f"{url}: the server does not allow this, with the key in {VARIABLE} ({said})")
        if 300 <= status < 400:
            return ModelUnavailable(f"{url}: the server redirects elsewhere ({status}); give the address that it names")
        if status == 404 and _is_about_model(message, code, self.address):
            return ModelUnavailable(f"{url}: the server does not know the model ({said})")
        if status == 429 and "quota" in code:
            return ModelUnavailable(f"{url}: the quota is spent ({said})")
        if status in _RATE and (status == 429 or "Retry-After" in headers):
            return Trouble(f"asks to wait for longer than makes sense ({said})", after=_wait(headers), busy=True)
        if status in _PASSING or (status >= 500 and status != 501):
            return Trouble(f"failed ({said})", after=_wait(headers))
        return Refused(status, message, code, parameter)


def _client(address: Address, key: Key, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Return what calls a server. What the environment holds may be secret, so messages do not repeat it."""
    try:
        httpx.Request("GET", address.url)
    except (httpx.InvalidURL, ValueError) as error:
        raise BadInput("--model", f"its base URL is none: {_quoted(str(error))}") from None
    try:
        return httpx.AsyncClient(
            # Compressed, a few bytes could stand for any number.
            headers={"Accept-Encoding": "identity", "Content-Type": "application/json", **key.headers()},
            timeout=httpx.Timeout(address.timeout, connect=min(_CONNECTING, address.timeout), pool=None),
            limits=httpx.Limits(max_connections=address.at_once),
            transport=transport,
            trust_env=not address.is_loopback,  # this machine is not reached through a proxy
        )
    except ImportError:
        problem = "names a SOCKS proxy, which takes a package that is missing (pip install 'httpx[socks]')"
        raise BadInput(_PROXIES, problem) from None
    except OSError as error:
        problem = f"names no certificates that can be read ({_quoted(error.strerror or str(error))})"
        raise BadInput("SSL_CERT_FILE or SSL_CERT_DIR", problem) from None
    except (httpx.InvalidURL, ValueError):
        raise BadInput(_PROXIES, "names no proxy that can be used (allowed: http:// or https:// and a host)") from None


def _is_about_model(message: str, code: str, address: Address) -> bool:
    named = address.model in message or (address.embedding and address.embedding in message)
    return "model" in code or bool(named and "model" in message.casefold())


def _explained(body: str) -> tuple[str, str, str]:
    """Return message, code and parameter of an error, in whichever of the usual forms it comes."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return _quoted(body) if not body.lstrip().startswith("<") else "", "", ""
    error = data.get("error", data) if isinstance(data, dict) else data
    if not isinstance(error, dict):
        return _quoted(str(error)[: 4 * _QUOTED]), "", ""
    message = error.get("message") or error.get("detail") or ""
    return _quoted(str(message)[: 4 * _QUOTED]), _quoted(str(error.get("code") or "")), str(error.get("param") or "")


def _quoted(text: str) -> str:
    """Return the beginning of a text from outside on one plain line."""
    plain = " ".join(printable(text[: 4 * _QUOTED]).split())
    return plain if len(plain) <= _QUOTED else f"{plain[:_QUOTED]} …"


def _wait(headers: httpx.Headers) -> float | None:
    """Return the seconds that a server asks to wait, if it does."""
    for name, unit in (("Retry-After-Ms", 1e-3), ("Retry-After", 1.0)):
        text = headers.get(name, "").strip()
        if text.isascii() and text.replace(".", "", 1).isdigit():
            return min(float(text), 1e9) * unit
    try:
        return max(0.0, parsedate_to_datetime(headers.get("Retry-After", "")).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
