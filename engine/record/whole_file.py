"""Files and folders that are there as a whole or not at all, whoever dies in the middle."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def draft_of(path: Path) -> Path:
    """Return where a file is written before it takes its place; what a crash leaves there says nothing."""
    return path.with_name(f".{path.name}.draft")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file; it is on disk when this returns, and replaces what was there. Raises `OSError`."""
    draft = draft_of(path)
    # Opened before: who takes the file away at once may take its folder, too.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        draft.unlink(missing_ok=True)  # not written through: it could be a link
        with draft.open("xb") as file:
            with suppress(OSError):  # not everywhere can files be locked
                fcntl.flock(file, fcntl.LOCK_EX)  # who tidies up sees that it has a writer
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            draft.replace(path)
        os.fsync(folder)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    finally:
        os.close(folder)


def sync_folder(path: Path) -> None:
    """Put on disk which files a folder has. Raises `OSError`."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def whole_folder(to: Path) -> Iterator[Path]:
    """Give a folder to fill, whose files are those of `to` when all went well; else nothing is left of them.

    `to` must not be there yet, or be empty. Raises `OSError`.
    """
    stays = to.is_dir()  # it may be a link, a mount, or where somebody stands
    draft = (to if stays else to.parent) / f".{to.name}-{secrets.token_hex(8)}.draft"
    try:
        draft.mkdir(parents=True)
        yield draft
        if stays:
            for each in draft.iterdir():
                each.rename(to / each.name)
            draft.rmdir()
        else:
            draft.rename(to)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
