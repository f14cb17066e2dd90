"""What goes wrong between here and a server: what is tried again, what fails alone, and what ends a run."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Coroutine
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from engine.errors import BadInput, ModelUnavailable
from engine.llm.remote.address import Address
from engine.llm.remote.key import Key
from engine.llm.remote.wire import MOST_BYTES, Patience, Trouble, Wire
from engine.llm.requests import Failure, FailureKind, Texts, Write
from tests.engine.llm.remote.fake import SECRET, URL, Fake, Json, Reply, error

Before = Callable[[str, Json], Reply | None]
ANY = Write("w", ("A text.",))


class Slept:
    """Sleeps for no time and remembers for how long."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


def run(
    handler: Callable[[httpx.Request], httpx.Response]
    | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]],
    slept: Slept | None = None,
    patience: Patience | None = None,
    settings: str = "",
    calls: int = 1,
) -> list[Any]:
    """Make calls over a wire; their results."""

    async def streaming(request: httpx.Request) -> httpx.Response:
        response = handler(request)
        response = response if isinstance(response, httpx.Response) else await response
        if not response.is_stream_consumed:
            return response
        # As a transport gives it: not read yet.
        stream = httpx.ByteStream(response.content)
        return httpx.Response(response.status_code, headers=response.headers, stream=stream)

    async def all_calls() -> list[Any]:
        address = Address.parse(f"{URL}#small{settings}")
        wire = Wire(address, Key(SECRET), httpx.MockTransport(streaming), patience, slept or Slept())
        try:
            return await asyncio.gather(*(wire.call("/x", {"number": i}, lambda data: data) for i in range(calls)))
        finally:
            await wire.close()

    return asyncio.run(all_calls())


def always(told: Reply) -> Before:
    """Answer every call for a text in this way."""
    return lambda path, _: told if "chat" in path else None


def failing(times: int, status: int, **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    left = [times]

    def handler(_: httpx.Request) -> httpx.Response:
        left[0] -= 1
        return httpx.Response(status, headers=headers, text="busy") if left[0] >= 0 else httpx.Response(200, json=[1])

    return handler


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 529])
def test_what_may_pass_is_tried_again_with_growing_pauses(status: int) -> None:
    slept = Slept()
    assert run(failing(4, status), slept) == [[1]]
    assert len(slept.pauses) == 4
    for number, pause in enumerate(slept.pauses):
        assert 0.25 * 2**number <= pause <= 0.5 * 2**number
    with pytest.raises(Trouble, match=f"failed \\({status}, busy\\)"):
        run(failing(5, status))


def test_pauses_take_nobody_elses_dice() -> None:
    random.seed(1)
    before = random.getstate()
    run(failing(3, 500))
    assert random.getstate() == before


def test_a_server_that_asks_to_wait_is_waited_for_as_long_as_it_says_and_by_everybody() -> None:
    slept = Slept()
    assert run(failing(7, 429, **{"Retry-After": "7"}), slept) == [[1]]
    waits = [pause for pause in slept.pauses if pause >= 7]
    assert len(waits) >= 7
    slept = Slept()
    run(failing(1, 429, **{"Retry-After-Ms": "2500"}), slept, calls=3, settings=",at-once=1")
    assert len([pause for pause in slept.pauses if pause > 2.4]) >= 3, "the others wait too"
    slept = Slept()
    run(failing(1, 503, **{"Retry-After": formatdate(time.time() + 20, usegmt=True)}), slept)
    assert 15 < max(slept.pauses) <= 21 * 1.2
    with pytest.raises(ModelUnavailable, match="asks to wait for longer than makes sense"):
        run(failing(1, 429, **{"Retry-After": "86400"}))
    with pytest.raises(ModelUnavailable, match="429"):
        run(failing(10**6, 429))


@pytest.mark.parametrize("text", ["soon", "-5", "1e9", "\u00b2", "Mon, 99 Foo"])
def test_a_wait_that_is_none_is_not_waited_for(text: str) -> None:
    slept = Slept()
    headers = [(b"Retry-After", text.encode())]
    answers = iter([httpx.Response(429, headers=headers), httpx.Response(200, json=[1])])
    assert run(lambda _: next(answers), slept) == [[1]]
    assert max(slept.pauses) <= 0.7


def test_no_more_calls_at_once_than_allowed() -> None:
    now = most = 0

    async def handler(_: httpx.Request) -> httpx.Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.002)
        now -= 1
        return httpx.Response(200, json=[1])

    run(handler, settings=",at-once=3", calls=20)
    assert most == 3


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, "", "refuses the key in OPENAI_API_KEY (401)"),
        (401, f"Incorrect API key provided: {SECRET}", "Incorrect API key provided: ***"),
        (403, "region", "does not allow this, with the key in OPENAI_API_KEY (403, region)"),
        (402, "pay", "402, pay"),
        (302, "", "redirects elsewhere (302)"),
        (404, '{"error": {"message": "The model `small` does not exist."}}', "does not know the model"),
        (404, '{"error": {"message": "no", "code": "model_not_found"}}', "does not know the model"),
        (429, '{"error": {"message": "pay", "code": "insufficient_quota"}}', "the quota is spent"),
    ],
)
def test_what_ends_a_run_says_why_at_once_and_without_the_key(status: int, body: str, sentence: str) -> None:
    slept = Slept()
    with pytest.raises(ModelUnavailable) as caught:
        run(lambda _: httpx.Response(status, text=body), slept)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith(URL)
    assert SECRET not in str(caught.value)
    assert slept.pauses == []


def test_a_missing_key_is_named() -> None:
    with (
        pytest.raises(ModelUnavailable, match="wants a key: set OPENAI_API_KEY"),
        Fake(before=lambda *_: error(401, "no key")).backend(key=""),
    ):
        pass


@pytest.mark.parametrize(
    "body",
    ["", "null", "[" * 100_000, "{", "<html>", "NaN", "1" * 10_000, '{"choices": []}', '{"choices": {}}'],
)
def test_an_answer_that_is_none_is_tried_again_and_then_ends_the_run_if_all_are_like_that(body: str) -> None:
    fake = Fake(before=always((200, {}, body.encode())))
    with fake.backend() as backend, pytest.raises(ModelUnavailable, match="its answer is"):
        backend.answer([ANY])
    assert len(fake.asked()) == 4, "three tries, and one with something harmless"


@pytest.mark.parametrize(
    "choice",
    [
        7,
        {},
        {"message": None},
        {"message": {"content": ["a", "b"]}},
        {"message": {"content": "a"}, "index": "first"},
        {"message": {"content": "a"}, "logprobs": {"content": [{"logprob": "high"}]}},
        {"message": {"content": "a"}, "logprobs": {"content": [{"logprob": -1e400}]}},
        {"message": {"content": "a"}, "logprobs": {"content": {"a": 1}}},
    ],
)
def test_a_request_that_alone_gets_wrong_types_fails_alone(choice: object) -> None:
    def before(path: str, call: Json) -> Reply | None:
        is_poison = "poison" in str(call.get("messages"))
        return (200, {}, json.dumps({"choices": [choice]}).encode()) if is_poison else None

    with Fake(before=before).backend() as backend:
        good, bad = backend.answer([ANY, Write("w", ("poison",))])
    assert isinstance(good.reply, Texts)
    assert isinstance(bad.reply, Failure)
    assert bad.reply.kind is FailureKind.BACKEND
    assert "while it answers others" in bad.reply.detail


def test_usage_that_cannot_be_is_not_believed() -> None:
    for usage in ({"prompt_tokens": -5}, {"prompt_tokens": 10**30}, [1], {"prompt_tokens": "many"}):
        content = json.dumps({"choices": [{"message": {"content": "Hi."}}], "usage": usage}).encode()
        with Fake(before=always((200, {}, content))).backend() as backend:
            (answer,) = backend.answer([ANY])
        assert 0 < answer.usage.prompt < 1000


def test_a_prompt_that_is_too_long_is_that_requests_failure_even_at_the_start() -> None:
    message = "This model's maximum context length is 8192 tokens."
    for told in (error(400, message, code="context_length_exceeded"), error(413, "too large")):
        with Fake(before=always(told)).backend() as backend:
            reply = backend.answer([ANY])[0].reply
        assert isinstance(reply, Failure)
        assert reply.kind is FailureKind.TOO_LONG


def test_a_refusal_fails_its_request_alone_and_a_server_that_refuses_everything_ends_the_run() -> None:
    def before(path: str, call: Json) -> Reply | None:
        return error(400, "I will not talk about that") if "poison" in str(call.get("messages")) else None

    with Fake(before=before).backend() as backend:
        assert isinstance(backend.answer([ANY])[0].reply, Texts)
        reply = backend.answer([Write("w", ("poison",))])[0].reply
        assert reply == Failure(FailureKind.BACKEND, "the server refused it (400: I will not talk about that)")
    with Fake(before=before).backend() as backend, pytest.raises(ModelUnavailable, match="not talk about that"):
        backend.answer([Write("w", ("poison",))])


def test_a_wrong_base_url_is_named() -> None:
    with (
        Fake(before=lambda *_: error(404, "Not Found")).backend() as backend,
        pytest.raises(ModelUnavailable, match=r"has no /chat/completions \(a base URL usually ends with /v1\)"),
    ):
        backend.answer([ANY])


def test_the_key_goes_to_the_server_and_what_the_server_makes_of_it_goes_nowhere() -> None:
    fake = Fake(lambda *_: f"My key is {SECRET} indeed.")
    with fake.backend() as backend:
        reply = backend.answer([ANY])[0].reply
        assert SECRET not in f"{backend!r} {backend.identity} {vars(backend)}"
    assert all(headers["authorization"] == f"Bearer {SECRET}" for headers in fake.headers)
    assert isinstance(reply, Texts)
    assert SECRET not in reply.samples[0].text


def test_an_answer_that_is_too_large_or_compressed_is_not_read() -> None:
    read = 0

    async def endless(_: httpx.Request) -> httpx.Response:
        async def body() -> Any:
            nonlocal read
            while True:
                read += 1 << 16
                yield bytes(1 << 16)

        return httpx.Response(200, content=body())

    slept = Slept()
    with pytest.raises(Trouble, match="larger than 8 MiB"):
        run(endless, slept)
    assert read <= MOST_BYTES + (1 << 17)
    assert slept.pauses == [], "it would be no smaller the next time"
    with pytest.raises(Trouble, match="compressed"):
        run(lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"\x1f\x8b")))


def test_an_answer_that_trickles_for_ever_ends_with_the_time_for_it() -> None:
    async def trickling(_: httpx.Request) -> httpx.Response:
        async def body() -> Any:
            while True:
                await asyncio.sleep(0.005)
                yield b" "

        return httpx.Response(200, content=body())

    with pytest.raises(Trouble, match=r"did not answer within 0\.05 s"):
        run(trickling, settings=",timeout=0.05", patience=Patience(tries=1))


@pytest.mark.parametrize("url", ["http://xn--/v1", "http://[v1.x]/v1", "http://\uff11\uff12\uff17.0.0.1:1/v1"])
def test_addresses_at_which_nothing_can_be_called(url: str) -> None:
    with pytest.raises(BadInput, match="--model: its base URL is none: "):
        Wire(Address.parse(f"{url}#small"), Key(SECRET))


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("HTTP_PROXY", "socks5://me:{secret}@nowhere:1", "names a SOCKS proxy, which takes a package that is missing"),
        ("ALL_PROXY", "foo://me:{secret}@nowhere", "names no proxy that can be used (allowed: http:// or https://"),
        ("SSL_CERT_FILE", "/nonexistent", "names no certificates that can be read (No such file or directory)"),
        ("SSL_CERT_FILE", "/dev/null", "names no certificates that can be read ("),
    ],
)
def test_proxies_and_certificates_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    monkeypatch.setenv(name, value.format(secret=SECRET))
    with pytest.raises(BadInput) as caught:
        Wire(Address.parse("https://models.invalid/v1#small"), Key(SECRET))
    assert problem in str(caught.value)
    assert name in str(caught.value)
    assert SECRET not in str(caught.value)
    Wire(Address.parse("http://127.0.0.1:1/v1#small"), Key(SECRET))  # it is reached without them
