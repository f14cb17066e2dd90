"""The lock of what one process writes. It holds among those who ask for it, and dies with the process."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

from engine.errors import BadInput, RunFailed
from engine.record.plain_file import open_plain

_GLANCE = 0.02
"""Seconds after which nobody holds a lock who only wanted to see whether there is one (`has_writer`)."""


def lock(file: FileIO | int, path: Path) -> None:
    """Keep other writers out of an open file (or descriptor) until it is closed.

    Raises `BadInput` when there is one already, and `RunFailed` where files cannot be locked.
    """
    try:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(_GLANCE)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BadInput(str(path), "is being written by another process; wait for it or stop it") from error
    except OSError as error:
        raise RunFailed(f"{path}: cannot be locked: {error.strerror}") from error


@contextmanager
def locked_folder(path: Path) -> Iterator[None]:
    """Keep others out of a folder who want to begin something in it. Raises what `lock` raises, and `OSError`."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        lock(folder, path)
        yield
    finally:
        os.close(folder)


def has_writer(path: Path) -> bool:
    """Whether a process has locked a file to write it."""
    try:
        with open_plain(path) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False
