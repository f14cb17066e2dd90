"""What other processes hand over to a run: letters in a folder inside the run folder.

Who performs the run takes letters away when the manifest says what was in them. A letter is there as a whole or not at
all, and its name is given once, so that whoever dies in the middle, none is lost or taken twice. The folder itself is
there only while something waits, so that looking costs next to nothing.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from engine.errors import BadInput, RunFailed
from engine.record.lock import has_writer
from engine.record.whole_file import sync_folder, write_whole
from engine.untrusted import read_text

NAME = "pending"
MAX_BYTES = 1024 * 1024
"""Largest letter that is read."""
MOST = 1000
"""How many letters may wait."""
_LETTER = re.compile(r"\d{6}-[0-9a-f]{16}\.json")
_DRAFT = re.compile(r"\.\d{6}-[0-9a-f]{16}\.json\.draft")
_TRIES = 10


class Inbox:
    """The letters to one run, in the order in which they were handed over."""

    def __init__(self, run: Path) -> None:
        self.path = run / NAME
        self._put_aside: set[str] = set()

    def put(self, content: bytes) -> str:
        """Hand over a letter; it is on disk when this returns. Returns its name.

        Raises `RunFailed` when the disk refuses, and `BadInput` when the letter is too large, too many wait, or the
        folder is a link: no run reads through it.
        """
        if len(content) > MAX_BYTES:
            raise BadInput(str(self.path), f"a letter of {len(content)} bytes is too large (at most {MAX_BYTES})")
        if self.path.is_symlink():
            raise BadInput(str(self.path), "is a link; letters lie in the run folder itself (remove the link)")
        waiting = self._names(_LETTER)
        if len(waiting) >= MOST:
            raise BadInput(str(self.path), f"{len(waiting)} letters wait already (at most {MOST})")
        number = min(int(waiting[-1][:6]) + 1, 999_999) if waiting else 1
        letter = self.path / f"{number:06}-{secrets.token_hex(8)}.json"
        try:
            for _ in range(_TRIES):
                with suppress(FileNotFoundError):  # the run has taken everything away in between
                    self.path.mkdir(exist_ok=True)
                    write_whole(letter, content)
                    sync_folder(self.path.parent)
                    return letter.name
            raise FileNotFoundError(2, "it is taken away again and again")
        except OSError as error:
            raise RunFailed(f"{self.path}: cannot be written: {error.strerror}") from error

    @property
    def is_empty(self) -> bool:
        """Whether no letter waits, other than those that were put aside."""
        return not self.path.exists() or not self.letters()

    def letters(self) -> list[str]:
        """Return the names of the letters that wait, other than those that were put aside."""
        return [name for name in self._names(_LETTER) if name not in self._put_aside]

    def read(self, name: str) -> str:
        """Return a letter. Raises `BadInput` when it cannot be read or is too large."""
        return read_text(self.path / name, MAX_BYTES)

    def holds(self, name: str) -> bool:
        """Whether a letter lies there still. Quick to tell."""
        return (self.path / name).exists()

    def put_aside(self, name: str) -> None:
        """Leave a letter where it is, and look at it no more."""
        self._put_aside.add(name)

    def take_away(self, names: Iterable[str]) -> None:
        """Remove letters, and the folder with them if nothing else waits. Raises `RunFailed` when the disk refuses."""
        try:
            for name in (*names, *filter(self._is_left_over, self._names(_DRAFT))):
                (self.path / name).unlink(missing_ok=True)
        except OSError as error:
            raise RunFailed(f"{self.path}: cannot be written: {error.strerror}") from error
        with suppress(OSError):
            self.path.rmdir()

    def _is_left_over(self, draft: str) -> bool:
        return not has_writer(self.path / draft)

    def _names(self, pattern: re.Pattern[str]) -> list[str]:
        try:
            # A link could lead anywhere, and things are removed here.
            found = [] if self.path.is_symlink() else os.listdir(self.path)  # noqa: PTH208
        except OSError:
            return []
        return sorted(name for name in found if pattern.fullmatch(name))
