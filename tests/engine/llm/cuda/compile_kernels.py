"""Compiles the kernels for cards without having one, as far as the machine code: `python compile_kernels.py`."""

from __future__ import annotations

import sys
from typing import Any

import triton
import triton.language as tl
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from engine.llm.cuda import kernels
from engine.llm.cuda.ragged import FEW, STAGES, tile_sizes

CARDS = ((90, "*bf16", 64), (86, "*fp32", 128), (86, "*fp32", 256))
"""Architecture, number format of queries and keys as they come, and width of a head."""
STRIDES = ("q_head", "q_row", "k_head", "k_row", "v_head", "v_row", "out_row")


def shared_memory(kernel: Any, types: dict[str, str], constants: dict[str, Any], architecture: int) -> int:
    """Compile a kernel; the bytes of shared memory that it takes."""
    signature = {name: "constexpr" if name in constants else types[name] for name in kernel.arg_names}
    options = {"num_stages": STAGES}
    made = triton.compile(
        ASTSource(kernel, signature, constants), target=GPUTarget("cuda", architecture, 32), options=options
    )
    return int(made.metadata.shared)


def main() -> None:
    """Compile all that the engine launches; print each architecture with the shared memory that attention takes."""
    tables = dict.fromkeys(("tiles", "blocks", "segments", "homes"), "*i64")
    numbers = {"layer": "i32", "scale": "fp32", "cap": "fp32", "out": "*bf16", **dict.fromkeys(STRIDES, "i32")}
    packed = {"packed": "*u8", "scales": "*fp16", "lows": "*fp16", "out": "*bf16", "count": "i32"}
    for architecture, kind, width in CARDS:
        types = tables | numbers | dict.fromkeys("qkv", kind)
        shape = {"WIDTH": width, "PADDED": width, "KIND": tl.bfloat16}
        many, keys = tile_sizes(width)
        for rows in (FEW, many) if width == 64 else (many,):
            attend = shape | {"ROWS": rows, "KEYS": keys, "GROUP": 4, "CAPPED": width == 256}
            sys.stdout.write(f"{architecture} {shared_memory(kernels.attend, types, attend, architecture)}\n")
        shared_memory(kernels.keep, types, shape, architecture)
        shared_memory(kernels.expand_groups, packed, {"GROUPS": 64, "HALF": 32, "KIND": tl.bfloat16}, architecture)


if __name__ == "__main__":
    main()
