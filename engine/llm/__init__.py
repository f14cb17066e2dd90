"""Asking a model: typed requests and replies, the backends that answer them, and recorded replies."""
