"""Which memories come to mind: recency, importance and relevance (Park et al. 2023, section 4.1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.memory.stream import Memory, MemoryStream, Vector
from engine.config import Settings

HOUR = 3600


class RetrievalSettings(Settings):
    """Weights of the three components, and the decay of recency per hour since the last access.

    The defaults are the paper's: all weights 1, decay 0.995.
    """

    recency: float = Field(default=1.0, allow_inf_nan=False)
    importance: float = Field(default=1.0, allow_inf_nan=False)
    relevance: float = Field(default=1.0, allow_inf_nan=False)
    decay: float = Field(default=0.995, gt=0, le=1)


def min_max(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale to [0, 1]; a constant vector becomes 0.5 throughout."""
    low, high = values.min(), values.max()
    if high == low:
        return np.full_like(values, 0.5)
    scaled: NDArray[np.float64] = (values - low) / (high - low)
    return scaled


def scores(stream: MemoryStream, query: Vector, now: int, settings: RetrievalSettings) -> NDArray[np.float64]:
    """Return every memory's score, [memories].

    score = w_rec * mm(decay ^ hours since last access) + w_imp * mm(importance) + w_rel * mm(cosine), with mm the
    scaling to [0, 1] over all memories.
    """
    recency = np.power(settings.decay, (now - stream.accessed) / HOUR)
    parts = (
        settings.recency * min_max(recency),
        settings.importance * min_max(stream.importance),
        settings.relevance * min_max(stream.relevance(query)),
    )
    total: NDArray[np.float64] = np.sum(parts, axis=0)
    return total


def retrieve(stream: MemoryStream, query: Vector, now: int, count: int, settings: RetrievalSettings) -> list[Memory]:
    """Return the `count` best memories, best first, and note that they were accessed. Ties go to the newer memory."""
    if not len(stream) or count < 1:
        return []
    ranked = np.lexsort((-np.arange(len(stream)), -scores(stream, query, now, settings)))[:count]
    stream.touch(ranked.astype(np.int64), now)
    return [stream[int(number)] for number in ranked]
