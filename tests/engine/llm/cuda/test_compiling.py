"""The kernels are compiled for cards that need not be there: what the interpreter lets pass, a compiler may not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("triton", reason="the kernels of a GPU are written in Triton")


SHARED = {86: 99, 90: 227}
"""KiB of shared memory that a block of threads may have, by compute capability."""


def test_the_kernels_compile_for_cards_and_fit_into_their_shared_memory(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    environment["TRITON_CACHE_DIR"] = str(tmp_path)
    script = [sys.executable, "-m", "tests.engine.llm.cuda.compile_kernels"]
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    for line in done.stdout.splitlines():
        architecture, shared = map(int, line.split())
        assert 0 < shared <= SHARED[architecture] << 10
