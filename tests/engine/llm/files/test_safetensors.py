from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.errors import BadInput
from engine.llm.files.safetensors import Safetensors


def pack(path: Path, header: object, body: bytes = b"") -> Path:
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(data).to_bytes(8, "little") + data + body)
    return path


def entry(shape: list[Any], start: int, end: int, kind: Any = "F32") -> dict[str, Any]:
    return {"dtype": kind, "shape": shape, "data_offsets": [start, end]}


def test_tensors_are_read_as_they_were_saved(tmp_path: Path) -> None:
    tensors = {
        "a": torch.randn(3, 5),
        "b": torch.randn(7).to(torch.float16),
        "c": torch.randn(2, 2, 2).to(torch.bfloat16),
        "d": torch.tensor(3.5),
    }
    save_file(tensors, tmp_path / "m.safetensors", {"format": "pt"})
    file = Safetensors(tmp_path / "m.safetensors")
    assert sorted(file.tensors) == sorted(tensors)
    for name, tensor in tensors.items():
        assert np.array_equal(file.tensor(name), tensor.float().numpy())
    file.close()


@pytest.mark.parametrize(
    ("header", "body", "problem"),
    [
        ({"a": entry([2], 0, 8)}, bytes(7), "tensor 'a': reaches beyond the end of the file (is the file truncated?)"),
        ({"a": entry([2], 0, 8)}, bytes(9), "has 1 bytes after its last tensor"),
        ({"a": entry([2], 0, 8), "b": entry([2], 4, 12)}, bytes(12), "tensor 'b': overlaps with another tensor"),
        ({"a": entry([2], 0, 8), "b": entry([2], 0, 8)}, bytes(8), "overlaps with another tensor"),
        ({"a": entry([2], 0, 8), "b": entry([2], 12, 20)}, bytes(20), "tensor 'b': leaves unused bytes before it"),
        ({"a": entry([3], 0, 8)}, bytes(8), "tensor 'a': has a shape that does not go with its range of bytes"),
        ({"a": entry([2**62, 2], 0, 8)}, bytes(8), "does not go with its range"),
        ({"a": entry([1] * 9, 0, 4)}, bytes(4), "at most 8 whole numbers"),
        ({"a": entry([0], 0, 0)}, b"", "whole numbers above 0"),
        ({"a": entry([-2], 0, 8)}, bytes(8), "whole numbers above 0"),
        ({"a": entry([True, 2], 0, 8)}, bytes(8), "whole numbers above 0"),
        ({"a": entry([2], -8, 0)}, bytes(8), "does not go with its range"),
        ({"a": entry([1], 0, 8, "I64")}, bytes(8), "tensor 'a': has number format 'I64', which is not supported"),
        ({"a": entry([8], 0, 8, "F8_E4M3")}, bytes(8), "number format 'F8_E4M3'"),
        ({"a": {"dtype": "F32", "shape": [2]}}, bytes(8), "is not described by dtype, shape and data_offsets"),
        ({"a": 5}, b"", "is not described by"),
        (b'{"a": {}, "a": {}}', b"", "a key occurs twice"),
        (b"[[" * 50_000, b"", "header: is nested too deeply"),
        (b"[" + b"1," * 4_000_001, b"", "header: holds more than 4,000,000 values"),
        (b"[1]", b"", "header: is not a JSON object"),
        (b"{\xff}", b"", "header: is no valid JSON"),
        (b"{" + b'"a": ' + b"9" * 5000 + b"}", b"", "header: is no valid JSON"),
    ],
)
def test_damaged_files_are_refused_in_one_sentence(tmp_path: Path, header: object, body: bytes, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        Safetensors(pack(tmp_path / "m.safetensors", header, body))
    assert problem in str(caught.value)
    assert "m.safetensors" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"1234567", b"\xff" * 16, (2**40).to_bytes(8, "little") + bytes(9)])
def test_what_is_no_safetensors_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.safetensors").write_bytes(content)
    with pytest.raises(BadInput, match=r"m\.safetensors: is (an empty file|no safetensors file)"):
        Safetensors(tmp_path / "m.safetensors")


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.safetensors", tmp_path):
        with pytest.raises(BadInput, match="cannot be read"):
            Safetensors(path)
