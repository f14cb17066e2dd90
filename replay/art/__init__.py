"""Scripts that draw the pictures in replay/data; run one to make its files again."""
