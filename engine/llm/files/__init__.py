"""Models on disk: Hugging Face folders and GGUF files, read as what they may be, hostile files."""
