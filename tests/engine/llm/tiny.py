"""A tiny Llama model with random weights, written as a GGUF file, well-formed or damaged on purpose."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LAYERS, HIDDEN, HEADS, KV_HEADS, FEED, CONTEXT = 2, 32, 4, 2, 64, 96

Value = int | float | str | list[str] | list[int]
FORMATS = {"F32": 0, "F16": 1, "Q4_0": 2, "Q4_1": 3, "Q8_0": 8}


def alphabet() -> list[str]:
    """The 256 characters of byte-level BPE, by byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(others)) for b in range(256)]


def metadata() -> dict[str, Value]:
    words = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *alphabet(), "th", "the", "Ġt"]
    return {
        "general.architecture": "llama",
        "llama.block_count": LAYERS,
        "llama.context_length": CONTEXT,
        "llama.embedding_length": HIDDEN,
        "llama.feed_forward_length": FEED,
        "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": KV_HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.freq_base": 10000.0,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": words,
        "tokenizer.ggml.token_type": [3, 3, 3] + [1] * (len(words) - 3),
        "tokenizer.ggml.merges": ["t h", "th e", "Ġ t"],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
    }


def weights(seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Tensors by name, outermost dimension first."""
    dice = np.random.default_rng(seed)
    words = metadata()["tokenizer.ggml.tokens"]
    assert isinstance(words, list)
    key = HIDDEN // HEADS * KV_HEADS
    shapes: dict[str, tuple[int, ...]] = {"token_embd": (len(words), HIDDEN), "output_norm": (HIDDEN,)}
    for i in range(LAYERS):
        shapes |= {
            f"blk.{i}.attn_norm": (HIDDEN,),
            f"blk.{i}.attn_q": (HIDDEN, HIDDEN),
            f"blk.{i}.attn_k": (key, HIDDEN),
            f"blk.{i}.attn_v": (key, HIDDEN),
            f"blk.{i}.attn_output": (HIDDEN, HIDDEN),
            f"blk.{i}.ffn_norm": (HIDDEN,),
            f"blk.{i}.ffn_gate": (FEED, HIDDEN),
            f"blk.{i}.ffn_up": (FEED, HIDDEN),
            f"blk.{i}.ffn_down": (HIDDEN, FEED),
        }
    return {f"{n}.weight": (dice.standard_normal(s) * 0.3).astype(np.float32) for n, s in shapes.items()}


def write(
    path: Path,
    values: Mapping[str, Value] | None = None,
    tensors: Mapping[str, NDArray[np.float32]] | None = None,
    number_format: str = "Q8_0",
) -> Path:
    """Write a model; matrices in `number_format`, vectors in F32."""
    values = metadata() if values is None else values
    tensors = weights() if tensors is None else tensors
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    head += b"".join(_text(key) + _value(value) for key, value in values.items())
    body = b""
    for name, tensor in tensors.items():
        kind = number_format if tensor.ndim > 1 else "F32"
        head += _text(name) + struct.pack("<I", tensor.ndim)
        head += b"".join(struct.pack("<Q", size) for size in tensor.shape[::-1])
        head += struct.pack("<IQ", FORMATS[kind], len(body))
        body += pack(tensor, kind)
        body += bytes(-len(body) % 32)
    path.write_bytes(head + bytes(-len(head) % 32) + body)
    return path


def pack(tensor: NDArray[np.float32], kind: str) -> bytes:
    """Quantise row by row in groups of 32, as plainly as possible."""
    if kind in ("F32", "F16"):
        return tensor.astype("<f4" if kind == "F32" else "<f2").tobytes()
    return b"".join(_pack_group(group, kind) for group in tensor.reshape(-1, 32))


def unpack(data: bytes, kind: str) -> list[float]:
    """The numbers of one group of 32, as plainly as possible."""
    scale = float(np.frombuffer(data[:2], "<f2")[0])
    if kind == "Q8_0":
        return [scale * q for q in struct.unpack("<32b", data[2:])]
    low = float(np.frombuffer(data[2:4], "<f2")[0]) if kind == "Q4_1" else -8 * scale
    packed = data[-16:]
    return [low + scale * (packed[i] & 15 if i < 16 else packed[i - 16] >> 4) for i in range(32)]


def _pack_group(group: NDArray[np.float32], kind: str) -> bytes:
    if kind == "Q8_0":
        scale = max(float(np.abs(group).max()) / 127, 1e-6)
        whole: bytes = np.clip(np.rint(group / scale), -127, 127).astype(np.int8).tobytes()
        return _half(scale) + whole
    low, high = float(group.min()), float(group.max())
    if kind == "Q4_0":
        scale = max(abs(low), abs(high), 1e-6) / 8
        head, numbers = _half(scale), np.rint(group / scale) + 8
    else:
        scale = max(high - low, 1e-6) / 15
        head, numbers = _half(scale) + _half(low), np.rint((group - low) / scale)
    small = np.clip(numbers, 0, 15).astype(np.uint8)
    packed: bytes = (small[:16] | small[16:] << 4).tobytes()
    return head + packed


def _half(number: float) -> bytes:
    return struct.pack("<e", number)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: Value) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value) if value >= 0 else struct.pack("<Ii", 5, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if value and isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(_text(str(v)) for v in value)
    return struct.pack("<IIQ", 9, 5, len(value)) + b"".join(struct.pack("<i", int(v)) for v in value)
