"""Where there is no GPU, kernels run in Triton's interpreter, which has to be said before they are read."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

import torch


def _let_bounds_be_numbers() -> None:
    """Let a loop's bound be what was loaded: the interpreter still wants numpy to make a number of such an array."""
    from triton.runtime import interpreter

    patch: Any = interpreter._patch_lang_tensor

    def patched(tensor: Any, scope: Any) -> None:
        patch(tensor, scope)
        scope.set_attr(tensor, "__index__", lambda self: int(self.handle.data.item()))

    interpreter._patch_lang_tensor = patched


if not torch.cuda.is_available():
    os.environ.setdefault("TRITON_INTERPRET", "1")
    if importlib.util.find_spec("triton") is not None:
        _let_bounds_be_numbers()
