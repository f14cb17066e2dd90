"""Weights in tiers: the same bits wherever they are held, and a file that is whole or not there."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import RunFailed
from engine.llm.tiers.layout import Layout
from engine.llm.tiers.reader import Extent, Reader
from engine.llm.tiers.store import is_written
from tests.engine.llm import families, tiny
from tests.engine.llm.tiers.models import in_memory, layout_of, outputs, placed, write

CHECKED = ("llama", "qwen2", "qwen3", "gemma2", "gemma3", "opt", "opt 350m")


@pytest.fixture(scope="module", params=CHECKED)
def folder(request: Any, tmp_path_factory: Any) -> Path:
    return families.save(families.make(request.param), tmp_path_factory.mktemp("model"))


@pytest.mark.parametrize("storage", ["fp16", "fp32", "4bit"])
def test_every_placement_gives_the_same_bits(folder: Path, tmp_path: Path, storage: str) -> None:
    layout = layout_of(folder, storage)
    write(folder, layout, tmp_path / "weights")
    expected = outputs(in_memory(folder, layout))
    everything = range(layout.count)
    for on_disk in (everything, everything[::2], everything[: layout.count // 2], ()):
        model, store = placed(folder, layout, tmp_path / "weights", on_disk)
        assert torch.equal(outputs(model), expected)
        store.forget()
        assert torch.equal(outputs(model), expected)
        store.close()


def test_fp32_in_tiers_is_the_reference_but_for_the_cut_of_its_products(folder: Path) -> None:
    reference = outputs(families.load(folder))
    assert (outputs(in_memory(folder, layout_of(folder, "fp32"))) - reference).abs().max() < 1e-4
    whole = layout_of(folder, "fp32", numbers=1 << 22)
    assert torch.equal(outputs(in_memory(folder, whole)), reference)


@pytest.fixture(scope="module")
def small(tmp_path_factory: Any) -> tuple[Path, Layout, Path, torch.Tensor]:
    path = tiny.write(tmp_path_factory.mktemp("tiny") / "tiny.gguf")
    layout = layout_of(path, "fp16")
    write(path, layout, path.parent / "weights")
    return path, layout, path.parent / "weights", outputs(in_memory(path, layout))


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_pieces_may_be_on_disk(small: tuple[Path, Layout, Path, torch.Tensor], data: st.DataObject) -> None:
    path, layout, file, expected = small
    on_disk = data.draw(st.sets(st.integers(0, layout.count - 1)))
    model, store = placed(path, layout, file, on_disk)
    try:
        assert torch.equal(outputs(model), expected)
    finally:
        store.close()


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), st.integers(2, 4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_extents_may_be_taken_in_any_order(tmp_path: Path, order: list[int], buffers: int) -> None:
    extents = [Extent(100 * number, 10 + number) for number in range(7)]
    (tmp_path / "file").write_bytes(bytes(range(256)) * 3)
    reader = Reader(tmp_path / "file", extents, buffers=buffers)
    whole = (tmp_path / "file").read_bytes()
    try:
        for number in order:
            extent = extents[number]
            assert bytes(reader.take(number).numpy()) == whole[extent.offset : extent.offset + extent.size]
    finally:
        reader.close()


def test_a_file_that_ends_early_is_a_clear_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(100))
    reader = Reader(tmp_path / "file", [Extent(0, 50), Extent(90, 50)])
    assert len(reader.take(0)) == 50
    with pytest.raises(RunFailed, match="file: cannot be read"):
        reader.take(1)
    assert len(reader.take(0)) == 50
    reader.close()


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 100)), min_size=1, max_size=12), st.floats(0, 1))
def test_what_stays_in_memory_is_bounded_and_spread(shapes: list[tuple[int, int]], share: float) -> None:
    from engine.llm.tiers.formats import STORAGE_FORMATS

    layout = Layout.of(shapes, STORAGE_FORMATS["fp16"], 2000)
    room = int(share * layout.weight_bytes)
    on_disk = layout.spread(room)
    largest = max(extent.size for extent in layout.extents())
    assert room - largest <= layout.held(on_disk) <= room
    ends = [0, *(extent.offset + extent.size for extent in layout.extents())]
    assert all(
        extent.offset >= end and extent.offset % 4096 == 0 for extent, end in zip(layout.extents(), ends, strict=False)
    )
    assert layout.spread(layout.weight_bytes) == frozenset()


@pytest.mark.parametrize("when", ["free", "reserving", "writing"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path, monkeypatch: Any, when: str) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    layout = layout_of(path, "fp16")

    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if when == "free":
        room = os.statvfs(tmp_path)
        monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((*room[:4], 1, *room[5:10])))
    else:
        monkeypatch.setattr(os, "posix_fallocate" if when == "reserving" else "fsync", refuse)
    with pytest.raises(RunFailed, match=r"GiB are free|cannot be written .*No space left on device"):
        write(path, layout, tmp_path / "cache" / "weights")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_file_of_other_weights_is_not_taken_for_these(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    layout = layout_of(path, "fp16")
    assert not is_written(tmp_path / "weights", layout, "made up")
    write(path, layout, tmp_path / "weights")
    assert is_written(tmp_path / "weights", layout, "made up")
    assert not is_written(tmp_path / "weights", layout, "others")
    assert not is_written(tmp_path / "weights", layout_of(path, "4bit"), "made up")
    with (tmp_path / "weights").open("r+b") as file:
        file.truncate(layout.file_bytes - 1)
    assert not is_written(tmp_path / "weights", layout, "made up")
