"""Which memories come to mind: recency, importance and relevance (Park et al. 2023, section 4.1).

Every memory gets a score, the sum of three weighted components, and those with the highest scores come to mind. How the
components are made is a *profile*:

`paper`
    As the paper says: recency decays with the hours since the last access (0.995 per hour), every component is scaled
    to [0, 1] over all memories, all weights are 1.
`thorp`
    The default. The same, but recency and importance are what they are on their own scales, from 0 to 1: the decay
    itself, and (importance - 1) / 9. Scaled to what is there, the few percent by which memories of one day differ in
    recency would weigh as much as all the difference in meaning. Cosines have no scale of their own and are scaled; as
    what is asked about must not be drowned by what is new and moving, relevance weighs 2.
`released-code`
    For comparison only: what the code released with the paper does. Conversations and idle observations are left out;
    recency goes by rank and the wrong way round, so that what has not come to mind for longest scores highest; the
    weights are 0.5, 2 and 3.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.memory.stream import Memory, MemoryKind, MemoryStream, Vector
from engine.config import Settings

HOUR = 3600
MOST = 100.0
"""The largest weight there is, either way."""
Scores = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Profile:
    """One way of scoring: weights, decay of recency, and how components are made."""

    recency: float = 1.0
    importance: float = 1.0
    relevance: float = 1.0
    decay: float = 0.995
    own_scales: bool = False
    """Whether recency and importance keep their own scales instead of being scaled to the candidates."""
    by_rank: bool = False
    """Whether recency goes by rank, the longest unused first, as in the released code."""
    left_out: tuple[MemoryKind, ...] = ()
    """Kinds that never come to mind."""
    leaves_out_idle: bool = False


PROFILES = {
    "thorp": Profile(relevance=2.0, own_scales=True),
    "paper": Profile(),
    "released-code": Profile(0.5, 2.0, 3.0, by_rank=True, left_out=(MemoryKind.CHAT,), leaves_out_idle=True),
}
Weight = float | None


class RetrievalSettings(Settings):
    """A profile, and what differs from it: weights of the components, the decay of recency (per hour, or per rank)."""

    profile: Literal["thorp", "paper", "released-code"] = "thorp"
    recency: Weight = Field(default=None, ge=-MOST, le=MOST)
    importance: Weight = Field(default=None, ge=-MOST, le=MOST)
    relevance: Weight = Field(default=None, ge=-MOST, le=MOST)
    decay: float | None = Field(default=None, gt=0, le=1)

    def weight(self, component: Literal["recency", "importance", "relevance", "decay"]) -> float:
        """Return what is set, else what the profile says."""
        given: float | None = getattr(self, component)
        of_profile: float = getattr(PROFILES[self.profile], component)
        return of_profile if given is None else given


def min_max(values: Scores) -> Scores:
    """Scale to [0, 1]; a constant vector becomes 0.5 throughout."""
    low, high = values.min(), values.max()
    if high == low:
        return np.full_like(values, 0.5)
    scaled: Scores = (values - low) / (high - low)
    return scaled


def scores(
    stream: MemoryStream, query: Vector, now: int, settings: RetrievalSettings, among: Numbers | None = None
) -> Scores:
    """Return the score of every memory (or of those `among` the stream, by their numbers), [memories].

    score = w_rec * recency + w_imp * importance + w_rel * relevance, each in [0, 1], made as the profile says.
    """
    profile = PROFILES[settings.profile]
    accessed, importance, cosines = stream.accessed, stream.importance, stream.relevance(query).astype(np.float64)
    if among is not None:
        accessed, importance, cosines = accessed[among], importance[among], cosines[among]
    if not len(accessed):
        return np.empty(0, np.float64)
    decay = np.log(settings.weight("decay"))
    if profile.by_rank:
        rank = np.empty(len(accessed), np.float64)
        rank[np.argsort(accessed, kind="stable")] = np.arange(1, len(accessed) + 1)
        recency = np.exp(decay * rank)
    else:
        recency = np.exp((now - accessed) * (decay / HOUR))
    weights = [settings.weight("recency"), settings.weight("importance"), settings.weight("relevance")]
    if profile.own_scales:
        parts = [recency, (importance - 1) / 9, min_max(cosines)]
    else:
        parts = [min_max(recency), min_max(importance), min_max(cosines)]
    total: Scores = weights[0] * parts[0] + weights[1] * parts[1] + weights[2] * parts[2]
    return total


def best(values: Scores, count: int) -> Numbers:
    """Return the places of the `count` highest values, highest first; of equal ones the later comes first."""
    count = min(count, len(values))
    if count < 1:
        return np.empty(0, np.int64)
    limit = np.partition(values, len(values) - count)[len(values) - count]
    above = np.flatnonzero(values > limit)
    chosen = np.concatenate([above, np.flatnonzero(values == limit)[len(above) - count :]])
    return chosen[np.lexsort((-chosen, -values[chosen]))]


def candidates(
    stream: MemoryStream, settings: RetrievalSettings, without: Collection[MemoryKind], about: str = ""
) -> Numbers | None:
    """Return the numbers of the memories that can come to mind, oldest first; None stands for all of them."""
    numbers = _allowed(stream, settings, without)
    if not about:
        return numbers
    known = np.unique(stream.about(about))
    return known if numbers is None else np.intersect1d(numbers, known, assume_unique=True)


def _allowed(stream: MemoryStream, settings: RetrievalSettings, without: Collection[MemoryKind]) -> Numbers | None:
    profile = PROFILES[settings.profile]
    left_out = {*profile.left_out, *without}
    if not left_out and not profile.leaves_out_idle:
        return None
    kinds = [kind for kind in MemoryKind if kind not in left_out]
    return stream.of_kinds(kinds, idle=not profile.leaves_out_idle)


def retrieve(
    stream: MemoryStream,
    query: Vector,
    now: int,
    count: int,
    settings: RetrievalSettings,
    without: Collection[MemoryKind] = (),
    about: str = "",
) -> list[Memory]:
    """Return the `count` best memories, best first, and note that they were accessed. Ties go to the newer memory.

    Memories of the kinds in `without` do not come to mind; with `about`, only those about that person do.
    """
    among = candidates(stream, settings, without, about)
    ranked = best(scores(stream, query, now, settings, among), count)
    numbers = ranked if among is None else among[ranked]
    stream.touch(numbers, now)
    return [stream[number] for number in numbers.tolist()]
