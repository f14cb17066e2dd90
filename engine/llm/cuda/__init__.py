"""The model on a GPU: products in bfloat16, ragged attention, and weights and keys that are in the computer's RAM."""
