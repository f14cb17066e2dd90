"""A model on disk, whatever the files: its settings and tensors by the names that Hugging Face gives them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadInput
from engine.llm.files.blocks import TensorInfo
from engine.llm.files.settings import Settings
from engine.llm.files.table import TableOnDisk
from engine.llm.ranges import Range, row_sizes
from engine.record.plain_file import open_plain

if TYPE_CHECKING:
    from engine.llm.tokenizer import Tokenizer

_NEEDLESS: Final = ("rotary_emb.inv_freq", "masked_bias", "attn.bias")
"""What some programs write beside the weights: numbers that follow from the settings."""
_EXPONENTS: Final = {"F16": 0x7C00, "BF16": 0x7F80}
"""The bits of 16 that are all set in what is not finite."""


class TensorFile(Protocol):
    """An open file of tensors."""

    path: Path
    tensors: dict[str, TensorInfo]

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return a tensor as a new float32 array."""
        ...

    def raw(self, name: str) -> NDArray[np.uint8]:
        """Return the bytes of a tensor, as long as the file is open."""
        ...

    def release(self) -> None:
        """Give back the memory of what was read of the file."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


@dataclass(slots=True)
class Checkpoint:
    """What a model's files hold.

    Reading a tensor checks that it is there, that it has the shape that the settings imply, and that its numbers are
    finite.
    """

    path: Path
    """The file or folder that was asked for."""
    kind: str
    """`GGUF` or `Hugging Face`."""
    family: str
    """As `model_type` in Hugging Face's settings: llama, qwen2, opt, ..."""
    settings: Settings
    shards: tuple[TensorFile, ...]
    files: tuple[Path, ...]
    """All files that an answer depends on."""
    make_tokenizer: Callable[[], Tokenizer]
    template: str
    """The chat template (Jinja); empty if there is none."""
    name_of: Callable[[str], str] = str
    """From Hugging Face's name of a tensor to that in the files."""
    neighbours: bool = False
    """Whether the rows of query and key that turn together are neighbours. Else they are half a head apart."""
    by_rows: bool = False
    """Whether large tables stay on disk, and their rows are read as they are needed."""
    device: str = "cpu"
    """Where the model is to compute, as torch calls it."""
    hollow: bool = False
    """Whether the numbers of matrices are known already, so that only their shapes are of interest."""
    range: Range | None = None
    """What the format holds in which matrices are to be held, if others are to be refused."""
    _where: Mapping[str, TensorFile] = field(init=False)
    _used: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        where: dict[str, TensorFile] = {}
        for shard in self.shards:
            for name in shard.tensors:
                if name in where:
                    self.refuse(f"is in {where[name].path.name} and in {shard.path.name}", f"tensor {name[:80]!r}")
                where[name] = shard
        self._where = where

    @property
    def name(self) -> str:
        """What the model is called: by its GGUF file, or by its folder."""
        return self.path.stem if self.kind == "GGUF" else (self.path if self.path.is_dir() else self.path.parent).name

    @property
    def parameters(self) -> int:
        """How many numbers its tensors hold."""
        return sum(math.prod(info.shape) for shard in self.shards for info in shard.tensors.values())

    @property
    def vector_numbers(self) -> int:
        """How many numbers its tensors of one dimension hold: norms, biases."""
        shapes = [info.shape for shard in self.shards for info in shard.tensors.values()]
        return sum(math.prod(shape) for shape in shapes if len(shape) < 2)

    @property
    def formats(self) -> list[str]:
        """The number formats of its tensors, the one that holds most numbers first."""
        counts: dict[str, int] = {}
        for shard in self.shards:
            for info in shard.tensors.values():
                counts[info.format.name] = counts.get(info.format.name, 0) + math.prod(info.shape)
        return sorted(counts, key=lambda name: (-counts[name], name))

    def __contains__(self, name: str) -> bool:
        return self.name_of(name) in self._where

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Return the tensor `name` as a new float32 array. Raises `BadInput` unless it has this shape."""
        stored = self._find(name, shape)
        numbers = self._where[stored].tensor(stored)
        self._check(stored, numbers)
        return numbers

    def expect(self, name: str, *shape: int) -> None:
        """Raise `BadInput` unless the tensor `name` is there and has this shape."""
        self._find(name, shape)

    def table(self, name: str, rows: int, width: int) -> TableOnDisk:
        """Return the tensor `name` [rows, width] as it lies on disk. Raises `BadInput` unless it has this shape."""
        stored = self._find(name, (rows, width))
        shard = self._where[stored]
        return TableOnDisk(shard.path, shard.tensors[stored], partial(self._check, stored))

    def release(self) -> None:
        """Give back the memory of what was read of the files; it is read again where it is needed again."""
        for shard in self.shards:
            shard.release()

    def halves(self, name: str, *shape: int) -> tuple[str, NDArray[np.int16]] | None:
        """Return the tensor as it is stored, as new 16-bit patterns with their format; nothing if it has another."""
        stored = self._find(name, shape)
        layout = self._where[stored].tensors[stored].format.name
        if layout not in _EXPONENTS:
            return None
        patterns = self._where[stored].raw(stored).view("<i2").astype(np.int16).reshape(shape)
        exponent = np.int16(_EXPONENTS[layout])
        if ((patterns & exponent) == exponent).any():
            self._refuse_unending(stored)
        return layout, patterns

    def ignore(self, *names: str) -> None:
        """Say that tensors are not needed although they may be there."""
        self._used.update(map(self.name_of, names))

    def finish(self) -> None:
        """Raise `BadInput` when there are tensors that nobody asked for: then the model is not what it seems to be."""
        rest = sorted(name for name in set(self._where) - self._used if not name.endswith(_NEEDLESS))
        if rest:
            shown = ", ".join(repr(name[:80]) for name in rest[:3]) + (", …" if len(rest) > 3 else "")
            self.refuse(f"holds {len(rest)} tensors that a model of the family '{self.family}' has not: {shown}")

    def close(self) -> None:
        """Close the files. Arrays that were returned stay valid."""
        for shard in self.shards:
            shard.close()

    def refuse(self, problem: str, place: str = "") -> NoReturn:
        """Raise `BadInput` about this model."""
        raise BadInput(str(self.path), problem, place)

    def _find(self, name: str, shape: tuple[int, ...]) -> str:
        stored = self.name_of(name)
        shard = self._where.get(stored)
        if shard is None:
            self.refuse("is missing from the model", f"tensor {stored}")
        found = shard.tensors[stored].shape
        if found != shape:
            problem = f"has shape {list(found)}, but the settings ask for {list(shape)}"
            raise BadInput(str(shard.path), problem, f"tensor {stored}")
        self._used.add(stored)
        return stored

    def _check(self, stored: str, numbers: NDArray[np.float32]) -> None:
        if not np.isfinite(row_sizes(numbers)).all():
            self._refuse_unending(stored)
        complaint = self.range.complaint(numbers) if self.range is not None and numbers.ndim > 1 else ""
        if complaint:
            problem = f"{complaint} in this number format (?precision=fp32 holds them, on the CPU)"
            raise BadInput(str(self._where[stored].path), problem, f"tensor {stored}")

    def _refuse_unending(self, stored: str) -> NoReturn:
        problem = "holds a number that is NaN or infinite (is the file damaged?)"
        raise BadInput(str(self._where[stored].path), problem, f"tensor {stored}")


def sha256(path: Path) -> str:
    """Return the SHA-256 of the file at `path` as 64 hexadecimal digits."""
    with open_plain(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(hashes: Iterable[str]) -> str:
    """Return one hash for several files: the only one, or the SHA-256 of all."""
    listed = list(hashes)
    return listed[0] if len(listed) == 1 else hashlib.sha256("\n".join(listed).encode()).hexdigest()
