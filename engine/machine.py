"""How much memory and disk there is on this machine."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_LIMITS: Final = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where Linux says how much a container may take."""


def memory_bytes() -> int:
    """Return how much memory this machine has, or its container may take."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in map(Path, _LIMITS):
        with suppress(OSError, ValueError):  # it is not there, or "max"
            found = min(found, int(limit.read_text(encoding="ascii")))
    return found


def free_bytes(folder: Path) -> int:
    """Return how many bytes are free on the disk of a folder that is there, or is to be."""
    while not os.path.exists(folder):  # noqa: PTH110 (which raises no errors, whatever the path)
        folder = folder.parent
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize
