"""The memory stream and its retrieval."""
