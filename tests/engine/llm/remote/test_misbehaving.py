"""A real server on this machine that does what no server should."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from engine.errors import ModelUnavailable
from engine.llm.remote.address import Address
from engine.llm.remote.backend import RemoteBackend
from engine.llm.remote.key import Key
from engine.llm.requests import Failure, Texts, Write
from tests.engine.llm.remote.fake import SECRET, SHORT, Fake

ANY = Write("w", ("A text.",))
Conduct = Callable[[socket.socket], None]


def content(body: bytes, length: int | None = None, more: bytes = b"") -> bytes:
    declared = len(body) if length is None else length
    return b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (more, declared, body)


@contextmanager
def misbehaving(conduct: Conduct) -> Iterator[str]:
    """The base URL of a server that reads a call and then does as it likes; `/models` is answered well."""
    over = threading.Event()

    def serve(client: socket.socket) -> None:
        with client, suppress(OSError):
            head = client.recv(65536)
            if b"/models" in head:
                client.sendall(content(b"{}", more=b"Connection: close\r\n"))
                return
            conduct(client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.02)

        def accept() -> None:
            while not over.is_set():
                with suppress(TimeoutError, OSError):
                    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            over.set()
            thread.join()


def opened(url: str, timeout: float = 0.5) -> RemoteBackend:
    return RemoteBackend.open(Address.parse(f"{url}#small+meanings,timeout={timeout}"), Key(SECRET), patience=SHORT)


def never_ending(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        client.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def trickling(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        client.sendall(b" ")
        time.sleep(0.02)


CONDUCTS: dict[str, tuple[Conduct, str]] = {
    "hangs up": (lambda client: None, "the connection broke"),
    "garbage": (lambda client: client.sendall(b"\x00\xff nonsense\r\n\r\n"), "the connection broke"),
    "truncated": (lambda client: client.sendall(content(b'{"choices": [', 4000)), "the connection broke"),
    "absurd length": (lambda client: client.sendall(content(b"{}", 10**15)), "the connection broke"),
    "half of it": (lambda client: client.sendall(content(b'{"choices": [')), "is no JSON"),
    "says nothing": (lambda client: time.sleep(3), "did not answer within"),
    "never ends": (never_ending, "larger than 8 MiB|did not answer within"),
    "trickles": (trickling, "did not answer within"),
    "a web page": (lambda client: client.sendall(content(b"<html>hello</html>")), "is no JSON"),
    "endless header": (lambda client: client.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 10**6), "the connection broke"),
}


@pytest.mark.parametrize("name", CONDUCTS)
def test_a_server_that_misbehaves_always_ends_the_run_with_a_sentence(name: str) -> None:
    conduct, sentence = CONDUCTS[name]
    with misbehaving(conduct) as url:
        backend = opened(url)
        began = time.monotonic()
        with pytest.raises(ModelUnavailable, match=sentence) as caught:
            backend.answer([ANY])
        backend.close()
    assert time.monotonic() - began < 10
    assert str(caught.value).startswith(url)
    assert SECRET not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_server_that_misbehaves_for_a_while_is_waited_for() -> None:
    left = [2]

    def conduct(client: socket.socket) -> None:
        left[0] -= 1
        if left[0] < 0:
            client.sendall(content(b'{"choices": [{"message": {"content": "Hello."}}]}'))

    with misbehaving(conduct) as url:
        backend = opened(url)
        assert isinstance(backend.answer([ANY])[0].reply, Texts)
        backend.close()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ModelUnavailable, match=f"http://127.0.0.1:{port}/v1: cannot be reached: "):
        opened(f"http://127.0.0.1:{port}/v1")
    with pytest.raises(ModelUnavailable, match="cannot be reached: "):
        opened("http://no-such-host.invalid/v1")


def test_a_server_that_goes_away_in_the_middle() -> None:
    with Fake().served() as url:
        backend = opened(url)
        assert isinstance(backend.answer([ANY])[0].reply, Texts)
    with pytest.raises(ModelUnavailable, match="cannot be reached: "):
        backend.answer([Write("w", ("Another text.",))])
    backend.close()


def test_what_is_under_way_when_it_is_closed_is_kept_if_it_comes_in_time() -> None:
    def conduct(client: socket.socket) -> None:
        time.sleep(0.2)
        client.sendall(content(b'{"choices": [{"message": {"content": "Hello."}}]}'))

    with misbehaving(conduct) as url:
        patient, hasty = opened(url, 10), opened(url, 10)
        for backend in (patient, hasty):
            backend.send({b"key": ANY})
        assert hasty.close(0.0) == []
        ((key, answer),) = patient.close(5.0)
    assert key == b"key"
    assert isinstance(answer.reply, Texts)


def test_a_bug_here_fails_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError(f"a bug with {SECRET}")

    monkeypatch.setattr("engine.llm.remote.backend.write", broken)
    with Fake().backend() as backend:
        (answer,) = backend.answer([ANY])
    assert isinstance(answer.reply, Failure)
    assert answer.reply.detail == "RuntimeError: a bug with ***"
