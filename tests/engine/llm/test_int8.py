"""Products in 8 bits are near those in half precision, say how near, and keep rows apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from engine.llm import kv
from engine.llm.decoder import Decoder
from engine.llm.embedded import EmbeddedBackend
from engine.llm.int8 import int8
from engine.llm.kv import Node
from engine.llm.requests import Choice, Choose, Request, Write
from tests.engine.llm import families

CONTEXT = ("Klaus Mueller is a student of sociology who likes coffee.\n", "It is nine in the morning. Klaus wants")
WHAT = Choose("what", CONTEXT, (" coffee.\n", " a violin.\n", " to sleep.\n"))


@pytest.fixture(scope="module")
def quick() -> EmbeddedBackend:
    return EmbeddedBackend.load(number_format="int8")


@settings(max_examples=40)
@given(st.integers(1, 90), st.integers(2, 40), st.integers(1, 40), st.booleans(), st.integers(0, 2**32 - 1))
def test_products_are_near_and_rows_are_kept_apart(
    rows: int, inputs: int, outputs: int, biased: bool, seed: int
) -> None:
    dice = torch.Generator().manual_seed(seed)
    weight, x = torch.randn(outputs, inputs, generator=dice), torch.randn(rows, inputs, generator=dice)
    x[:, 0] *= 30  # a channel that is far larger than the others
    bias = torch.randn(outputs, generator=dice) if biased else None
    product = int8(weight, bias, x.abs().amax(0))
    found = product(x)
    exact = x @ weight.T + (0 if bias is None else bias)
    assert torch.linalg.vector_norm(found - exact) <= 0.05 * torch.linalg.vector_norm(exact) + 1e-3
    for row in (0, rows // 2, rows - 1):
        assert torch.equal(product(x[row : row + 1]), found[row : row + 1])


def test_a_row_that_is_no_number_spoils_no_other() -> None:
    product = int8(torch.randn(8, 16), None, torch.ones(16))
    x = torch.randn(5, 16)
    before = product(x)
    for bad in (float("nan"), float("inf")):
        spoilt = x.clone()
        spoilt[2, 3] = bad
        after = product(spoilt)
        assert not after[2].isfinite().all()
        assert torch.equal(after[[0, 1, 3, 4]], before[[0, 1, 3, 4]])
    assert torch.equal(product(torch.zeros(2, 16)), torch.zeros(2, 8))


def test_what_is_read_while_loading_begins_like_any_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = families.save(families.make("llama"), tmp_path / "small")
    about = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps({**about, "add_bos_token": True}))
    read: list[int] = []

    def watched(model: Decoder, nodes: list[Node]) -> list[torch.Tensor]:
        read.extend(node.tokens[0] for node in nodes)
        return kv.run(model, nodes)

    monkeypatch.setattr("engine.llm.int8.run", watched)
    EmbeddedBackend.load(folder, number_format="int8")
    assert read == [0, 0, 0], "the token that the model wants to see first"


def test_the_model_says_what_it_costs_and_decides_much_the_same(
    quick: EmbeddedBackend, embedded: EmbeddedBackend
) -> None:
    assert quick.loss is not None and 0 < quick.loss < 0.03
    assert embedded.loss is None
    assert " int8 " in quick.identity and quick.identity != embedded.identity
    one, other = (backend.answer([WHAT])[0].reply for backend in (quick, embedded))
    assert isinstance(one, Choice) and isinstance(other, Choice)
    assert one.scores == pytest.approx(other.scores, abs=0.2) and one.scores != other.scores


def test_an_answer_does_not_depend_on_the_company(quick: EmbeddedBackend) -> None:
    asked: list[Request] = [WHAT, Write("talk", CONTEXT, samples=3, max_tokens=8, seed=3)]
    alone = [quick.answer([request])[0].reply for request in asked]
    strangers: list[Request] = [Write("w", (f"{n} bottles of milk and",), samples=2, max_tokens=6) for n in range(5)]
    among = quick.answer([*strangers, *asked])
    assert [answer.reply for answer in among[-2:]] == alone


def test_it_does_not_go_with_a_cap_of_memory() -> None:
    with pytest.raises(BadInput, match="does not go with a cap of memory"):
        EmbeddedBackend.load(number_format="int8", ram=1 << 28)
