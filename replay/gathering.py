"""Who was there when something took place, and who of them had come for it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.record.events import Acted, Walked

LATE = 3600
"""Seconds after its beginning until which one can still come to a gathering."""


class Gathering:
    """Looks out for those who are at an address from a time on (simulated seconds), until it is too `LATE` to come."""

    def __init__(self, start: int, address: str) -> None:
        self._start = start
        self._address = address
        self._since: dict[str, int] = {}
        """Since when those are there who are there now."""
        self._gone: dict[str, int] = {}
        """When everybody last set out for somewhere else."""
        self._arrivals: dict[str, list[int]] = {}
        """When it began for those who were there in its time: as often as they came back."""

    def see(self, time: int, name: str, body: object) -> None:
        """Take note of where somebody is; the log tells it with what they do, and of a walk where it begins."""
        match body:
            case Walked(path=path, to=to) if len(path) > 1 and not self._is_there(to):
                self._leave(time, name)
                self._gone[name] = time
            case Acted(address=address) if not self._is_there(address):
                self._leave(time, name)
            case Acted() if self._gone.get(name) != time:
                self._since.setdefault(name, time)
            case _:
                pass

    def finish(self, end: int) -> None:
        """Count those who are still there at the end, a time in simulated seconds."""
        for name in [*self._since]:
            self._leave(end + 1, name)

    def came(self, knew: Mapping[str, int]) -> tuple[list[str], list[str]]:
        """Return who came, and who was there by chance, in the order in which they were first there.

        Who came knew of it before it began for them; `knew` says since when everybody knows of it who does.
        """
        there = sorted(self._arrivals, key=lambda name: self._arrivals[name][0])
        came = [name for name in there if name in knew and knew[name] < self._arrivals[name][-1]]
        return came, [name for name in there if name not in came]

    def _is_there(self, address: str) -> bool:
        return f"{address}:".startswith(f"{self._address}:")

    def _leave(self, time: int, name: str) -> None:
        since = self._since.pop(name, None)
        if since is not None and since < self._start + LATE and time > self._start:
            self._arrivals.setdefault(name, []).append(max(since, self._start))
