"""Files and folders that are there as a whole or not at all."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from engine.record.whole_file import draft_of, whole_folder, write_whole


def test_a_file_takes_the_place_of_another_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"first", b"second, which is longer", b""):
        write_whole(path, content)
        assert path.read_bytes() == content
        assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_refuses_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")

    def refuse(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output error"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_in_the_place_of_the_draft_is_not_written_through(tmp_path: Path) -> None:
    path, mine = tmp_path / "file", tmp_path / "mine"
    mine.write_bytes(b"my only copy")
    draft_of(path).symlink_to(mine)
    write_whole(path, b"new")
    assert (mine.read_bytes(), path.read_bytes()) == (b"my only copy", b"new")
    assert not path.is_symlink()


@pytest.mark.parametrize("exists", [False, True])
def test_a_folder_appears_with_all_its_files(tmp_path: Path, exists: bool) -> None:
    to = tmp_path / "some" / "folder"
    if exists:
        to.mkdir(parents=True)
    with whole_folder(to) as draft:
        for name in "ab":
            (draft / name).write_text(name)
        assert not (to / "a").exists()
    assert sorted(path.name for path in to.iterdir()) == ["a", "b"]
    assert list(to.parent.iterdir()) == [to]


@pytest.mark.parametrize("exists", [False, True])
def test_nothing_is_left_of_a_folder_that_was_given_up(tmp_path: Path, exists: bool) -> None:
    to = tmp_path / "folder"
    if exists:
        to.mkdir()
    with pytest.raises(KeyError), whole_folder(to) as draft:
        (draft / "a").write_text("a")
        raise KeyError
    assert list(tmp_path.rglob("*")) == ([to] if exists else [])


def test_who_is_killed_has_written_no_folder(tmp_path: Path) -> None:
    to = tmp_path / "folder"
    child = os.fork()
    if child == 0:
        with whole_folder(to) as draft:
            (draft / "a").write_text("a")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert not to.exists()
    with whole_folder(to) as draft:
        (draft / "a").write_text("b")
    assert (to / "a").read_text() == "b"
