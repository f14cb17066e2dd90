"""A server in this process, for tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from engine.llm.embedded import EmbeddedBackend
from engine.llm.remote.address import LOOPBACK
from engine.llm.serving.app import Api
from engine.llm.serving.floor import Floor
from engine.llm.serving.listening import bound


@contextmanager
def served(backend: EmbeddedBackend, name: str = "tiny", most_waiting: int = 256) -> Iterator[str]:
    """The base URL of a server of `backend`."""
    floor = Floor(backend, most_waiting)
    app = Api(backend, name, floor, frozenset(LOOPBACK)).app()
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=5))
    with bound("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            server.should_exit = True
            thread.join()
            floor.close()
