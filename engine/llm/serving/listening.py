"""Listening for calls: a socket, the server's loop, and its end on Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Final

import uvicorn

from engine.errors import BadInput
from engine.llm.embedded import EmbeddedBackend
from engine.llm.remote.address import LOOPBACK
from engine.llm.serving.app import Api
from engine.llm.serving.floor import Floor

_CONNECTIONS: Final = 256
_GRACE: Final = 10
_BACKLOG: Final = 128


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address; port 0 is any free one. Raises `BadInput`."""
    try:
        (family, kind, protocol, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
            made.listen(_BACKLOG)
        except OSError:
            made.close()
            raise
        return made
    except (OSError, UnicodeError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(
            "--host" if isinstance(error, socket.gaierror | UnicodeError) else "--port",
            f"cannot listen on {host}, port {port}: {reason}",
        ) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() in LOOPBACK


def serve(
    backend: EmbeddedBackend, name: str, listener: socket.socket, ready: Callable[[], None], most_waiting: int = 256
) -> int:
    """Serve a model until SIGINT or SIGTERM; return how many jobs were done.

    Calls under way then have some seconds to end; a second signal ends them at once. `ready` is called when calls are
    answered. On a loopback address, calls must be addressed to this machine.
    """
    host = listener.getsockname()[0]
    hosts = frozenset({*LOOPBACK, f"[{host}]", "[::1]", host}) if is_loopback(host) else None
    floor = Floor(backend, most_waiting)
    try:
        app = Api(backend, name, floor, hosts).app()
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=_GRACE,
            h11_max_incomplete_event_size=65536,
        )
        asyncio.run(_serve(_Server(config), listener, ready))
    finally:
        floor.close()
    return floor.answered


async def _serve(server: _Server, listener: socket.socket, ready: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    task = asyncio.ensure_future(server.serve(sockets=[listener]))
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    ready()
    await task


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `stop`: uvicorn's own way raises them anew at the end."""
        yield

    def stop(self) -> None:
        """End in good order, at once when asked a second time."""
        self.force_exit = self.should_exit
        self.should_exit = True
