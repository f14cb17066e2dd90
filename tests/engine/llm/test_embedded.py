from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import BadInput
from engine.llm.choosing import Choosing
from engine.llm.embedded import EmbeddedBackend
from engine.llm.inventory import LANGUAGE_MODEL
from engine.llm.jobs import Job
from engine.llm.requests import (
    Choice,
    Choose,
    Embed,
    Failure,
    FailureKind,
    Rate,
    Rating,
    Reply,
    Request,
    Shape,
    Texts,
    Vectors,
    Write,
)
from engine.llm.service import ModelService
from tests.engine.llm import families, tiny

MIXED: tuple[Request, ...] = (
    Write("w", ("The",), max_tokens=5),
    Embed("e", ("the park",)),
    Choose("c", ("The",), (" a", " b")),
    Rate("r", ("The",), 1, 3),
    Embed("e", ("the cafe", "the park")),
)


def test_answers_come_in_the_order_of_the_requests(embedded: EmbeddedBackend) -> None:
    answers = embedded.answer(MIXED)
    assert [type(a.reply).__name__ for a in answers] == ["Texts", "Vectors", "Choice", "Rating", "Vectors"]
    assert embedded.answer([]) == []
    assert answers[0].usage.generated > 0


def test_identity_names_all_that_matters(embedded: EmbeddedBackend) -> None:
    for part in ("embedded/", "SmolLM2-135M", "b179c9523d0e6a0f", "float16", "MiniLM", "53aa51172d142c89"):
        assert part in embedded.identity


def test_vectors(embedded: EmbeddedBackend) -> None:
    names = ("a park with trees", "a garden", "an invoice\ud800", "")
    (together,) = (a.reply for a in embedded.answer([Embed("e", names)]))
    assert isinstance(together, Vectors)
    assert together.array.dtype == np.float32
    assert together.array.shape == (4, 384)
    assert np.linalg.norm(together.array, axis=1) == pytest.approx([1] * 4, abs=1e-6)
    near, far = together.array[0] @ together.array[1], together.array[0] @ together.array[2]
    assert near > far + 0.2
    embedded.forget()
    for i, name in enumerate(names):
        (alone,) = (a.reply for a in embedded.answer([Embed("e", (name,))]))
        assert isinstance(alone, Vectors)
        assert alone.array.tobytes() == together.array[i : i + 1].tobytes()


def test_one_failing_request_harms_no_other(embedded: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Choosing.job

    def failing(self: Choosing, request: Choose | Rate, agent: int) -> Job:
        if request.purpose == "r":
            with self._contexts.opened(("never computed " * 3,), 0):
                raise RuntimeError("a bug")
        return (yield from plain(self, request, agent))

    expected = embedded.answer(MIXED)
    monkeypatch.setattr(Choosing, "job", failing)
    found = embedded.answer(MIXED)
    assert found[3].reply == Failure(FailureKind.BACKEND, "RuntimeError: a bug")
    assert found[2].reply == expected[2].reply
    assert found[0].reply == expected[0].reply
    monkeypatch.undo()
    (reply,) = (a.reply for a in embedded.answer([Choose("c", ("never computed " * 3,), (" a", " b"))]))
    assert isinstance(reply, Choice)


def test_a_text_that_the_tokenizer_fails_on_harms_no_other(
    embedded: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = embedded.contexts.encode

    def failing(text: str) -> tuple[int, ...]:
        if "xyxy" in text:
            raise RuntimeError("the tokenizer failed: retry-limit-in-match over")
        return plain(text)

    monkeypatch.setattr(embedded.contexts, "encode", failing)
    bad = (
        Choose("c", ("The", "xyxy"), (" a", " b")),
        Choose("c", ("The",), (" a", " xyxy")),
        Rate("r", ("The", "xyxy"), 1, 3),
        Write("w", ("The", "xyxy"), max_tokens=5),
        Write("w", ("The",), max_tokens=5, contrast=("The", "xyxy")),
    )
    service = ModelService(embedded)
    tickets = [service.submit(request) for request in (*bad, *MIXED)]
    found: dict[int, Reply] = {}
    while len(found) < len(tickets):
        found.update(service.collect())
    failure = Failure(FailureKind.BACKEND, "RuntimeError: the tokenizer failed: retry-limit-in-match over")
    replies = [found[ticket] for ticket in tickets if isinstance(ticket, int)]
    assert replies[: len(bad)] == [failure] * len(bad)
    assert not any(isinstance(reply, Failure) for reply in replies[len(bad) :])
    assert embedded.batching.waiting == embedded.batching.under_way == 0


def test_the_kept_prefixes_stay_within_their_limit(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    backend = EmbeddedBackend.load(path, kv_bytes=100_000)
    prefixes = backend.contexts.prefixes
    requests = [Choose("c", ("the world ", f"person {i} "), (" a", " b")) for i in range(100)]
    expected = [a.reply for a in backend.answer(requests)]
    assert 50_000 < prefixes.bytes <= 100_000
    assert [backend.answer([request])[0].reply for request in requests] == expected
    assert prefixes.bytes <= 100_000
    backend.forget()
    assert prefixes.bytes == 0


@pytest.mark.parametrize("number_format", ["float16", "float32"])
def test_another_model_can_be_loaded(tmp_path: Path, number_format: str) -> None:
    backend = EmbeddedBackend.load(tiny.write(tmp_path / "tiny.gguf"), number_format)
    assert "tiny sha256:" in backend.identity
    assert number_format in backend.identity
    number = Write("n", ("the",), shape=Shape.NUMBER, max_tokens=4, samples=3)
    replies = [a.reply for a in backend.answer([*MIXED, number, Write("w", ("the " * 40,))])]
    assert isinstance(replies[2], Choice)
    assert isinstance(replies[-2], Texts)
    assert isinstance(replies[-1], Failure)
    assert replies[-1].kind is FailureKind.TOO_LONG


@pytest.mark.parametrize("name", ["llama", "mistral", "gemma2", "gemma3", "opt"])
def test_hugging_face_folders_answer_like_any_model(tmp_path: Path, name: str) -> None:
    """All kinds of requests, with the same answers alone, in company, and after everything was forgotten."""
    folder = families.save(families.make(name), tmp_path / "small")
    backend = EmbeddedBackend.load(folder)
    assert backend.identity.startswith("embedded/1 small sha256:")
    word = Write("w", ("I am ", "a "), shape=Shape.REGEX, pattern="[a-z ]{2,30}", max_tokens=40, samples=3)
    asked = [word, *(request for request in MIXED if isinstance(request, Choose | Rate))]
    replies = [a.reply for a in backend.answer(asked)]
    assert [type(reply) for reply in replies] == [Texts, Choice, Rating]
    assert [backend.answer([request])[0].reply for request in asked] == replies
    backend.forget()
    assert [a.reply for a in backend.answer(asked)] == replies
    (long,) = backend.answer([Choose("c", ("the " * 200,), (" a", " b"))])
    assert isinstance(long.reply, Failure)
    assert long.reply.kind is FailureKind.TOO_LONG
    assert EmbeddedBackend.load(folder / "model.safetensors").identity == backend.identity
    before = backend.identity
    (folder / "generation_config.json").write_text('{"eos_token_id": [5]}')
    assert EmbeddedBackend.load(folder).identity != before  # any file that an answer depends on


def test_the_tokenizers_files_are_part_of_the_identity(tmp_path: Path) -> None:
    folder = families.save(families.make("llama"), tmp_path / "small")
    before = EmbeddedBackend.load(folder).identity
    model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    merges = "\n".join(map(" ".join, model["merges"]))
    (folder / "vocab.json").write_text(json.dumps(model["vocab"]))
    (folder / "merges.txt").write_text(merges)
    assert EmbeddedBackend.load(folder).identity == before  # they are not looked at
    (folder / "tokenizer.json").unlink()
    older = EmbeddedBackend.load(folder)
    (folder / "merges.txt").write_text(merges[: merges.index("\n")])
    fewer = EmbeddedBackend.load(folder)
    assert fewer.contexts.encode("the student") != older.contexts.encode("the student")
    (folder / "vocab.json").write_text(json.dumps(model["vocab"], indent=1))
    other = EmbeddedBackend.load(folder)
    assert len({before, older.identity, fewer.identity, other.identity}) == 4


def test_what_a_model_wants_before_a_text_comes_once(tmp_path: Path) -> None:
    folder = families.save(families.make("llama"), tmp_path / "small")
    about = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps({**about, "add_bos_token": True}))
    contexts = EmbeddedBackend.load(folder).contexts
    with contexts.opened(("", "the cat ", "", "sat"), 1) as opened:
        chain = [part.tokens for part in opened.node.chain()]
    assert chain == [(0, *contexts.encode("the cat ")), contexts.encode("sat")]
    with contexts.opened((), 1) as opened:
        assert [part.tokens for part in opened.node.chain()] == [(0,)]


def test_models_larger_than_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.llm.embedded.os.sysconf", lambda name: 16)
    with pytest.raises(BadInput, match=r"has 0\.0 billion parameters, which take 0\.0 GiB in float16"):
        EmbeddedBackend.load(tiny.write(tmp_path / "tiny.gguf"))


def test_a_model_that_gives_no_numbers_says_so(tmp_path: Path) -> None:
    tensors = tiny.weights()
    tensors["output_norm.weight"][:] = 3e38  # these are numbers, but what comes of them is not
    backend = EmbeddedBackend.load(tiny.write(tmp_path / "huge.gguf", tensors=tensors))
    llm = [request for request in MIXED if not isinstance(request, Embed)]
    for answer in backend.answer(llm):
        assert isinstance(answer.reply, Failure)
        assert answer.reply.kind is FailureKind.NOT_A_NUMBER


def test_what_is_missing_is_said_before_weights_are_hashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = families.save(families.make("llama"), tmp_path / "small")

    def sha256(path: Path) -> str:
        raise AssertionError(f"{path} was hashed")

    monkeypatch.setattr("engine.llm.files.checkpoint.sha256", sha256)
    settings = (folder / "config.json").read_text()
    (folder / "config.json").write_text(settings.replace('"num_hidden_layers": 3', '"num_hidden_layers": 4'))
    with pytest.raises(BadInput, match=r"tensor model\.layers\.3\.input_layernorm\.weight: is missing"):
        EmbeddedBackend.load(folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(BadInput, match=r"holds no tokenizer\.json"):
        EmbeddedBackend.load(folder)


def test_what_is_no_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    for path in (text, tmp_path, tmp_path / "none.gguf", tmp_path / "none.safetensors"):
        with pytest.raises(BadInput, match=str(path)):
            EmbeddedBackend.load(path)
    with pytest.raises(BadInput, match="float16"):
        EmbeddedBackend.load(number_format="float61")
    monkeypatch.setattr("engine.llm.embedded.LANGUAGE_MODEL", replace(LANGUAGE_MODEL, package="llm-nobody"))
    with pytest.raises(BadInput, match="make install"):
        EmbeddedBackend.load()


def test_importing_the_backend_loads_nothing_heavy() -> None:
    code = "import sys, engine.llm.embedded; sys.exit(bool({'torch', 'transformers', 'tokenizers'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_process_that_has_pinned_its_threads_still_knows_all_its_cores() -> None:
    code = "from engine.llm.embedded import pin_threads as p; a = p(); import torch; torch.ones(9) + 1; assert p() == a"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
