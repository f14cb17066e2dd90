"""A run as a function of time: where everybody is, what they do, and what they say.

A `Timeline` is built by one pass over the log; after that any moment is found by bisection.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.record.events import Tile
from engine.record.run_folder import RunFolder
from replay.captions import Caption, short_names
from replay.clock import Clock
from replay.moment import Moment, ObjectState, Person, Speech
from replay.reading import Track, read_log
from replay.tracks import Heading, Series


@dataclass(frozen=True, slots=True)
class Timeline:
    """A run's log, arranged by time. Times are seconds since the start; `end` is the last second that is known."""

    people: tuple[str, ...]
    short_names: tuple[str, ...]
    clock: Clock
    end: int
    torn: bool
    """The log is cut off, as after a crash; the timeline goes as far as it does."""
    tracks: tuple[Track, ...]
    objects: tuple[tuple[str, Series[str]], ...]
    captions: Series[Caption]
    conversations: tuple[tuple[int, int], ...]
    """Begin and end of every conversation, by begin."""

    @classmethod
    def of(cls, run: RunFolder) -> Timeline:
        """Read a run's log once. Raises `BadInput` when it is damaged (other than cut off) or makes no sense."""
        clock = Clock.of(run.manifest.start)
        log = read_log(run)
        return cls(
            tuple(run.manifest.people),
            short_names(run.manifest.people),
            clock,
            log.end,
            log.torn,
            log.tracks,
            log.objects,
            log.captions,
            log.conversations,
        )

    def state(self, time: float, *, linger: float = 0, captions: int = 40) -> Moment:
        """Return the town at `time` seconds; times outside the run are moved to its ends.

        A line is shown until the conversation's next line, but no longer than its reading time, or than `linger`
        seconds where that is more. At most `captions` captions come with it.
        """
        time = min(max(time, 0), self.end)
        objects = tuple(
            ObjectState(address, state)
            for address, states in self.objects
            if (state := states.at(time)) and state.casefold() != "idle"
        )
        people = tuple(self._person(index, time, linger) for index in range(len(self.people)))
        return Moment(time, people, objects, tuple(self.captions.latest(time, captions)))

    def trail(self, agent: int, start: float, end: float) -> list[Tile]:
        """Return the tiles that an agent is on from `start` to `end`."""
        return self.tracks[agent].walks.trail(start, end)

    def busy_spans(self) -> tuple[list[tuple[int, int]], ...]:
        """Return per agent the (begin, end) of its walks, and in one more list those of the conversations."""
        return (*(track.walks.walking_spans() for track in self.tracks), list(self.conversations))

    def _person(self, index: int, time: float, linger: float) -> Person:
        track, name, short = self.tracks[index], self.people[index], self.short_names[index]
        stance = track.walks.at(time)
        if stance is None:
            return Person(index, name, short, None, (0.0, 0.0), Heading.DOWN, False, "", None, None, ())
        acting = track.acts.at(time)
        speech = self._speech(track, time, linger)
        partners = track.partners.at(time) or ()
        return Person(
            index, name, short, stance.tile, stance.point, stance.heading, stance.walking, stance.to,
            acting, speech, partners,
        )  # fmt: skip

    @staticmethod
    def _speech(track: Track, time: float, linger: float) -> Speech | None:
        speech = track.lines.at(time)
        if speech is None or time >= speech.time + max(speech.reading_time, linger):
            return None
        return None if speech.answered is not None and time >= speech.answered else speech
