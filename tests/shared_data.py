"""Data that stays outside of the repository: tests that need it are skipped, visibly, where it is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("THORP_DATA", Path(__file__).parents[2] / "shared" / "data"))
VILLE = DATA / "smallville" / "environment" / "frontend_server"

needs_ville = pytest.mark.skipif(not VILLE.is_dir(), reason=f"the original town's data is not in {DATA}")
