from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.llm import kv
from engine.llm.embedded import EmbeddedBackend
from engine.llm.kv import Node, Prefixes, run
from engine.llm.llama import Llama
from engine.llm.scoring import Trie
from tests.engine.llm import make_reference_logits as reference
from tests.engine.llm.families import load

REFERENCE = Path(__file__).parent / "reference_logits.npz"


@pytest.fixture(scope="module", params=["float32", "float16"])
def model(request: pytest.FixtureRequest, embedded: EmbeddedBackend) -> Llama:
    model = embedded.contexts.model if request.param == "float16" else load(embedded.path)
    assert isinstance(model, Llama)
    return model


@pytest.fixture
def threads() -> Iterator[Callable[[int], None]]:
    count = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(count)


@pytest.mark.parametrize("number", range(len(reference.PROMPTS)))
def test_logits_agree_with_transformers(model: Llama, number: int) -> None:
    with np.load(REFERENCE) as stored:
        ids, positions, expected = (stored[f"{name}{number}"] for name in ("ids", "positions", "logits"))
    (hidden,) = model.run([Node(model.config, None, tuple(ids.tolist()))])
    with torch.inference_mode():
        found = model.head(hidden[torch.from_numpy(positions)])[:, :: reference.STRIDE].numpy()
    assert np.abs(found - expected).max() < (1e-3 if is_reference(model) else 0.1)


def is_reference(model: Llama) -> bool:
    return "float32" in getattr(model.head, "__qualname__", "")


def blocks_of(model: Llama, dice: random.Random) -> list[Node | Trie]:
    """A few contexts, some continuing others, and tries under them."""
    words = range(100, 40000)
    made: list[Node | Trie] = []
    nodes: list[Node] = []
    for _ in range(4):
        parent = dice.choice([None, *nodes])
        node = Node(model.config, parent, tuple(dice.choices(words, k=dice.randrange(1, 40))))
        nodes.append(node)
        made.append(node)
        options = tuple(tuple(dice.choices(words, k=dice.randrange(2, 6))) for _ in range(3))
        made.append(Trie.of(node, options))
    return made


def copies(blocks: list[Node | Trie], model: Llama) -> list[Node | Trie]:
    """The same blocks, not computed yet."""
    nodes: dict[int, Node] = {}
    made: list[Node | Trie] = []
    for block in blocks:
        if isinstance(block, Node):
            parent = nodes[id(block.parent)] if block.parent else None
            nodes[id(block)] = node = Node(model.config, parent, block.tokens)
            made.append(node)
        else:
            made.append(Trie.of(nodes[id(block.node)], block.continuations))
    return made


@pytest.mark.parametrize("count", [2, 5])
def test_rows_have_the_same_bits_in_any_pass(model: Llama, threads: Callable[[int], None], count: int) -> None:
    """All blocks in one pass, each in a pass of its own, and among strangers. Five threads share work unevenly."""
    threads(count)
    dice = random.Random(count)
    for _ in range(1 if is_reference(model) else 2):
        blocks = blocks_of(model, dice)
        together = run(model, blocks)
        alone = [run(model, [block])[0] for block in copies(blocks, model)]
        mixed: list[Node | Trie] = []
        for block in copies(blocks, model):
            mixed += [*blocks_of(model, dice)[: dice.randrange(3)], block]
        among = run(model, mixed)
        own = [states for block, states in zip(mixed, among, strict=True) if block.tokens in [b.tokens for b in blocks]]
        for a, b, c in zip(together, alone, own, strict=True):
            assert torch.equal(a, b)
            assert torch.equal(a, c)


def test_log_probabilities_have_the_same_bits_in_any_number_of_rows(model: Llama) -> None:
    states = torch.randn(40, model.config.hidden, generator=torch.Generator().manual_seed(1))
    whole = model.log_probabilities(states)
    for rows in (1, 2, 5, 7, 13, 40):
        assert torch.equal(model.log_probabilities(states[:rows]), whole[:rows])
    assert torch.equal(model.log_probabilities(states[33:]), whole[33:])


def test_a_split_context_means_the_same(model: Llama) -> None:
    tokens = tuple(random.Random(3).choices(range(100, 40000), k=90))
    (whole,) = run(model, [Node(model.config, None, tokens)])
    first = Node(model.config, None, tokens[:37])
    second = Node(model.config, first, tokens[37:])
    parts = torch.cat(run(model, [first, second]))
    assert close(model, whole[-4:], parts[-4:])


def test_long_segments_are_cut_into_pieces(model: Llama, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kv, "PIECE", 64)
    tokens = tuple(random.Random(4).choices(range(100, 40000), k=100))
    node, new = Prefixes(model, 1 << 30).find([tokens])
    assert new == 100
    assert [len(n.tokens) for n in node.chain()] == [64, 36]
    run(model, node.chain())
    whole = Node(model.config, None, tokens)
    run(model, [whole])
    assert node.last is not None
    assert whole.last is not None
    assert close(model, node.last[None], whole.last[None])


def close(model: Llama, a: Tensor, b: Tensor) -> bool:
    """Whether two ways to compute the same hidden states agree up to rounding."""
    difference = (model.log_probabilities(a) - model.log_probabilities(b)).abs().max()
    return bool(difference < 1e-3)
