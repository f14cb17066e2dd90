"""Letters to a run: whole or not there, in the order in which they came, gone when they are taken away."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import BadInput, RunFailed
from engine.record.inbox import MAX_BYTES, MOST, Inbox
from engine.record.lock import lock


def test_letters_wait_in_their_order_until_they_are_taken_away(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    assert inbox.is_empty
    names = [inbox.put(f"letter {number}".encode()) for number in range(12)]
    assert not inbox.is_empty
    assert inbox.letters() == names
    assert [inbox.read(name) for name in names] == [f"letter {number}" for number in range(12)]
    inbox.take_away(names[:5])
    assert inbox.letters() == names[5:]
    inbox.take_away(names)
    assert inbox.is_empty
    assert list(tmp_path.iterdir()) == []


def test_no_letter_is_lost_however_often_the_folder_is_taken_away(tmp_path: Path) -> None:
    found: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        written = [pool.submit(Inbox(tmp_path).put, str(number).encode()) for number in range(200)]
        reader = Inbox(tmp_path)
        while not all(each.done() for each in written) or not reader.is_empty:
            names = reader.letters()
            found += [reader.read(name) for name in names]
            reader.take_away(names)
    names = [each.result() for each in written]
    assert len(set(names)) == 200
    assert sorted(found, key=int) == [str(number) for number in range(200)]
    assert list(tmp_path.iterdir()) == []


def test_what_is_put_aside_stays_and_is_looked_at_no_more(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    first, second = inbox.put(b"?"), inbox.put(b"good")
    inbox.put_aside(first)
    assert inbox.letters() == [second]
    inbox.take_away([second])
    assert inbox.is_empty
    assert Inbox(tmp_path).letters() == [first]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.path.mkdir()
    others = ["notes.txt", "000001-xyz.json", "..json", "000001-0123456789abcdef.json.bak"]
    for name in others:
        (inbox.path / name).write_text("mine")
    assert inbox.is_empty
    inbox.take_away(inbox.letters())
    assert sorted(path.name for path in inbox.path.iterdir()) == sorted(others)


def test_too_much_is_refused(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    with pytest.raises(BadInput, match="too large"):
        inbox.put(b" " * (MAX_BYTES + 1))
    inbox.path.mkdir()
    for number in range(MOST):
        (inbox.path / f"{number:06}-0123456789abcdef.json").touch()
    with pytest.raises(BadInput, match=f"{MOST} letters wait already"):
        inbox.put(b"one more")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "pending").write_text("a file")
    with pytest.raises(RunFailed, match="pending: cannot be written"):
        Inbox(tmp_path).put(b"x")
    assert Inbox(tmp_path).is_empty


def test_drafts_are_tidied_up_when_nobody_writes_them(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    letter = inbox.put(b"x")
    left, written = (inbox.path / f".{number:06}-0123456789abcdef.json.draft" for number in (2, 3))
    left.touch()
    with written.open("wb", buffering=0) as file:
        lock(file, written)
        inbox.take_away([letter])
        assert list(inbox.path.iterdir()) == [written]
    inbox.take_away([])
    assert not inbox.path.exists()


def test_a_letter_is_not_left_behind_a_link(tmp_path: Path) -> None:
    run, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    for folder in (run, elsewhere):
        folder.mkdir()
    (run / "pending").symlink_to(elsewhere)
    with pytest.raises(BadInput, match="pending: is a link"):
        Inbox(run).put(b"x")
    assert list(elsewhere.iterdir()) == []


def test_a_letter_is_on_disk_with_the_folders_that_lead_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    name = Inbox(tmp_path).put(b"x")
    letter = tmp_path / "pending" / name
    assert set(synced) == {path.stat().st_ino for path in (tmp_path, letter.parent, letter)}
