"""Python's search for garbage, paused where very many objects are made that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without it meanwhile; also a decorator. Among millions of objects that stay it takes longer than making them.

    What is no longer needed is freed as ever, unless it refers to itself in a circle.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
