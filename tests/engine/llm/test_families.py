"""Every family against transformers, on small random models."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.llm.branches import Branches
from engine.llm.decoder import Decoder
from engine.llm.kv import Node, run
from engine.llm.scoring import Trie
from tests.engine.llm import families
from tests.engine.llm.families import load

NAMES = sorted(families.FAMILIES)
pytestmark = pytest.mark.usefixtures("one_thread")


def tokens(count: int, seed: int = 0) -> tuple[int, ...]:
    return tuple(random.Random(seed).choices(range(320), k=count))


@torch.inference_mode()
def expected(model: Any, ids: tuple[int, ...]) -> Tensor:
    """The log-probabilities of transformers after each of `ids`, [n, vocabulary]."""
    return torch.log_softmax(model(torch.tensor([ids])).logits[0].float(), dim=-1)


def difference(ours: Decoder, model: Any, ids: tuple[int, ...]) -> float:
    (states,) = run(ours, [Node(ours.config, None, ids)])
    return float((ours.log_probabilities(states) - expected(model, ids)).abs().max())


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_of_a_text(tmp_path: Path, name: str, record_property: Any) -> None:
    model = families.make(name)
    found = difference(load(families.save(model, tmp_path)), model, tokens(100))
    record_property("difference", found)
    assert found < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_shared_beginnings_and_what_is_written_after_them(tmp_path: Path, name: str) -> None:
    """A context in two segments, options under it, and two samples that grow after it: all of it as from one text."""
    model = families.make(name, seed=1)
    ours = load(families.save(model, tmp_path))
    first = Node(ours.config, None, tokens(23, 1))
    second = Node(ours.config, first, tokens(14, 2))
    options = (tokens(4, 3), (*tokens(2, 3), 7, 8, 9), (5,))
    trie = Trie.of(second, options)
    states = run(ours, [first, second, trie])
    whole = first.tokens + second.tokens
    found = ours.log_probabilities(torch.cat(states[:2]))
    assert (found - expected(model, whole)).abs().max() < 1e-4
    after = ours.log_probabilities(states[2])
    for option, path in zip(options, trie.paths, strict=True):
        right = expected(model, whole + option)[len(whole) :]
        for place, row in enumerate(path[1:]):
            assert (after[row] - right[place]).abs().max() < 1e-4

    branches = Branches(ours.config, second)
    samples = [tokens(21, 4), tokens(21, 5)]  # long enough that the buffer grows and the first tokens leave the window
    rights = [expected(model, whole + sample)[len(whole) :] for sample in samples]
    for step in range(21):
        living = [0, 1] if step < 12 else [1]
        branches.advance(living, [samples[i][step] for i in living])
        (now,) = run(ours, [branches])
        for i, logs in zip(living, ours.log_probabilities(now), strict=True):
            assert (logs - rights[i][step]).abs().max() < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_greedy_continuations_are_the_same(tmp_path: Path, name: str) -> None:
    model = families.make(name, seed=2)
    ours = load(families.save(model, tmp_path))
    prompt = tokens(17, 6)
    asked = {"input_ids": torch.tensor([prompt]), "attention_mask": torch.ones(1, 17, dtype=torch.long)}
    right = model.generate(**asked, do_sample=False, max_new_tokens=12, eos_token_id=None, pad_token_id=0)[0, 17:]
    node = Node(ours.config, None, prompt)
    (states,) = run(ours, [node])
    branches, written = Branches(ours.config, node), [int(ours.log_probabilities(states)[-1].argmax())]
    while len(written) < 12:
        branches.advance([0], [written[-1]])
        written.append(int(ours.log_probabilities(run(ours, [branches])[0])[0].argmax()))
    assert written == right.tolist()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("llama 3.1", {"rope_parameters": {"rope_type": "default", "rope_theta": 1e4}}),
        ("llama linear", {"rope_parameters": {"rope_type": "default", "rope_theta": 5e3}}),
        ("llama yarn", {"rope_parameters": {"rope_type": "default", "rope_theta": 1e4}}),
        ("llama", {"rms_norm_eps": 0.5}),
        ("mistral", {"sliding_window": None}),
        ("qwen2 window", {"use_sliding_window": False}),
        ("qwen2 window", {"layer_types": ["full_attention"] * 3}),
        ("gemma2", {"attn_logit_softcapping": None}),
        ("gemma2", {"final_logit_softcapping": None}),
        ("gemma2", {"query_pre_attn_scalar": 16}),
        ("gemma3", {"layer_types": ["full_attention"] * 7}),
        ("gemma3", {"sliding_window": 40}),
        ("opt", {"do_layer_norm_before": False, "_remove_final_layer_norm": True}),
    ],
)
def test_what_the_settings_say_is_done(tmp_path: Path, name: str, changes: dict[str, Any]) -> None:
    """With other settings and the same weights, the model is another one: to us as to transformers."""
    model = families.make(name)
    families.save(model, tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    if name == "opt":
        with pytest.raises(Exception, match="final_layer_norm"):  # one tensor too many then
            change_and_load(tmp_path, config, changes)
        return
    ours = change_and_load(tmp_path, config, changes)
    assert difference(ours, model, tokens(60)) > 0.02
    other = families.make(name, **changes)
    assert difference(ours, other, tokens(60)) < 1e-4


def change_and_load(folder: Path, config: dict[str, Any], changes: dict[str, Any]) -> Decoder:
    (folder / "config.json").write_text(json.dumps({**config, **changes}))
    return load(folder)


def test_settings_as_they_were_written_before_2025(tmp_path: Path) -> None:
    """With `rope_theta` and `rope_scaling` instead of `rope_parameters`."""
    for name in ("llama 3.1", "llama linear", "llama yarn"):
        model = families.make(name)
        families.save(model, tmp_path)
        config = json.loads((tmp_path / "config.json").read_text())
        rope = config.pop("rope_parameters")
        theta = rope.pop("rope_theta")
        if name == "llama linear":
            rope["type"] = rope.pop("rope_type")
        ours = change_and_load(tmp_path, config, {"rope_theta": theta, "rope_scaling": rope})
        assert difference(ours, model, tokens(100)) < 1e-4
    model = families.make("gemma3")
    families.save(model, tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    near, far = (config["rope_parameters"][f"{kind}_attention"]["rope_theta"] for kind in ("sliding", "full"))
    for key in ("rope_parameters", "layer_types"):
        del config[key]
    old = {"rope_theta": far, "rope_local_base_freq": near, "sliding_window_pattern": 6, "rope_scaling": None}
    assert difference(change_and_load(tmp_path, config, old), model, tokens(100)) < 1e-4


@pytest.mark.parametrize("layout", ["float16", "bfloat16"])
@pytest.mark.parametrize("name", ["smollm2", "gemma", "opt"])
def test_weights_in_half_precision_and_in_shards(tmp_path: Path, name: str, layout: str) -> None:
    model = families.make(name)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(getattr(torch, layout)))
    families.save(deepcopy(model).to(getattr(torch, layout)), tmp_path, max_shard_size="30KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 2
    assert difference(load(tmp_path), model, tokens(60)) < 1e-4
    assert difference(load(sorted(tmp_path.glob("*.safetensors"))[0]), model, tokens(60)) < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_half_precision_is_close_and_rows_have_the_same_bits_in_any_pass(tmp_path: Path, name: str) -> None:
    """At a width at which torch's threads share the elementwise work."""
    wide = {"hidden_size": 192, "intermediate_size": 648, "ffn_dim": 648, "num_hidden_layers": 2, "head_dim": 48}
    if name == "opt":
        wide["word_embed_proj_dim"] = 192
    model = families.make(name, seed=3, **wide)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.mul_(0.4)
    torch.set_num_threads(5)
    ours = load(families.save(model, tmp_path), "float16")
    assert difference(ours, model, tokens(100)) < 0.1
    blocks = [tokens(size, size) for size in (60, 1, 37, 120, 8)]
    together = run(ours, [Node(ours.config, None, block) for block in blocks])
    for block, states in zip(blocks, together, strict=True):
        (alone,) = run(ours, [Node(ours.config, None, block)])
        assert torch.equal(alone, states)
        logs = ours.log_probabilities(states)
        assert torch.equal(ours.log_probabilities(states[-3:]), logs[-3:])
