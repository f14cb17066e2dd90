"""What a run would take on models without number: the critical path through what truly depended on what.

Every lane has a stamp: the moment of the wall clock, counted from the start, at which it could have come to where it is
had it waited only for what it needed. The largest stamp at the end is how long a run takes. What a lane needs of those
whom it looks at is counted in two ways:

- The *oracle* knows beforehand who does something: a lane waits for its own replies, for the messages that it received,
  and for the last deeds of those whom it sees. That somebody does nothing costs the oracle nothing.
- Without foreknowledge a lane has to wait until whoever it has *in sight* has come as far, because what they think
  might be about to show. Schedules are below that where people promise what they will not do.

With the latencies of a virtual clock both can be compared with what a schedule took.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence


class _Stamps:
    """The stamps of all lanes; `by_deeds` says whether only deeds are waited for, or all that people think, too."""

    def __init__(self, lanes: int, *, by_deeds: bool) -> None:
        self._by_deeds = by_deeds
        self._stamps = [0.0] * lanes
        self._moments: list[list[tuple[int, float]]] = [[] for _ in range(lanes)]
        """For each lane what others may have to wait for: simulated time and stamp."""
        self._messages: list[list[tuple[int, float]]] = [[] for _ in range(lanes)]

    def asked(self, lane: int, time: int, seconds: float) -> None:
        self._receive(lane, time)
        self._stamps[lane] += seconds
        if not self._by_deeds:
            self._note(lane, time)

    def sent(self, lane: int, time: int, to: int, arrival: int) -> None:
        self._receive(lane, time)
        heapq.heappush(self._messages[to], (arrival, self._stamps[lane]))

    def acted(self, lane: int, time: int) -> None:
        self._receive(lane, time)
        self._note(lane, time)

    def looked(self, lane: int, time: int, others: Sequence[int]) -> None:
        self._receive(lane, time)
        for other in others:
            place = bisect_left(self._moments[other], (time, 0.0))
            if place:
                self._stamps[lane] = max(self._stamps[lane], self._moments[other][place - 1][1])
        if not self._by_deeds:
            self._note(lane, time)

    def last(self) -> float:
        return max(self._stamps)

    def _note(self, lane: int, time: int) -> None:
        self._moments[lane].append((time, self._stamps[lane]))

    def _receive(self, lane: int, time: int) -> None:
        messages = self._messages[lane]
        while messages and messages[0][0] <= time:
            self._stamps[lane] = max(self._stamps[lane], heapq.heappop(messages)[1])


class CriticalPath:
    """Stamps of all lanes of a run, and what a barrier at every step would have taken."""

    def __init__(self, lanes: int) -> None:
        self._knowing = _Stamps(lanes, by_deeds=True)
        self._seeing = _Stamps(lanes, by_deeds=False)
        self._seconds: defaultdict[tuple[int, int], float] = defaultdict(float)
        self.thinking = 0.0
        """Seconds that all replies took together."""

    def asked(self, lane: int, time: int, latencies: Sequence[float]) -> None:
        """A lane asks for several things at once."""
        seconds = max(latencies, default=0.0)
        for stamps in (self._knowing, self._seeing):
            stamps.asked(lane, time, seconds)
        self._seconds[time, lane] += seconds
        self.thinking += sum(latencies)

    def sent(self, lane: int, time: int, to: int, arrival: int) -> None:
        """A lane sends a message that takes effect at a later time."""
        for stamps in (self._knowing, self._seeing):
            stamps.sent(lane, time, to, arrival)

    def acted(self, lane: int, time: int) -> None:
        """A lane does something that others can see."""
        for stamps in (self._knowing, self._seeing):
            stamps.acted(lane, time)

    def looked(self, lane: int, time: int, others: Sequence[int]) -> None:
        """A lane sees what others have done before a time."""
        for stamps in (self._knowing, self._seeing):
            stamps.looked(lane, time, others)

    @property
    def oracle(self) -> float:
        """Seconds that the longest chain of true dependencies takes."""
        return self._knowing.last()

    @property
    def in_sight(self) -> float:
        """Seconds that it takes to wait for whoever is in sight, too."""
        return self._seeing.last()

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
