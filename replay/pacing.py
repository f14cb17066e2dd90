"""Which moments to show: the liveliest one, and the moments of an animation that hurries through quiet hours."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import Final

from replay.emoji import ASLEEP, icon_name
from replay.timeline import Timeline

_MOST_CANDIDATES: Final = 3000
_MOST_BINS: Final = 20_000
_QUIET: Final = 0.25
"""How much of the time of a busy stretch a stretch gets in which nobody walks or talks."""


def liveliest(timeline: Timeline, start: float, until: float) -> int:
    """Return the second from `start` to `until` at which most is going on: speech counts most, then walks, then work.

    The earliest of equals; only seconds at which something begins are compared.
    """
    begins = {speech.time for track in timeline.tracks for speech in track.lines.between(start - 1, until)}
    begins |= {act.since for track in timeline.tracks for act in track.acts.between(start - 1, until)}
    # A second after a line is said its bubble is there, and whoever walked off then has left the tile.
    candidates = sorted(time + 1 for time in begins if time + 1 <= until) or [int(start)]
    stride = -(-len(candidates) // _MOST_CANDIDATES)
    return max(candidates[::stride], key=lambda time: (_liveliness(timeline, time), -time))


def _liveliness(timeline: Timeline, time: int) -> float:
    score = 0.0
    seen: set[str] = set()
    for person in timeline.state(time, captions=0).people:
        if person.tile is None:
            continue
        if person.speech is not None:
            score += 6 + min(len(person.speech.text), 80) / 40
        score += 2 * person.walking
        if person.acting is not None and icon_name(person.acting.emoji) != ASLEEP:
            score += 1 if person.acting.description in seen else 1.5
            seen.add(person.acting.description)
    return score


def paced(timeline: Timeline, start: int, until: int, frames: int) -> list[int]:
    """Return about `frames` rising seconds from `start` to `until`; where nobody walks or talks they are rare."""
    span = until - start
    if span <= 0 or frames < 2:
        return [start]
    width = max(1, -(-span // _MOST_BINS))
    bins = -(-span // width)
    busy = [0] * (bins + 1)
    for spans in timeline.busy_spans():
        for begin, end in spans:
            first, last = max(0, (begin - start) // width), min(bins, -(-(end - start) // width))
            if first < last:
                busy[first] += 1
                busy[last] -= 1
    weights = [1.0 if number else _QUIET for number in accumulate(busy[:-1])]
    reached = list(accumulate(weights, initial=0.0))
    times = []
    for frame in range(frames):
        goal = reached[-1] * frame / (frames - 1)
        number = min(max(bisect_left(reached, goal) - 1, 0), bins - 1)
        part = (goal - reached[number]) / weights[number]
        times.append(min(until, start + round((number + part) * width)))
    return sorted(set(times))


def even(start: int, until: int, step: float) -> list[int]:
    """Return the seconds from `start` to `until` in equal steps of about `step`, both ends included."""
    count = max(1, round((until - start) / step))
    return sorted({start + round((until - start) * number / count) for number in range(count + 1)})
