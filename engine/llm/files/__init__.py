"""Models on disk: Hugging Face folders and GGUF files, read as what they may be, hostile files."""

from __future__ import annotations

from typing import Final

FAMILIES: Final = ("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "opt")
"""The families of models that can be used, as Hugging Face calls them."""
