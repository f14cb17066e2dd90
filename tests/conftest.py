"""What the tests of several rooms share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from engine.llm.embedded import pin_threads

if TYPE_CHECKING:
    from engine.llm.embedded import EmbeddedBackend


def _take_a_core() -> None:
    """Keep a process that tests beside others (pytest-xdist) to one core, so that computing threads do not collide."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})
        os.environ.pop("GOMP_CPU_AFFINITY", None)  # that of the process that started this one


_take_a_core()
pin_threads()  # before any test module imports torch

# The same examples every time, however busy the machine is.
settings.register_profile("thorp", derandomize=True, deadline=None)
settings.load_profile("thorp")


@pytest.fixture(scope="session")
def embedded() -> EmbeddedBackend:
    """The embedded model in its default format, loaded once (about three seconds)."""
    from engine.llm.embedded import EmbeddedBackend

    return EmbeddedBackend.load()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be written anew after a wanted change: look at the difference before it is committed."""
    parser.addoption("--write-golden", action="store_true", help="write golden files anew")
