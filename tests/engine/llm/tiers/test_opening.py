"""The embedded backend under a cap: the same answers, one file, clear refusals."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadInput, RunFailed
from engine.llm.batching import Sizes
from engine.llm.embedded import EmbeddedBackend
from engine.llm.requests import Failure, FailureKind, Shape, Texts, Write
from engine.llm.spec import ModelSpec
from engine.llm.tiers import opening, plan
from engine.llm.tiers.cache import cache_folder
from engine.llm.tiers.layout import Layout
from tests.engine.llm import tiny
from tests.engine.llm.tiers.test_policy import MACHINE
from thorp.cli import run_command_line


@pytest.fixture(autouse=True)
def constants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is measured, and the cache folder is a new one."""
    monkeypatch.setenv("THORP_CACHE", str(tmp_path / "cache"))
    for module in (opening, plan):
        monkeypatch.setattr(module, "constants_of_this_machine", lambda: MACHINE)


def least(path: Path) -> int:
    """The smallest cap of the model at `path`, in MiB."""
    with pytest.raises(BadInput, match="the least that works is") as told:
        EmbeddedBackend.load(path, ram=1 << 20)
    return int(told.value.problem.split()[-2])


def ask(backend: EmbeddedBackend, samples: int = 2, tokens: int = 12) -> Any:
    request = Write("test", ("Klaus is", " a student."), max_tokens=tokens, samples=samples, temperature=0.8, seed=5)
    return backend.answer([request])[0].reply


def test_answers_do_not_depend_on_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    small = least(path)
    loaded = [EmbeddedBackend.load(path, ram=cap << 20) for cap in (small + 64, small)]
    assert len({backend.identity for backend in loaded}) == 1
    assert "float16 in tiers" in loaded[0].identity
    # Whatever the policy chooses for so small a model: all pieces on disk, too.
    monkeypatch.setattr(Layout, "spread", lambda layout, _: frozenset(range(layout.count)))
    loaded += [EmbeddedBackend.load(path, ram=small << 20) for _ in range(2)]  # written, and found
    (file,) = cache_folder().glob("*.weights")
    assert file.stat().st_mode & 0o077 == 0
    answers = [ask(backend) for backend in loaded]
    assert isinstance(answers[0], Texts | Failure)
    assert all(answer == answers[0] for answer in answers)
    four = EmbeddedBackend.load(path, "4bit")
    assert four.identity != loaded[0].identity
    ask(four)


def test_a_request_without_room_is_a_typed_failure(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    reply = ask(EmbeddedBackend.load(path, ram=least(path) << 20), samples=60, tokens=20)
    assert isinstance(reply, Failure)
    assert reply.kind is FailureKind.TOO_LONG
    assert "memory was given for" in reply.detail


def test_a_contrast_needs_room_like_any_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    backend = EmbeddedBackend.load(path, ram=least(path) << 20)
    monkeypatch.setattr(backend.batching, "_sizes", Sizes(room=60, strict=True))
    plain = Write("test", ("b",), "", Shape.REGEX, "[a-z]{3}", max_tokens=8, stop=())
    for request in (replace(plain, context=("a " * 40,)), replace(plain, contrast=("a " * 40,))):
        (reply,) = (answer.reply for answer in backend.answer([request]))
        assert isinstance(reply, Failure)
        assert reply.kind is FailureKind.TOO_LONG
        assert "memory was given for 60" in reply.detail
    assert backend.contexts.prefixes.tokens == 0, "nothing was read"
    (fits,) = (answer.reply for answer in backend.answer([replace(plain, contrast=("a " * 20,))]))
    assert isinstance(fits, Texts)


def test_a_full_disk_ends_the_start_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    small = least(path)

    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Layout, "spread", lambda layout, _: frozenset(range(layout.count)))
    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(RunFailed, match=r"cannot be written .* No space left on device"):
        ModelSpec.parse(f"embedded:{path}?ram={small}MiB").open({})
    assert not list(cache_folder().glob("*weights*"))


def test_a_plan_says_where_how_fast_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run_command_line(["models", "plan", "opt-30b", "--gpu", "16", "--ram", "200", "--disk", "1500", "--json"]) == 0
    )
    made = json.loads(capsys.readouterr().out)
    assert sum(made["placement"][f"weights {tier}"] for tier in ("on GPU", "in RAM", "on disk")) == pytest.approx(1)
    assert made["gib"]["GPU"] <= 16.001
    assert made["gib"]["RAM"] <= 200.01
    assert made["tokens_per_s"] > 5
    assert made["assumed"]
    assert made["limits"]
    assert made["better"][0][1] > made["tokens_per_s"]
    assert run_command_line(["models", "plan", "opt-6.7b", "--ram", "8", "--disk", "100", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert 0 < made["placement"]["weights on disk"] < 1
    assert made["assumed"] == {}
    assert made["gib"]["RAM"] <= 8


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("opt-31b",), "opt-31b: is neither a file or folder nor the name of a model (did you mean 'opt-30b'?)"),
        (("opt-30b", "--ram", "1"), "--ram: opt-30b needs at least"),
        (("opt-30b", "--ram", "8", "--disk", "10"), "--disk: opt-30b takes 55"),
        (("opt-175b", "--gpu", "16", "--ram", "64", "--disk", "50"), "opt-175b has no room there"),
        (("opt-30b", "--precision", "5bit"), "--precision: is '5bit' (did you mean '4bit'?)"),
        (
            ("embedded", "--ram", "20", "--prompt", "8161"),
            "--prompt and --generate: make 8,193 tokens together, but the context of embedded holds 8,192",
        ),
        (("opt-30b", "--gpu", "16", "--generate", "2000"), "make 2,512 tokens together, but the context of opt-30b"),
    ],
)
def test_what_cannot_be_planned_is_a_sentence(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["models", "plan", *arguments]) == 2
    assert sentence in capsys.readouterr().err
