"""What the people of a town asked the language model: the requests of a run, person by person, in their order.

A trace is what `bench engine` replays. A person's next question comes when the last one has been answered; those of
different people are independent. Meanings (`Embed`) are left out: they are another model's work. With each question
stands what the kernel knew at that moment about who thinks next.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import msgpack

from engine.errors import BadInput
from engine.llm.requests import Choose, Rate, Request, Shape, Way, Write

MOST_BYTES: Final = 1 << 26
TOWN: Final = Path(__file__).parent / "data" / "town.trace"
"""The shipped trace."""

Asked = Choose | Rate | Write


@dataclass(frozen=True, slots=True)
class Question:
    """What one person asks at once."""

    requests: tuple[Asked, ...]
    place: int
    """How many questions of anybody came before it."""
    thoughts: tuple[float, ...]
    """The simulated time from which on each person may ask again (see `Correspondent.expect`)."""


_KINDS: Final = {kind.__name__: kind for kind in (Choose, Rate, Write)}


class Trace:
    """The questions of each person."""

    def __init__(self, people: Sequence[Sequence[Question]]) -> None:
        self.people = tuple(tuple(questions) for questions in people)

    @property
    def requests(self) -> int:
        """How many requests there are."""
        return sum(len(question.requests) for questions in self.people for question in questions)

    def in_order(self) -> list[tuple[int, Question]]:
        """Return all questions as they came, each with who asks it."""
        all_ = ((person, question) for person, questions in enumerate(self.people) for question in questions)
        return sorted(all_, key=lambda entry: entry[1].place)

    def waves(self) -> Iterator[list[Asked]]:
        """Yield the first question of everybody, then the second of all who ask twice, and so on."""
        for number in range(max(map(len, self.people), default=0)):
            yield [request for questions in self.people for request in _at(questions, number)]

    def part(self, number: int, of: int, questions: int) -> Trace:
        """Return so many questions of everybody, from where part `number` of `of` begins.

        Parts begin at equal distances, and a part in another place of each one's questions, so that none of them is
        the hour at which everybody gets up.
        """
        places, step = range(number * len(self.people), (number + 1) * len(self.people)), of * len(self.people)
        starts = [place * len(own) // step for place, own in zip(places, self.people, strict=True)]
        return Trace([own[start : start + questions] for start, own in zip(starts, self.people, strict=True)])

    def save(self, path: Path) -> None:
        """Write the trace to a file; the same trace gives the same bytes."""
        people = [[_plain_question(question) for question in questions] for questions in self.people]
        path.write_bytes(gzip.compress(msgpack.packb(people), mtime=0))

    @classmethod
    def load(cls, path: Path = TOWN) -> Trace:
        """Read a trace. Raises `BadInput`."""
        try:
            with gzip.open(path) as file:
                data = file.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise ValueError(f"larger than {MOST_BYTES // 2**20} MiB")
            people = msgpack.unpackb(data)
            return cls([[_question(record) for record in questions] for questions in people])
        except (OSError, EOFError, ValueError, TypeError, KeyError, msgpack.UnpackException) as error:
            raise BadInput(str(path), f"is no trace of requests: {error}") from error


def for_language_model(asked: Sequence[Request]) -> tuple[Asked, ...]:
    """Return those of some requests that go to a language model."""
    return tuple(request for request in asked if isinstance(request, Choose | Rate | Write))


def _at(questions: Sequence[Question], number: int) -> tuple[Asked, ...]:
    return questions[number].requests if number < len(questions) else ()


def _plain_question(question: Question) -> list[object]:
    return [question.place, list(question.thoughts), [_plain(request) for request in question.requests]]


def _question(record: Any) -> Question:
    place, thoughts, requests = record
    return Question(tuple(map(_request, requests)), int(place), tuple(map(float, thoughts)))


def _plain(request: Asked) -> dict[str, object]:
    return {"is": type(request).__name__, **{field.name: getattr(request, field.name) for field in fields(request)}}


def _request(record: dict[str, Any]) -> Asked:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
    kind = _KINDS[str(values.pop("is"))]
    for key, enum in (("shape", Shape), ("way", Way)):
        if key in values:
            values[key] = enum(values[key])
    made: Asked = kind(**values)
    return made
