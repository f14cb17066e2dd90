"""The folder for what can be made again: weights as they are read from disk, what was measured on this machine."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder that `THORP_CACHE` names, else the user's usual one."""
    if named := os.environ.get("THORP_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "thorp")
