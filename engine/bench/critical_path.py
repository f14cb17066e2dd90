"""What a run would take on models without number: the critical path through what truly depended on what.

Every lane has a stamp: the moment of the wall clock, counted from the start, at which it could have come to where it is
had it waited only for its own replies, for the messages that it received, and for the last deeds of those whom it
looked at. That somebody did nothing costs the oracle nothing; a schedule has to find it out. The largest stamp at the
end is the oracle's time. With the latencies of a virtual clock it can be compared with what a schedule took.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence


class CriticalPath:
    """Stamps of all lanes of a run, and what a barrier at every step would have taken."""

    def __init__(self, lanes: int) -> None:
        self._stamps = [0.0] * lanes
        self._deeds: list[list[tuple[int, float]]] = [[] for _ in range(lanes)]
        self._messages: list[list[tuple[int, float]]] = [[] for _ in range(lanes)]
        self._seconds: defaultdict[tuple[int, int], float] = defaultdict(float)
        self.thinking = 0.0
        """Seconds that all replies took together."""

    def asked(self, lane: int, time: int, latencies: Sequence[float]) -> None:
        """A lane asks for several things at once."""
        self._receive(lane, time)
        self._stamps[lane] += max(latencies, default=0.0)
        self._seconds[time, lane] += max(latencies, default=0.0)
        self.thinking += sum(latencies)

    def sent(self, lane: int, time: int, to: int, arrival: int) -> None:
        """A lane sends a message that takes effect at a later time."""
        self._receive(lane, time)
        heapq.heappush(self._messages[to], (arrival, self._stamps[lane]))

    def acted(self, lane: int, time: int) -> None:
        """A lane does something that others can see."""
        self._receive(lane, time)
        self._deeds[lane].append((time, self._stamps[lane]))

    def looked(self, lane: int, time: int, others: Sequence[int]) -> None:
        """A lane sees what others have done before a time."""
        self._receive(lane, time)
        for other in others:
            place = bisect_left(self._deeds[other], (time, 0.0))
            if place:
                self._stamps[lane] = max(self._stamps[lane], self._deeds[other][place - 1][1])

    def _receive(self, lane: int, time: int) -> None:
        messages = self._messages[lane]
        while messages and messages[0][0] <= time:
            self._stamps[lane] = max(self._stamps[lane], heapq.heappop(messages)[1])

    @property
    def oracle(self) -> float:
        """Seconds that the longest chain of dependencies takes."""
        return max(self._stamps)

    def barrier(self, step: int) -> float:
        """Seconds that it takes with a barrier at every `step` simulated seconds.

        Within a step everybody thinks, one thought after the other; the next step begins when the last one is done.
        """
        lanes: defaultdict[tuple[int, int], float] = defaultdict(float)
        for (time, lane), seconds in self._seconds.items():
            lanes[time // step, lane] += seconds
        steps: defaultdict[int, float] = defaultdict(float)
        for (number, _), seconds in lanes.items():
            steps[number] = max(steps[number], seconds)
        return sum(steps.values())
