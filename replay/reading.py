"""The one pass over a log that a timeline is built from."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import BadInput
from engine.phrases import listed
from engine.record.events import (
    WORLD_AGENT,
    Acted,
    Appeared,
    ConversationBegan,
    ConversationEnded,
    Event,
    Failed,
    Intervened,
    ObjectChanged,
    Planned,
    Remembered,
    Said,
    Tile,
    Walked,
)
from engine.record.frames import DamagedLog
from engine.record.run_folder import RunFolder
from replay.captions import Caption, CaptionKind, join_topics, place_name, short_names
from replay.emoji import TALKING, WALKING, icon_name
from replay.moment import Acting, Speech
from replay.tracks import Series, Walks

MAX_TILE = 1 << 15
MAX_TIME = 100 * 365 * 86400


@dataclass(frozen=True, slots=True)
class Track:
    """All that one agent does in the run."""

    walks: Walks = field(default_factory=Walks)
    acts: Series[Acting] = field(default_factory=Series)
    lines: Series[Speech] = field(default_factory=Series)
    partners: Series[tuple[str, ...]] = field(default_factory=Series)
    """The names of those it talks with, none when with nobody."""


@dataclass(frozen=True, slots=True)
class Log:
    """What one pass over the log gives; the fields mean what they mean in `Timeline`."""

    end: int
    torn: bool
    tracks: tuple[Track, ...]
    objects: tuple[tuple[str, Series[str]], ...]
    captions: Series[Caption]
    conversations: tuple[tuple[int, int], ...]


def read_log(run: RunFolder) -> Log:
    """Read the events of a run. Raises `BadInput` at the first that cannot be played."""
    reader = _Reader(run)
    torn = False
    try:
        for event in run.events():
            reader.take(event)
    except DamagedLog as damage:
        if not damage.torn:
            raise
        torn = True
    return reader.log(torn)


@dataclass(slots=True)
class _Talk:
    """A conversation, and the names of those who take part, the one who begins it first."""

    people: list[str]
    begin: int
    end: int | None = None


class _Reader:
    """Takes in events in their order."""

    def __init__(self, run: RunFolder) -> None:
        manifest = run.manifest
        self._source = str(run.events_path)
        self._asked_end = manifest.end
        self._people = manifest.people
        self._short = short_names(manifest.people)
        self._number = {name: index for index, name in reversed(list(enumerate(manifest.people)))}
        self._tracks = tuple(Track() for _ in manifest.people)
        self._objects: dict[str, Series[str]] = {}
        self._captions: Series[Caption] = Series()
        self._talks: list[_Talk] = []
        self._open: dict[str, _Talk] = {}
        self._said: list[tuple[int, int, Said]] = []
        self._time = 0

    def take(self, event: Event) -> None:
        """Take in the next event."""
        (time, _, agent, _), body = event
        if not 0 <= time <= MAX_TIME:
            raise BadInput(self._source, f"an event at second {time} cannot be played")
        if not WORLD_AGENT <= agent < len(self._tracks):
            raise BadInput(self._source, f"an event is of agent {agent}, whom the manifest does not name")
        self._time = time
        match body:
            case ObjectChanged():
                self._objects.setdefault(body.address, Series()).add(time, body.state)
            case Intervened():
                self._intervene(time, body)
            case _ if agent == WORLD_AGENT:
                pass
            case Appeared():
                self._walk(time, agent, (body.tile,), 1, "")
            case Walked():
                self._leave_circle(time, agent)
                self._walk(time, agent, body.path, body.seconds_per_tile, body.to)
            case Acted():
                if icon_name(body.emoji) != TALKING:
                    self._leave_circle(time, agent)
                self._act(time, agent, body)
            case ConversationBegan():
                self._begin(time, agent, body)
            case Said():
                self._said.append((time, agent, body))
            case ConversationEnded():
                self._finish(time, agent, body)
            case Remembered(kind="reflection"):
                self._note(time, CaptionKind.THOUGHT, agent, f"{self._short[agent]} realises: {body.text}")
            case Planned(level="day") if body.entries:
                self._note(time, CaptionKind.PLAN, agent, f"{self._short[agent]} plans the day")
            case Failed(thought="mind"):
                self._note(time, CaptionKind.FAULT, agent, f"{self._short[agent]} cannot think: {body.detail}")
            case _:
                pass

    def log(self, torn: bool) -> Log:
        """Return what was taken in, as a whole."""
        self._add_lines()
        end = self._end(torn)
        talks = tuple((talk.begin, end if talk.end is None else talk.end) for talk in self._talks)
        return Log(end, torn, self._tracks, tuple(sorted(self._objects.items())), self._captions, talks)

    def _end(self, torn: bool) -> int:
        """Return the last second at which the state is known.

        A run that was stopped between two frames looks whole. But as long as nobody's action is over, nothing can be
        missing, so the timeline goes on to the first planned end after the last event.
        """
        if torn:
            return self._time
        acting = [track.acts.at(self._time) for track in self._tracks if len(track.walks)]
        known = min((act.until if act else 0 for act in acting), default=0)
        return max(self._time, min(self._asked_end, known))

    def _walk(self, time: int, agent: int, path: tuple[Tile, ...], seconds_per_tile: int, to: str) -> None:
        if not path or not 1 <= seconds_per_tile <= MAX_TIME:
            raise BadInput(self._source, f"a walk at second {time} has no path or no speed")
        if any(not (0 <= x < MAX_TILE and 0 <= y < MAX_TILE) for x, y in path):
            raise BadInput(self._source, f"a walk at second {time} leads over tiles that no map has")
        self._tracks[agent].walks.add(time, path, seconds_per_tile, to)

    def _act(self, time: int, agent: int, body: Acted) -> None:
        acts = self._tracks[agent].acts
        before = acts.at(time)
        acts.add(time, Acting(time, body.description, body.emoji, body.address, body.until))
        if (before is None or (before.description, before.address) != (body.description, body.address)) and not (
            self._is_told_elsewhere(body)
        ):
            where = place_name(body.address, 1)
            text = f"{self._short[agent]}: {body.description}" + (f" ({where})" if where else "")
            self._note(time, CaptionKind.ACT, agent, text)

    def _is_told_elsewhere(self, body: Acted) -> bool:
        """Walks can be seen, and conversations have captions of their own."""
        icon = icon_name(body.emoji)
        return icon == WALKING or (icon == TALKING and any(name and name in body.description for name in self._people))

    def _intervene(self, time: int, body: Intervened) -> None:
        match body.kind:
            case "object":
                item = body.to.rsplit(":", 1)[-1]
                self._note(time, CaptionKind.WORLD, WORLD_AGENT, f"{item} ({place_name(body.to, 1)}): {body.text}")
            case "embody":
                self._note(time, CaptionKind.WORLD, WORLD_AGENT, f"somebody acts as {body.to}: {body.text}")
            case "visitor":
                self._note(time, CaptionKind.WORLD, WORLD_AGENT, f"a visitor comes to {body.to}: {body.text}")
            case "broadcast":
                self._note(time, CaptionKind.WORLD, WORLD_AGENT, f"everybody hears: {body.text}")
            case _:
                pass  # the thought that it becomes has a caption

    def _begin(self, time: int, agent: int, body: ConversationBegan) -> None:
        talk = self._open.get(body.conversation)
        if talk is None:
            talk = _Talk([self._people[agent]], time)
            self._talks.append(talk)
            self._open[body.conversation] = talk
        elif body.partner in talk.people:
            return
        talk.people.append(body.partner)
        for name in talk.people:
            if name in self._number:
                others = tuple(other for other in talk.people if other != name)
                self._tracks[self._number[name]].partners.add(time, others)
        who = listed(map(self._called, talk.people))
        if len(talk.people) == 2:
            self._note(time, CaptionKind.TALK, agent, f"{who} begin to talk")
        else:
            self._note(time, CaptionKind.TALK, agent, f"{self._called(body.partner)} talks with them")

    def _leave_circle(self, time: int, agent: int) -> None:
        """Let somebody who does something else be in no talk of several any more, though the others go on."""
        partners = self._tracks[agent].partners
        if len(partners.at(time) or ()) > 1:
            partners.add(time, ())

    def _finish(self, time: int, agent: int, body: ConversationEnded) -> None:
        talk = self._open.pop(body.conversation, None)
        if talk is None:
            return
        talk.end = time
        for name in talk.people:
            others = tuple(other for other in talk.people if other != name)
            track = self._tracks[self._number[name]] if name in self._number else None
            if track is not None and track.partners.at(time) == others:
                track.partners.add(time, ())
        topics = join_topics(body.topics)
        first, *rest = map(self._called, talk.people)
        about = f" about {topics}" if topics else ""
        self._note(time, CaptionKind.TALK, agent, f"{first} talked with {listed(rest)}{about}")

    def _add_lines(self) -> None:
        following: dict[str, int] = {}
        speeches = []
        for time, agent, said in reversed(self._said):
            speech = Speech(time, said.to, said.text, said.conversation, following.get(said.conversation))
            speeches.append((agent, speech))
            following[said.conversation] = time
        for agent, speech in reversed(speeches):
            self._tracks[agent].lines.add(speech.time, speech)

    def _called(self, name: str) -> str:
        number = self._number.get(name)
        return name if number is None else self._short[number]

    def _note(self, time: int, kind: CaptionKind, agent: int, text: str) -> None:
        self._captions.add(time, Caption(time, kind, agent, text))
