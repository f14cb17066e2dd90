"""What stays near is what is needed next; what goes to disk comes back as it was; and no answer shows any of it."""

from __future__ import annotations

import random
import resource
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.llm.embedded import EmbeddedBackend
from engine.llm.requests import Choose, Hint, Request
from engine.llm.residency import InvocationDistance, Kept
from engine.llm.service import ModelService
from engine.llm.shelf import Shelf
from tests.engine.llm import tiny

PAGE = 64


def numbers(seed: int, count: int) -> torch.Tensor:
    return torch.randn(count, generator=torch.Generator().manual_seed(seed))


def first_come(kept: Kept) -> tuple[bool, float, int]:
    return True, 0.0, kept.last


def piece(number: int, agents: Sequence[int] = ()) -> Kept:
    return Kept(number.to_bytes(16, "little"), agents=set(agents), last=number)


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_what_is_on_the_shelf_comes_back_bit_by_bit(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    dice = random.Random(seed)
    shelf = Shelf(tmp_path_factory.mktemp("shelf"), 20 * PAGE, PAGE)
    sizes: dict[int, int] = {}
    for step in range(40):
        number = dice.randrange(12)
        match dice.randrange(5):
            case 0:
                shelf.read_ahead(dice.sample(range(4), 2), lambda name: name[0] % 5 == 0, 10 * PAGE, first_come)
            case 1 if number.to_bytes(16, "little") in shelf:
                shelf.remove(number.to_bytes(16, "little"))
            case 2 if step % 13 == 0:
                shelf.clear()
            case _:
                size = sizes.setdefault(number, dice.randrange(1, 8 * PAGE // 4))
                shelf.put(piece(number, [number % 4]), numbers(number, size), first_come)
        assert shelf.size <= 20 * PAGE
        for known, size in sizes.items():
            found = shelf.take(known.to_bytes(16, "little"))
            assert (found is not None) == (known.to_bytes(16, "little") in shelf)
            assert found is None or torch.equal(found, numbers(known, size))


def test_what_is_worth_more_takes_the_place_of_what_is_worth_less(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 4 * PAGE, PAGE)
    for number in (5, 6, 3):
        shelf.put(piece(number), numbers(number, 2 * PAGE // 4), first_come)
    assert [number for number in (3, 5, 6) if number.to_bytes(16, "little") in shelf] == [5, 6]
    shelf.put(piece(7), numbers(7, 2 * PAGE // 4), first_come)
    assert [number for number in (5, 6, 7) if number.to_bytes(16, "little") in shelf] == [6, 7]


def nothing_is_here(_: bytes) -> bool:
    return False


def test_who_thinks_first_is_read_ahead_first(tmp_path: Path) -> None:
    residency = InvocationDistance()
    residency.expect([60.0, 30.0, 90.0])
    shelf = Shelf(tmp_path, 1 << 20, PAGE)
    for agent, count in ((0, 16), (1, 17), (2, 18)):
        shelf.put(piece(agent, [agent]), numbers(agent, count), residency.rank)
    shelf.read_ahead(range(3), nothing_is_here, 2 * 4 * 17, residency.rank)
    assert shelf.ahead == 4 * (17 + 16), "the second one, then the first one"


def test_what_is_on_the_shelf_is_known_by_its_latest_readers(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 4 * PAGE, PAGE)
    for number in (1, 2):
        shelf.put(piece(number, [0]), numbers(number, 2 * PAGE // 4), first_come)
    again = Kept(piece(1).name, agents={5}, last=9)  # what was known of it was forgotten, and begun anew
    shelf.put(again, numbers(1, 2 * PAGE // 4), first_come)
    shelf.read_ahead([5], nothing_is_here, 1 << 20, first_come)
    assert shelf.ahead == 2 * PAGE
    shelf.put(piece(3), numbers(3, 2 * PAGE // 4), first_come)
    assert [piece(number).name in shelf for number in (1, 2, 3)] == [True, False, True]


def test_a_full_disk_ends_nothing_and_nothing_is_left_behind(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1 << 20, PAGE)
    shelf.put(piece(1), numbers(1, PAGE), first_come)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5 * PAGE, before[1]))
        shelf.put(piece(2), numbers(2, PAGE), first_come)
        shelf.put(piece(3), numbers(3, PAGE), first_come)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert shelf.size == 4 * PAGE
    assert len(shelf) == 1, "the latest took the place of the first: the file grows no more"
    found = shelf.take(piece(3).name)
    assert found is not None
    assert torch.equal(found, numbers(3, PAGE))
    assert list(tmp_path.iterdir()) == [], "the file has no name, so it is gone when the process is"


def test_a_folder_that_cannot_be_written_is_a_shelf_without_room(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf = Shelf(tmp_path / "file" / "cache", 1 << 20, PAGE)
    shelf.put(piece(1), numbers(1, 8), first_come)
    assert len(shelf) == shelf.size == 0


def test_those_who_think_last_go_first_and_what_is_never_read_again_before_them() -> None:
    residency = InvocationDistance()
    personas = [Kept(bytes([number]), ("reply", 2)) for number in range(3)]
    moments = [Kept(bytes([9, number]), ("reply", 1)) for number in range(6)]
    for time, moment in enumerate(moments):
        residency.expect([float(time)] * 3)
        residency.read(personas[time % 3], time % 3)
        residency.read(moment, time % 3)
        personas[time % 3].last = moment.last = time
    residency.expect([600.0, 60.0, float("inf")])
    order = sorted((*personas, *moments), key=residency.rank)
    assert [kept.name for kept in order[6:]] == [bytes([2]), bytes([0]), bytes([1])]
    assert [kept.name[1] % 3 for kept in order[:6]] == [2, 2, 0, 0, 1, 1]
    residency.expect([70.0, 70.0, 70.0])
    personas[0].time, personas[1].time = 60.0, 50.0
    assert sorted(personas, key=residency.rank) == [personas[2], personas[1], personas[0]], "nobody's time is known"
    assert [residency.is_worth_storing(kept) for kept in (*personas, moments[0])] == [True, True, True, False]


def asked(person: int, moment: int) -> Choose:
    return Choose("c", ("the world ", f"person {person} is old ", f"now {moment} "), (" a", " b"))


def computed(backend: EmbeddedBackend, visits: Sequence[tuple[int, int]]) -> int:
    """Let agents ask one after another, knowing who is next; how many tokens of prompts were computed."""
    total = 0
    for place, (person, moment) in enumerate(visits):
        following = [next((p for p in range(place, len(visits)) if visits[p][0] == each), 999) for each in range(10)]
        backend.expect([float(each) for each in following])
        ticket = backend.put(asked(person, moment), Hint(agent=person))
        answers = dict(backend.advance())
        while ticket not in answers:
            answers |= dict(backend.advance())
        total += answers[ticket].usage.computed
    return total


def test_personas_come_back_from_the_disk_instead_of_being_computed(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    visits = [(turn % 10, turn) for turn in range(40)]
    large = EmbeddedBackend.load(path, kv_disk=0)
    small = EmbeddedBackend.load(path, kv_bytes=24_000, kv_disk=0)
    shelved = EmbeddedBackend.load(path, kv_bytes=24_000)
    least = computed(large, visits)
    assert computed(small, visits) > 1.3 * least
    assert computed(shelved, visits) - shelved.contexts.prefixes.loaded == least
    requests: list[Request] = [asked(person, moment) for person, moment in visits]
    plain = [answer.reply for answer in large.answer(requests)]
    assert [answer.reply for answer in shelved.answer(requests)] == plain
    assert shelved.contexts.prefixes.bytes <= 24_000


def test_what_an_answer_is_said_to_cost_does_not_depend_on_what_the_disk_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    visits = [(turn % 10, turn) for turn in range(40)]
    shelved = EmbeddedBackend.load(path, kv_bytes=24_000)
    cost = computed(shelved, visits)
    monkeypatch.setenv("THORP_CACHE", str(path / "no folder"))
    refused = EmbeddedBackend.load(path, kv_bytes=24_000)
    assert computed(refused, visits) == cost
    assert shelved.contexts.prefixes.loaded > refused.contexts.prefixes.loaded == 0


def test_what_a_study_asks_is_worth_storing_though_nobody_asks_it(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    backend = EmbeddedBackend.load(path, kv_bytes=24_000)
    service = ModelService(backend, at_once=1)
    service.ask_all([asked(turn % 10, turn) for turn in range(40)])
    assert backend.contexts.prefixes.loaded > 100, "who people are came back from the disk"


class Noting(InvocationDistance):
    """Knows how often the piece that was read last has been read."""

    reads = 0

    def read(self, kept: Kept, agent: int) -> None:
        super().read(kept, agent)
        self.reads = kept.reads


def test_who_reads_what_is_known_of_no_more_than_so_many_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.llm.kv._KNOWN", 5)
    residency = Noting()
    prefixes = EmbeddedBackend.load(tiny.write(tmp_path / "tiny.gguf"), kv_disk=0).contexts.prefixes
    prefixes.residency = residency

    def reads(token: int, time: float) -> int:
        residency.expect([time])
        prefixes.find([(token,)], "", 0)
        prefixes.forget()
        return residency.reads

    assert [reads(token, float(token)) for token in range(8)] == [1] * 8
    assert [reads(token, 99.0) for token in (7, 3)] == [2, 2], "let go, and known"
    assert reads(0, 99.0) == 1, "forgotten"
