"""Loading takes little more memory than what is kept."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.llm.linear import NUMBER_FORMATS
from tests.engine.llm.families import load

HIDDEN, FEED, LAYERS, VOCABULARY = 1024, 4096, 14, 1024


def own_memory() -> int:
    """Bytes of this process that are not just mapped files."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no RssAnon")


@contextmanager
def most_memory() -> Iterator[list[int]]:
    """Note how much memory is used, again and again."""
    seen, over = [own_memory()], threading.Event()

    def watch() -> None:
        while not over.wait(0.002):
            seen.append(own_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield seen
    over.set()
    watcher.join()


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc/self/status")
def test_weights_are_never_all_there_in_single_precision(tmp_path: Path) -> None:
    shapes = {"model.embed_tokens": (VOCABULARY, HIDDEN), "lm_head": (VOCABULARY, HIDDEN), "model.norm": (HIDDEN,)}
    for i in range(LAYERS):
        at = f"model.layers.{i}"
        shapes |= {f"{at}.self_attn.{side}_proj": (HIDDEN, HIDDEN) for side in "qkvo"}
        shapes |= {f"{at}.mlp.{name}_proj": (FEED, HIDDEN) for name in ("gate", "up")}
        shapes |= {f"{at}.mlp.down_proj": (HIDDEN, FEED)}
        shapes |= {f"{at}.{name}_layernorm": (HIDDEN,) for name in ("input", "post_attention")}
    save_file(
        {f"{name}.weight": torch.ones(shape, dtype=torch.bfloat16) for name, shape in shapes.items()},
        tmp_path / "model.safetensors",
    )
    config = {
        "model_type": "llama", "hidden_size": HIDDEN, "intermediate_size": FEED, "num_hidden_layers": LAYERS,
        "num_attention_heads": 16, "vocab_size": VOCABULARY, "max_position_embeddings": 512, "rms_norm_eps": 1e-5,
    }  # fmt: skip
    (tmp_path / "config.json").write_text(json.dumps(config))
    NUMBER_FORMATS["float16"](torch.zeros(64, 64), None)
    parameters = sum(torch.Size(shape).numel() for shape in shapes.values())
    with most_memory() as seen:
        model = load(tmp_path, "float16", tokenizer=False)
        time.sleep(0.01)
    assert len(model.layers) == LAYERS  # type: ignore[attr-defined]
    assert max(seen) - seen[0] < 3.6 * parameters  # bytes; single precision alone would take 4
